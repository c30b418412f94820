"""An append whose outcome is known: a reply that was lost is asked for once more, and nothing is written twice."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Final

from bot.crash_point import CrashPoint, crash_point
from bot.incident.terms import Version
from bot.ports import AlreadyHandled, Append, Appended, Conflict, LeaseLost, Log, TooLate, Unavailable

_BEFORE_ASKING_AGAIN: Final = (0, 0.1, 0.4)
"""Seconds. A server that died at the append is back in about so long, and knows what became of it."""

_APPEND_OUTCOMES: Final = {Appended: "appended", Conflict: "conflict", LeaseLost: "lease lost", TooLate: "too late"}


class SureAppend:
    """`counted` is told of each: in a word what became of it, and how long that took."""

    def __init__(self, log: Log, counted: Callable[[str, timedelta], None]) -> None:
        self._log = log
        self._counted = counted

    async def append(self, append: Append) -> object:
        """The id of the request makes the repetition harmless. Raises Unavailable (`unknown`: it may be written)."""
        started, outcome = time.monotonic(), "unavailable"
        crash_point(CrashPoint.BEFORE_APPEND)
        try:
            result = await self._write_surely(append)
            crash_point(CrashPoint.AFTER_APPEND)
            outcome = _APPEND_OUTCOMES.get(type(result), "repeated")
        finally:
            self._counted(outcome, timedelta(seconds=time.monotonic() - started))
        return result

    async def _write_surely(self, append: Append) -> object:
        """Once the outcome of one attempt is unknown, only an answer makes it known: not being reached does not."""
        try:
            return await self._log.append(append)
        except Unavailable as failure:
            if not failure.unknown:
                raise
        for pause in _BEFORE_ASKING_AGAIN:
            await asyncio.sleep(pause)
            try:
                return await self._write_again(append)
            except Unavailable as failure:
                lost = Unavailable(failure.what, failure.reason, retryable=failure.retryable, unknown=True)
        raise lost

    async def _write_again(self, append: Append) -> object:
        """Handled before, at just the version that this append makes: it was this one. Else an earlier delivery."""
        result = await self._log.append(append)
        version = Version(append.expected + len(append.events))
        if result == AlreadyHandled(incident=append.incident, version=version):
            return Appended(version=version, more=True)
        return result
