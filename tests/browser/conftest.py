"""A Chromium for each process of the tests, and for each test a workspace and windows of its own."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from bot.workspace.server import Workspace
from tests.browser.chromium import NoChromium, chromium, launched
from tests.browser.stage import staged
from tests.browser.watch import Watch
from tests.browser.window import Window
from tests.scenarios.team import Team

PATIENCE_MS = 20_000
HERE = Path(__file__).parent
ELSEWHERE = "Pacific/Auckland"
"""The zone of every browser: times on the page are those of the person, not of the machine."""

expect.set_options(timeout=PATIENCE_MS)
Open = Callable[..., Awaitable[Window]]
OpenAt = Callable[..., Awaitable[Window]]


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Without a browser only the one test is left that says so."""
    if collection_path.name == "test_chromium.py" or collection_path.is_dir():
        return None
    try:
        chromium()
    except NoChromium:
        return True
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One loop for all, since the browser lives in it."""
    for item in items:
        if item.path.is_relative_to(HERE) and item.get_closest_marker("asyncio"):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with launched() as running:
        yield running


@pytest_asyncio.fixture(loop_scope="session")
async def team() -> AsyncIterator[Team]:
    async with staged() as made:
        yield made


@pytest_asyncio.fixture(loop_scope="session")
async def open_at(browser: Browser) -> AsyncIterator[OpenAt]:
    """Opens a workspace's page in a window of its own; at the end none of them may have had an error."""
    windows: list[Window] = []
    async with AsyncExitStack() as stack:

        async def opened(workspace: Workspace, name: str, at: str, through: str = "", **how: Any) -> Window:
            origin = through or workspace.site.base_url
            settings: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}, "timezone_id": ELSEWHERE} | how
            context = await stack.enter_async_context(await browser.new_context(**settings))
            context.set_default_timeout(PATIENCE_MS)
            watch = Watch(origin=origin)
            watch.over(context)
            windows.append(Window(page=await context.new_page(), name=name, watch=watch))
            place = at if at == "home" or at[:2] in {"C0", "D0"} else workspace.channel_id(at)
            await windows[-1].page.goto(f"{origin}/#as={name}&at={place}")
            return windows[-1]

        yield opened
    for window in windows:
        window.watch.assert_quiet()


@pytest.fixture
def open_window(team: Team, open_at: OpenAt) -> Open:
    """`at`: a channel's name or id, or "home"; `through`: another address of the workspace's; the rest is for the
    browser's context (color_scheme, viewport …)."""

    def opened(name: str = "ada", at: str = "general", **how: Any) -> Awaitable[Window]:
        return open_at(team.workspace, name, at, **how)

    return opened
