"""Reads the tracker's changes when somebody rings, soon and not more often than is good for either side."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final

import structlog

from bot.clock import new_bug_reference
from bot.ports import Unavailable

REST: Final = timedelta(seconds=5)
"""After a look: however often it rings meanwhile, one more follows."""

_log = structlog.get_logger(__name__)


class Doorbell:
    def __init__(self, look: Callable[[], Awaitable[None]], *, rest: timedelta = REST) -> None:
        self._look = look
        self._rest = rest
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()

    async def answer(self) -> None:
        """Until it is cancelled; the entry point at which bugs end. What failed is read by the next round."""
        while True:
            await self._rung.wait()
            self._rung.clear()
            try:
                await self._look()
            except Unavailable as failure:
                _log.warning("doorbell_in_vain", reason=str(failure))
            except Exception:  # noqa: BLE001 - the entry point of rings: a bug in one look stops no later one
                _log.exception("doorbell_failed", reference=new_bug_reference())
            await asyncio.sleep(self._rest.total_seconds())
