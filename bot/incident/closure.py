"""What stands between resolved and closed: evidence, workarounds, the review, what was overridden. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from bot.incident.terms import UserId


class Check(StrEnum):
    """What the close gate asks for, in the order in which it is shown."""

    VERIFIED = "proof that it is restored"
    ROLES = "roles released"
    WORKAROUNDS = "workarounds listed"
    REVIEW = "a review"
    FOLLOWUPS = "follow-ups owned"


class ReviewDuty(StrEnum):
    """What policy asks of a severity."""

    REQUIRED = "required"
    WAIVABLE = "waivable"
    NONE = "none"


class ReviewState(StrEnum):
    BOOKED = "booked"
    HELD = "held"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """As it is recorded by hand. `on`: the day for which it is booked or on which it was held; `why`: it is waived."""

    state: ReviewState
    on: date | None = None
    facilitator: UserId | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workaround:
    """Something temporary that is in place. `number` counts within its incident, from 1.

    `expires_on` is a day of the calendar, over when it is over in `time_zone`, which is its owner's. `chased_at`: when
    its owner was last asked about it since that day; `chases`: how often in all.
    """

    number: int
    what: str
    owner: UserId
    expires_on: date
    time_zone: str
    removed_at: datetime | None = None
    chased_at: datetime | None = None
    chases: int = 0

    @property
    def stands(self) -> bool:
        return self.removed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """It was closed without these, and why."""

    checks: tuple[Check, ...]
    why: str
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """`evidence`: a link or a number by which it was verified that it is restored. `none_in_place`: somebody said that
    there is no workaround. `asked_at`: when somebody was last asked whether to close it, or put that off; `asks`: how
    often they were asked in all.
    """

    evidence: str = ""
    workarounds: Mapping[int, Workaround] = field(default_factory=dict)
    none_in_place: bool = False
    override: Override | None = None
    asked_at: datetime | None = None
    asks: int = 0

    @property
    def standing(self) -> tuple[Workaround, ...]:
        """The workarounds that are still in place, the first to expire first."""
        found = (each for each in self.workarounds.values() if each.stands)
        return tuple(sorted(found, key=lambda each: (each.expires_on, each.number)))
