"""What happened with alerts, in past participles. Stored for ever like all events: see events.py."""

from dataclasses import dataclass

from bot.incident.alert import AttachedAlert, LinkKind
from bot.incident.events import Event
from bot.incident.terms import Severity, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertContextGiven(Event):
    """An alert opened the incident: which rule wanted it, how severe it is and why, what the alert says and links to.

    `severity` None: recorded before that was kept.
    """

    rule: str
    severity_why: str
    links: dict[LinkKind, str]
    labels: dict[str, str]
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertsChanged(Event):
    """Alerts are new to the incident, fire again or have resolved; others are as they were.

    `claims`: digests by which further alerts find this incident from now on. `overflowed`: more came than are kept.
    """

    alerts: tuple[AttachedAlert, ...]
    claims: tuple[str, ...] = ()
    overflowed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryAsked(Event):
    """All alerts have resolved, and somebody is asked whether it is mitigated. `asked` None: nobody leads."""

    asked: UserId | None
    alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryPutOff(Event):
    """Whoever was asked says: not yet. It is asked again only after alerts have fired and resolved once more."""
