"""The socket when Slack refreshes it, goes away and comes back."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import structlog
from aiohttp import WSMsgType, web
from slack_sdk.web.async_client import AsyncWebClient
from structlog.testing import capture_logs

from bot.ports import Unavailable
from bot.slack.app import build_app
from bot.slack.slack_socket import PING_EVERY, SocketMode
from bot.workspace.server import Workspace
from tests.slack.given_desk import given

PING = 0.1


async def always() -> bool:
    return True


async def never() -> bool:
    return False


def socket_to(
    base_url: str,
    token: str,
    *,
    slack_answers: Callable[[], Awaitable[bool]] = never,
    lost_after: timedelta = timedelta(minutes=15),
    ping: float = PING,
) -> SocketMode:
    app = build_app(given().desk, client=AsyncWebClient(token="xoxb-1", base_url=base_url))
    return SocketMode(
        app, app_token=token, base_url=base_url, slack_answers=slack_answers, ping=ping, lost_after=lost_after
    )


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
        self.refused = 0
        self.sockets: list[web.WebSocketResponse] = []
        self.url = ""

    async def open(self, request: web.Request) -> web.Response:
        if self.down:
            self.refused += 1
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


@pytest.fixture
def logs() -> Iterator[list[structlog.typing.EventDict]]:
    with capture_logs() as captured:
        yield captured


async def cut_off(slack: FickleSlack, socket: SocketMode) -> None:
    """Slack is gone from one moment to the next, as far as its sockets are concerned."""
    slack.down = True
    await slack.sockets[-1].close()
    await until(socket, alive=False)


async def test_an_outage_is_one_line_and_not_one_an_attempt(
    slack: FickleSlack, logs: list[structlog.typing.EventDict]
) -> None:
    socket = socket_to(f"{slack.url}/api/", "xapp-1")
    await socket.start()
    await cut_off(slack, socket)
    async with asyncio.timeout(5):
        while slack.refused < 8:  # noqa: ASYNC110 - it is on the other side of a socket
            await asyncio.sleep(0.01)
    slack.down = False
    await until(socket, alive=True)
    assert [line["event"] for line in logs] == ["socket_ended", "socket_down", "socket_up"]
    await socket.close()


async def test_the_pauses_between_attempts_grow(slack: FickleSlack) -> None:
    socket = socket_to(f"{slack.url}/api/", "xapp-1")
    await socket.start()
    await cut_off(slack, socket)
    await asyncio.sleep(0.2)
    assert 3 <= slack.refused <= 8  # every 5 ms it would be forty; doubled from 5 ms on, some six
    await socket.close()


async def test_ten_minutes_without_an_address_are_sat_out_in_a_few_dozen_attempts(slack: FickleSlack) -> None:
    """All pauses are counted in pings, and here one is 20 ms long instead of 5 s: ten minutes are 2.4 s."""
    socket = socket_to(f"{slack.url}/api/", "xapp-1", ping=PING_EVERY / 250)
    await socket.start()
    await cut_off(slack, socket)
    await asyncio.sleep(600 / 250)
    assert 10 <= slack.refused <= 40, "seven in the first half minute, then one every half minute"
    slack.down = False
    async with asyncio.timeout(60 / 250 + 2):
        await until(socket, alive=True)
    await socket.close()


async def test_a_socket_that_slack_refuses_for_good_is_lost_while_slack_answers(slack: FickleSlack) -> None:
    socket = socket_to(f"{slack.url}/api/", "xapp-1", slack_answers=always, lost_after=timedelta(milliseconds=100))
    await socket.start()
    await cut_off(slack, socket)
    async with asyncio.timeout(5):
        with pytest.raises(Unavailable, match="although Slack answers"):
            await socket.until_lost()
    await socket.close()


async def test_a_socket_is_never_lost_while_slack_itself_is_away(slack: FickleSlack) -> None:
    socket = socket_to(f"{slack.url}/api/", "xapp-1", slack_answers=never, lost_after=timedelta(0))
    await socket.start()
    await cut_off(slack, socket)
    waiting = asyncio.create_task(socket.until_lost())
    await asyncio.sleep(0.2)
    assert not waiting.done()
    slack.down = False
    await until(socket, alive=True)
    waiting.cancel()
    await socket.close()


@asynccontextmanager
async def kept(workspace: Workspace) -> AsyncIterator[SocketMode]:
    socket = socket_to(workspace.api_url, workspace.app_token)
    await socket.start()
    try:
        yield socket
    finally:
        await socket.close()


def replaced(workspace: Workspace, before: web.WebSocketResponse) -> bool:
    now = workspace.site.socket_mode.connections
    return bool(now) and before not in now


async def test_a_peer_that_falls_silent_is_left_for_another() -> None:
    async with Workspace() as workspace, kept(workspace) as socket:
        [silent] = workspace.site.socket_mode.connections
        await workspace.client.silence_sockets()
        await workspace.client.wait_until(lambda: replaced(workspace, silent))
        assert (await workspace.person("ada").slash("/incident", "INC-42 ack", channel="general")).ok
        assert await socket.is_alive()


async def test_a_socket_that_breaks_is_opened_again() -> None:
    async with Workspace() as workspace, kept(workspace) as socket:
        [broken] = workspace.site.socket_mode.connections
        await workspace.client.reset_sockets()
        await workspace.client.wait_until(lambda: replaced(workspace, broken))
        await until(socket, alive=True)
        assert (await workspace.person("ada").slash("/incident", "INC-42 ack", channel="general")).ok


async def test_however_sockets_break_one_is_left_and_no_more() -> None:
    """Several reasons to reconnect at once must not open several sockets, of which one would be forgotten."""
    async with Workspace() as workspace, kept(workspace) as socket:
        for _ in range(5):
            await workspace.client.refresh_sockets()
            await workspace.client.refresh_sockets()
            await workspace.client.reset_sockets()
        await until(socket, alive=True)
        await workspace.client.wait_until(lambda: len(workspace.site.socket_mode.connections) == 1)
        assert (await workspace.person("ada").slash("/incident", "INC-42 ack", channel="general")).ok


async def test_at_a_renewal_the_new_socket_stands_before_the_old_one_goes() -> None:
    """So that there is no moment in which Slack has nobody to deliver to."""
    async with Workspace() as workspace, kept(workspace):
        seen: set[int] = set()
        await workspace.client.refresh_sockets()

        def renewed() -> bool:
            seen.add(len(workspace.site.socket_mode.connections))
            return seen >= {1, 2} and len(workspace.site.socket_mode.connections) == 1

        await workspace.client.wait_until(renewed)
        assert 0 not in seen
