"""The timeline: what happened, in the order in which it happened, read from the log.

Data only: texts stay as people wrote them, and whoever renders an entry escapes them. Muster's own bookkeeping
(cards posted, people joined) is no entry.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from bot.incident import events as happened
from bot.incident.alert import AlertState
from bot.incident.alert_counts import named, worth_telling
from bot.incident.alert_events import AlertsChanged, RecoveryAsked, RecoveryPutOff
from bot.incident.closing_events import (
    ClosingAsked,
    ClosingPutOff,
    GateOverridden,
    NoWorkaroundsStated,
    RestorationVerified,
    ReviewRecorded,
    WorkaroundAdded,
    WorkaroundChased,
    WorkaroundExtended,
    WorkaroundRemoved,
)
from bot.incident.closure import ReviewState
from bot.incident.effects import SUMMARY, followup_card, playbook_card, reminder_card
from bot.incident.entry import Correction, Entry, EntryLabel, entry_of
from bot.incident.events import Event
from bot.incident.factor import FactorContent, class_words
from bot.incident.factor_events import (
    FactorAdded,
    FactorChanged,
    FactorRemoved,
    RiskAccepted,
    RiskAskedAbout,
    RiskReopened,
)
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.review import ReviewPlan, ReviewStage
from bot.incident.review_events import ReviewAsked, ReviewBooked, ReviewCancelled, ReviewHeld, ReviewMoved, ReviewWaived
from bot.incident.terms import MUSTER, MUSTER_ITSELF, Milestone, Version
from bot.incident.timeline_messages import messages

TOLD_BY_OTHERS: Final = frozenset({Milestone.DECLARED, Milestone.MITIGATED, Milestone.RESOLVED})
"""Milestones whose moment has an entry of its own (declared, status); they appear only once corrected."""


def entries(events: Iterable[Event]) -> tuple[Entry, ...]:
    """Every entry, retracted ones included, ordered by when things happened, then by when they were recorded."""
    log = tuple(events)
    own = (replace(entry, version=Version(at)) for at, event in enumerate(log, 1) if (entry := _told(event)))
    told = chain.from_iterable((_milestones(log), messages(log), own))
    return tuple(sorted(told, key=lambda entry: (entry.at, entry.recorded_at)))


def visible(all_entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Without what was retracted."""
    return tuple(entry for entry in all_entries if not entry.retracted)


def _told(event: Event) -> Entry | None:
    return (
        _of_incident(event)
        or _of_communication(event)
        or _of_playbook(event)
        or _of_followup(event)
        or _of_alerts(event)
        or _of_factor(event)
        or _of_closing(event)
        or _of_review(event)
    )


def _is_of_a_program(event: happened.IncidentDeclared) -> bool:
    return event.by == MUSTER and event.reporter_name != MUSTER_ITSELF.name


def _of_incident(event: Event) -> Entry | None:
    match event:
        case happened.IncidentDeclared():
            entry = entry_of(event, EntryLabel.DECLARED)
            entry = replace(entry, subject=event.title, after=event.severity, link=event.source)
            program = event.reporter_name if _is_of_a_program(event) else ""
            return replace(entry, number=event.incident, drill=event.drill, text=program, card=SUMMARY)
        case happened.SeverityChanged():
            entry = entry_of(event, EntryLabel.SEVERITY)
            return replace(entry, before=event.before, after=event.after, text=event.why)
        case happened.StatusChanged():
            entry = entry_of(event, EntryLabel.STATUS)
            return replace(entry, before=event.before, after=event.after, text=event.note)
        case happened.RoleAssigned():
            entry = replace(entry_of(event, EntryLabel.ROLE), subject=event.role, by_default=event.by_default)
            return replace(entry, before=event.before or "", after=event.holder)
        case happened.RoleReleased():
            return replace(entry_of(event, EntryLabel.ROLE), subject=event.role, before=event.before)
        case happened.NoteAdded():
            entry = replace(entry_of(event, EntryLabel.NOTE), at=event.happened_at)
            return replace(entry, text=event.text, kinds=(event.kind,))
    return None


