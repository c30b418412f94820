"""A workspace per test, the real Slack client library against it, and a small app on the real Bolt."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.person import Person
from bot.workspace.server import Workspace
from tests.workspace.dialogue import Connect, Page, Watch


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with Workspace() as running:
        yield running


@pytest.fixture
def ada(workspace: Workspace) -> Person:
    return workspace.person("ada")


@pytest.fixture
def ben(workspace: Workspace) -> Person:
    return workspace.person("ben")


@pytest.fixture
def slack(workspace: Workspace) -> AsyncWebClient:
    return AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url)


@pytest.fixture
def app(workspace: Workspace, slack: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=slack, signing_secret=workspace.signing_secret)


@pytest.fixture
def cleo(workspace: Workspace) -> Person:
    return workspace.person("cleo")


@pytest.fixture
async def browser() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def watch(workspace: Workspace, browser: ClientSession) -> AsyncIterator[Watch]:
    """Opens a page's WebSocket, and hears its greeting."""
    pages: list[Page] = []

    async def open_page(name: str) -> Page:
        page = Page(await browser.ws_connect(f"{workspace.control_url}/live?as={name}"))
        pages.append(page)
        assert (await page.told())["kind"] == "hello"
        return page

    yield open_page
    for page in pages:
        await page.socket.close()


@pytest.fixture
async def connect(workspace: Workspace) -> AsyncIterator[Connect]:
    """Connects an app by Socket Mode once its listeners are registered."""
    handlers: list[AsyncSocketModeHandler] = []

    async def start(app: AsyncApp) -> None:
        web_client = AsyncWebClient(token=workspace.app_token, base_url=workspace.api_url)
        handler = AsyncSocketModeHandler(app, app_token=workspace.app_token, web_client=web_client)
        handlers.append(handler)
        await handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        await workspace.client.connected()

    yield start
    for handler in handlers:
        await handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
