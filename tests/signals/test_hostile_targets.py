"""A target that answers what it should not, or whoever stands in its place: the signal waits, and nothing else."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from bot.ports import Unavailable
from bot.signal_targets import read_targets
from bot.signals.webhook import Webhooks, webhook_sessions
from tests.signals.receiver import SECRET, Receiver
from tests.signals.test_webhook import SIGNAL, present
from tests.slack.war_room import incident, lease

PATIENCE = timedelta(milliseconds=200)
TOP = b"HTTP/1.1 200 OK\r\n"

Answer = Callable[[], Iterator[bytes]]
"""What is written, bit by bit."""


def whole(*parts: bytes) -> Answer:
    return lambda: iter(parts)


def endless(first: bytes, more: bytes) -> Answer:
    def parts() -> Iterator[bytes]:
        yield first
        while True:
            yield more

    return parts


@asynccontextmanager
async def target(answer: Answer) -> AsyncIterator[int]:
    """One that answers each request so, and counts nothing."""

    async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            for part in answer():
                writer.write(part)
                await writer.drain()
                await asyncio.sleep(0.001)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async with await asyncio.start_server(answered, "127.0.0.1", 0) as server:
        yield server.sockets[0].getsockname()[1]


async def sent_to(url: str) -> None:
    async with webhook_sessions(answers_within=PATIENCE) as sessions:
        sender = Webhooks(read_targets(f"siem:{url}:{SECRET}:private-address"), sessions, team="T0123", now=present)
        await sender.send(SIGNAL, incident(), lease(SIGNAL))


@pytest.mark.parametrize(
    "answer",
    [
        whole(b""),
        whole(b"\0\xff\n" * 100),
        whole(b"SSH-2.0-OpenSSH_9.2\r\n"),
        whole(b"HTTP/9.9 200 OK\r\n\r\n"),
        whole(b"HTTP/1.1 99999 OK\r\n\r\n"),
        whole(TOP + b"X: " + b"y" * 1_000_000 + b"\r\n\r\n"),
        whole(TOP + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n"),
        endless(TOP, b"X: y\r\n"),
        endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        endless(TOP + b"X: ", b"y"),
    ],
    ids=lambda answer: "",
)
async def test_what_is_no_answer_is_not_waited_for_and_the_signal_may_come_again(answer: Answer) -> None:
    async with target(answer) as port, asyncio.timeout(2):
        with pytest.raises(Unavailable) as failure:
            await sent_to(f"http://127.0.0.1:{port}/hook")
    assert (failure.value.retryable, failure.value.unknown) == (True, True)


@pytest.mark.parametrize(
    "answer",
    [
        endless(TOP + b"Transfer-Encoding: chunked\r\n\r\n", b"1000\r\n" + b"x" * 0x1000 + b"\r\n"),
        whole(TOP + b"Content-Length: 999999999999\r\n\r\n"),
        whole(TOP + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n", gzip.compress(b" " * 10_000_000)),
        whole(TOP + b"Content-Encoding: gzip\r\nConnection: close\r\n\r\n", b"no gzip at all"),
        whole(TOP + b"Set-Cookie: a=" + b"b" * 4000 + b"\r\nConnection: close\r\n\r\n"),
    ],
    ids=lambda answer: "",
)
async def test_of_an_answer_only_its_status_counts(answer: Answer) -> None:
    async with target(answer) as port, asyncio.timeout(2):
        await sent_to(f"http://127.0.0.1:{port}/hook")


async def test_a_proxy_of_the_environment_hears_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with Receiver() as receiver, Receiver() as proxy:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        await sent_to(receiver.url)
        assert (len(receiver.got), len(proxy.got)) == (1, 0)
