"""However long a channel is, the page holds a part of it, and people read all of it."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import expect

from bot.workspace.server import Workspace
from tests.browser.conftest import OpenAt
from tests.browser.large_workspace import large_workspace

MESSAGES = 1200
MOST_ROWS = 250


@pytest_asyncio.fixture(loop_scope="session")
async def workspace() -> AsyncIterator[Workspace]:
    async with large_workspace(channels=40, messages=MESSAGES) as made:
        yield made


async def test_a_long_channel_opens_at_its_newest_and_is_read_backwards(workspace: Workspace, open_at: OpenAt) -> None:
    ada = await open_at(workspace, "ada", "general")
    await expect(ada.message(f"({MESSAGES})")).to_be_in_viewport()
    await ada.message(f"({MESSAGES})").hover()
    for _ in range(400):
        if await ada.message("(900)").count():
            break
        await ada.page.mouse.wheel(0, -1500)
        await ada.page.evaluate("new Promise(requestAnimationFrame)")
    await expect(ada.message("(900)")).to_be_attached()
    assert await ada.page.get_by_role("list", name="Messages").locator("[data-ts]").count() <= MOST_ROWS
