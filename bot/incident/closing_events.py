"""What happened between resolved and closed. As events.py: names and fields are stored for ever."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.incident.closure import Check, Review
from bot.incident.events import Event
from bot.incident.terms import (
    UserId,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationVerified(Event):
    """`evidence`: a link or a number that shows it, in people's words."""

    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkaroundAdded(Event):
    """`number` counts from 1; `expires_on` is a day in `time_zone`, which is the owner's."""

    number: int
    what: str
    owner: UserId
    expires_on: date
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkaroundExtended(Event):
    number: int
    what: str
    before: date
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkaroundRemoved(Event):
    number: int
    what: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkaroundChased(Event):
    """It has expired and still stands; `asked` was asked for the `chase`-th time."""

    number: int
    asked: UserId
    chase: int
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoWorkaroundsStated(Event):
    """Somebody says that nothing temporary is in place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecorded(Event):
    """By hand: it is booked, was held, or is waived. `due_at`: when policy asks for it at the latest."""

    review: Review
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateOverridden(Event):
    """It is closed although these are missing."""

    missing: tuple[Check, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingAsked(Event):
    """It is resolved and not closed, and `asked` was asked about that for the `number`-th time."""

    number: int
    asked: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingPutOff(Event):
    """Whoever was asked says: not yet."""
