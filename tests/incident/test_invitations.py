"""Who is asked to the review by their calendar: the file in the channel, a letter to each whose calendar changes."""

from dataclasses import replace
from typing import Any, Final

import pytest

from bot.incident.commands import RecordFailure, RecordLeft, ReopenIncident, ResolveIncident
from bot.incident.effects import Effect
from bot.incident.invitation_effects import MailInvitation, PostInvitation
from bot.incident.invitations import Errand, MeetingEvent, errand
from bot.incident.review import InvitedFunction, ReviewPlan
from bot.incident.review_commands import (
    BookReview,
    CancelReview,
    HoldReview,
    MoveReview,
    RecordInvitation,
    WaiveReview,
)
from bot.incident.review_events import InvitationPosted, ReviewBooked, ReviewMoved
from bot.incident.terms import INVITATION, MUSTER_ITSELF, FileId, Severity, UserId
from tests.incident.given import ADA, BEN, CLEO, ROOM, Story, after, checkout, drill, minutes, resolved

DAY: Final = 24 * 60
PLAN: Final = ReviewPlan(starts_at=after(2 * DAY), length=minutes(45), facilitator=BEN.id, invited=(ADA.id,))
LATER: Final = replace(PLAN, starts_at=after(2 * DAY + 60))
FILE: Final = FileId("F1")


def booked(plan: ReviewPlan = PLAN, story: Story | None = None) -> Story:
    told = story or resolved()
    told.do(BookReview(by=ADA, plan=plan), after(40))
    return told


def moved(story: Story, plan: ReviewPlan, at: float = 50) -> MeetingEvent:
    (event,) = story.do(MoveReview(by=ADA, plan=plan, why="Ben is away."), after(at))
    assert isinstance(event, ReviewMoved)
    return event


def of_kind(story: Story, kind: type[Effect]) -> list[Any]:
    return [effect for effect in story.effects if isinstance(effect, kind)]


def lettered(story: Story) -> list[UserId]:
    return [effect.user for effect in of_kind(story, MailInvitation)]


def errands(story: Story, event: MeetingEvent, *users: UserId, at: float = 60) -> list[Errand | None]:
    return [errand(story.state, event, user, after(at)) for user in users]


def test_a_booking_puts_one_file_into_the_channel_and_one_letter_to_each() -> None:
    story = booked(replace(PLAN, functions=(InvitedFunction(name="reliability", people=(CLEO.id, ADA.id)),)))
    (event,) = [each for each in story.log if isinstance(each, ReviewBooked)]
    assert of_kind(story, PostInvitation) == [PostInvitation(incident=story.state.id, channel=ROOM, about=event)]
    assert lettered(story) == [BEN.id, ADA.id, CLEO.id]


def test_a_move_is_another_file_and_a_letter_to_everybody() -> None:
    story = booked()
    event = moved(story, LATER)
    assert [each.about for each in of_kind(story, PostInvitation)] == [event]
    assert lettered(story) == [BEN.id, ADA.id]
    assert errands(story, event, BEN.id, ADA.id) == [Errand.MOVED, Errand.MOVED]


def test_where_only_people_change_those_who_stay_are_left_in_peace() -> None:
    story = booked()
    event = moved(story, replace(PLAN, invited=(CLEO.id,)))
    assert of_kind(story, PostInvitation) == []
    assert lettered(story) == [CLEO.id, ADA.id]
    assert errands(story, event, CLEO.id, ADA.id) == [Errand.INVITED, Errand.UNINVITED]


def test_whoever_is_taken_off_while_it_is_moved_hears_that_and_not_the_new_time() -> None:
    story = booked()
    event = moved(story, replace(LATER, invited=()))
    assert lettered(story) == [BEN.id, ADA.id]
    assert errands(story, event, ADA.id) == [Errand.UNINVITED]


@pytest.mark.parametrize("command", [CancelReview(by=ADA, why="Nobody can come."), ReopenIncident(by=ADA, why="Back.")])
def test_what_is_called_off_leaves_every_calendar(command: CancelReview | ReopenIncident) -> None:
    story = booked()
    story.do(command, after(50))
    event = of_kind(story, PostInvitation)[0].about
    assert lettered(story) == [BEN.id, ADA.id]
    assert errands(story, event, BEN.id) == [Errand.CANCELLED]


