"""The doorbell opens to the right signature only, and is answered soon and not too often."""

import asyncio
import hmac
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

import aiohttp
import pytest
from aiohttp import web

from bot.ports import Unavailable
from bot.trackers.doorbell import Doorbell
from bot.trackers.github_webhook import PATH, webhook_route
from bot.web.web_server import BODY_LIMIT

SECRET = "0123456789abcdef"


@dataclass
class Door:
    url: str
    rung: list[int] = field(default_factory=list)

    async def knock(self, body: bytes = b"{}", *, event: str = "issues", signature: str | None = None) -> int:
        right = f"sha256={hmac.new(SECRET.encode(), body, sha256).hexdigest()}"
        headers = {"X-GitHub-Event": event, "X-Hub-Signature-256": right if signature is None else signature}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.url, data=io.BytesIO(body), headers=headers) as answer,
        ):
            return answer.status


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    rung: list[int] = []
    application = web.Application(client_max_size=BODY_LIMIT)
    application.add_routes([webhook_route(SECRET, lambda: rung.append(1))])
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Door(url=f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}", rung=rung)
    await runner.cleanup()


async def test_the_right_signature_rings(door: Door) -> None:
    assert await door.knock(b'{"action": "closed"}') == 202
    assert door.rung == [1]


@pytest.mark.parametrize("signature", ["", "sha256=", "sha256=00", "sha1=abc", "ü", "sha256=" + "0" * 64])
async def test_any_other_is_sent_away_without_a_word(door: Door, signature: str) -> None:
    assert await door.knock(signature=signature.encode("utf-8").decode("latin-1")) == 401
    assert door.rung == []


async def test_other_events_are_heard_and_nothing_follows(door: Door) -> None:
    assert await door.knock(event="ping") == 200
    assert door.rung == []


async def test_a_body_that_is_too_large_is_not_read(door: Door) -> None:
    assert await door.knock(b"x" * (BODY_LIMIT + 1)) == 413
    assert door.rung == []


async def test_a_burst_of_rings_is_two_looks() -> None:
    looks: list[int] = []

    async def look() -> None:
        looks.append(1)
        raise Unavailable("GitHub", "it cannot be reached")

    bell = Doorbell(look, rest=timedelta(milliseconds=20))
    answering = asyncio.create_task(bell.answer())
    for _ in range(100):
        bell.ring()
        await asyncio.sleep(0)
    await asyncio.sleep(0.1)
    answering.cancel()
    await asyncio.wait([answering])
    assert len(looks) == 2
