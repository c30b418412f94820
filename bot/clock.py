"""The only reader of the wall clock and the only maker of random ids."""

import secrets
import time
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from bot.incident.terms import RequestId

TOLERANCE: Final = timedelta(milliseconds=100)
"""By how much ours may differ from the store's clock before it is set anew: more than an answer's way varies."""

_log = structlog.get_logger(__name__)


class Clock:
    """The store's clock, as aware UTC, moved on by `offset`: all processes on one store live in one time.

    Between two words of the store it runs on the monotonic clock, so neither a jump of this machine's wall clock nor
    a machine that is an hour off moves it. The wall clock is read once, for the time before the store was asked.

    The offset is nought except where people try or practise, and in tests. The store adds it to its own time when it
    looks for due timers.
    """

    def __init__(self) -> None:
        self.offset = timedelta()
        self._origin = wall_clock() - _running()

    def now(self) -> datetime:
        return self._origin + _running() + self.offset

    def move_on(self, by: timedelta) -> None:
        self.offset += by

    def follow(self, told: datetime, way: timedelta) -> None:
        """`told`: what the store's clock showed; `way`: how long its answer took, there and back."""
        behind = told - (self._origin + _running())
        if -way - TOLERANCE <= behind <= TOLERANCE:
            return
        self._origin += behind + way / 2
        _log.warning("clock_set_by_the_store", moved_seconds=round(behind.total_seconds(), 1))


def wall_clock() -> datetime:
    """The machine's own, which may jump; for what shares it with a library that reads no other."""
    return datetime.now(tz=UTC)


def _running() -> timedelta:
    return timedelta(seconds=time.monotonic())


def new_request_id(source: str) -> RequestId:
    """A request id for something that the world did not name; `source` says what it was."""
    return RequestId(f"{source}:{secrets.token_hex(12)}")


def new_token() -> str:
    """A lease's token: it need not be unguessable, only unrepeatable."""
    return secrets.token_hex(12)


def new_bug_reference() -> str:
    """Four characters that the person is shown and the log has too, as in '(ref 7f3a)'."""
    return secrets.token_hex(2)
