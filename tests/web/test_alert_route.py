"""What is too large, too slow or too much at once is refused before anybody reads it."""

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import ClientSession

from bot.telemetry import Metrics
from bot.web.alert_route import ALERT_BODY_LIMIT, AlertRoute
from bot.web.web_server import WebServer


@dataclass
class Said:
    status: int = 200
    text: str = "1 taken.\n"


Receive = Callable[[str, Mapping[str, str], bytes], Awaitable[Said]]


@dataclass
class Seen:
    refused: Said | None = None
    known: bool = True


@dataclass
class Door:
    """Knows whoever shows a token; only the body can prove whoever is signed."""

    on_receive: Receive
    away: list[tuple[str, int]] = field(default_factory=list)

    async def receive(self, source: str, headers: Mapping[str, str], body: bytes) -> Said:
        return await self.on_receive(source, headers, body)

    def glance(self, _source: str, headers: Mapping[str, str]) -> Seen:
        if "x-stranger" in headers:
            return Seen(refused=Said(status=401, text="No.\n"))
        return Seen(known="x-signed" not in headers)

    def turned_away(self, source: str, status: int, took: timedelta) -> None:
        self.away.append((source, status))


async def taking(_source: str, _headers: Mapping[str, str], _body: bytes) -> Said:
    return Said()


@asynccontextmanager
async def served(
    receive: Receive = taking,
    *,
    most: int = 64,
    unproven: int = 32,
    within: float = 5,
    away: list[tuple[str, int]] | None = None,
) -> AsyncIterator[str]:
    """`away`: hears what was turned away."""
    door = Door(receive, [] if away is None else away)
    route = AlertRoute(door, most_at_once=most, most_unproven=unproven, within=within).route
    async with WebServer("127.0.0.1", 0, readiness=(), metrics=Metrics(), routes=[route]) as web:
        yield f"http://127.0.0.1:{web.port}/alerts/alertmanager"


async def posted(url: str, data: object, **headers: str) -> tuple[int, str]:
    async with ClientSession() as session, session.post(url, data=data, headers=headers) as answer:
        return answer.status, await answer.text()


async def test_source_headers_and_body_are_handed_on_and_the_answer_comes_back() -> None:
    heard: list[tuple[str, str, bytes]] = []

    async def receive(source: str, headers: Mapping[str, str], body: bytes) -> Said:
        heard.append((source, headers["content-length"], body))
        return Said(status=503, text="Later.\n")

    async with served(receive) as url:
        assert await posted(url, b"{}") == (503, "Later.\n")
    assert heard == [("alertmanager", "2", b"{}")]


async def test_what_is_too_large_is_refused_by_what_it_says_of_itself() -> None:
    away: list[tuple[str, int]] = []
    async with served(away=away) as url:
        status, text = await posted(url, io.BytesIO(b"x" * (ALERT_BODY_LIMIT + 1)))
    assert (status, text) == (413, "The payload is larger than 2 MB.\n")
    assert away == [("alertmanager", 413)]


async def test_what_does_not_say_how_large_it_is_is_counted() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(ALERT_BODY_LIMIT // 65536 + 2):
            yield b"x" * 65536

    async with served() as url:
        status, _ = await posted(url, endless())
    assert status == 413


async def test_whoever_sends_too_slowly_is_not_waited_for() -> None:
    away: list[tuple[str, int]] = []
    async with served(within=0.1, away=away) as url:
        port = int(url.split(":")[2].partition("/")[0])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /alerts/alertmanager HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
        assert (await reader.readline()).startswith(b"HTTP/1.1 408")
        writer.close()
        await writer.wait_closed()
    assert away == [("alertmanager", 408)]


async def test_beyond_so_many_at_once_the_next_is_asked_to_come_again() -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def slow(_source: str, _headers: Mapping[str, str], _body: bytes) -> Said:
        entered.set()
        await leave.wait()
        return Said()

    away: list[tuple[str, int]] = []
    async with served(slow, most=1, away=away) as url:
        first = asyncio.create_task(posted(url, b"{}"))
        await entered.wait()
        status, _ = await posted(url, b"{}")
        leave.set()
        assert (status, (await first)[0], away) == (503, 200, [("alertmanager", 503)])


async def test_whoever_only_signs_leaves_places_to_those_who_show_the_secret() -> None:
    entered, leave = asyncio.Event(), asyncio.Event()

    async def slow(_source: str, headers: Mapping[str, str], _body: bytes) -> Said:
        if "x-signed" in headers:
            entered.set()
            await leave.wait()
        return Said()

    async with served(slow, unproven=1) as url:
        first = asyncio.create_task(posted(url, b"{}", **{"X-Signed": "1"}))
        await entered.wait()
        status, _ = await posted(url, b"{}", **{"X-Signed": "1"})
        assert (status, (await posted(url, b"{}"))[0]) == (503, 200)
        leave.set()
        assert (await first)[0] == 200


async def test_a_stranger_is_refused_before_the_body_is_there() -> None:
    async with served() as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.split(":")[2].partition("/")[0]))
        writer.write(b"POST /alerts/x HTTP/1.1\r\nHost: x\r\nX-Stranger: 1\r\nContent-Length: 100\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 401")
        writer.close()
        await writer.wait_closed()
