"""What happened to the review. As events.py: names and fields are stored for ever.

`number`, `sequence`: of the meeting, as in review.py; the sequence is the one that it has from this event on. Where
there was no meeting, both are 0.
"""

from dataclasses import dataclass
from datetime import date, datetime

from bot.incident.events import Event
from bot.incident.review import ReviewPlan, ReviewStage
from bot.incident.terms import FileId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewBooked(Event):
    """`due_at`: when policy asks for it at the latest."""

    number: int
    sequence: int
    plan: ReviewPlan
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewMoved(Event):
    """To another time, or only with other people."""

    number: int
    sequence: int
    before: ReviewPlan
    after: ReviewPlan
    why: str = ""
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewCancelled(Event):
    """The meeting of this plan will not be held; the review is due as before."""

    number: int
    sequence: int
    plan: ReviewPlan
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewHeld(Event):
    """`came`: who was there, where somebody said so."""

    on: date
    facilitator: UserId
    number: int = 0
    came: tuple[UserId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewWaived(Event):
    """`plan`: of the meeting that is not held because of that."""

    why: str
    number: int = 0
    sequence: int = 0
    plan: ReviewPlan | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAsked(Event):
    """These were asked after the review, for the `number`-th time; nobody where only the digest channel is told."""

    stage: ReviewStage
    asked: tuple[UserId, ...]
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationPosted(Event):
    """The meeting stands in the incident's channel as a file for calendars."""

    number: int
    sequence: int
    file: FileId


@dataclass(frozen=True, slots=True, kw_only=True)
class PrereadGiven(Event):
    """The pre-read pack for the meeting of this number is given `to` these, and to the channel; to nobody where it came
    too late, because Muster was not there."""

    number: int
    to: tuple[UserId, ...]
    in_time: bool = True


def named_facilitator(event: Event) -> UserId | None:
    """Whom this event names to lead a review, for the rota."""
    match event:
        case ReviewBooked(plan=plan):
            return plan.facilitator
        case ReviewMoved(before=before, after=after) if before.facilitator != after.facilitator:
            return after.facilitator
        case ReviewHeld(facilitator=facilitator):
            return facilitator
    return None
