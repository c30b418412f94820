"""POST /alerts/<source>: how much and how slowly a source may send, and how many at once. It reads no payload."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final, Protocol

from aiohttp import web

ALERTS_PATH: Final = "/alerts/{source}"
ALERT_BODY_LIMIT: Final = 2 * 1024 * 1024
"""Bytes. A group of a thousand alerts is about one megabyte."""
BODY_WITHIN: Final = 10.0
"""Seconds. Alertmanager itself gives up after about as long."""
MOST_AT_ONCE: Final = 64


class Answer(Protocol):
    @property
    def status(self) -> int: ...

    @property
    def text(self) -> str: ...


Receive = Callable[[str, Mapping[str, str], bytes], Awaitable[Answer]]
"""Source, headers (names in small letters) and body."""


class AlertRoute:
    """`receive` decides; what is larger or slower than it may be never gets there."""

    def __init__(self, receive: Receive, *, most_at_once: int = MOST_AT_ONCE, within: float = BODY_WITHIN) -> None:
        self._receive = receive
        self._most = most_at_once
        self._within = within
        self._at_work = 0

    @property
    def route(self) -> web.RouteDef:
        return web.post(ALERTS_PATH, self.answer)

    async def answer(self, request: web.Request) -> web.Response:
        """Not a queue: whoever waits here would time out, and send the same again."""
        if self._at_work >= self._most:
            return web.Response(status=503, text="Too many deliveries at once. Send this again in a moment.\n")
        self._at_work += 1
        try:
            return await self._answered(request)
        finally:
            self._at_work -= 1

    async def _answered(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(self._within):
                body = await _body(request)
        except TimeoutError:
            return web.Response(status=408, text="The payload did not arrive in time.\n")
        if body is None:
            limit = ALERT_BODY_LIMIT // 1024 // 1024
            return web.Response(status=413, text=f"The payload is larger than {limit} MB.\n")
        headers = {name.lower(): value for name, value in request.headers.items()}
        answer = await self._receive(request.match_info["source"], headers, body)
        return web.Response(status=answer.status, text=answer.text)


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
