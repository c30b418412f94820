"""One open socket to Slack: what Slack says on it is handed on, and answered on it. It never opens another."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

import structlog
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, ClientWSTimeout, WSMsgType

HANDSHAKE_WITHIN: Final = 10.0
"""Seconds for the socket itself, once its address is known."""
_FAREWELL: Final = 1.0
"""Seconds in which the other side may agree to the end."""

Envelope = dict[str, Any]

_log = structlog.get_logger(__name__)


class Link:
    """`spent` is set once another link is wanted: this one has ended, or Slack has asked for another, and then this one
    serves until it is finished.
    """

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._opened = time.monotonic()
        self._reading: asyncio.Task[None] | None = None
        self._serving: set[asyncio.Task[None]] = set()
        self.spent = asyncio.Event()

    @classmethod
    async def to(cls, address: str, session: ClientSession, *, ping: float, proxy: str | None) -> "Link":
        """`ping`: seconds between two; a peer that leaves one unanswered for half as long is gone.

        Raises ClientError, TimeoutError and OSError.
        """
        patience = ClientWSTimeout(ws_close=_FAREWELL)
        async with asyncio.timeout(HANDSHAKE_WITHIN):
            return cls(await session.ws_connect(address, heartbeat=ping, timeout=patience, proxy=proxy))

    @property
    def is_open(self) -> bool:
        return not self._socket.closed

    @property
    def age(self) -> float:
        """Seconds."""
        return time.monotonic() - self._opened

    def listen(self, serve: Callable[["Link", Envelope], Awaitable[None]]) -> None:
        """From now on each envelope is served, all at once."""
        self._reading = asyncio.create_task(self._read(serve), name="socket")

    async def _read(self, serve: Callable[["Link", Envelope], Awaitable[None]]) -> None:
        try:
            async for frame in self._socket:
                if frame.type is WSMsgType.TEXT and (envelope := self._envelope(frame.data)):
                    task = asyncio.ensure_future(serve(self, envelope))
                    self._serving.add(task)
                    task.add_done_callback(self._serving.discard)
        finally:
            self.spent.set()

    def _envelope(self, text: str) -> Envelope | None:
        try:
            said = json.loads(text)
        except ValueError:
            return None
        match said:
            case {"envelope_id": str(), "type": str(), "payload": dict()}:
                return dict(said)
            case {"type": "disconnect"}:
                _log.info("slack_replaces_the_socket", reason=said.get("reason"))
                self.spent.set()
        return None

    async def send(self, answer: Envelope) -> bool:
        """Whether it was sent; what becomes of it then nobody tells."""
        if self._socket.closed:
            return False
        try:
            await self._socket.send_json(answer)
        except (ClientError, OSError):
            return False
        return True

    async def ended(self, within: float) -> None:
        """Waits for the other side to end it, for at most so many seconds; until then it still serves."""
        if self._reading:
            await asyncio.wait({self._reading}, timeout=within)

    async def finish(self, within: float) -> None:
        """Takes no more; what it has taken is answered, for at most so many seconds, and it is closed."""
        if self._reading:
            self._reading.cancel()
        if self._serving:
            _, unanswered = await asyncio.wait(self._serving, timeout=within)
            if unanswered:
                _log.warning("requests_unanswered", count=len(unanswered))
            for task in unanswered:
                task.cancel()
        await self._socket.close()
