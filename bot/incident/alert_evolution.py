"""The alerts of an incident from events. Nothing here decides."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.incident.alert import AlertState, AttachedAlert, Reason
from bot.incident.alert_board import FLAPPING_AFTER, MOST_CLAIMS, AlertContext, Member
from bot.incident.alert_events import AlertContextGiven, AlertsChanged, RecoveryAsked, RecoveryPutOff
from bot.incident.events import Event
from bot.incident.state import Incident
from bot.incident.terms import Version


def context_given(incident: Incident, event: AlertContextGiven) -> Incident:
    context = AlertContext(
        rule=event.rule,
        severity_why=event.severity_why,
        links=event.links,
        labels=event.labels,
        severity=event.severity,
    )
    return replace(incident, alerts=replace(incident.alerts, context=context))


def alerts_changed(incident: Incident, event: AlertsChanged) -> Incident:
    board = incident.alerts
    changed = {each.key: _member(board.members.get(each.key), each, event.at) for each in event.alerts}
    damped = all(each.reason is Reason.DAMPED_FLAPPING for each in event.alerts)
    fires = any(each.state is AlertState.FIRING for each in event.alerts)
    board = replace(
        board,
        members={**board.members, **changed},
        claims=tuple(dict.fromkeys((*board.claims, *event.claims)))[:MOST_CLAIMS],
        overflowed=board.overflowed or event.overflowed,
        shown=board.shown if damped and not event.overflowed else Version(incident.version + 1),
        changed_at=event.at,
        recovery_asked=board.recovery_asked and not fires,
    )
    return replace(incident, alerts=board)


def recovery_asked(incident: Incident, event: RecoveryAsked) -> Incident:
    return replace(incident, alerts=replace(incident.alerts, recovery_asked=True))


def recovery_put_off(incident: Incident, event: RecoveryPutOff) -> Incident:
    return incident


def _member(before: Member | None, attached: AttachedAlert, at: datetime) -> Member:
    changes = (*(before.changes if before else ()), *(at,) * attached.changes)[-FLAPPING_AFTER:]
    if before is None:
        return Member(attached=attached, first=attached.reason, since=at, changes=changes)
    return replace(before, attached=attached, changes=changes)


ALERT_CHANGES: Final[Mapping[type[Event], Callable[[Incident, Any], Incident]]] = {
    AlertContextGiven: context_given,
    AlertsChanged: alerts_changed,
    RecoveryAsked: recovery_asked,
    RecoveryPutOff: recovery_put_off,
}
"""For the table in evolve.py."""
