"""How far the review of an incident is: booked for when, with whom, and what became of it. Values only."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.incident.closure import ReviewState
from bot.incident.terms import GroupId, UserId


class ReviewStage(StrEnum):
    """How far asking after it has come."""

    UNBOOKED = "nobody has booked it"
    OVERDUE = "overdue"
    CLIMBED = "overdue, and told to others"
    UNSETTLED = "held, moved or waived"
    LAPSED = "too long ago to be asked after"


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitedFunction:
    """A function that is invited, such as reliability. `people`: who that was when it was booked.

    `unread`: its user groups of which Slack did not say who is in them; they are mentioned in the channel instead.
    """

    name: str
    people: tuple[UserId, ...] = ()
    unread: tuple[GroupId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPlan:
    """`starts_at`: aware UTC. `invited`: by name, the facilitator not among them. `why_facilitator`: a clause.

    `time_zone`: that of whoever booked it, an IANA name; `facilitator_zone`: of whoever leads it.
    """

    starts_at: datetime
    length: timedelta
    facilitator: UserId
    invited: tuple[UserId, ...] = ()
    functions: tuple[InvitedFunction, ...] = ()
    why_facilitator: str = ""
    time_zone: str = "UTC"
    facilitator_zone: str = "UTC"

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + self.length

    @property
    def everyone(self) -> tuple[UserId, ...]:
        """The facilitator first, then whoever is invited by name or by function, each once."""
        return tuple(dict.fromkeys(self._all()))

    def _all(self) -> Iterator[UserId]:
        yield self.facilitator
        yield from self.invited
        for function in self.functions:
            yield from function.people


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One appointment for a review. `number` counts those of the incident from 1 and never changes: incident and number
    name it in every calendar. `sequence` rises with each change that calendars must hear of, the cancellation too.
    """

    number: int
    sequence: int
    plan: ReviewPlan
    cancelled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCourse:
    """`state` None: nothing is settled yet, or it was cancelled. `on`: the day on which it was held, or for which it is
    booked by hand, that is without a meeting. `meeting`: the newest, also once it is over or cancelled.
    `why`: it is waived. `came`: who was there, where somebody said so. `stage`: how far asking after it as it stands
    has come, last at `asked_at`, which is also when a meeting was cancelled; `asks`: how often somebody was asked.
    `preread`: the number of the meeting whose pre-read pack was given, since that was booked.
    """

    state: ReviewState | None = None
    on: date | None = None
    facilitator: UserId | None = None
    why: str = ""
    came: tuple[UserId, ...] = ()
    meeting: Meeting | None = None
    stage: ReviewStage | None = None
    asked_at: datetime | None = None
    asks: int = 0
    preread: int = 0

    @property
    def booked(self) -> Meeting | None:
        """The meeting that is still to be held; None where there is none, or only a day."""
        is_booked = self.state is ReviewState.BOOKED and self.on is None
        return self.meeting if is_booked else None
