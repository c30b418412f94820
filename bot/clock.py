"""The only reader of the wall clock and the only maker of random ids; and how long somebody waits."""

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from bot.incident.terms import RequestId

TOLERANCE: Final = timedelta(milliseconds=100)
"""By how much ours may differ from the store's clock before it is set anew: more than an answer's way varies."""

CLOCK_FILE: Final = "MUSTER_CLOCK_FILE"
"""Names a file by which a test moves the clocks of several running processes at once: see FollowingClock. Like the
crash points it is read once, by `muster run`, and is no operator's setting."""

_log = structlog.get_logger(__name__)


class Clock:
    """The store's clock, as aware UTC, moved on by `offset`: all processes on one store live in one time.

    Between two words of the store it runs on the monotonic clock, so neither a jump of this machine's wall clock nor
    a machine that is an hour off moves it. The wall clock is read once, for the time before the store was asked.

    The offset is nought except where people try or practise, and in tests. The store adds it to its own time when it
    looks for due timers.
    """

    def __init__(self) -> None:
        self._moved_by = timedelta()
        self._origin = self._before_the_store_is_asked() - _running()

    @property
    def offset(self) -> timedelta:
        return self._moved_by

    def now(self) -> datetime:
        return self._origin + _running() + self.offset

    def move_on(self, by: timedelta) -> None:
        self._moved_by += by

    def follow(self, told: datetime, way: timedelta) -> None:
        """`told`: what the store's clock showed; `way`: how long its answer took, there and back."""
        behind = told - (self._origin + _running())
        if -way - TOLERANCE <= behind <= TOLERANCE:
            return
        self._origin += behind + way / 2
        _log.warning("clock_set_by_the_store", moved_seconds=round(behind.total_seconds(), 1))

    def _before_the_store_is_asked(self) -> datetime:
        return wall_clock()


class FollowingClock(Clock):
    """A clock that a file moves on: '<offset> <error>', both in seconds.

    The offset moves all of Muster, as ever, and is read whenever the time is asked for. The error is by how much this
    machine's own wall clock is wrong, of which the store, which has a clock of its own, knows nothing.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        super().__init__()

    @property
    def offset(self) -> timedelta:
        return self._moved_by + self._read()[0]

    def _before_the_store_is_asked(self) -> datetime:
        return wall_clock() + self._read()[1]

    def _read(self) -> tuple[timedelta, timedelta]:
        offset, _, error = self._file.read_text().strip().partition(" ")
        return timedelta(seconds=float(offset)), timedelta(seconds=float(error or 0))


def clock_of(environment: Mapping[str, str]) -> Clock:
    """The machine's clock, unless the environment names a file to follow."""
    file = environment.get(CLOCK_FILE)
    return FollowingClock(Path(file)) if file else Clock()


_WAITED_FOR_UNTIL: Final[ContextVar[float | None]] = ContextVar("waited_for_until", default=None)


@contextmanager
def somebody_waits(seconds: float) -> Iterator[None]:
    """What is asked of the store in this block is not to happen later than so: the person will have been told."""
    before = _WAITED_FOR_UNTIL.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _WAITED_FOR_UNTIL.reset(before)


def waited_for_until() -> float | None:
    """The moment (time.monotonic) at which whoever waits for this gives up; None: nobody does."""
    return _WAITED_FOR_UNTIL.get()


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
