"""What the process tells of itself over HTTP, over real sockets on loopback."""

import asyncio
import io
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from aiohttp import ClientError, ClientSession, web
from aiohttp.typedefs import Handler

from bot.ports import Unavailable
from bot.telemetry import Metrics
from bot.web.probe import Probe
from bot.web.web_server import BODY_LIMIT, SLACK_PATH, WebServer


class Part:
    """A probe that says what it is told to say, or raises it."""

    def __init__(self, name: str, says: str | Exception | None = None) -> None:
        self.name = name
        self.says = says

    async def check(self) -> str | None:
        if isinstance(self.says, Exception):
            raise self.says
        return self.says


class Hanging(Part):
    async def check(self) -> str | None:
        await asyncio.Event().wait()
        return None


@pytest.fixture
async def client() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


def server(
    *probes: Probe,
    slack: Handler | None = None,
    metrics: Metrics | None = None,
    stop_patience: timedelta = timedelta(seconds=2),
) -> WebServer:
    return WebServer(
        "127.0.0.1",
        0,
        readiness=probes,
        metrics=metrics or Metrics(),
        routes=[web.post(SLACK_PATH, slack)] if slack else (),
        probe_patience=timedelta(milliseconds=50),
        stop_patience=stop_patience,
    )


def at(serving: WebServer, path: str) -> str:
    return f"http://127.0.0.1:{serving.port}{path}"


async def test_a_living_process_is_healthy_even_when_the_store_is_not(client: ClientSession) -> None:
    async with server(Part("store", "down")) as serving, client.get(at(serving, "/healthz")) as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")


async def test_it_is_ready_when_every_part_is(client: ClientSession) -> None:
    async with server(Part("store"), Part("socket")) as serving, client.get(at(serving, "/readyz")) as answer:
        assert answer.status == 200
        assert await answer.json() == {"ready": True, "parts": {"store": "ready", "socket": "ready"}}


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("The store is read-only.", "The store is read-only."),
        (Unavailable("the store", "connection refused"), "the store: connection refused"),
        (OSError("no route"), "no route"),
        ("redis://:hunter2@cache is down", "redis://[redacted]cache is down"),
    ],
)
async def test_it_is_not_ready_when_one_part_is_not_and_says_which(
    client: ClientSession, says: str | Exception, told: str
) -> None:
    async with server(Part("store", says), Part("socket")) as serving, client.get(at(serving, "/readyz")) as answer:
        assert answer.status == 503
        assert await answer.json() == {"ready": False, "parts": {"store": told, "socket": "ready"}}


async def test_a_part_that_hangs_is_not_ready_and_holds_up_nobody(client: ClientSession) -> None:
    async with server(Hanging("store"), Part("socket")) as serving, client.get(at(serving, "/readyz")) as answer:
        assert (await answer.json())["parts"] == {"store": "No answer within 0.05 s.", "socket": "ready"}


async def test_metrics_are_served_as_prometheus_reads_them(client: ClientSession) -> None:
    metrics = Metrics()
    metrics.open_incidents(3)
    async with server(metrics=metrics) as serving, client.get(at(serving, "/metrics")) as answer:
        assert "muster_open_incidents 3.0" in await answer.text()
        assert answer.headers["Content-Type"].startswith("text/plain; version=")


@pytest.mark.parametrize("path", ["/healthz", "/nowhere", "/metrics"])
async def test_every_answer_has_safe_headers_and_no_banner(client: ClientSession, path: str) -> None:
    async with server() as serving, client.get(at(serving, path)) as answer:
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Server" not in answer.headers


async def measure(request: web.Request) -> web.StreamResponse:
    return web.Response(text=str(len(await request.read())))


async def test_slacks_requests_reach_the_given_handler(client: ClientSession) -> None:
    async with server(slack=measure) as serving, client.post(at(serving, "/slack/events"), data=b"hello") as answer:
        assert await answer.text() == "5"


async def test_in_socket_mode_there_is_no_such_path(client: ClientSession) -> None:
    async with server() as serving, client.post(at(serving, "/slack/events"), data=b"hello") as answer:
        assert answer.status == 404


async def test_a_body_over_the_limit_is_refused(client: ClientSession) -> None:
    async with server(slack=measure) as serving:
        async with client.post(at(serving, "/slack/events"), data=io.BytesIO(b"x" * BODY_LIMIT)) as answer:
            assert answer.status == 200
        async with client.post(at(serving, "/slack/events"), data=io.BytesIO(b"x" * (BODY_LIMIT + 1))) as answer:
            assert answer.status == 413


async def test_a_bug_is_answered_with_a_reference_and_no_trace(client: ClientSession) -> None:
    async def broken(_request: web.Request) -> web.StreamResponse:
        raise RuntimeError("xoxb-secret")

    async with server(slack=broken) as serving, client.post(at(serving, "/slack/events")) as answer:
        assert answer.status == 500
        assert "(ref " in await answer.text()
        assert "xoxb" not in await answer.text()


async def test_a_request_in_flight_is_answered_when_the_server_stops(client: ClientSession) -> None:
    arrived, go_on = asyncio.Event(), asyncio.Event()

    async def slow(_request: web.Request) -> web.StreamResponse:
        arrived.set()
        await go_on.wait()
        return web.Response(text="done")

    serving = await server(slack=slow).__aenter__()
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(client.post(at(serving, "/slack/events")))
        await arrived.wait()
        stopped = group.create_task(serving.__aexit__(None, None, None))
        await asyncio.sleep(0.05)
        assert not stopped.done()
        go_on.set()
    async with asked.result() as answer:
        assert await answer.text() == "done"


async def test_a_request_that_never_ends_is_cut_off_when_the_server_stops(client: ClientSession) -> None:
    arrived = asyncio.Event()

    async def endless(_request: web.Request) -> web.StreamResponse:
        arrived.set()
        return await asyncio.Future[web.StreamResponse]()

    impatient = server(slack=endless, stop_patience=timedelta(milliseconds=50))
    async with asyncio.TaskGroup() as group, impatient as serving:
        asked = group.create_task(cut_off(client, at(serving, "/slack/events")))
        await arrived.wait()
    assert asked.result()


async def cut_off(client: ClientSession, url: str) -> bool:
    try:
        async with client.post(url) as answer:
            return answer.status == 500
    except ClientError:
        return True


async def test_a_stopped_server_accepts_nobody(client: ClientSession) -> None:
    async with server() as serving:
        gone = at(serving, "/healthz")
    with pytest.raises(OSError, match="Cannot connect"):
        await client.get(gone)


async def test_a_taken_port_is_told_at_the_start() -> None:
    async with server() as serving:
        second = WebServer("127.0.0.1", serving.port, readiness=(), metrics=Metrics())
        with pytest.raises(OSError, match="in use"):
            await second.__aenter__()
