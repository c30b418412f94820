"""Decisions: asking after the review, and giving its pre-read pack in time.

Asked is where nobody has booked it, where it is overdue, and where nobody has said what became of it: one person,
within working hours of their zone. What stays overdue climbs to the policy's sponsors, and is told in the digest
channel. Of a drill nobody is asked, and nothing of a private incident leaves its members.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.incident.chasing import responsible, zone_in
from bot.incident.closure import Check, ReviewDuty, ReviewState
from bot.incident.events import Event
from bot.incident.policy import Policy
from bot.incident.review import ReviewStage
from bot.incident.review_duty import review_due_at, review_rule
from bot.incident.review_events import PrereadGiven, ReviewAsked
from bot.incident.rights import may_hear
from bot.incident.state import Incident
from bot.incident.terms import Status, TimerName, UserId
from bot.incident.working_hours import end_of_day, first_working_moment

Events = tuple[Event, ...]

REVIEW_TIMER: Final = TimerName("review")
PREREAD_TIMER: Final = TimerName("preread")
PREREAD_BEFORE: Final = timedelta(days=1)
UNBOOKED_LAPSES_AFTER: Final = timedelta(days=14)
"""From when it was due, such as after a long stand-still, or of what ended before Muster asked at all: else a flood of
questions would come at once, and climb."""
UNSETTLED_LAPSES_AFTER: Final = timedelta(days=60)
"""From its end: who has not said by then what became of it will not."""
UNSETTLED_AFTER: Final = timedelta(days=1)
"""From its end on: whoever led it had time to say that it was held."""
AFTER_A_CANCELLATION: Final = timedelta(days=1)
"""Whoever called it off is not asked at once whether there is another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    stage: ReviewStage
    asked: tuple[UserId, ...]
    due_at: datetime


def review_timers(incident: Incident, policy: Policy) -> Mapping[TimerName, datetime]:
    question = _next(incident, policy)
    asking = {REVIEW_TIMER: question.due_at} if question else {}
    return {**asking, **preread_timers(incident)}


def ask_after_review(incident: Incident, policy: Policy, by: UserId, at: datetime) -> Events:
    """After an absence in which it fell due as well, that alone is asked."""
    question = _next(incident, policy)
    if question is None or question.due_at > at:
        return ()
    if question.stage is ReviewStage.UNBOOKED:
        overdue = _overdue(incident, policy)
        question = overdue if overdue and overdue.due_at <= at else question
    if at > _lapses_at(incident, policy):
        return (ReviewAsked(at=at, by=by, stage=ReviewStage.LAPSED, asked=(), number=incident.review.asks),)
    number = incident.review.asks + 1
    return (ReviewAsked(at=at, by=by, stage=question.stage, asked=question.asked, number=number),)


def _lapses_at(incident: Incident, policy: Policy) -> datetime:
    if incident.review.state is ReviewState.BOOKED:
        return _over_at(incident) + UNSETTLED_LAPSES_AFTER
    due_at = review_due_at(incident, policy)
    assert due_at is not None  # else there was no question
    return due_at + UNBOOKED_LAPSES_AFTER


def preread_timers(incident: Incident) -> Mapping[TimerName, datetime]:
    """A day before the review; at once where less is left."""
    booked = incident.review.booked
    if booked is None or incident.drill or incident.review.preread == booked.number:
        return {}
    return {PREREAD_TIMER: booked.plan.starts_at - PREREAD_BEFORE}


def give_preread(incident: Incident, policy: Policy, by: UserId, at: datetime) -> Events:
    """Once for each meeting, however often it is moved afterwards."""
    booked = incident.review.booked
    if booked is None:
        return ()
    in_time = at < booked.plan.starts_at
    to = tuple(user for user in booked.plan.everyone if may_hear(incident, user)) if in_time else ()
    return (PrereadGiven(at=at, by=by, number=booked.number, to=to, in_time=in_time),)


