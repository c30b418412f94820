"""POST /alerts/<source>: how much and how slowly a source may send, and how many at once. It reads no payload."""

import asyncio
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Protocol

from aiohttp import web

ALERTS_PATH: Final = "/alerts/{source}"
ALERT_BODY_LIMIT: Final = 2 * 1024 * 1024
"""Bytes. A group of a thousand alerts is about one megabyte."""
BODY_WITHIN: Final = 10.0
"""Seconds. Alertmanager itself gives up after about as long."""
MOST_AT_ONCE: Final = 64
MOST_UNPROVEN: Final = 32
"""Of these, deliveries that only their whole body can prove: whoever signs wrongly and slowly keeps no token out."""


class Answer(Protocol):
    @property
    def status(self) -> int: ...

    @property
    def text(self) -> str: ...


class Glance(Protocol):
    """What the head says: `refused` where no body would change the answer, `known` where it shows the secret."""

    @property
    def refused(self) -> Answer | None: ...

    @property
    def known(self) -> bool: ...


class Door(Protocol):
    """Who decides. `headers`: names in small letters, values that can be written as UTF-8."""

    def glance(self, source: str, headers: Mapping[str, str]) -> Glance: ...

    async def receive(self, source: str, headers: Mapping[str, str], body: bytes) -> Answer: ...

    def turned_away(self, source: str, status: int, took: timedelta) -> None:
        """Hears of a delivery that a glance let pass and that was not received."""


class AlertRoute:
    """What is larger or slower than it may be never gets to the door."""

    def __init__(
        self,
        door: Door,
        *,
        most_at_once: int = MOST_AT_ONCE,
        most_unproven: int = MOST_UNPROVEN,
        within: float = BODY_WITHIN,
    ) -> None:
        self._door = door
        self._most = most_at_once
        self._most_unproven = most_unproven
        self._within = within
        self._at_work = 0
        self._unproven = 0

    @property
    def route(self) -> web.RouteDef:
        return web.post(ALERTS_PATH, self.answer)

    async def answer(self, request: web.Request) -> web.Response:
        """Not a queue: whoever waits here would time out, and send the same again."""
        source, headers = request.match_info["source"], _headers(request)
        glance = self._door.glance(source, headers)
        if glance.refused:
            return _response(glance.refused)
        unproven = not glance.known
        if self._at_work >= self._most or (unproven and self._unproven >= self._most_unproven):
            return self._turned_away(source, 503, "Too many deliveries at once. Send this again in a moment.")
        self._at_work += 1
        self._unproven += unproven
        try:
            return await self._answered(request, source, headers)
        finally:
            self._at_work -= 1
            self._unproven -= unproven

    async def _answered(self, request: web.Request, source: str, headers: Mapping[str, str]) -> web.Response:
        started = time.monotonic()
        try:
            async with asyncio.timeout(self._within):
                body = await _body(request)
        except TimeoutError:
            return self._turned_away(source, 408, "The payload did not arrive in time.", started)
        if body is None:
            limit = ALERT_BODY_LIMIT // 1024 // 1024
            return self._turned_away(source, 413, f"The payload is larger than {limit} MB.", started)
        return _response(await self._door.receive(source, headers, body))

    def _turned_away(self, source: str, status: int, why: str, started: float | None = None) -> web.Response:
        took = timedelta() if started is None else timedelta(seconds=time.monotonic() - started)
        self._door.turned_away(source, status, took)
        return web.Response(status=status, text=f"{why}\n")


def _response(answer: Answer) -> web.Response:
    return web.Response(status=answer.status, text=answer.text)


def _headers(request: web.Request) -> dict[str, str]:
    """Bytes that are no UTF-8 come as halves of surrogate pairs, which nothing could store."""
    return {name.lower(): value.encode(errors="replace").decode() for name, value in request.headers.items()}


async def _body(request: web.Request) -> bytes | None:
    """None: it is too large."""
    if (request.content_length or 0) > ALERT_BODY_LIMIT:
        return None
    found = bytearray()
    async for part in request.content.iter_any():
        found += part
        if len(found) > ALERT_BODY_LIMIT:
            return None
    return bytes(found)
