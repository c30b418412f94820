"""The promises of a next status update, and whether they were kept. Pure: a view of how the clock of updates moved."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.incident import events as happened
from bot.incident.history import Happening


class Outcome(StrEnum):
    KEPT = "kept"
    LATE = "late"
    NOT_KEPT = "not kept"


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """`due_at`: what was promised. `ended_at`: when the update came, or what else put an end to the promise."""

    due_at: datetime
    outcome: Outcome
    ended_at: datetime

    @property
    def late_by(self) -> timedelta:
        """As people count who were promised a time to the minute."""
        return max(_minute(self.ended_at) - _minute(self.due_at), timedelta())


def promises(history: Iterable[Happening]) -> tuple[Promise, ...]:
    """Those that fell due or were kept, oldest first.

    One that was moved or withdrawn in time (by a new cadence, a skip, the end of the response) counts for nothing, and
    neither does the one that still stands at the end of the log.
    """
    found: list[Promise] = []
    due_at: datetime | None = None
    for each in history:
        if due_at is not None:
            found += _ended(due_at, each)
            if _is_due_still(due_at, each):
                continue
        due_at = each.after.clock.due_at
    return tuple(found)


def kept(made: Sequence[Promise]) -> int:
    return sum(promise.outcome is Outcome.KEPT for promise in made)


def is_late(due_at: datetime, at: datetime) -> bool:
    """Promises are shown to the minute, so that is how they are judged."""
    return _minute(at) > _minute(due_at)


def _ended(due_at: datetime, each: Happening) -> tuple[Promise, ...]:
    at = each.event.at
    overdue = is_late(due_at, at)
    if isinstance(each.event, happened.UpdatePosted):
        return (Promise(due_at=due_at, outcome=Outcome.LATE if overdue else Outcome.KEPT, ended_at=at),)
    if not overdue or _is_due_still(due_at, each):
        return ()
    return (Promise(due_at=due_at, outcome=Outcome.NOT_KEPT, ended_at=at),)


def _is_due_still(due_at: datetime, each: Happening) -> bool:
    """An overdue promise that a new cadence or severity makes due 'at once' is the old one, and as late as that."""
    at, now_due_at = each.event.at, each.after.clock.due_at
    if now_due_at is None or isinstance(each.event, happened.UpdatePosted):
        return False
    return now_due_at == due_at or (now_due_at <= at and due_at <= at)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
