"""Decisions: asking those who took part how it went, once each, some time after the end, and taking their answers."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.incident.closure import ReviewState
from bot.incident.declaring import LONGEST_TEXT
from bot.incident.events import Event
from bot.incident.feedback import Answer, Heard, told
from bot.incident.feedback_commands import GiveFeedback, RecordRespondents
from bot.incident.feedback_events import FeedbackAsked, FeedbackGiven, FeedbackOpened, RespondentsFound
from bot.incident.policy import Policy
from bot.incident.rights import may_hear, require_asked, require_muster
from bot.incident.state import Incident
from bot.incident.terms import MUSTER, Person, Rejected, Status, TimerName, UserId
from bot.incident.working_hours import first_working_moment

Events = tuple[Event, ...]

FEEDBACK_TIMER: Final = TimerName("feedback")
TOO_LATE_AFTER: Final = timedelta(days=7)
"""From when it was due, such as after a long stand-still, or of what ended before Muster asked at all: by then people
remember little, and a flood of questions would come at once."""

_ENDED: Final = frozenset({Status.RESOLVED, Status.CLOSED})
"""What was cancelled was no incident."""


def feedback_timers(incident: Incident, policy: Policy) -> Mapping[TimerName, datetime]:
    due_at = _next(incident, policy)
    return {FEEDBACK_TIMER: due_at} if due_at else {}


def ask_around(incident: Incident, policy: Policy, by: UserId, at: datetime) -> Events:
    """First whom to ask is looked up; then each is asked when their time has come."""
    if incident.feedback.opened_at is None:
        return _opened(incident, policy, by, at)
    return tuple(FeedbackAsked(at=at, by=by, asked=user) for user, due_at in _turns(incident, policy) if due_at <= at)


def record_respondents(incident: Incident, command: RecordRespondents, policy: Policy, at: datetime) -> Events:
    """Reopened meanwhile, there is nothing to ask yet."""
    require_muster(command.by)
    feedback = incident.feedback
    if feedback.opened_at is None:
        return ()
    zones = tuple((user, zone) for user, zone in command.zones if user not in {*feedback.asked, *feedback.waiting})
    return (RespondentsFound(at=at, by=command.by.id, zones=zones),) if zones else ()


def give_feedback(incident: Incident, command: GiveFeedback, policy: Policy, at: datetime) -> Events:
    """Where answers carry no name, neither do their events, and none has a time of its own."""
    require_respondent(incident, command.by, policy, at)
    feedback = incident.feedback
    answer = _cleaned(command.answer)
    if feedback.answers.get(command.respondent) == answer:
        return ()
    by, given_at = (MUSTER, feedback.since or at) if feedback.anonymous else (command.by.id, at)
    return (FeedbackGiven(at=given_at, by=by, respondent=command.respondent, answer=answer),)


def heard(incident: Incident, policy: Policy) -> Heard:
    """What may be shown. No answer leaves Muster by another way."""
    feedback = incident.feedback
    said = told(feedback, least=policy.feedback.shown_from, review_held=incident.review.state is ReviewState.HELD)
    return Heard(asked=len(feedback.asked), said=said)


def require_respondent(incident: Incident, by: Person, policy: Policy, at: datetime) -> None:
    """Raises Rejected for whoever was not asked, or was too long ago; NotAMember where they may know nothing of it."""
    require_asked(incident, by, policy)
    if not incident.feedback.is_open_to(by.id, at):
        raise Rejected("Answers are taken for 30 days; what was said until then stands.", verb="feedback")


def _cleaned(answer: Answer) -> Answer:
    change = answer.change.strip()
    if len(change) > LONGEST_TEXT:
        raise Rejected(f"That has {len(change)} characters and at most {LONGEST_TEXT} fit.", field="change")
    if not (change or answer.led or answer.informed):
        raise Rejected("Answer at least one of the questions.", field="led")
    return replace(answer, change=change)


def _opened(incident: Incident, policy: Policy, by: UserId, at: datetime) -> Events:
    """Whoever was promised once that no name stands beside an answer, keeps that promise when policy changes."""
    feedback, due_at = incident.feedback, _next(incident, policy)
    anonymous = feedback.anonymous if feedback.asked else policy.feedback.anonymous
    lapsed = due_at is None or at > due_at + TOO_LATE_AFTER
    return (FeedbackOpened(at=at, by=by, anonymous=anonymous, lapsed=lapsed),)


def _next(incident: Incident, policy: Policy) -> datetime | None:
    rule, feedback = policy.feedback, incident.feedback
    if rule.after is None or (incident.drill and not rule.drills):
        return None
    if incident.status not in _ENDED or incident.ended_at is None:
        return None
    if feedback.opened_at is None:
        return incident.ended_at + rule.after
    return min((due_at for _, due_at in _turns(incident, policy)), default=None)


def _turns(incident: Incident, policy: Policy) -> Iterator[tuple[UserId, datetime]]:
    """Whom to ask, and when it is a working hour there; nobody who was taken out of a private incident."""
    feedback, hours = incident.feedback, policy.closing.working_hours
    for user, zone in feedback.waiting.items():
        if feedback.opened_at and may_hear(incident, user):
            yield user, first_working_moment(feedback.opened_at, zone, hours)
