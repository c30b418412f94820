"""Decisions: severity, status and the moments that metrics are measured between."""

from datetime import datetime
from typing import Final

from bot.incident import events as happened
from bot.incident.commands import (
    Acknowledge,
    CancelIncident,
    ChangeSeverity,
    ChangeStatus,
    CorrectMilestone,
    ReopenIncident,
    ResolveIncident,
)
from bot.incident.convening import cancelled
from bot.incident.declaring import severity_rule
from bot.incident.events import Event
from bot.incident.lifecycle import ACTIVE, TRANSITIONS, VERBS, may_become
from bot.incident.policy import Policy
from bot.incident.rights import require_responder
from bot.incident.state import Incident
from bot.incident.terms import Milestone, Rejected, Status, UserId

Events = tuple[Event, ...]

_MILESTONE_OF: Final = {Status.MITIGATED: Milestone.MITIGATED, Status.RESOLVED: Milestone.RESOLVED}


def change_severity(incident: Incident, command: ChangeSeverity, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    require_active(incident)
    rule = severity_rule(command.severity, policy)
    if command.severity is incident.severity:
        raise Rejected(f"{incident.reference} is {incident.severity} already.", field="severity")
    clock = incident.clock
    changed = happened.SeverityChanged(
        at=at,
        by=command.by.id,
        before=incident.severity,
        after=command.severity,
        update_every=clock.every if clock.set_by_hand else rule.update_every,
        summary_every=rule.summary_every,
        why=command.why.strip(),
    )
    return (changed,)


def change_status(incident: Incident, command: ChangeStatus, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    if command.status not in ACTIVE:
        verb = VERBS[command.status]
        raise Rejected(f"{command.status.capitalize()} has a verb of its own: {verb}.", verb=verb, field="status")
    require_active(incident)
    return _become(incident, command.status, command.by.id, command.note, at)


def resolve(incident: Incident, command: ResolveIncident, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy, policy.rights.resolve)
    require_active(incident)
    return _become(incident, Status.RESOLVED, command.by.id, command.summary, at)


def cancel(incident: Incident, command: CancelIncident, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy, policy.rights.cancel)
    require_active(incident)
    return _become(incident, Status.CANCELLED, command.by.id, command.why, at)


def reopen(incident: Incident, command: ReopenIncident, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    if incident.is_active:
        raise Rejected(f"{incident.reference} is open already: it is {incident.status}.", verb="status")
    meeting = incident.review.booked
    freed = (cancelled(meeting, command.by.id, f"{incident.reference} is reopened", at),) if meeting else ()
    return (*freed, *_become(incident, Status.INVESTIGATING, command.by.id, command.why, at))


def acknowledge(incident: Incident, command: Acknowledge, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    require_active(incident)
    if Milestone.ACKNOWLEDGED in incident.milestones:
        raise Rejected(f"{incident.reference} was acknowledged already. Nothing has changed.")
    return reached(incident, Milestone.ACKNOWLEDGED, command.by.id, at)


def correct_milestone(incident: Incident, command: CorrectMilestone, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    before = incident.milestones.get(command.milestone)
    if command.milestone is Milestone.RESOLVED and before is None:
        raise Rejected(f"{incident.reference} is not resolved. Resolve it first.", verb="resolve", field="milestone")
    if command.at > at:
        raise Rejected("A moment that is still to come cannot be recorded.", field="at")
    if before == command.at:
        raise Rejected(f"That is the time already recorded for '{command.milestone}'.", field="at")
    corrected = happened.MilestoneCorrected(
        at=at, by=command.by.id, milestone=command.milestone, before=before, happened_at=command.at
    )
    return (corrected,)


def reached(incident: Incident, milestone: Milestone, by: UserId, at: datetime) -> Events:
    """The milestone, unless it was reached before."""
    if milestone in incident.milestones:
        return ()
    return (happened.MilestoneReached(at=at, by=by, milestone=milestone, happened_at=at),)


def require_active(incident: Incident) -> None:
    """Raises Rejected once the response has ended."""
    if not incident.is_active:
        raise Rejected(
            f"{incident.reference} is already {incident.status}. To work on it again: reopen it.", verb="reopen"
        )


def _ways_on(status: Status) -> str:
    *most, last = [each for each in Status if each in TRANSITIONS[status]]
    return f"{', '.join(most)} or {last}" if most else str(last)


def _become(incident: Incident, after: Status, by: UserId, note: str, at: datetime) -> Events:
    before = incident.status
    if before is after:
        sentence = f"{incident.reference} is {after} already. To say more about it, write a note."
        raise Rejected(sentence, verb="note", field="status")
    if not may_become(before, after):
        raise Rejected(
            f"{incident.reference} is {before}. It can become {_ways_on(before)}.", field="status", verb="status"
        )
    changed = happened.StatusChanged(at=at, by=by, before=before, after=after, note=note.strip())
    milestone = _MILESTONE_OF.get(after)
    return (changed, *(reached(incident, milestone, by, at) if milestone else ()))
