"""Alerts to begin a test with."""

from collections.abc import Mapping
from datetime import datetime

from bot.incident.alert import Alert, AlertOpening, AlertState, Arrived, Judged, Reason
from bot.incident.alert_commands import AttachAlerts
from bot.incident.commands import DeclareIncident
from bot.incident.terms import MUSTER_ITSELF
from tests.incident.given import NOON, Story


def alert(
    name: str = "HighErrorRate",
    *,
    fingerprint: str = "f1",
    group: str = "g1",
    resolved: bool = False,
    labels: Mapping[str, str] | None = None,
    started_at: datetime | None = None,
    ended_at: datetime | None = None,
    summary: str = "",
    source: str = "alertmanager",
    cycle: str = "",
) -> Alert:
    """Critical, of checkout, unless told; it fires."""
    return Alert(
        source=source,
        group=group,
        fingerprint=fingerprint,
        state=AlertState.RESOLVED if resolved else AlertState.FIRING,
        name=name,
        summary=summary,
        labels={"severity": "critical", "service": "checkout"} if labels is None else labels,
        started_at=started_at,
        ended_at=ended_at,
        cycle=cycle,
    )


def arrived(told: Alert, entry: str = "1-0", at: datetime = NOON) -> Arrived:
    return Arrived(entry=entry, alert=told, at=at)


def judged(told: Alert, reason: Reason = Reason.ATTACHED_SAME_GROUP, at: datetime = NOON) -> Judged:
    return Judged(
        alert=told, reason=reason, why="the same group", at=at, claims=(told.group_claim,), service="checkout"
    )


def attach(story: Story, *alerts: Alert, at: datetime = NOON) -> None:
    """What a delivery brings to the incident."""
    story.do(AttachAlerts(by=MUSTER_ITSELF, judged=tuple(judged(each, at=at) for each in alerts)), at)


def alarmed(first: Alert | None = None) -> Story:
    """Opened by an alert at noon, its channel open; nobody leads yet."""
    opening = AlertOpening(
        judged=(judged(first or alert(), Reason.DECLARED_BY_RULE),),
        rule="grave",
        severity_why="severity is critical",
    )
    declaration = DeclareIncident(by=MUSTER_ITSELF, title="Checkout returns 500", service="checkout", opening=opening)
    return Story().declare(declaration).open_channel()
