"""Which events are told to targets outside, and under which name. The names are a promise to whoever reads them. Pure.

Not named here, and so never told: Muster's own bookkeeping (cards, reminders, files, issues), who is in the channel,
messages that were flagged, what people write into the postmortem, and feedback.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from bot.incident import closing_events, events, factor_events, followup_events, review_events
from bot.incident.alert_events import AlertsChanged
from bot.incident.change import Change
from bot.incident.events import Event
from bot.incident.signal_effects import SendSignal
from bot.incident.terms import Version

SIGNALS: Final[Mapping[type[Event], str]] = {
    events.IncidentDeclared: "declared",
    events.SeverityChanged: "severity_changed",
    events.StatusChanged: "status_changed",
    events.RoleAssigned: "role_assigned",
    events.RoleReleased: "role_released",
    events.MilestoneReached: "milestone_reached",
    events.MilestoneCorrected: "milestone_corrected",
    events.NoteAdded: "note_added",
    events.UpdatePosted: "update_posted",
    events.PlaybookAttached: "playbook_attached",
    events.StepChanged: "step_changed",
    AlertsChanged: "alerts_changed",
    closing_events.RestorationVerified: "restoration_verified",
    closing_events.WorkaroundAdded: "workaround_added",
    closing_events.WorkaroundExtended: "workaround_extended",
    closing_events.WorkaroundRemoved: "workaround_removed",
    closing_events.NoWorkaroundsStated: "no_workarounds_stated",
    closing_events.GateOverridden: "gate_overridden",
    followup_events.FollowupAdded: "followup_added",
    followup_events.FollowupChanged: "followup_changed",
    followup_events.FollowupMoved: "followup_moved",
    factor_events.FactorAdded: "factor_added",
    factor_events.FactorChanged: "factor_changed",
    factor_events.FactorRemoved: "factor_removed",
    factor_events.RiskAccepted: "risk_accepted",
    factor_events.RiskReopened: "risk_reopened",
    closing_events.ReviewRecorded: "review_recorded",
    review_events.ReviewBooked: "review_booked",
    review_events.ReviewMoved: "review_moved",
    review_events.ReviewCancelled: "review_cancelled",
    review_events.ReviewHeld: "review_held",
    review_events.ReviewWaived: "review_waived",
}


def signals(change: Change, happened: Sequence[Event]) -> Iterator[SendSignal]:
    """Every target that may hear of the incident is told, event by event. Without targets nothing follows."""
    incident = change.after
    listeners = [
        each for each in change.policy.listeners if each.may_hear(private=incident.private, drill=incident.drill)
    ]
    if not listeners:
        return
    first = incident.version - len(happened) + 1
    for version, event in enumerate(happened, start=first):
        if type(event) not in SIGNALS:
            continue
        for listener in listeners:
            yield SendSignal(
                incident=incident.id,
                target=listener.name,
                version=Version(version),
                severity=incident.severity,
                status=incident.status,
                about=event,
            )