def _of_communication(event: Event) -> Entry | None:
    match event:
        case happened.UpdatePosted():
            entry = replace(entry_of(event, EntryLabel.UPDATE), number=event.number, text=event.known)
            return replace(entry, impact=event.impact, doing=event.doing, until=event.next_at)
        case happened.CadenceSet():
            return replace(entry_of(event, EntryLabel.CADENCE), every=event.every, until=event.next_at)
        case happened.UpdateReminded():
            entry = replace(entry_of(event, EntryLabel.REMINDER), number=event.stage, after=event.asked or "")
            return replace(entry, until=event.due_at, card=reminder_card(event.number))
        case happened.UpdateSnoozed():
            return replace(entry_of(event, EntryLabel.SNOOZE), until=event.until)
        case happened.UpdateSkipped():
            return replace(entry_of(event, EntryLabel.SKIP), until=event.next_at)
    return None


def _of_playbook(event: Event) -> Entry | None:
    match event:
        case happened.PlaybookAttached():
            checklist = event.checklist
            entry = replace(entry_of(event, EntryLabel.PLAYBOOK), subject=checklist.title, text=checklist.why)
            return replace(entry, card=playbook_card(checklist.playbook))
        case happened.StepChanged():
            entry = replace(entry_of(event, EntryLabel.STEP), subject=event.title, text=event.note)
            return replace(entry, before=event.before, after=event.after, card=playbook_card(event.playbook))
    return None


def _of_closing(event: Event) -> Entry | None:
    match event:
        case RestorationVerified():
            return replace(entry_of(event, EntryLabel.VERIFIED), text=event.evidence)
        case NoWorkaroundsStated():
            return entry_of(event, EntryLabel.NO_WORKAROUNDS)
        case GateOverridden():
            entry = entry_of(event, EntryLabel.OVERRIDDEN)
            return replace(entry, subject=", ".join(event.missing), text=event.why)
        case ClosingAsked():
            return replace(entry_of(event, EntryLabel.CLOSING_ASKED), after=event.asked)
        case ClosingPutOff():
            return entry_of(event, EntryLabel.CLOSING_PUT_OFF)
    return _of_workaround(event)


def _of_review(event: Event) -> Entry | None:
    match event:
        case ReviewRecorded(review=review):
            entry = replace(
                entry_of(event, EntryLabel.REVIEW), subject=review.state, text=review.why, until=event.due_at
            )
            return replace(entry, day=review.on, after=review.facilitator or "")
        case ReviewHeld():
            entry = replace(entry_of(event, EntryLabel.REVIEW), subject=ReviewState.HELD, day=event.on)
            return replace(entry, after=event.facilitator, people=event.came)
        case ReviewWaived():
            return replace(entry_of(event, EntryLabel.REVIEW), subject=ReviewState.WAIVED, text=event.why)
        case ReviewBooked(plan=plan):
            return _of_plan(entry_of(event, EntryLabel.REVIEW_BOOKED), plan)
        case ReviewMoved(after=plan):
            is_moved = plan.starts_at != event.before.starts_at
            label = EntryLabel.REVIEW_MOVED if is_moved else EntryLabel.REVIEW_CHANGED
            return replace(_of_plan(entry_of(event, label), plan), text=event.why)
        case ReviewAsked(stage=stage) if stage is not ReviewStage.LAPSED:
            return replace(entry_of(event, EntryLabel.REVIEW_ASKED), subject=event.stage, people=event.asked)
        case ReviewCancelled(plan=plan):
            return replace(_of_plan(entry_of(event, EntryLabel.REVIEW_CANCELLED), plan), text=event.why)
    return None


def _of_plan(entry: Entry, plan: ReviewPlan) -> Entry:
    functions = ", ".join(each.name for each in plan.functions)
    planned = replace(entry, until=plan.starts_at, every=plan.length, after=plan.facilitator)
    return replace(planned, people=plan.invited, subject=functions)


def _of_workaround(event: Event) -> Entry | None:
    match event:
        case WorkaroundAdded():
            entry = replace(entry_of(event, EntryLabel.WORKAROUND), number=event.number, subject=event.what)
            return replace(entry, after=event.owner, day=event.expires_on)
        case WorkaroundExtended():
            entry = replace(entry_of(event, EntryLabel.WORKAROUND_EXTENDED), number=event.number, subject=event.what)
            return replace(entry, day=event.expires_on)
        case WorkaroundRemoved():
            entry = replace(entry_of(event, EntryLabel.WORKAROUND_REMOVED), number=event.number, subject=event.what)
            return replace(entry, text=event.note)
        case WorkaroundChased():
            entry = replace(entry_of(event, EntryLabel.WORKAROUND_CHASED), number=event.number, after=event.asked)
            return replace(entry, day=event.expires_on)
    return None


