"""What people ask of the review. As commands.py: a wish, and nothing more."""

from dataclasses import dataclass
from datetime import date

from bot.incident.commands import Command
from bot.incident.review import ReviewPlan
from bot.incident.terms import FileId, Person, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class BookReview(Command):
    """`people`: everyone whom the plan names, as Slack says they are."""

    plan: ReviewPlan
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveReview(Command):
    """To another time, or only with other people. `seen`: the meeting's sequence that the form showed."""

    plan: ReviewPlan
    people: tuple[Person, ...] = ()
    why: str = ""
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldReview(Command):
    """It was held. `on` None: on the day for which it was booked. `facilitator` None: whoever was to lead it."""

    came: tuple[UserId, ...] = ()
    on: date | None = None
    facilitator: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiveReview(Command):
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelReview(Command):
    """The appointment, and not the review: that is due as before."""

    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordInvitation(Command):
    """The file for calendars was put into the channel. `number`, `sequence`: of the meeting that it shows."""

    number: int
    sequence: int
    file: FileId