def _next(incident: Incident, policy: Policy) -> _Question | None:
    if incident.drill or incident.is_active or incident.status is Status.CANCELLED:
        return None
    if incident.review.stage is ReviewStage.LAPSED:
        return None
    match incident.review.state:
        case ReviewState.BOOKED:
            return _unsettled(incident, policy)
        case None:
            return _unbooked(incident, policy)
    return None


def _unsettled(incident: Incident, policy: Policy) -> _Question | None:
    """It was booked, and is over: was it held, moved or waived? Then weekly at most."""
    course, rule = incident.review, policy.closing
    leads = course.facilitator
    is_facilitator = leads is not None and may_hear(incident, leads)
    asked = leads if is_facilitator else responsible(incident)
    if asked is None:
        return None
    over_at = _over_at(incident) + UNSETTLED_AFTER
    if course.stage is ReviewStage.UNSETTLED and course.asked_at:
        over_at = course.asked_at + rule.ask_again_after
    zone = course.booked.plan.facilitator_zone if course.booked and is_facilitator else zone_in(incident, asked)
    due_at = first_working_moment(over_at, zone, rule.working_hours)
    return _Question(stage=ReviewStage.UNSETTLED, asked=(asked,), due_at=due_at)


def _over_at(incident: Incident) -> datetime:
    course = incident.review
    if course.booked:
        return course.booked.plan.ends_at
    assert course.on is not None  # it is booked, be it for a day alone
    return end_of_day(course.on, incident.reporter_zone)


def _unbooked(incident: Incident, policy: Policy) -> _Question | None:
    """By half of the span, then when it is due; what is required climbs."""
    overdue = _overdue(incident, policy)
    match incident.review.stage:
        case ReviewStage.CLIMBED:
            return None
        case ReviewStage.OVERDUE:
            return _climbing(incident, policy) if overdue else None
        case None if overdue:
            (asked,) = overdue.asked
            half = review_rule(incident, policy).review_within / 2
            due_at = _asked_at(incident, policy, asked, before=half)
            if due_at < overdue.due_at:
                return _Question(stage=ReviewStage.UNBOOKED, asked=(asked,), due_at=due_at)
    return overdue


def _overdue(incident: Incident, policy: Policy) -> _Question | None:
    """None: there is no review, nobody to ask, or it was closed without one: nobody misses that but where a meeting was
    called off since."""
    override, asked = incident.closure.override, responsible(incident)
    is_overridden = override is not None and Check.REVIEW in override.checks
    is_closed_without = incident.status is Status.CLOSED and (is_overridden or incident.review.meeting is None)
    if review_due_at(incident, policy) is None or asked is None or is_closed_without:
        return None
    due_at = _asked_at(incident, policy, asked)
    return _Question(stage=ReviewStage.OVERDUE, asked=(asked,), due_at=due_at)


def _asked_at(incident: Incident, policy: Policy, asked: UserId, before: timedelta = timedelta()) -> datetime:
    """In their working hours, and so long before it is due; `review_due_at` is known."""
    due_at = review_due_at(incident, policy)
    assert due_at is not None  # whoever asks has looked
    wanted = _not_at_once(incident, due_at - before)
    return first_working_moment(wanted, zone_in(incident, asked), policy.closing.working_hours)


def _not_at_once(incident: Incident, due_at: datetime) -> datetime:
    course = incident.review
    if course.stage is None and course.asked_at:
        return max(due_at, course.asked_at + AFTER_A_CANCELLATION)
    return due_at


def _climbing(incident: Incident, policy: Policy) -> _Question | None:
    """Once; what may be waived does not climb, nor does what nobody else may hear of."""
    rule, asked_at = policy.review, incident.review.asked_at
    sponsors = tuple(user for user in rule.sponsors if may_hear(incident, user))
    is_told = bool(sponsors) or (rule.announce_overdue and not incident.private)
    if asked_at is None or review_rule(incident, policy).review is not ReviewDuty.REQUIRED or not is_told:
        return None
    due_at = first_working_moment(asked_at + rule.climbs_after, incident.reporter_zone, policy.closing.working_hours)
    return _Question(stage=ReviewStage.CLIMBED, asked=sponsors, due_at=due_at)
