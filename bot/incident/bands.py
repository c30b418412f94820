"""For how long an incident had which status and which severity: what the picture of an incident is drawn from. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.incident import events as happened
from bot.incident.history import Happening
from bot.incident.terms import Severity, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One stretch of time with the same status or severity."""

    value: Status | Severity
    since: datetime
    until: datetime

    @property
    def length(self) -> timedelta:
        return self.until - self.since


def status_bands(history: Sequence[Happening], until: datetime) -> tuple[Band, ...]:
    """One after another without a gap, from the declaration to `until`."""
    changes = [(each.event.at, each.after.status) for each in history if _changes_status(each)]
    return _bands(changes, until)


def severity_bands(history: Sequence[Happening], until: datetime) -> tuple[Band, ...]:
    changes = [(each.event.at, each.after.severity) for each in history if _changes_severity(each)]
    return _bands(changes, until)


def _bands(changes: Sequence[tuple[datetime, Status | Severity]], until: datetime) -> tuple[Band, ...]:
    """A clock that went back between two events makes a band of no length, never one that ends before it begins."""
    ends = [at for at, _ in changes[1:]] + [until]
    return tuple(
        Band(value=value, since=since, until=max(since, end)) for (since, value), end in zip(changes, ends, strict=True)
    )


def _changes_status(each: Happening) -> bool:
    return isinstance(each.event, happened.IncidentDeclared | happened.StatusChanged)


def _changes_severity(each: Happening) -> bool:
    return isinstance(each.event, happened.IncidentDeclared | happened.SeverityChanged)
