"""Whoever is silent, slow, one too many or speaks no HTTP is sent away, and everybody else is answered meanwhile."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, web
from structlog.testing import capture_logs

from bot.telemetry import Metrics
from bot.web.armour import few_large
from bot.web.reception import Patience
from bot.web.web_server import WebServer

TOP = b"POST /taken HTTP/1.1\r\nHost: x\r\n"


async def taken(request: web.Request) -> web.StreamResponse:
    return web.Response(text=str(len(await request.read())))


async def times_out(_request: web.Request) -> web.StreamResponse:
    raise TimeoutError("of our own")


@asynccontextmanager
async def serving(patience: Patience) -> AsyncIterator[int]:
    routes = [web.post("/taken", taken), web.post("/late", times_out)]
    async with WebServer("127.0.0.1", 0, readiness=(), metrics=Metrics(), routes=routes, patience=patience) as server:
        yield server.port


@asynccontextmanager
async def talking(port: int, said: bytes = b"") -> AsyncIterator[asyncio.StreamReader]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    try:
        async with asyncio.timeout(2):
            yield reader
    finally:
        writer.close()


@pytest.mark.parametrize("said", [b"", b"GET /hea", TOP, TOP + b"X: y"])
async def test_a_head_that_never_ends_is_not_waited_for(said: bytes) -> None:
    async with serving(Patience(silence=0.05)) as port, talking(port, said) as reader:
        assert await reader.read() == b""


@pytest.mark.parametrize(
    "said",
    [b"Content-Length: 5\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", b"Content-Length: 5\r\n\r\n"],
)
async def test_a_body_that_never_ends_is_not_waited_for(said: bytes) -> None:
    async with serving(Patience(body=0.05)) as port, talking(port, TOP + said) as reader:
        assert (await reader.readline()).startswith(b"HTTP/1.1 408")


async def test_a_body_that_comes_in_time_is_taken() -> None:
    async with serving(Patience(body=0.05)) as port, ClientSession() as session:
        for size in (0, 7, 300_000):
            async with session.post(f"http://127.0.0.1:{port}/taken", data=b"x" * size) as answer:
                assert (answer.status, await answer.text()) == (200, str(size))


async def test_what_takes_too_long_here_is_no_mistake_of_the_sender() -> None:
    async with (
        serving(Patience()) as port,
        ClientSession() as session,
        session.post(f"http://127.0.0.1:{port}/late", data=b"x") as answer,
    ):
        assert answer.status == 500


async def test_of_large_bodies_only_so_many_are_waited_for_and_small_ones_come_through() -> None:
    routes = [web.post("/taken", few_large(taken, most=1))]
    async with (
        WebServer("127.0.0.1", 0, readiness=(), metrics=Metrics(), routes=routes) as server,
        talking(server.port, TOP + b"Transfer-Encoding: chunked\r\n\r\n"),
    ):
        await asyncio.sleep(0.01)
        async with talking(server.port, TOP + b"Content-Length: 99999\r\n\r\n") as reader:
            assert (await reader.readline()).startswith(b"HTTP/1.1 503")
        async with talking(server.port, TOP + b"Content-Length: 1\r\n\r\nx") as reader:
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")


async def test_one_connection_too_many_is_sent_away_until_there_is_room() -> None:
    async with serving(Patience(connections=1)) as port:
        async with talking(port, TOP), talking(port) as reader:
            assert (await reader.read()).startswith(b"HTTP/1.1 503 Service Unavailable\r\nConnection: close")
        await asyncio.sleep(0.01)
        async with talking(port, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n") as reader:
            assert (await reader.readline()).startswith(b"HTTP/1.1 200")


async def test_what_does_not_read_is_repeated_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    with capture_logs() as logs:
        async with serving(Patience()) as port, talking(port, TOP + b"Authorization: hunter2\0\r\n\r\n") as reader:
            said = await reader.read()
    assert said.startswith(b"HTTP/1.0 400")
    assert b"aiohttp" not in said
    assert "hunter2" not in str([said, logs, caplog.text])
    assert [each["event"] for each in logs] == ["request_does_not_read"]
    assert caplog.records == []


async def test_whoever_hangs_up_half_way_is_no_bug_of_ours() -> None:
    with capture_logs() as logs:
        async with serving(Patience()) as port:
            async with talking(port, TOP + b"Content-Length: 5\r\n\r\n{"):
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.01)
    assert logs == []
