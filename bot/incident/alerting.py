"""Decisions: alerts that belong to an incident, and asking whether it is mitigated once all of them have resolved.

An alert never changes severity, status or channel by itself: it changes what the card says, and people decide.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.incident.alert import (
    LONGEST_NAME,
    LONGEST_SUMMARY,
    Alert,
    AlertOpening,
    AlertState,
    AttachedAlert,
    Judged,
    LinkKind,
    Reason,
)
from bot.incident.alert_board import FLAPPING_WITHIN, MOST_CLAIMS, MOST_MEMBERS, AlertBoard, Member
from bot.incident.alert_commands import AttachAlerts, AttachProposal, PutOffRecovery
from bot.incident.alert_events import AlertContextGiven, AlertsChanged, RecoveryAsked, RecoveryPutOff
from bot.incident.events import Event
from bot.incident.policy import Policy
from bot.incident.rights import may_hear, require_alerts_welcome, require_muster, require_responder
from bot.incident.state import Incident
from bot.incident.terms import Rejected, Severity, Status, TimerName, UserId

Events = tuple[Event, ...]

RECOVERY_TIMER: Final = TimerName("recovery")
RECOVERED: Final = "All alerts have resolved."
"""What is noted where somebody says so by the button."""


def attach(incident: Incident, command: AttachAlerts, policy: Policy, at: datetime) -> Events:
    """Those that say something new; what is repeated changes nothing, however often it is delivered.

    An incident that has ended meanwhile takes none: whoever routes them looks again.
    """
    require_muster(command.by)
    if not incident.is_active:
        return ()
    return _changed(incident.alerts, command.judged, command.by.id, at)


def attach_proposal(incident: Incident, command: AttachProposal, policy: Policy, at: datetime) -> Events:
    """As above; a person may say so as well, and hears where it cannot be."""
    require_alerts_welcome(incident, command.by)
    return _changed(incident.alerts, command.judged, command.by.id, at)


def opened_by(opening: AlertOpening, severity: Severity, by: UserId, at: datetime) -> Events:
    """The events of a declaration that an alert asked for."""
    context = AlertContextGiven(
        at=at,
        by=by,
        rule=opening.rule,
        severity_why=opening.severity_why,
        links=dict(opening.links),
        labels=dict(opening.labels),
        severity=severity,
    )
    return (context, *_changed(AlertBoard(), opening.judged, by, at))


def put_off_recovery(incident: Incident, command: PutOffRecovery, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    if not may_be_mitigated(incident):
        raise Rejected(f"{incident.reference} is not waiting for that answer any more. Nothing has changed.")
    return (RecoveryPutOff(at=at, by=command.by.id),)


def alert_timers(incident: Incident, policy: Policy) -> Mapping[TimerName, datetime]:
    board = incident.alerts
    if not may_be_mitigated(incident) or board.recovery_asked or board.changed_at is None:
        return {}
    flaps = board.flapping(board.changed_at)
    return {RECOVERY_TIMER: board.changed_at + (FLAPPING_WITHIN if flaps else policy.alerts.calm)}


def ask_whether_mitigated(incident: Incident, by: UserId, at: datetime) -> Events:
    commander = incident.commander
    asked = commander if commander and may_hear(incident, commander) else None
    return (RecoveryAsked(at=at, by=by, asked=asked, alerts=len(incident.alerts.members)),)


def may_be_mitigated(incident: Incident) -> bool:
    """As far as its alerts tell."""
    return incident.is_active and incident.status is not Status.MITIGATED and incident.alerts.all_resolved


def _changed(board: AlertBoard, judged: Iterable[Judged], by: UserId, at: datetime) -> Events:
    found: dict[str, AttachedAlert] = {}
    claims: dict[str, None] = {}
    overflowed = False
    for each in judged:
        key = each.alert.key
        if key not in found and key not in board.members and len(board.members) + len(found) >= MOST_MEMBERS:
            overflowed = True
        elif changed := _attached(board.members.get(key), found.get(key), each, at):
            found[key] = changed
            claims |= dict.fromkeys(claim for claim in each.claims if claim not in board.claims)
    overflowed = overflowed and not board.overflowed
    if not found and not overflowed:
        return ()
    room = tuple(claims)[: MOST_CLAIMS - len(board.claims)]
    return (AlertsChanged(at=at, by=by, alerts=tuple(found.values()), claims=room, overflowed=overflowed),)


def _attached(before: Member | None, found: AttachedAlert | None, judged: Judged, at: datetime) -> AttachedAlert | None:
    """None: it says nothing new. `found`: what an earlier word in the same delivery made of it."""
    alert, newest = judged.alert, found or (before.attached if before else None)
    if newest is None:
        return _kept(judged, judged.reason) if alert.state is AlertState.FIRING else None
    if newest.state is alert.state or _is_echo(newest, alert):
        return None
    changes = found.changes + 1 if found else 1
    reason = Reason.DAMPED_FLAPPING if before and before.flaps_at(at) else judged.reason
    return replace(_kept(judged, reason), changes=changes)


def _is_echo(newest: AttachedAlert, alert: Alert) -> bool:
    """It fired before it resolved, but was told later: by the other half of a pair, or after a 503."""
    if alert.state is not AlertState.FIRING or alert.started_at is None or newest.ended_at is None:
        return False
    return alert.started_at < newest.ended_at


def _kept(judged: Judged, reason: Reason) -> AttachedAlert:
    alert = judged.alert
    return AttachedAlert(
        key=alert.key,
        source=alert.source,
        name=alert.name[:LONGEST_NAME],
        state=alert.state,
        reason=reason,
        why=judged.why,
        summary=alert.summary[:LONGEST_SUMMARY],
        service=judged.service,
        suggest=judged.suggest,
        freeze=judged.freeze,
        link=alert.links.get(LinkKind.GENERATOR, ""),
        started_at=alert.started_at,
        ended_at=alert.ended_at or (judged.at if alert.state is AlertState.RESOLVED else None),
    )
