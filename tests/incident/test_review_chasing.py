"""Asking after the review: by half of the span, when it is due, then to others; and what became of one that is over."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.incident.afterwards_effects import PostPreread, PostReviewOverdue, SendPreread, UploadDraft
from bot.incident.closing_commands import CloseIncident
from bot.incident.closing_events import ReviewRecorded
from bot.incident.closure import Review, ReviewDuty, ReviewState
from bot.incident.commands import RecordLeft, ReopenIncident, ResolveIncident
from bot.incident.effects import TellPerson
from bot.incident.events import StatusChanged
from bot.incident.overtaking import Timeliness, timeliness
from bot.incident.policy import Policy, ReviewRule
from bot.incident.review import ReviewPlan, ReviewStage
from bot.incident.review_chasing import PREREAD_TIMER, REVIEW_TIMER
from bot.incident.review_commands import BookReview, CancelReview, HoldReview, MoveReview
from bot.incident.review_events import PrereadGiven, ReviewAsked
from bot.incident.terms import MUSTER_ITSELF, Person, Status, UserId
from tests.incident.given import ADA, BEN, CLEO, Story, after, checkout, drill
from tests.incident.test_closing import asking

BOSS = UserId("U0BOSS")
LEAD = Person(id=UserId("U0LEAD"), name="Lea", time_zone="America/New_York")
REQUIRED: Policy = replace(asking(ReviewDuty.REQUIRED), review=ReviewRule(sponsors=(BOSS,)))
PLAN = ReviewPlan(starts_at=after(24 * 60), length=timedelta(hours=1), facilitator=LEAD.id)
BOOK = BookReview(by=ADA, plan=PLAN, people=(LEAD,))


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def resolved(policy: Policy = REQUIRED, *, private: bool = False) -> Story:
    """On Monday the 2nd at 12:30, due on Thursday at 12:30; Ada is in UTC."""
    story = checkout(policy=policy, private=private)
    story.do(ResolveIncident(by=ADA), after(30))
    return story


def asked(story: Story) -> list[ReviewAsked]:
    return [each for each in story.log if isinstance(each, ReviewAsked)]


def fire(story: Story) -> None:
    story.fire(story.timers[REVIEW_TIMER], REVIEW_TIMER)


def told(story: Story) -> list[UserId]:
    return [each.user for each in story.effects if isinstance(each, TellPerson)]


def sent(story: Story) -> list[UserId]:
    return [each.user for each in story.effects if isinstance(each, SendPreread)]


def test_nobody_has_booked_it_by_half_of_the_span_so_the_commander_is_asked_in_the_morning() -> None:
    story = resolved()
    assert story.timers[REVIEW_TIMER] == utc(4, 9)
    fire(story)
    assert asked(story) == [
        ReviewAsked(at=utc(4, 9), by=asked(story)[0].by, stage=ReviewStage.UNBOOKED, asked=(ADA.id,), number=1)
    ]
    assert told(story) == [ADA.id]


def test_when_it_is_due_they_are_asked_again_and_a_day_later_it_climbs() -> None:
    story = resolved()
    fire(story)
    assert story.timers[REVIEW_TIMER] == utc(5, 12, 30)
    fire(story)
    assert (asked(story)[-1].stage, told(story)) == (ReviewStage.OVERDUE, [ADA.id])
    assert story.timers[REVIEW_TIMER] == utc(6, 12, 30)
    fire(story)
    assert (asked(story)[-1].stage, told(story)) == (ReviewStage.CLIMBED, [BOSS])
    assert PostReviewOverdue(incident=story.state.id, number=3) in story.effects
    assert REVIEW_TIMER not in story.timers


def test_where_both_questions_would_come_on_one_morning_only_the_later_one_does() -> None:
    story = checkout(policy=REQUIRED)
    story.do(ResolveIncident(by=ADA), utc(6, 18))
    story.policy = replace(
        REQUIRED, severities={s: replace(r, review_within=timedelta(hours=48)) for s, r in REQUIRED.severities.items()}
    )
    assert story.timers[REVIEW_TIMER] == utc(9, 9)
    fire(story)
    assert asked(story)[0].stage is ReviewStage.OVERDUE


def test_what_may_be_waived_does_not_climb() -> None:
    story = resolved(replace(asking(ReviewDuty.WAIVABLE), review=ReviewRule(sponsors=(BOSS,))))
    fire(story)
    fire(story)
    assert REVIEW_TIMER not in story.timers


def test_where_policy_wants_nobody_else_to_hear_it_does_not_climb() -> None:
    story = resolved(replace(REQUIRED, review=ReviewRule(announce_overdue=False)))
    fire(story)
    fire(story)
    assert REVIEW_TIMER not in story.timers


def test_a_private_one_climbs_to_members_alone_and_never_into_the_digest() -> None:
    story = resolved(private=True)
    fire(story)
    fire(story)
    assert REVIEW_TIMER not in story.timers
    story.policy = replace(REQUIRED, review=ReviewRule(sponsors=(BOSS, BEN.id)))
    fire(story)
    assert told(story) == [BEN.id]
    assert not any(isinstance(each, PostReviewOverdue) for each in story.effects)


def test_once_it_is_booked_nobody_is_asked_until_it_is_over() -> None:
    story = resolved()
    fire(story)
    story.do(BOOK, after(60))
    assert story.timers[REVIEW_TIMER] == utc(4, 14)


def test_a_day_after_it_whoever_led_it_is_asked_in_their_morning_whether_it_was_held() -> None:
    story = resolved()
    story.do(BOOK, after(60))
    fire(story)
    assert (asked(story)[-1].stage, told(story)) == (ReviewStage.UNSETTLED, [LEAD.id])
    assert story.timers[REVIEW_TIMER] == utc(11, 14)
    story.do(HoldReview(by=LEAD), utc(11, 15))
    assert REVIEW_TIMER not in story.timers


def test_of_a_day_recorded_by_hand_the_same_is_asked() -> None:
    story = resolved()
    by_hand = Review(state=ReviewState.BOOKED, on=date(2026, 3, 3), facilitator=BEN.id)
    story.happened(ReviewRecorded(at=after(40), by=ADA.id, review=by_hand))
    assert story.timers[REVIEW_TIMER] == utc(5, 9)
    fire(story)
    assert told(story) == [BEN.id]


def test_moving_it_asks_anew_after_the_new_day() -> None:
    story = resolved()
    story.do(BOOK, after(60))
    fire(story)
    later = replace(PLAN, starts_at=utc(10, 15))
    story.do(MoveReview(by=LEAD, plan=later, people=(LEAD,), why="Ben was away."), utc(4, 15))
    assert story.timers[REVIEW_TIMER] == utc(11, 16)


def test_whoever_cancelled_it_is_not_asked_at_once_whether_there_is_another() -> None:
    story = resolved()
    story.do(BOOK, after(60))
    story.do(CancelReview(by=ADA), utc(4, 10))
    assert story.timers[REVIEW_TIMER] == utc(5, 10)


def test_a_drill_and_what_is_open_again_are_asked_after_by_nobody() -> None:
    practised = drill()
    practised.do(ResolveIncident(by=ADA), after(30))
    assert REVIEW_TIMER not in practised.timers
    story = resolved()
    story.do(ReopenIncident(by=ADA), after(40))
    assert REVIEW_TIMER not in story.timers


def test_closed_without_a_review_and_with_a_reason_it_is_asked_for_no_more() -> None:
    story = resolved()
    story.do(CloseIncident(by=ADA, because="It is INC-41 again."), after(40))
    assert REVIEW_TIMER not in story.timers


def test_a_question_that_waited_while_it_was_booked_is_not_put() -> None:
    story = resolved()
    fire(story)
    (question,) = [each for each in story.effects if isinstance(each, TellPerson)]
    assert timeliness(question, story.state) is Timeliness.DUE
    story.do(replace(BOOK, plan=replace(PLAN, starts_at=utc(5, 10))), utc(4, 10))
    assert timeliness(question, story.state) is Timeliness.OVER


def test_after_hours_without_slack_only_the_newest_question_is_put() -> None:
    story = resolved()
    fire(story)
    (first,) = [each for each in story.effects if isinstance(each, TellPerson)]
    fire(story)
    assert timeliness(first, story.state) is Timeliness.OVERTAKEN


def test_a_day_before_it_the_pack_is_given_to_the_channel_and_to_each_who_comes() -> None:
    story = resolved()
    plan = replace(PLAN, starts_at=utc(5, 10), invited=(ADA.id, CLEO.id))
    story.do(replace(BOOK, plan=plan), after(60))
    assert story.timers[PREREAD_TIMER] == utc(4, 10)
    story.fire(utc(4, 10), PREREAD_TIMER)
    kinds = [type(each) for each in story.effects]
    assert kinds.count(PostPreread) == kinds.count(UploadDraft) == 1
    assert sent(story) == [LEAD.id, ADA.id, CLEO.id]
    assert PREREAD_TIMER not in story.timers


def test_booked_for_sooner_it_is_given_at_once() -> None:
    story = resolved()
    story.do(replace(BOOK, plan=replace(PLAN, starts_at=after(240))), after(60))
    assert story.timers[PREREAD_TIMER] < after(60)


def test_it_is_given_once_and_after_a_move_only_to_those_who_are_new() -> None:
    story = resolved()
    story.do(BOOK, after(60))
    story.fire(after(61), PREREAD_TIMER)
    later = replace(PLAN, starts_at=utc(10, 15), invited=(CLEO.id,))
    story.do(MoveReview(by=LEAD, plan=later, people=(LEAD,), why="Ben was away."), after(70))
    assert PREREAD_TIMER not in story.timers
    assert sent(story) == [CLEO.id]


def test_another_meeting_has_a_pack_of_its_own() -> None:
    story = resolved()
    story.do(BOOK, after(60))
    story.fire(after(61), PREREAD_TIMER)
    story.do(CancelReview(by=ADA), after(70))
    assert PREREAD_TIMER not in story.timers
    story.do(BOOK, after(80))
    assert PREREAD_TIMER in story.timers


def test_one_that_comes_too_late_is_given_to_nobody_and_comes_no_more() -> None:
    story = resolved()
    story.do(BOOK, after(60))
    (event,) = story.fire(utc(4, 12), PREREAD_TIMER)
    assert isinstance(event, PrereadGiven)
    assert not event.in_time
    assert story.effects == ()
    assert PREREAD_TIMER not in story.timers


def test_of_a_private_review_only_people_of_the_channel_get_it() -> None:
    story = resolved(private=True)
    plan = replace(PLAN, facilitator=BEN.id, invited=(ADA.id,))
    story.do(replace(BOOK, plan=plan, people=(ADA, BEN)), after(60))
    story.do(RecordLeft(by=MUSTER_ITSELF, user=ADA.id), after(61))
    story.fire(after(62), PREREAD_TIMER)
    assert sent(story) == [BEN.id]


def test_what_fell_due_weeks_ago_is_asked_about_by_nobody_and_climbs_nowhere() -> None:
    story = resolved()
    (event,) = story.fire(utc(30, 9), REVIEW_TIMER)
    assert isinstance(event, ReviewAsked)
    assert (event.stage, event.asked) == (ReviewStage.LAPSED, ())
    assert (told(story), REVIEW_TIMER in story.timers) == ([], False)
    story.do(replace(BOOK, plan=replace(PLAN, starts_at=utc(31, 10))), utc(30, 10))
    assert REVIEW_TIMER in story.timers


def test_what_became_of_it_is_asked_for_two_months_and_no_longer() -> None:
    story = resolved()
    story.do(BOOK, after(60))
    while REVIEW_TIMER in story.timers:
        fire(story)
    weekly = [each for each in asked(story) if each.stage is ReviewStage.UNSETTLED]
    assert len(weekly) == 9
    assert asked(story)[-1].stage is ReviewStage.LAPSED


def test_one_that_was_closed_before_closing_asked_for_a_review_is_asked_after_by_nobody() -> None:
    story = resolved()
    story.happened(StatusChanged(at=after(40), by=ADA.id, before=Status.RESOLVED, after=Status.CLOSED))
    assert REVIEW_TIMER not in story.timers
