"""What of an event is told outside: a selection, field by field, and a promise. Pure.

docs/signals.md lists the same, and a test compares the two.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from bot.incident import closing_events, events, factor_events, followup_events, review_events
from bot.incident.alert import AttachedAlert
from bot.incident.alert_events import AlertsChanged
from bot.incident.closure import Review
from bot.incident.events import Event
from bot.incident.factor import FactorContent
from bot.incident.followup import FollowupContent
from bot.incident.review import ReviewPlan
from bot.incident.terms import Checklist

PUBLIC: Final[Mapping[type[Event], tuple[str, ...]]] = {
    events.IncidentDeclared: ("severity", "impact"),
    events.SeverityChanged: ("before", "after", "why"),
    events.StatusChanged: ("before", "after", "note"),
    events.RoleAssigned: ("role", "holder", "before"),
    events.RoleReleased: ("role", "before"),
    events.MilestoneReached: ("milestone", "happened_at"),
    events.MilestoneCorrected: ("milestone", "before", "happened_at"),
    events.NoteAdded: ("kind", "text", "happened_at"),
    events.UpdatePosted: ("number", "known", "impact", "doing", "next_at"),
    events.PlaybookAttached: ("checklist",),
    events.StepChanged: ("playbook", "step", "title", "before", "after", "note"),
    AlertsChanged: ("alerts",),
    closing_events.RestorationVerified: ("evidence",),
    closing_events.WorkaroundAdded: ("number", "what", "owner", "expires_on"),
    closing_events.WorkaroundExtended: ("number", "what", "before", "expires_on"),
    closing_events.WorkaroundRemoved: ("number", "what", "note"),
    closing_events.NoWorkaroundsStated: (),
    closing_events.GateOverridden: ("missing", "why"),
    followup_events.FollowupAdded: ("number", "content"),
    followup_events.FollowupChanged: ("number", "before", "after"),
    followup_events.FollowupMoved: ("number", "before", "after", "note"),
    factor_events.FactorAdded: ("number", "content"),
    factor_events.FactorChanged: ("number", "before", "after"),
    factor_events.FactorRemoved: ("number", "text", "why"),
    factor_events.RiskAccepted: ("number", "text", "why", "look_again_on"),
    factor_events.RiskReopened: ("number", "text", "why"),
    closing_events.ReviewRecorded: ("review",),
    review_events.ReviewBooked: ("number", "plan"),
    review_events.ReviewMoved: ("number", "before", "after", "why"),
    review_events.ReviewCancelled: ("number", "plan", "why"),
    review_events.ReviewHeld: ("number", "on", "facilitator"),
    review_events.ReviewWaived: ("number", "why"),
}
PARTS: Final[Mapping[type, tuple[str, ...]]] = {
    AttachedAlert: ("key", "source", "name", "state", "summary", "service", "link", "started_at", "ended_at"),
    Checklist: ("playbook", "title"),
    FactorContent: ("text", "kind", "surrounding", "followups"),
    FollowupContent: ("what", "kind", "owner", "due_on", "metric"),
    Review: ("state", "on", "why"),
    ReviewPlan: ("starts_at", "ends_at", "facilitator"),
}


def public_fields(event: Event) -> dict[str, Any]:
    """Values that JSON has: times as RFC 3339, lengths in seconds, people as Slack's ids."""
    return {name: _plain(getattr(event, name)) for name in PUBLIC[type(event)]}


def _plain(value: object) -> Any:
    match value:
        case None | bool() | int():
            return value
        case str():
            return str(value)
        case datetime() | date():
            return value.isoformat()
        case timedelta():
            return int(value.total_seconds())
        case tuple():
            return [_plain(each) for each in value]
    return {name: _plain(getattr(value, name)) for name in PARTS[type(value)]}
