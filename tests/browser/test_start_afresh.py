"""Started afresh, the workspace knows nothing of what was, and the page that was open shows the new one."""

import asyncio

from playwright.async_api import expect

from bot.demo.world import Plan, world
from tests.browser.conftest import OpenAt

PATIENCE = 20.0


async def test_start_afresh_asks_and_then_shows_a_workspace_as_new(open_at: OpenAt) -> None:
    async with world(Plan(port=0)) as first:
        ada = await open_at(first.workspace, "ada", "general")
        ada.watch.may_be_cut_off = True
        await ada.say("Of the old world.")
        await ada.page.get_by_role("button", name="Start afresh").click()
        dialog = ada.dialog("Start afresh?")
        await expect(dialog).to_contain_text("thrown away")
        await dialog.get_by_role("button", name="Start afresh").click()
        async with asyncio.timeout(PATIENCE):
            await first.host.until_reset()
    async with world(Plan(port=first.port), may_move=False):
        await expect(dialog).to_be_hidden()
        await expect(ada.message("I am at my desk until six")).to_be_visible()
        await expect(ada.message("Of the old world.")).to_have_count(0)


async def test_nothing_is_thrown_away_where_one_thinks_again(open_at: OpenAt) -> None:
    async with world(Plan(port=0)) as kept:
        ada = await open_at(kept.workspace, "ada", "general")
        await ada.say("Still here.")
        await ada.page.get_by_role("button", name="Start afresh").click()
        await ada.dialog("Start afresh?").get_by_role("button", name="Keep everything").click()
        await expect(ada.dialog("Start afresh?")).to_be_hidden()
        await expect(ada.message("Still here.")).to_be_visible()
        await ada.page.context.close()
