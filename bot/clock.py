"""The only reader of the wall clock and the only maker of random ids; and how long somebody waits."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Final

from bot.incident.terms import RequestId


class Clock:
    """The machine's clock, as aware UTC, moved on by `offset`.

    The offset is nought except where people try or practise, and in tests. The store adds it to the server's own
    time when it looks for due timers, so that all of Muster lives in one time.
    """

    def __init__(self) -> None:
        self.offset = timedelta()

    def now(self) -> datetime:
        return datetime.now(tz=UTC) + self.offset

    def move_on(self, by: timedelta) -> None:
        self.offset += by


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