def _of_followup(event: Event) -> Entry | None:
    """`before` and `after` of one that changed: its owners, where it was given to somebody else."""
    match event:
        case FollowupAdded():
            entry = replace(_of_item(event, EntryLabel.FOLLOWUP), subject=event.content.what)
            return replace(entry, after=event.content.owner or "", link=event.link)
        case FollowupChanged():
            entry = replace(_of_item(event, EntryLabel.FOLLOWUP_CHANGED), subject=event.after.what)
            if event.before.owner == event.after.owner:
                return entry
            return replace(entry, before=event.before.owner or "", after=event.after.owner or "")
        case FollowupMoved():
            entry = replace(_of_item(event, EntryLabel.FOLLOWUP_MOVED), text=event.note)
            return replace(entry, before=event.before, after=event.after)
    return None


def _of_item(event: FollowupAdded | FollowupChanged | FollowupMoved, label: EntryLabel) -> Entry:
    return replace(entry_of(event, label), number=event.number, card=followup_card(event.number))


def _of_alerts(event: Event) -> Entry | None:
    match event:
        case AlertsChanged():
            told = worth_telling(event.alerts)
            firing, resolved = named(told, AlertState.FIRING), named(told, AlertState.RESOLVED)
            entry = replace(entry_of(event, EntryLabel.ALERTS), subject=firing, text=resolved, number=len(told))
            return entry if told else None
        case RecoveryAsked():
            return replace(entry_of(event, EntryLabel.RECOVERY_ASKED), after=event.asked or "", number=event.alerts)
        case RecoveryPutOff():
            return entry_of(event, EntryLabel.RECOVERY_PUT_OFF)
    return None


def _of_factor(event: Event) -> Entry | None:
    match event:
        case FactorAdded():
            return _factor(event, EntryLabel.FACTOR, event.content)
        case FactorChanged():
            return _factor(event, EntryLabel.FACTOR_CHANGED, event.after)
        case FactorRemoved():
            entry = replace(entry_of(event, EntryLabel.FACTOR_REMOVED), number=event.number, subject=event.text)
            return replace(entry, text=event.why)
    return _of_risk(event)


def _of_risk(event: Event) -> Entry | None:
    match event:
        case RiskAccepted():
            entry = replace(entry_of(event, EntryLabel.RISK_ACCEPTED), number=event.number, subject=event.text)
            return replace(entry, text=event.why, day=event.look_again_on)
        case RiskReopened():
            entry = replace(entry_of(event, EntryLabel.RISK_REOPENED), number=event.number, subject=event.text)
            return replace(entry, text=event.why)
        case RiskAskedAbout():
            entry = replace(entry_of(event, EntryLabel.RISK_ASKED_ABOUT), number=event.number, subject=event.text)
            return replace(entry, after=event.asked, day=event.look_again_on)
    return None


def _factor(event: FactorAdded | FactorChanged, label: EntryLabel, content: FactorContent) -> Entry:
    entry = replace(entry_of(event, label), number=event.number, subject=content.text)
    return replace(entry, after=class_words(content.kind, content.surrounding))


def _milestones(log: Sequence[Event]) -> tuple[Entry, ...]:
    """One entry a milestone, where it stands now, with every correction that led there."""
    found: dict[Milestone, Entry] = {}
    for version, event in enumerate(log, 1):
        if isinstance(event, happened.MilestoneReached) and event.milestone not in TOLD_BY_OTHERS:
            found.setdefault(event.milestone, _milestone(event, version))
        elif isinstance(event, happened.MilestoneCorrected):
            entry = found.get(event.milestone) or _milestone(event, version)
            moved = Correction(by=event.by, at=event.at, before=event.before)
            corrected = replace(entry, at=event.happened_at, text="", corrections=(*entry.corrections, moved))
            found[event.milestone] = corrected
    return tuple(found.values())


def _milestone(event: happened.MilestoneReached | happened.MilestoneCorrected, version: int) -> Entry:
    entry = entry_of(event, EntryLabel.MILESTONE)
    told_by = event.told_by if isinstance(event, happened.MilestoneReached) else ""
    return replace(entry, at=event.happened_at, subject=event.milestone, text=told_by, version=Version(version))
