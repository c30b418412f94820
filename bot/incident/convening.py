"""Decisions: the review. It is booked, moved, held, waived or cancelled; by somebody, never by the clock."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.incident.closing_events import ReviewRecorded
from bot.incident.closure import Review, ReviewDuty, ReviewState
from bot.incident.declaring import LONGEST_TEXT, is_readable
from bot.incident.events import Event
from bot.incident.policy import Policy
from bot.incident.review import Meeting, ReviewPlan
from bot.incident.review_commands import BookReview, CancelReview, HoldReview, MoveReview, WaiveReview
from bot.incident.review_duty import review_due_at, review_rule
from bot.incident.review_events import ReviewBooked, ReviewCancelled, ReviewHeld, ReviewMoved, ReviewWaived
from bot.incident.rights import require_able_to_own, require_responder
from bot.incident.state import Incident
from bot.incident.terms import Person, Rejected, Status, UserId
from bot.incident.working_hours import day_of

Events = tuple[Event, ...]

SHORTEST: Final = timedelta(minutes=15)
LONGEST: Final = timedelta(hours=8)
FURTHEST: Final = timedelta(days=90)
MOST_INVITED: Final = 50


def book(incident: Incident, command: BookReview, policy: Policy, at: datetime) -> Events:
    """Also one that was waived, or booked by hand for a day."""
    _require_convener(incident, command.by, policy)
    _require_reviewable(incident)
    if incident.review.booked:
        raise Rejected(f"The review of {incident.reference} is booked already. Move it.", verb="review")
    meeting = incident.review.meeting
    booked = ReviewBooked(
        at=at,
        by=command.by.id,
        number=meeting.number + 1 if meeting else 1,
        sequence=0,
        plan=_planned(incident, command.plan, command.people, at),
        due_at=review_due_at(incident, policy),
    )
    return (booked,)


def move(incident: Incident, command: MoveReview, policy: Policy, at: datetime) -> Events:
    """Another time is given with its reason; other people need none."""
    meeting = _booked(incident, command, policy)
    if command.seen not in (None, meeting.sequence):
        raise Rejected("The review was changed meanwhile. Look at it again: nothing has changed.", verb="review")
    before, plan = meeting.plan, command.plan
    if _same(before, plan):
        return ()
    is_moved = plan.starts_at != before.starts_at
    if is_moved and not is_readable(command.why):
        raise Rejected("Say why it is moved: those who kept the time free are told.", field="why")
    after = _planned(incident, plan, command.people, at) if is_moved else _peopled(incident, plan, command.people)
    moved = ReviewMoved(
        at=at,
        by=command.by.id,
        number=meeting.number,
        sequence=meeting.sequence + 1,
        before=before,
        after=after,
        why=_said(command.why),
        due_at=review_due_at(incident, policy),
    )
    return (moved,)


def hold(incident: Incident, command: HoldReview, policy: Policy, at: datetime) -> Events:
    """Whoever was to lead it may say so from anywhere."""
    _require_convener(incident, command.by, policy)
    _require_reviewable(incident)
    booked, course = incident.review.booked, incident.review
    if booked and booked.plan.starts_at > at:
        raise Rejected("It has not begun yet: move it, if it is held sooner.", field="review_on", verb="review")
    facilitator = command.facilitator.id if command.facilitator else course.facilitator
    if facilitator is None:
        raise Rejected("Name who led the review.", field="facilitator")
    if command.facilitator:
        require_able_to_own(command.facilitator, "facilitator", "a review to lead")
    held = ReviewHeld(
        at=at,
        by=command.by.id,
        on=_day_held(incident, command, at),
        facilitator=facilitator,
        number=booked.number if booked else 0,
        came=tuple(dict.fromkeys(command.came))[:MOST_INVITED],
    )
    return (held,)


def waive(incident: Incident, command: WaiveReview, policy: Policy, at: datetime) -> Events:
    _require_convener(incident, command.by, policy)
    _require_reviewable(incident)
    if incident.review.state is ReviewState.WAIVED:
        raise Rejected(f"The review of {incident.reference} is waived already.", verb="review")
    return (_waived(incident, command.why, command.by.id, policy, at, field="why"),)


def cancel_review(incident: Incident, command: CancelReview, policy: Policy, at: datetime) -> Events:
    meeting = _booked(incident, command, policy)
    return (cancelled(meeting, command.by.id, _said(command.why), at),)


def cancelled(meeting: Meeting, by: UserId, why: str, at: datetime) -> ReviewCancelled:
    sequence = meeting.sequence + 1
    return ReviewCancelled(at=at, by=by, number=meeting.number, sequence=sequence, plan=meeting.plan, why=why)


def recorded_by_hand(incident: Incident, review: Review, by: Person, policy: Policy, at: datetime) -> Events:
    """What the form of closing says of the review; nothing where that is known. `by` may close it, that is settled."""
    if review.state is ReviewState.WAIVED:
        return _waived_by_hand(incident, review, by, policy, at)
    _require_day(review, day_of(at, by.time_zone))
    booked = incident.review.booked
    if booked is None:
        return () if _is_known(incident, review) else (_recorded(incident, review, by, policy, at),)
    if review.state is ReviewState.HELD:
        return hold(incident, HoldReview(by=by, on=review.on), policy, at)
    if review.on not in {day_of(booked.plan.starts_at, zone) for zone in (booked.plan.time_zone, by.time_zone)}:
        raise Rejected("It is booked for another day. Move it by “review”.", field="review_on", verb="review")
    return ()


def _waived_by_hand(incident: Incident, review: Review, by: Person, policy: Policy, at: datetime) -> Events:
    if _is_known(incident, review):
        return ()
    waived = _waived(incident, review.why, by.id, policy, at, field="review_why")
    return (waived,) if waived.number else (_recorded(incident, review, by, policy, at),)


def _recorded(incident: Incident, review: Review, by: Person, policy: Policy, at: datetime) -> ReviewRecorded:
    return ReviewRecorded(at=at, by=by.id, review=review, due_at=review_due_at(incident, policy))


def _is_known(incident: Incident, review: Review) -> bool:
    course = incident.review
    known = (course.state, course.on, course.facilitator, course.why)
    return known == (review.state, review.on, review.facilitator, review.why)


def _waived(incident: Incident, why: str, by: UserId, policy: Policy, at: datetime, *, field: str) -> ReviewWaived:
    if review_rule(incident, policy).review is ReviewDuty.REQUIRED:
        required = f"Policy asks for a review of {incident.severity}; book it or hold it."
        raise Rejected(required, field="review" if field == "review_why" else field, verb="review")
    if not is_readable(why):
        raise Rejected("Say why it is waived.", field=field, verb="review")
    meeting = incident.review.booked
    return ReviewWaived(
        at=at,
        by=by,
        why=_said(why),
        number=meeting.number if meeting else 0,
        sequence=meeting.sequence + 1 if meeting else 0,
        plan=meeting.plan if meeting else None,
    )


def _require_day(review: Review, today: date) -> None:
    if review.on is None:
        raise Rejected("Choose the day of the review.", field="review_on")
    if review.state is ReviewState.BOOKED and review.on < today:
        raise Rejected("That day is over: was it held, or is it on another day?", field="review_on")
    if review.state is ReviewState.HELD and review.on > today:
        raise Rejected("That day is still to come: it is booked, then.", field="review_on")
    if review.facilitator is None:
        raise Rejected("Name who leads the review.", field="facilitator")


def _require_convener(incident: Incident, by: Person, policy: Policy) -> None:
    """Whoever leads the review was asked about it in person, and need not be in the channel to answer."""
    leads = incident.review.facilitator
    asked = {user for user in (leads, incident.commander or incident.reporter) if user}
    require_responder(incident, by, policy, also=frozenset(asked))


def _require_reviewable(incident: Incident) -> None:
    if incident.drill:
        raise Rejected(f"{incident.reference} has its scorecard, and no review.", verb="show")
    if incident.status is Status.CANCELLED:
        raise Rejected(f"{incident.reference} is cancelled, so there is nothing to review.", verb="reopen")
    if incident.is_active:
        sentence = f"{incident.reference} is still {incident.status}. Its review can be booked once it is resolved."
        raise Rejected(sentence, verb="resolve")
    if incident.review.state is ReviewState.HELD:
        raise Rejected(f"The review of {incident.reference} was held already. Nothing has changed.", verb="review")


def _booked(incident: Incident, command: MoveReview | CancelReview, policy: Policy) -> Meeting:
    _require_convener(incident, command.by, policy)
    _require_reviewable(incident)
    if incident.review.booked is None:
        raise Rejected(f"No review of {incident.reference} is booked. Book one first.", verb="review")
    return incident.review.booked


def _day_held(incident: Incident, command: HoldReview, at: datetime) -> date:
    booked, today = incident.review.booked, day_of(at, command.by.time_zone)
    if command.on is None:
        return day_of(booked.plan.starts_at, command.by.time_zone) if booked else incident.review.on or today
    if command.on > today:
        raise Rejected("That day is still to come.", field="review_on")
    return command.on


def _same(before: ReviewPlan, plan: ReviewPlan) -> bool:
    """But for what nobody chose."""
    kept = replace(plan, time_zone=before.time_zone, facilitator_zone=before.facilitator_zone)
    return replace(kept, why_facilitator=before.why_facilitator) == before


def _planned(incident: Incident, plan: ReviewPlan, people: Iterable[Person], at: datetime) -> ReviewPlan:
    if plan.starts_at <= at:
        raise Rejected("That time is over: choose one that is still to come.", field="starts_at")
    if plan.starts_at > at + FURTHEST:
        raise Rejected("A review is held within 90 days: choose an earlier time.", field="starts_at")
    return _peopled(incident, plan, people)


def _peopled(incident: Incident, plan: ReviewPlan, people: Iterable[Person]) -> ReviewPlan:
    if not SHORTEST <= plan.length <= LONGEST:
        raise Rejected("A review lasts between 15 minutes and 8 hours.", field="length")
    if len(plan.everyone) > MOST_INVITED:
        raise Rejected(f"At most {MOST_INVITED} people can be invited.", field="invited")
    zone = plan.facilitator_zone
    for person in people:
        is_facilitator = person.id == plan.facilitator
        zone = person.time_zone if is_facilitator else zone
        what = "a review to lead" if is_facilitator else "an invitation to a review"
        require_able_to_own(person, "facilitator" if is_facilitator else "invited", what)
    if incident.private:
        _require_members(incident, plan)
    invited = tuple(user for user in dict.fromkeys(plan.invited) if user != plan.facilitator)
    return replace(plan, invited=invited, facilitator_zone=zone)


def _require_members(incident: Incident, plan: ReviewPlan) -> None:
    """Nobody hears of a private incident by being invited to its review."""
    if plan.functions:
        sentence = "Functions cannot be invited to the review of a private incident. Invite people of its channel."
        raise Rejected(sentence, field="functions")
    for user in plan.everyone:
        if user not in incident.members:
            raise Rejected(
                "{who} is not in the channel of this private incident. Invite them there first.",
                field="facilitator" if user == plan.facilitator else "invited",
                who=user,
            )


def _said(why: str) -> str:
    return why.strip()[:LONGEST_TEXT]
