"""The review: booked for an exact time, moved with a reason, held, waived where policy lets it, cancelled."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.incident.closing import gate
from bot.incident.closing_commands import CloseIncident
from bot.incident.closing_events import ReviewRecorded
from bot.incident.closure import Check, Review, ReviewDuty, ReviewState
from bot.incident.commands import CancelIncident, Command, ReopenIncident, ResolveIncident
from bot.incident.effects import PostNotice, TellPerson
from bot.incident.review import InvitedFunction, ReviewPlan
from bot.incident.review_commands import BookReview, CancelReview, HoldReview, MoveReview, WaiveReview
from bot.incident.review_events import ReviewBooked, ReviewCancelled, ReviewHeld, ReviewMoved, ReviewWaived
from bot.incident.terms import NotAMember, Rejected, UserId
from tests.incident.given import ADA, BEN, CLEO, DEE, Story, after, checkout, drill, resolved
from tests.incident.test_closing import resolved_under

TOMORROW, IN_TWO_DAYS = after(24 * 60), after(48 * 60)
PLAN = ReviewPlan(starts_at=TOMORROW, length=timedelta(hours=1), facilitator=BEN.id, invited=(ADA.id, CLEO.id))
BOOK = BookReview(by=ADA, plan=PLAN, people=(ADA, BEN, CLEO))
LATER = replace(PLAN, starts_at=IN_TWO_DAYS)
MOVE = MoveReview(by=ADA, plan=LATER, why="Ben is away.", seen=0)


def booked() -> Story:
    story = resolved()
    story.do(BOOK, after(40))
    return story


def refused(story: Story, command: Command, at: float = 50) -> Rejected:
    with pytest.raises(Rejected) as refusal:
        story.decided(command, after(at))
    return refusal.value


def in_person(story: Story) -> list[UserId]:
    return [each.user for each in story.effects if isinstance(each, TellPerson)]


def in_the_channel(story: Story) -> list[type]:
    return [type(each.about) for each in story.effects if isinstance(each, PostNotice)]


def test_a_booked_review_has_an_exact_start_a_length_a_facilitator_and_guests() -> None:
    (event,) = resolved().do(BOOK, after(40))
    due_at = after(30) + timedelta(hours=72)
    assert event == ReviewBooked(at=after(40), by=ADA.id, number=1, sequence=0, plan=PLAN, due_at=due_at)


def test_it_settles_the_gate_until_its_day_is_over() -> None:
    story = booked()
    checks = {each.check for each in gate(story.state, story.policy, after(50))}
    assert Check.REVIEW not in checks
    late = [each for each in gate(story.state, story.policy, after(4 * 24 * 60)) if each.check is Check.REVIEW]
    assert (
        late[0].sentence == "the review was booked for 2026-03-03, which is over: was it held, or is it on another day"
    )


def test_the_channel_is_told_once_and_in_person_who_leads_it_and_who_does_not_read_the_channel() -> None:
    story = booked()
    assert in_the_channel(story) == [ReviewBooked]
    assert in_person(story) == [BEN.id, CLEO.id]


def test_it_is_booked_once() -> None:
    assert refused(booked(), BOOK).sentence == "The review of INC-42 is booked already. Move it."


def test_moving_keeps_the_meeting_and_raises_its_sequence() -> None:
    story = booked()
    (event,) = story.do(MOVE, after(50))
    assert isinstance(event, ReviewMoved)
    assert (event.number, event.sequence, event.before, event.after) == (1, 1, PLAN, LATER)
    assert story.state.review.booked is not None
    assert story.state.review.booked.plan == LATER


def test_moving_asks_for_a_reason_and_changing_who_comes_does_not() -> None:
    assert refused(booked(), replace(MOVE, why=" ")).field == "why"
    story = booked()
    story.do(replace(MOVE, plan=replace(PLAN, invited=(ADA.id,)), why=""), after(50))
    assert in_the_channel(story) == []
    assert story.state.review.booked is not None
    assert story.state.review.booked.sequence == 1


def test_only_those_who_are_new_hear_that_others_come() -> None:
    story = booked()
    other = UserId("U0EVE")
    story.do(replace(MOVE, plan=replace(PLAN, invited=(ADA.id, CLEO.id, other)), why=""), after(50))
    assert in_person(story) == [other]


def test_nothing_that_changes_nothing_is_recorded() -> None:
    assert booked().do(replace(MOVE, plan=PLAN, why=""), after(50)) == ()


def test_a_form_that_shows_an_older_meeting_changes_nothing() -> None:
    story = booked()
    story.do(MOVE, after(50))
    assert "was changed meanwhile" in refused(story, replace(MOVE, plan=PLAN)).sentence


def test_one_that_is_cancelled_is_due_as_before_and_the_next_is_another_meeting() -> None:
    story = booked()
    (event,) = story.do(CancelReview(by=ADA, why="Nobody can come."), after(50))
    assert event == ReviewCancelled(at=after(50), by=ADA.id, number=1, sequence=1, plan=PLAN, why="Nobody can come.")
    assert story.state.review.state is None
    assert story.state.review.meeting is not None
    assert story.state.review.meeting.cancelled
    (again,) = story.do(BOOK, after(60))
    assert isinstance(again, ReviewBooked)
    assert (again.number, again.sequence) == (2, 0)


def test_it_was_held_on_its_day_by_those_who_came() -> None:
    story = booked()
    (event,) = story.do(HoldReview(by=BEN, came=(ADA.id, BEN.id)), TOMORROW + timedelta(hours=2))
    assert isinstance(event, ReviewHeld)
    assert (event.on, event.facilitator, event.came) == (date(2026, 3, 3), BEN.id, (ADA.id, BEN.id))
    assert story.state.review.state is ReviewState.HELD


def test_it_was_not_held_before_it_began_nor_twice() -> None:
    story = booked()
    assert refused(story, HoldReview(by=BEN)).field == "review_on"
    story.do(HoldReview(by=BEN), TOMORROW + timedelta(hours=2))
    assert "was held already" in refused(story, HoldReview(by=BEN), at=27 * 60).sentence


def test_one_that_was_never_booked_can_have_been_held_once_somebody_says_who_led_it() -> None:
    assert refused(resolved(), HoldReview(by=ADA)).field == "facilitator"
    story = resolved()
    story.do(HoldReview(by=ADA, facilitator=BEN), after(50))
    assert story.state.review.on == date(2026, 3, 2)


def test_waiving_needs_a_reason_and_a_severity_that_lets_it() -> None:
    assert refused(resolved(), WaiveReview(by=ADA, why=" ")).field == "why"
    required = resolved_under(ReviewDuty.REQUIRED)
    refusal = refused(required, WaiveReview(by=ADA, why="It was small."))
    assert refusal.sentence == "Policy asks for a review of SEV2; book it or hold it."


def test_waiving_calls_off_the_meeting() -> None:
    story = booked()
    (event,) = story.do(WaiveReview(by=ADA, why="The cause is known."), after(50))
    assert isinstance(event, ReviewWaived)
    assert (event.number, event.sequence, event.plan) == (1, 1, PLAN)
    assert story.state.review.meeting is not None
    assert story.state.review.meeting.cancelled
    assert in_person(story) == [BEN.id, CLEO.id]


def test_what_was_waived_can_be_booked_after_all() -> None:
    story = resolved()
    story.do(WaiveReview(by=ADA, why="The cause is known."), after(45))
    story.do(BOOK, after(50))
    assert story.state.review.booked is not None


def test_reopening_calls_off_the_meeting_and_a_later_one_is_another() -> None:
    story = booked()
    events = story.do(ReopenIncident(by=ADA), after(50))
    assert isinstance(events[0], ReviewCancelled)
    assert events[0].why == "INC-42 is reopened"
    assert story.state.review.booked is None
    story.do(ResolveIncident(by=ADA), after(60))
    (again,) = story.do(BOOK, after(70))
    assert isinstance(again, ReviewBooked)
    assert again.number == 2


def test_during_the_response_and_of_a_drill_there_is_no_review() -> None:
    assert refused(checkout(), BOOK).verb == "resolve"
    practised = drill()
    practised.do(ResolveIncident(by=ADA), after(30))
    assert refused(practised, BOOK).sentence == "DRILL INC-42 has its scorecard, and no review."
    cancelled = checkout()
    cancelled.do(CancelIncident(by=ADA), after(30))
    assert "nothing to review" in refused(cancelled, BOOK).sentence


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": after(10)}, "starts_at"),
        ({"starts_at": after(91 * 24 * 60)}, "starts_at"),
        ({"length": timedelta(minutes=5)}, "length"),
        ({"length": timedelta(hours=9)}, "length"),
        ({"invited": tuple(UserId(f"U{number}") for number in range(60))}, "invited"),
    ],
)
def test_a_plan_that_cannot_be_is_refused_beside_its_field(changes: dict[str, object], field: str) -> None:
    plan = replace(PLAN, **changes)  # type: ignore[arg-type]
    assert refused(resolved(), replace(BOOK, plan=plan)).field == field


def test_a_guest_neither_leads_it_nor_is_invited() -> None:
    refusal = refused(resolved(), replace(BOOK, people=(ADA, DEE)))
    assert (refusal.field, refusal.sentence[:3]) == ("invited", "Dee")
    leads = replace(PLAN, facilitator=DEE.id)
    assert refused(resolved(), replace(BOOK, plan=leads, people=(DEE,))).field == "facilitator"


def test_to_the_review_of_a_private_incident_come_only_people_of_its_channel() -> None:
    story = checkout(private=True)
    story.do(ResolveIncident(by=ADA), after(30))
    refusal = refused(story, BOOK)
    assert (refusal.field, refusal.who) == ("invited", CLEO.id)
    functions = replace(PLAN, invited=(), functions=(InvitedFunction(name="reliability"),))
    assert refused(story, replace(BOOK, plan=functions)).field == "functions"
    story.do(replace(BOOK, plan=replace(PLAN, invited=(ADA.id,))), after(40))
    assert in_person(story) == [BEN.id]


def test_whoever_leads_it_answers_for_it_from_anywhere_and_others_do_not() -> None:
    story = resolved()
    story.do(replace(BOOK, plan=replace(PLAN, facilitator=CLEO.id, invited=())), after(40))
    story.do(replace(MOVE, by=CLEO, plan=replace(LATER, facilitator=CLEO.id, invited=())), after(50))
    with pytest.raises(NotAMember):
        booked().decided(CancelReview(by=CLEO), after(50))


def test_the_form_of_closing_leaves_a_booked_review_as_it_is() -> None:
    story = booked()
    by_hand = Review(state=ReviewState.BOOKED, on=date(2026, 3, 3), facilitator=BEN.id)
    events = story.do(CloseIncident(by=ADA, because="All is done.", review=by_hand), after(50))
    assert not any(isinstance(each, ReviewRecorded | ReviewMoved) for each in events)
    assert story.state.review.booked is not None


def test_the_form_of_closing_moves_nothing_and_holds_or_waives_what_is_booked() -> None:
    story, other = booked(), Review(state=ReviewState.BOOKED, on=date(2026, 3, 5), facilitator=BEN.id)
    assert refused(story, CloseIncident(by=ADA, because="Done.", review=other)).field == "review_on"
    held = Review(state=ReviewState.HELD, on=date(2026, 3, 3), facilitator=BEN.id)
    events = story.do(CloseIncident(by=ADA, because="Done.", review=held), TOMORROW + timedelta(hours=2))
    assert any(isinstance(each, ReviewHeld) for each in events)
    other_story, waived = booked(), Review(state=ReviewState.WAIVED, why="The cause is known.")
    events = other_story.do(CloseIncident(by=ADA, because="Done.", review=waived), after(50))
    assert any(isinstance(each, ReviewWaived) for each in events)


def test_a_day_that_was_recorded_by_hand_gets_an_exact_time() -> None:
    story = resolved()
    by_hand = Review(state=ReviewState.BOOKED, on=date(2026, 3, 4), facilitator=BEN.id)
    story.happened(ReviewRecorded(at=after(35), by=ADA.id, review=by_hand))
    story.do(BOOK, after(40))
    assert story.state.review.booked is not None
    assert story.state.review.on is None
