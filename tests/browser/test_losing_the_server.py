"""A reload and a lost connection cost nothing that was said."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.faults.proxy import Proxy
from tests.scenarios.team import Team


async def test_after_a_reload_the_form_stands_again_and_nothing_is_lost(open_window: Open) -> None:
    ada = await open_window("ada")
    await ada.say("Before the reload.")
    await ada.say("/incident declare")
    await expect(ada.dialog("Declare incident")).to_be_visible()
    await ada.page.reload()
    await expect(ada.message("Before the reload.")).to_be_visible()
    await ada.answer("Declare incident", "Declare", title="Checkout is down")
    await expect(ada.link("inc-1")).to_be_visible()


@pytest_asyncio.fixture(loop_scope="session")
async def way(team: Team) -> AsyncIterator[Proxy]:
    async with Proxy(team.workspace.site.base_url) as proxy:
        yield proxy


async def test_what_was_said_while_the_server_was_away_is_there_when_it_is_back(
    team: Team, way: Proxy, open_window: Open
) -> None:
    ada = await open_window("ada", through=way.url)
    await expect(ada.message("I am at my desk until six")).to_be_visible()
    ada.watch.may_be_cut_off = True
    await way.refuse()
    await expect(ada.page.get_by_text("cannot be reached")).to_be_visible()
    await team.person("ben").say("general", "Said while Ada was cut off.")
    await way.accept()
    await expect(ada.message("Said while Ada was cut off.")).to_be_visible()
    await expect(ada.page.get_by_text("cannot be reached")).to_be_hidden()
    await ada.say("I am back.")
    await expect(ada.message("I am back.")).to_be_visible()
