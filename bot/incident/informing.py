"""Decisions: status updates, their cadence, and the reminders that ask for them."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Final

from bot.incident import events as happened
from bot.incident.accepting import RISK_TIMER, ask_again
from bot.incident.alerting import RECOVERY_TIMER, alert_timers, ask_whether_mitigated
from bot.incident.chasing import (
    CLOSING_TIMER,
    WORKAROUND_TIMER,
    ask_to_close,
    chase_workarounds,
    chasing_timers,
)
from bot.incident.commands import FireTimer, PostUpdate, SetCadence, SkipUpdate, SnoozeUpdate
from bot.incident.declaring import is_readable
from bot.incident.events import Event
from bot.incident.giving_feedback import FEEDBACK_TIMER, ask_around, feedback_timers
from bot.incident.policy import Policy
from bot.incident.progress import require_active
from bot.incident.review_chasing import PREREAD_TIMER, REVIEW_TIMER, ask_after_review, give_preread, review_timers
from bot.incident.rights import require_muster, require_responder
from bot.incident.state import Incident
from bot.incident.terms import COMMUNICATIONS_LEAD, Rejected, TimerName, UserId

Events = tuple[Event, ...]

UPDATE_TIMER: Final = TimerName("update")
SUMMARY_TIMER: Final = TimerName("summary")

SHORTEST_CADENCE: Final = timedelta(minutes=1)
LONGEST_CADENCE: Final = timedelta(days=7)

ASKED_LEAD: Final = 1
ASKED_COMMANDER: Final = 2
ASKED_CHANNEL: Final = 3


def post_update(incident: Incident, command: PostUpdate, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    known = command.known.strip()
    if not is_readable(known):
        raise Rejected("An update needs a sentence: what do we know now?", field="known")
    next_in = incident.clock.every
    if command.next_in is not None:
        _require_sensible(command.next_in, "next_in")
        next_in = command.next_in
    posted = happened.UpdatePosted(
        at=at,
        by=command.by.id,
        number=incident.updates + 1,
        known=known,
        impact=command.impact.strip(),
        doing=command.doing.strip(),
        next_at=at + next_in if next_in and incident.is_active else None,
    )
    return (posted,)


def set_cadence(incident: Incident, command: SetCadence, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    require_active(incident)
    if command.every is None:
        return (happened.CadenceSet(at=at, by=command.by.id, every=None, next_at=None),)
    _require_sensible(command.every, "every")
    next_at = max(incident.clock.since + command.every, at)
    return (happened.CadenceSet(at=at, by=command.by.id, every=command.every, next_at=next_at),)


def snooze(incident: Incident, command: SnoozeUpdate, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    _require_asked(incident, command.due_at)
    span = policy.snooze if command.span is None else command.span
    _require_sensible(span, "span")
    if incident.clock.due_at and at + span <= incident.clock.due_at:
        raise Rejected("No reminder would come before that, so there is nothing to snooze.", field="span")
    return (happened.UpdateSnoozed(at=at, by=command.by.id, until=at + span),)


def skip(incident: Incident, command: SkipUpdate, policy: Policy, at: datetime) -> Events:
    require_responder(incident, command.by, policy)
    _require_asked(incident, command.due_at)
    every = incident.clock.every
    return (happened.UpdateSkipped(at=at, by=command.by.id, next_at=at + every if every else None),)


def due_timers(incident: Incident, policy: Policy) -> Mapping[TimerName, datetime]:
    """Every timer that this incident needs, by name: a pure view of its state, set anew with every append."""
    chased = {
        **chasing_timers(incident, policy),
        **feedback_timers(incident, policy),
        **review_timers(incident, policy),
    }
    if not incident.is_active:
        return chased
    due = {UPDATE_TIMER: _next_ask(incident, policy), SUMMARY_TIMER: _next_summary(incident)}
    chased = {**chased, **alert_timers(incident, policy)}
    return {**chased, **{name: at for name, at in due.items() if at is not None}}


def fire_timer(incident: Incident, command: FireTimer, policy: Policy, at: datetime) -> Events:
    """Does what the state of this moment asks for: nothing where the reason has gone.

    The store said that its time has come, and the store's clock decides: ours may be a moment behind.
    """
    require_muster(command.by)
    at = max(at, command.due_at)
    due_at = due_timers(incident, policy).get(command.name)
    if due_at is None or due_at > at:
        return ()
    if command.name == SUMMARY_TIMER:
        return (happened.SummaryScheduled(at=at, by=command.by.id, number=incident.clock.summaries + 1),)
    if ask := _ASKED.get(command.name):
        return ask(incident, policy, command.by.id, at)
    return _remind(incident, command.by.id, at)


_ASKED: Final[Mapping[TimerName, Callable[[Incident, Policy, UserId, datetime], Events]]] = {
    RECOVERY_TIMER: lambda incident, _policy, by, at: ask_whether_mitigated(incident, by, at),
    CLOSING_TIMER: lambda incident, _policy, by, at: ask_to_close(incident, by, at),
    WORKAROUND_TIMER: chase_workarounds,
    RISK_TIMER: ask_again,
    FEEDBACK_TIMER: ask_around,
    REVIEW_TIMER: ask_after_review,
    PREREAD_TIMER: give_preread,
}
"""Timers of questions to people, and what is asked when they are due."""


def _remind(incident: Incident, by: UserId, at: datetime) -> Events:
    due_at = incident.clock.due_at
    if due_at is None:
        return ()
    stage = _next_stage(incident)
    asked = _asked_at_stage(incident, stage)
    number = incident.clock.reminders + (1 if stage == ASKED_LEAD else 0)
    return (happened.UpdateReminded(at=at, by=by, due_at=due_at, stage=stage, asked=asked, number=number),)


def _next_stage(incident: Incident) -> int:
    """The lead, then the commander (unless that is who was asked), then the announcement channel, then anew.

    A private incident never climbs out of its own channel, nor does one climb past a commander whom it lacks.
    """
    stage = incident.clock.stage + 1
    if stage == ASKED_COMMANDER and incident.commander in (None, incident.clock.asked):
        stage += 1
    if stage == ASKED_CHANNEL and incident.private:
        stage += 1
    return stage if stage <= ASKED_CHANNEL else ASKED_LEAD


def _asked_at_stage(incident: Incident, stage: int) -> UserId | None:
    if stage == ASKED_LEAD:
        return incident.holder(COMMUNICATIONS_LEAD) or incident.commander
    return incident.commander


def _next_ask(incident: Incident, policy: Policy) -> datetime | None:
    clock = incident.clock
    if clock.due_at is None:
        return None
    if clock.stage == 0 or clock.asked_at is None:
        return max(clock.due_at, clock.snoozed_until or clock.due_at)
    next_stage = _next_stage(incident)
    if next_stage == ASKED_LEAD:
        return clock.asked_at + (clock.every or LONGEST_CADENCE)
    escalation = policy.escalation
    climbs = {ASKED_COMMANDER: escalation.commander_after, ASKED_CHANNEL: escalation.announcement_after}
    waited = escalation.commander_after if clock.stage == ASKED_COMMANDER else timedelta()
    return clock.asked_at + max(climbs[next_stage] - waited, SHORTEST_CADENCE)


def _next_summary(incident: Incident) -> datetime | None:
    clock = incident.clock
    if clock.summary_every is None or incident.private:
        return None
    return (clock.last_summary_at or incident.declared_at) + clock.summary_every


def _require_asked(incident: Incident, due_at: datetime | None) -> None:
    """Raises Rejected where there is nothing to put off, or the button asks for an update that has come since."""
    require_active(incident)
    if incident.clock.due_at is None:
        raise Rejected("No update is due: reminders are off for this incident.", verb="remind")
    if due_at is not None and _second(due_at) != _second(incident.clock.due_at):
        raise Rejected("That reminder has been answered already. Nothing has changed.")


def _second(moment: datetime) -> datetime:
    """Buttons carry whole seconds."""
    return moment.replace(microsecond=0)


def _require_sensible(span: timedelta, field: str) -> None:
    if not SHORTEST_CADENCE <= span <= LONGEST_CADENCE:
        raise Rejected("Choose a time between 1 minute and 7 days.", field=field)
