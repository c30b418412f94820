"""Those who took part are asked once how it went; where answers carry no name, nothing that is kept gives one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.incident.afterwards_effects import FindRespondents
from bot.incident.closing_commands import CloseIncident
from bot.incident.closing_events import ReviewRecorded
from bot.incident.closure import Review, ReviewState
from bot.incident.commands import (
    CancelIncident,
    JoinIncident,
    RecordJoined,
    RecordLeft,
    ReopenIncident,
    ResolveIncident,
)
from bot.incident.effects import TellPerson
from bot.incident.feedback import OPEN_FOR, Answer, Feedback, Informed, Led, Respondent, Said, told
from bot.incident.feedback_commands import GiveFeedback, RecordRespondents
from bot.incident.feedback_events import FeedbackGiven, FeedbackOpened
from bot.incident.giving_feedback import FEEDBACK_TIMER, TOO_LATE_AFTER
from bot.incident.overtaking import Timeliness, timeliness
from bot.incident.participation import took_part
from bot.incident.policy import FeedbackRule
from bot.incident.terms import MUSTER, MUSTER_ITSELF, NotAMember, Person, Rejected, UserId
from tests.incident.given import ADA, BEN, CLEO, NOON, POLICY, Story, after, checkout, drill, minutes

ASKING = replace(POLICY, feedback=FeedbackRule())
A_DAY = timedelta(days=1)
RESOLVED = after(30)
"""Monday 12:30 UTC."""
OPENED = RESOLVED + A_DAY
SOMEBODY, ELSE = Respondent("9f2c"), Respondent("07aa")
UNCLEAR = Answer(led=Led.UNCLEAR, change="Say who leads in the topic.")


def resolved(rule: FeedbackRule = FeedbackRule(), *, private: bool = False) -> Story:  # noqa: B008 - a frozen value
    story = checkout(policy=replace(POLICY, feedback=rule), private=private)
    story.do(ResolveIncident(by=ADA), RESOLVED)
    return story


def found(story: Story, **zones: str) -> Story:
    """It is a day later, and these are to be asked: ada='Europe/Berlin'."""
    story.fire(story.timers[FEEDBACK_TIMER], FEEDBACK_TIMER)
    listed = tuple((UserId(f"U0{name.upper()}"), zone) for name, zone in zones.items())
    story.do(RecordRespondents(by=MUSTER_ITSELF, zones=listed), OPENED)
    return story


def asked(story: Story | None = None, *, private: bool = False) -> Story:
    """Ada and Ben were asked, at 12:30 UTC a day later."""
    story = found(story or resolved(private=private), ada="UTC", ben="UTC")
    story.fire(OPENED, FEEDBACK_TIMER)
    return story


def give(
    story: Story, by: Person, respondent: Respondent, answer: Answer = UNCLEAR, at: datetime | None = None
) -> Story:
    story.do(GiveFeedback(by=by, respondent=respondent, answer=answer), at or OPENED + minutes(17))
    return story


def test_a_day_after_it_is_resolved_it_is_looked_up_whom_to_ask() -> None:
    story = resolved()
    assert story.timers[FEEDBACK_TIMER] == OPENED
    assert story.fire(OPENED, FEEDBACK_TIMER) == (FeedbackOpened(at=OPENED, by=MUSTER, anonymous=True),)
    assert story.effects == (FindRespondents(incident=story.state.id),)
    assert FEEDBACK_TIMER not in story.timers


def test_each_is_asked_in_working_hours_of_their_own_zone() -> None:
    story = found(resolved(), ada="Europe/Berlin", ben="America/Los_Angeles")
    assert story.timers[FEEDBACK_TIMER] == OPENED
    story.fire(OPENED, FEEDBACK_TIMER)
    assert [each.user for each in story.effects if isinstance(each, TellPerson)] == [ADA.id]
    nine_in_los_angeles = datetime(2026, 3, 3, 17, tzinfo=UTC)
    assert story.timers[FEEDBACK_TIMER] == nine_in_los_angeles
    story.fire(nine_in_los_angeles, FEEDBACK_TIMER)
    assert [each.user for each in story.effects if isinstance(each, TellPerson)] == [BEN.id]
    assert FEEDBACK_TIMER not in story.timers


@pytest.mark.parametrize("ending", [CancelIncident(by=ADA), None])
def test_what_goes_on_or_was_no_incident_is_not_asked_about(ending: CancelIncident | None) -> None:
    story = checkout(policy=ASKING)
    if ending:
        story.do(ending, RESOLVED)
    assert FEEDBACK_TIMER not in story.timers


def test_never_means_never() -> None:
    assert FEEDBACK_TIMER not in resolved(FeedbackRule(after=None)).timers


@pytest.mark.parametrize("drills", [False, True])
def test_after_a_drill_people_are_asked_only_where_policy_says_so(drills: bool) -> None:
    story = drill(policy=replace(POLICY, feedback=FeedbackRule(drills=drills)))
    story.do(ResolveIncident(by=ADA), RESOLVED)
    assert (FEEDBACK_TIMER in story.timers) is drills


def test_closing_it_changes_nothing_about_it() -> None:
    story = resolved()
    story.do(CloseIncident(by=ADA, because="It was small."), after(40))
    assert story.timers == {FEEDBACK_TIMER: OPENED}


def test_reopened_meanwhile_nobody_is_asked() -> None:
    story = found(resolved(), ada="Europe/Berlin")
    story.do(ReopenIncident(by=ADA), OPENED)
    assert FEEDBACK_TIMER not in story.timers


def test_what_slack_says_of_people_after_a_reopening_comes_too_late() -> None:
    story = resolved()
    story.fire(OPENED, FEEDBACK_TIMER)
    story.do(ReopenIncident(by=ADA), OPENED)
    assert story.do(RecordRespondents(by=MUSTER_ITSELF, zones=((BEN.id, "UTC"),)), OPENED) == ()


def test_whoever_was_asked_is_not_asked_again_after_another_end() -> None:
    story = asked()
    story.do(ReopenIncident(by=ADA), OPENED)
    story.do(ResolveIncident(by=ADA), OPENED + minutes(60))
    story.fire(story.timers[FEEDBACK_TIMER], FEEDBACK_TIMER)
    everybody = tuple((user, "UTC") for user in (ADA.id, BEN.id, CLEO.id))
    story.do(RecordRespondents(by=MUSTER_ITSELF, zones=everybody), OPENED + A_DAY)
    assert set(story.state.feedback.waiting) == {CLEO.id}


def test_a_question_that_slack_held_up_until_it_was_reopened_is_not_asked_any_more() -> None:
    story = asked()
    question = story.effects[0]
    assert timeliness(question, story.state) is Timeliness.DUE
    story.do(ReopenIncident(by=ADA), OPENED)
    assert timeliness(question, story.state) is Timeliness.OVER


def test_whoever_was_taken_out_of_a_private_incident_is_not_asked() -> None:
    story = found(resolved(private=True), ada="UTC", ben="UTC")
    story.do(RecordLeft(by=MUSTER_ITSELF, user=BEN.id), OPENED)
    story.fire(OPENED, FEEDBACK_TIMER)
    assert [each.user for each in story.effects if isinstance(each, TellPerson)] == [ADA.id]
    assert FEEDBACK_TIMER not in story.timers


def test_what_ended_long_ago_is_not_asked_about_any_more() -> None:
    story = resolved()
    late = OPENED + TOO_LATE_AFTER + minutes(1)
    assert story.fire(late, FEEDBACK_TIMER) == (FeedbackOpened(at=late, by=MUSTER, anonymous=True, lapsed=True),)
    assert (story.effects, story.timers.get(FEEDBACK_TIMER)) == ((), None)


def test_asked_are_those_who_did_something_were_there_or_asked_to_be() -> None:
    story = checkout(policy=ASKING)
    story.do(JoinIncident(by=CLEO), after(1))
    story.do(RecordJoined(by=MUSTER_ITSELF, users=(UserId("U0EVE"),)), after(2))
    story.do(RecordLeft(by=MUSTER_ITSELF, user=UserId("U0EVE")), after(3))
    assert took_part(story.log) == (ADA.id, BEN.id, UserId("U0EVE"), CLEO.id)


def test_an_answer_without_a_name_is_told_by_nothing_in_the_log() -> None:
    story = give(asked(), BEN, SOMEBODY)
    given = FeedbackGiven(at=OPENED, by=MUSTER, respondent=SOMEBODY, answer=UNCLEAR)
    assert story.log[-1] == given
    assert BEN.id not in repr(story.log[-1])


def test_no_effect_no_timer_and_no_card_follows_from_an_answer() -> None:
    before = asked()
    story = give(asked(), BEN, SOMEBODY)
    assert story.effects == ()
    assert (story.timers, story.state.content) == (before.timers, before.state.content)


def test_all_answers_without_a_name_have_one_time_also_after_a_reopening() -> None:
    story = give(asked(), BEN, SOMEBODY)
    story.do(ReopenIncident(by=ADA), OPENED + minutes(30))
    give(story, ADA, ELSE, at=OPENED + minutes(50))
    assert {each.at for each in story.log if isinstance(each, FeedbackGiven)} == {OPENED}


def test_a_second_answer_takes_the_place_of_the_first() -> None:
    story = give(asked(), BEN, SOMEBODY)
    better = Answer(led=Led.LATER)
    give(story, BEN, SOMEBODY, better)
    assert story.state.feedback.answers == {SOMEBODY: better}


def test_the_same_answer_again_is_no_event() -> None:
    story = give(asked(), BEN, SOMEBODY)
    assert story.do(GiveFeedback(by=BEN, respondent=SOMEBODY, answer=UNCLEAR), OPENED) == ()


def test_only_whoever_was_asked_may_answer() -> None:
    with pytest.raises(Rejected, match="Only those who took part in INC-42 are asked"):
        give(asked(), CLEO, ELSE)


def test_of_a_private_incident_an_outsider_is_told_nothing() -> None:
    story = asked(private=True)
    with pytest.raises(NotAMember, match="no INC-42 that you can see"):
        give(story, replace(CLEO, speaks_in=None), ELSE)


def test_answers_are_taken_for_thirty_days() -> None:
    story = asked()
    give(story, BEN, SOMEBODY, at=OPENED + OPEN_FOR - minutes(1))
    with pytest.raises(Rejected, match="taken for 30 days"):
        give(story, ADA, ELSE, at=OPENED + OPEN_FOR)


def test_an_empty_answer_is_none() -> None:
    with pytest.raises(Rejected, match="at least one of the questions"):
        give(asked(), BEN, SOMEBODY, Answer(change="  \n"))


def test_with_names_the_log_says_who_and_when() -> None:
    story = asked(resolved(FeedbackRule(anonymous=False)))
    give(story, BEN, Respondent(BEN.id))
    said = OPENED + minutes(17)
    assert story.log[-1] == FeedbackGiven(at=said, by=BEN.id, respondent=Respondent(BEN.id), answer=UNCLEAR)


def test_what_was_promised_to_the_first_holds_for_all_when_policy_changes() -> None:
    story = asked()
    story.policy = replace(POLICY, feedback=FeedbackRule(anonymous=False))
    story.do(ReopenIncident(by=ADA), OPENED)
    story.do(ResolveIncident(by=ADA), OPENED)
    story.fire(story.timers[FEEDBACK_TIMER], FEEDBACK_TIMER)
    assert story.state.feedback.anonymous


def feedback(answers: int, *, of: int = 9, anonymous: bool = True) -> Feedback:
    return Feedback(
        opened_at=NOON,
        anonymous=anonymous,
        asked={UserId(f"U{number}"): NOON for number in range(of)},
        answers={Respondent(f"U{number}"): Answer(change=f"{9 - number}") for number in range(answers)},
    )


@pytest.mark.parametrize(("given", "shown"), [(0, 0), (2, 0), (3, 3), (5, 3), (6, 6), (9, 9)])
def test_answers_without_a_name_are_shown_three_at_a_time(given: int, shown: int) -> None:
    assert len(told(feedback(given), least=3, review_held=False)) == shown


def test_the_rest_is_shown_once_the_review_is_held_or_everybody_has_answered() -> None:
    assert len(told(feedback(2), least=3, review_held=True)) == 2
    assert len(told(feedback(4, of=4), least=3, review_held=False)) == 4
    assert len(told(feedback(2, of=2), least=3, review_held=False)) == 0


def test_the_order_in_which_they_are_shown_is_that_of_their_words() -> None:
    assert [each.answer.change for each in told(feedback(3), least=3, review_held=False)] == ["7", "8", "9"]


def test_with_names_they_are_shown_at_once() -> None:
    shown = told(feedback(1, anonymous=False), least=3, review_held=False)
    assert shown == (Said(answer=Answer(change="9"), by=UserId("U0")),)


def test_a_held_review_shows_what_there_is() -> None:
    story = give(asked(), BEN, SOMEBODY, Answer(informed=Informed.LATE))
    held = Review(state=ReviewState.HELD, on=NOON.date(), facilitator=ADA.id)
    story.happened(ReviewRecorded(at=OPENED, by=ADA.id, review=held))
    assert len(told(story.state.feedback, least=3, review_held=True)) == 1
