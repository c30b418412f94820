"""The socket when Slack refreshes it, goes away and comes back."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import WSMsgType, web
from slack_sdk.web.async_client import AsyncWebClient

from bot.ports import Unavailable
from bot.slack.app import build_app
from bot.slack.slack_socket import SocketMode
from bot.workspace.server import Workspace
from tests.slack.given_desk import given

PING = 0.1


async def never() -> bool:
    return False


def socket_to(base_url: str, token: str) -> SocketMode:
    app = build_app(given().desk, client=AsyncWebClient(token="xoxb-1", base_url=base_url))
    return SocketMode(app, app_token=token, base_url=base_url, slack_answers=never, ping=PING)


async def test_a_socket_that_slack_refreshes_goes_on_answering() -> None:
    async with Workspace() as workspace:
        socket = socket_to(workspace.api_url, workspace.app_token)
        await socket.start()
        await workspace.client.refresh_sockets()
        await workspace.client.wait_until(lambda: len(workspace.site.socket_mode.connections) == 1)
        for _ in range(3):
            assert (await workspace.person("ada").slash("/incident", "INC-42 ack", channel="general")).ok
        await socket.close()


class FickleSlack:
    """Hands out tickets that are good for one socket; refuses sockets, or all of it, while it is told to."""

    def __init__(self) -> None:
        self.tickets: set[str] = set()
        self.issued = 0
        self.refuses_sockets = 0
        self.down = False
        self.sockets: list[web.WebSocketResponse] = []
        self.url = ""

    async def open(self, request: web.Request) -> web.Response:
        if self.down:
            return web.json_response({"ok": False, "error": "internal_error"})
        self.issued += 1
        self.tickets.add(str(self.issued))
        return web.json_response({"ok": True, "url": f"{self.url}/link?ticket={self.issued}"})

    async def link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query["ticket"]
        if self.refuses_sockets or ticket not in self.tickets:
            self.refuses_sockets = max(0, self.refuses_sockets - 1)
            self.tickets.discard(ticket)
            raise web.HTTPForbidden
        self.tickets.discard(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        async for frame in socket:
            assert frame.type is WSMsgType.TEXT
        return socket


@pytest.fixture
async def slack() -> AsyncIterator[FickleSlack]:
    slack, app = FickleSlack(), web.Application()
    app.add_routes([web.post("/api/apps.connections.open", slack.open), web.get("/link", slack.link)])
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield slack
    await runner.cleanup()


async def until(socket: SocketMode, alive: bool) -> None:
    async with asyncio.timeout(5):
        while await socket.is_alive() is not alive:  # noqa: ASYNC110 - Slack's client gives no event
            await asyncio.sleep(0.01)


async def test_a_ticket_that_failed_is_not_tried_again(slack: FickleSlack) -> None:
    slack.refuses_sockets = 2
    socket = socket_to(f"{slack.url}/api/", "xapp-1")
    async with asyncio.timeout(5):
        await socket.start()
    assert (await socket.is_alive(), slack.issued) == (True, 3)
    await socket.close()


async def test_slack_gone_and_back_is_connected_to_again(slack: FickleSlack) -> None:
    socket = socket_to(f"{slack.url}/api/", "xapp-1")
    await socket.start()
    slack.down = True
    await slack.sockets[-1].close()
    await until(socket, alive=False)
    slack.down = False
    await until(socket, alive=True)
    await socket.close()


async def test_a_token_that_opens_no_socket_is_told_and_not_tried_for_ever() -> None:
    async with Workspace() as workspace:
        socket = socket_to(workspace.api_url, "xapp-wrong")
        with pytest.raises(Unavailable, match=r"SLACK_APP_TOKEN opens no socket \(invalid_auth\)"):
            await socket.start()
        await socket.close()