def test_a_review_that_is_waived_after_it_was_booked_leaves_every_calendar() -> None:
    story = booked()
    (event,) = story.do(WaiveReview(by=ADA, why="The cause is known."), after(50))
    assert lettered(story) == [BEN.id, ADA.id]
    assert errands(story, event, ADA.id) == [Errand.CANCELLED]  # type: ignore[arg-type]


def test_a_review_that_nobody_booked_is_in_no_calendar() -> None:
    story = resolved()
    story.do(WaiveReview(by=ADA, why="The cause is known."), after(50))
    assert of_kind(story, MailInvitation) == of_kind(story, PostInvitation) == []


def test_a_letter_that_a_later_one_has_overtaken_is_not_sent() -> None:
    story = booked()
    first = story.log[-1]
    assert isinstance(first, ReviewBooked)
    moved(story, LATER)
    assert errands(story, first, BEN.id) == [None]


def test_one_that_waited_while_only_others_were_invited_is_still_sent() -> None:
    story = booked()
    first = story.log[-1]
    assert isinstance(first, ReviewBooked)
    moved(story, replace(PLAN, invited=(ADA.id, CLEO.id)))
    assert errands(story, first, BEN.id) == [Errand.INVITED]


def test_a_letter_about_what_is_over_is_not_sent() -> None:
    story = booked()
    event = story.log[-1]
    assert isinstance(event, ReviewBooked)
    assert errands(story, event, BEN.id, at=2 * DAY + 45) == [None]
    story.do(HoldReview(by=BEN), after(2 * DAY + 10))
    assert errands(story, event, BEN.id, at=2 * DAY + 20) == [None]


def privately() -> Story:
    story = checkout(Severity.SEV2, private=True)
    story.do(ResolveIncident(by=ADA, summary="Turned."), after(30))
    return booked(story=story)


def test_whoever_left_a_private_incident_is_not_invited_to_its_review() -> None:
    story = privately()
    event = story.log[-1]
    assert isinstance(event, ReviewBooked)
    story.do(RecordLeft(by=MUSTER_ITSELF, user=BEN.id), after(45))
    assert errands(story, event, BEN.id, ADA.id) == [None, Errand.INVITED]


def test_whoever_left_a_private_incident_only_learns_that_they_are_not_invited_any_more() -> None:
    story = privately()
    story.do(RecordLeft(by=MUSTER_ITSELF, user=BEN.id), after(45))
    (event,) = story.do(CancelReview(by=ADA, why="Nobody can come."), after(50))
    assert errands(story, event, BEN.id, ADA.id) == [Errand.UNINVITED, Errand.CANCELLED]  # type: ignore[arg-type]


def test_nothing_of_a_drill_is_for_calendars_whatever_is_in_its_log() -> None:
    story = drill()
    event = ReviewBooked(at=after(40), by=ADA.id, number=1, sequence=0, plan=PLAN)
    story.happened(event)
    assert errands(story, event, BEN.id) == [None]


def test_the_file_is_on_record_once_a_sequence() -> None:
    story = booked()
    done = RecordInvitation(by=MUSTER_ITSELF, number=1, sequence=0, file=FILE)
    (posted,) = story.do(done, after(41))
    assert posted == InvitationPosted(at=after(41), by=MUSTER_ITSELF.id, number=1, sequence=0, file=FILE)
    assert story.decided(replace(done, file=FileId("F2")), after(42)) == ()
    assert len(story.decided(replace(done, sequence=1), after(42))) == 1


def test_a_file_that_stands_mends_what_was_refused_and_draws_no_card_again() -> None:
    story = booked()
    story.do(RecordFailure(by=MUSTER_ITSELF, step=INVITATION, reason="the app lacks files:write"), after(41))
    content = story.state.content
    story.do(RecordInvitation(by=MUSTER_ITSELF, number=1, sequence=0, file=FILE), after(42))
    assert INVITATION not in story.state.failed_steps
    assert story.state.content == content
