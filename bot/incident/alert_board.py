"""The alerts of one incident: values only; alert_evolution.py makes them from events."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.incident.alert import AlertState, AttachedAlert, LinkKind, Reason
from bot.incident.terms import Severity, Version

MOST_MEMBERS: Final = 1000
"""Kept one by one; an incident with more says so and stays as large as it is."""
MOST_CLAIMS: Final = 300
FLAPPING_AFTER: Final = 4
"""Changes within FLAPPING_WITHIN: it fired and resolved twice."""
FLAPPING_WITHIN: Final = timedelta(minutes=30)


NEVER: Final = Version(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One alert of the incident. `attached`: the last word on it; `first`: why it was attached.

    `changes`: when it last fired or resolved, oldest first, only as many as tell whether it flaps.
    """

    attached: AttachedAlert
    first: Reason
    since: datetime
    changes: tuple[datetime, ...] = ()

    @property
    def is_firing(self) -> bool:
        return self.attached.state is AlertState.FIRING

    def flaps_at(self, at: datetime) -> bool:
        recent = [change for change in self.changes if at - change < FLAPPING_WITHIN]
        return len(recent) >= FLAPPING_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContext:
    """What the alert that opened the incident brought along. Fields as of alert_events.AlertContextGiven."""

    rule: str
    severity_why: str
    links: Mapping[LinkKind, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertBoard:
    """`shown`: the version of the last change that the card shows. `changed_at`: of the last change of any.

    `recovery_asked`: somebody was asked whether it is mitigated, and no alert has fired since.
    """

    members: Mapping[str, Member] = field(default_factory=dict)
    claims: tuple[str, ...] = ()
    overflowed: bool = False
    context: AlertContext | None = None
    shown: Version = NEVER
    changed_at: datetime | None = None
    recovery_asked: bool = False

    @property
    def opener(self) -> Member | None:
        """The alert that opened the incident; None: people did."""
        return next(iter(self.members.values()), None) if self.context else None

    @property
    def firing(self) -> int:
        return sum(member.is_firing for member in self.members.values())

    @property
    def resolved(self) -> int:
        return len(self.members) - self.firing

    @property
    def all_resolved(self) -> bool:
        """Of an incident that more alerts reached than are kept, nobody can say."""
        return bool(self.members) and not self.overflowed and not self.firing

    @property
    def suggestions(self) -> tuple[str, ...]:
        """What the rules of those that fire suggest, each once; where that is a freeze: `asking_to_freeze`."""
        told = (each.suggest for each in self._fire() if not each.freeze)
        return tuple(dict.fromkeys(filter(None, told)))

    @property
    def asking_to_freeze(self) -> tuple[AttachedAlert, ...]:
        """Those that fire and whose rule suggests to freeze deploys of their service."""
        return tuple(each for each in self._fire() if each.freeze)

    def _fire(self) -> Iterator[AttachedAlert]:
        return (member.attached for member in self.members.values() if member.is_firing)

    def flapping(self, at: datetime) -> int:
        return sum(member.flaps_at(at) for member in self.members.values())
