"""State from events. Nothing here decides: whether an event may happen was settled before it was stored."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from bot.incident import events as happened
from bot.incident.alert_evolution import ALERT_CHANGES
from bot.incident.closure_evolution import CLOSURE_CHANGES, CLOSURE_UNSEEN, reopened_closure
from bot.incident.events import Event
from bot.incident.factor_evolution import FACTOR_CHANGES
from bot.incident.feedback_evolution import FEEDBACK_CHANGES, reopened_feedback
from bot.incident.followup_evolution import FOLLOWUP_CHANGES
from bot.incident.issue_evolution import ISSUE_CHANGES
from bot.incident.lifecycle import ACTIVE, is_reopening
from bot.incident.mending import mended
from bot.incident.message_evolution import MESSAGE_CHANGES
from bot.incident.review_evolution import REVIEW_CHANGES, REVIEW_UNSEEN, reopened_review
from bot.incident.state import (
    Assignment,
    AttachedPlaybook,
    Clock,
    Incident,
    Missed,
    PostedCard,
    StepProgress,
    Update,
)
from bot.incident.terms import (
    ANNOUNCING,
    INCIDENT_CHANNEL,
    INCIDENT_COMMANDER,
    OPENING,
    Milestone,
    Status,
    Version,
)
from bot.incident.writing_evolution import WRITING_CHANGES


def replay(events: Iterable[Event], incident: Incident | None = None) -> Incident | None:
    """The state that these events lead to from `incident` (None: from nothing); None for an empty log."""
    for event in events:
        incident = evolve(incident, event)
    return incident


def evolve(incident: Incident | None, event: Event) -> Incident:
    """The incident after one more event. Raises ValueError where a log does not begin with a declaration."""
    if isinstance(event, happened.IncidentDeclared):
        return _declared(event)
    if incident is None:
        raise ValueError(f"a log begins with IncidentDeclared, not {type(event).__name__}")
    version = Version(incident.version + 1)
    content = incident.content if isinstance(event, UNSEEN) else version
    return replace(_CHANGES[type(event)](incident, event), version=version, content=content)


def _declared(event: happened.IncidentDeclared) -> Incident:
    return Incident(
        id=event.incident,
        version=Version(1),
        content=Version(1),
        title=event.title,
        severity=event.severity,
        status=Status.TRIAGE,
        reporter=event.by,
        reporter_name=event.reporter_name,
        declared_at=event.at,
        private=event.private,
        drill=event.drill,
        reporter_zone=event.time_zone,
        service=event.service,
        impact=event.impact,
        source=event.source,
        milestones={Milestone.DETECTED: event.at, Milestone.DECLARED: event.at},
        clock=Clock(
            since=event.at,
            every=event.update_every,
            due_at=event.at + event.update_every if event.update_every else None,
            summary_every=event.summary_every,
            last_summary_at=event.at,
        ),
    )


def _severity_changed(incident: Incident, event: happened.SeverityChanged) -> Incident:
    clock = replace(incident.clock, summary_every=event.summary_every)
    if event.update_every != clock.every:
        due_at = _due_at_severity(clock, event) if incident.is_active else None
        clock = replace(_quiet(clock), every=event.update_every, due_at=due_at)
    return replace(incident, severity=event.after, clock=clock)


def _due_at_severity(clock: Clock, event: happened.SeverityChanged) -> datetime | None:
    """By the new cadence, but a promise for sooner than the old one ('next update in 15 minutes') is kept."""
    due_at = _due(replace(clock, every=event.update_every), event.at)
    promised = clock.due_at
    if promised is None or (clock.every and promised >= clock.since + clock.every):
        return due_at
    return min(promised, due_at or promised)


def _status_changed(incident: Incident, event: happened.StatusChanged) -> Incident:
    changed = replace(incident, status=event.after, last_status_note=event.note)
    if is_reopening(event.before, event.after):
        return _reopened(changed, event.at)
    if event.after not in ACTIVE:
        ended_at = incident.ended_at or event.at
        resolutions = incident.resolutions + (event.after is Status.RESOLVED)
        clock = replace(_quiet(incident.clock), due_at=None)
        outcome = incident.outcome if event.after is Status.CLOSED else event.note
        return replace(changed, ended_at=ended_at, resolutions=resolutions, clock=clock, outcome=outcome)
    if event.before is Status.MITIGATED:
        return replace(changed, milestones=_without(incident.milestones, Milestone.MITIGATED))
    return changed


def _reopened(incident: Incident, at: datetime) -> Incident:
    """The clock starts afresh; what was restored is not, so those moments no longer count."""
    clock = replace(_quiet(incident.clock), since=at, last_summary_at=at)
    return replace(
        incident,
        ended_at=None,
        outcome="",
        milestones=_without(incident.milestones, Milestone.MITIGATED, Milestone.RESOLVED),
        clock=replace(clock, due_at=_due(clock, at)),
        closure=reopened_closure(incident.closure),
        feedback=reopened_feedback(incident.feedback),
        review=reopened_review(incident.review),
    )


def _role_assigned(incident: Incident, event: happened.RoleAssigned) -> Incident:
    held = Assignment(holder=event.holder, since=event.at, by_default=event.by_default, time_zone=event.time_zone)
    takes_command = event.role == INCIDENT_COMMANDER and incident.commanded_at is None
    commanded_at = event.at if takes_command else incident.commanded_at
    return replace(incident, roles={**incident.roles, event.role: held}, commanded_at=commanded_at)


def _role_released(incident: Incident, event: happened.RoleReleased) -> Incident:
    return replace(incident, roles={role: held for role, held in incident.roles.items() if role != event.role})


def _milestone(incident: Incident, event: happened.MilestoneReached | happened.MilestoneCorrected) -> Incident:
    """What people correct is not what the alert said any more."""
    alert = event.told_by if isinstance(event, happened.MilestoneReached) else ""
    said = {milestone: told for milestone, told in incident.told_by.items() if milestone is not event.milestone}
    return replace(
        incident,
        milestones={**incident.milestones, event.milestone: event.happened_at},
        told_by={**said, event.milestone: alert} if alert else said,
    )


def _update_posted(incident: Incident, event: happened.UpdatePosted) -> Incident:
    update = Update(
        number=event.number, known=event.known, impact=event.impact, doing=event.doing, at=event.at, by=event.by
    )
    clock = replace(_quiet(incident.clock), since=event.at, due_at=event.next_at)
    return replace(incident, update=update, impact=event.impact or incident.impact, clock=clock)


def _cadence_set(incident: Incident, event: happened.CadenceSet) -> Incident:
    clock = replace(_quiet(incident.clock), every=event.every, set_by_hand=True, due_at=event.next_at)
    return replace(incident, clock=clock)


def _update_reminded(incident: Incident, event: happened.UpdateReminded) -> Incident:
    clock = incident.clock
    begun = clock.reminders + (1 if event.stage == 1 else 0)
    first = begun if clock.stage == 0 else clock.round_began_with
    clock = replace(clock, stage=event.stage, asked_at=event.at, asked=event.asked)
    clock = replace(clock, reminders=begun, round_began_with=first)
    return replace(incident, clock=clock)


def _update_snoozed(incident: Incident, event: happened.UpdateSnoozed) -> Incident:
    return replace(incident, clock=replace(_quiet(incident.clock), snoozed_until=event.until))


def _update_skipped(incident: Incident, event: happened.UpdateSkipped) -> Incident:
    return replace(incident, clock=replace(_quiet(incident.clock), since=event.at, due_at=event.next_at))


def _summary_scheduled(incident: Incident, event: happened.SummaryScheduled) -> Incident:
    return replace(incident, clock=replace(incident.clock, last_summary_at=event.at, summaries=event.number))


def _playbook_attached(incident: Incident, event: happened.PlaybookAttached) -> Incident:
    attached = AttachedPlaybook(checklist=event.checklist)
    return replace(incident, playbooks={**incident.playbooks, event.checklist.playbook: attached})


def _step_changed(incident: Incident, event: happened.StepChanged) -> Incident:
    attached = incident.playbooks[event.playbook]
    done = StepProgress(state=event.after, by=event.by, at=event.at, note=event.note)
    attached = replace(attached, progress={**attached.progress, event.step: done})
    return replace(incident, playbooks={**incident.playbooks, event.playbook: attached})


def _channel_opened(incident: Incident, event: happened.ChannelOpened) -> Incident:
    opened = replace(incident, channel=event.channel, channel_name=event.name)
    return mended(opened, OPENING)


def _card_posted(incident: Incident, event: happened.CardPosted) -> Incident:
    """A card that could be posted shows that its channel is in order (again)."""
    card = PostedCard(channel=event.channel, ts=event.ts, version=Version(incident.version + 1))
    posted = replace(incident, cards={**incident.cards, event.card: card})
    return mended(posted, INCIDENT_CHANNEL if event.channel == incident.channel else ANNOUNCING)


def _joined(incident: Incident, event: happened.ResponderJoined) -> Incident:
    return replace(incident, members=incident.members | {event.user})


def _left(incident: Incident, event: happened.ResponderLeft) -> Incident:
    return replace(incident, members=incident.members - {event.user})


def _step_failed(incident: Incident, event: happened.StepFailed) -> Incident:
    refusals = incident.refusals | {(event.step, event.reason)}
    return replace(incident, failed_steps=incident.failed_steps | {event.step}, refusals=refusals)


def _step_retried(incident: Incident, event: happened.StepRetried) -> Incident:
    return mended(incident, event.step)


def _post_missed(incident: Incident, event: happened.PostMissed) -> Incident:
    before = incident.missed.get(event.series)
    in_a_row = before.count if before and before.number == event.number - 1 else 0
    missed = Missed(number=event.number, count=in_a_row + 1)
    return replace(incident, missed={**incident.missed, event.series: missed})


def _unchanged(incident: Incident, _event: Event) -> Incident:
    return incident


def _quiet(clock: Clock) -> Clock:
    """The clock with nothing asked and nothing snoozed."""
    return replace(clock, stage=0, asked_at=None, asked=None, snoozed_until=None)


def _due(clock: Clock, at: datetime) -> datetime | None:
    """When the next update is due: counted from the last one, and never in the past."""
    return max(clock.since + clock.every, at) if clock.every else None


def _without(milestones: Mapping[Milestone, datetime], *gone: Milestone) -> dict[Milestone, datetime]:
    return {milestone: at for milestone, at in milestones.items() if milestone not in gone}


UNSEEN: Final = (
    happened.NoteAdded,
    happened.CardPosted,
    happened.ResponderJoined,
    happened.ResponderLeft,
    happened.JoinRequested,
    happened.StepFailed,
    happened.StepRetried,
    happened.PostMissed,
    happened.SummaryScheduled,
    *MESSAGE_CHANGES,
    *CLOSURE_UNSEEN,
    *REVIEW_UNSEEN,
    *FOLLOWUP_CHANGES,
    *ISSUE_CHANGES,
    *FACTOR_CHANGES,
    *WRITING_CHANGES,
    *ALERT_CHANGES,
    *FEEDBACK_CHANGES,
)
"""Events that no card of the war room shows, so that none need be drawn again for them. A follow-up has a card of its
own, which is; what alerts change on the summary is drawn as alert_consequences.py says."""

_CHANGES: Final[Mapping[type[Event], Callable[[Incident, Any], Incident]]] = {
    happened.SeverityChanged: _severity_changed,
    happened.StatusChanged: _status_changed,
    happened.RoleAssigned: _role_assigned,
    happened.RoleReleased: _role_released,
    happened.MilestoneReached: _milestone,
    happened.MilestoneCorrected: _milestone,
    happened.NoteAdded: _unchanged,
    happened.UpdatePosted: _update_posted,
    happened.CadenceSet: _cadence_set,
    happened.UpdateReminded: _update_reminded,
    happened.UpdateSnoozed: _update_snoozed,
    happened.UpdateSkipped: _update_skipped,
    happened.SummaryScheduled: _summary_scheduled,
    happened.PlaybookAttached: _playbook_attached,
    happened.StepChanged: _step_changed,
    happened.ChannelOpened: _channel_opened,
    happened.CardPosted: _card_posted,
    happened.ResponderJoined: _joined,
    happened.ResponderLeft: _left,
    happened.JoinRequested: _unchanged,
    happened.StepFailed: _step_failed,
    happened.StepRetried: _step_retried,
    happened.PostMissed: _post_missed,
    **MESSAGE_CHANGES,
    **CLOSURE_CHANGES,
    **REVIEW_CHANGES,
    **FOLLOWUP_CHANGES,
    **ISSUE_CHANGES,
    **FACTOR_CHANGES,
    **WRITING_CHANGES,
    **ALERT_CHANGES,
    **FEEDBACK_CHANGES,
}
