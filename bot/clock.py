"""The only reader of the wall clock and the only maker of random ids; and how long somebody waits."""

import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from bot.incident.terms import RequestId

CLOCK_FILE: Final = "MUSTER_CLOCK_FILE"
"""Names a file by which a test moves the clocks of several running processes at once: see FollowingClock. Like the
crash points it is read once, by `muster run`, and is no operator's setting."""


class Clock:
    """The machine's clock, as aware UTC, moved on by `offset`.

    The offset is nought except where people try or practise, and in tests. The store adds it to the server's own
    time when it looks for due timers, so that all of Muster lives in one time.
    """

    def __init__(self) -> None:
        self._moved_by = timedelta()

    @property
    def offset(self) -> timedelta:
        return self._moved_by

    def now(self) -> datetime:
        return datetime.now(tz=UTC) + self.offset

    def move_on(self, by: timedelta) -> None:
        self._moved_by += by


class FollowingClock(Clock):
    """A clock that a file moves on: '<offset> <error>', both in seconds, read whenever the time is asked for.

    The offset moves all of Muster, as ever. The error is this machine's alone: a wall clock that goes wrong, of which
    the store, which has a clock of its own, knows nothing.
    """

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    @property
    def offset(self) -> timedelta:
        return self._moved_by + self._read()[0]

    def now(self) -> datetime:
        return super().now() + self._read()[1]

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


def new_request_id(source: str) -> RequestId:
    """A request id for something that the world did not name; `source` says what it was."""
    return RequestId(f"{source}:{secrets.token_hex(12)}")


def new_token() -> str:
    """A lease's token: it need not be unguessable, only unrepeatable."""
    return secrets.token_hex(12)


def new_bug_reference() -> str:
    """Four characters that the person is shown and the log has too, as in '(ref 7f3a)'."""
    return secrets.token_hex(2)
