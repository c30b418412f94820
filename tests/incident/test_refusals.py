"""What Slack refuses for good: one cause is told once, reminders find another way, and a channel can be tried again."""

import pytest

from bot.incident.commands import RecordChannel, RecordFailure, RetryChannel
from bot.incident.effects import ANNOUNCEMENT, Effect, OpenChannel, PostCard, TellPerson, reminder_card
from bot.incident.events import StepFailed, UpdateReminded
from bot.incident.informing import UPDATE_TIMER
from bot.incident.terms import ANNOUNCING, INCIDENT_CHANNEL, MUSTER_ITSELF, OPENING, Person, Rejected
from tests.incident.given import ADA, BEN, CLEO, NEWS, ROOM, Story, after, card_posted, checkout, led, opening

ARCHIVED = RecordFailure(by=MUSTER_ITSELF, step=INCIDENT_CHANNEL, reason="the channel is archived (is_archived)")
REMOVED = RecordFailure(by=MUSTER_ITSELF, step=INCIDENT_CHANNEL, reason="Muster is not in it (not_in_channel)")
FORBIDDEN = RecordFailure(by=MUSTER_ITSELF, step=OPENING, reason="a workspace setting forbids it")


def told(story: Story) -> list[tuple[str, type]]:
    return [(each.user, type(each.about)) for each in story.effects if isinstance(each, TellPerson)]


def test_one_cause_is_told_once_however_much_fails_by_it() -> None:
    story = checkout()
    for step in ("topic", "invite", "pin"):
        story.do(RecordFailure(by=MUSTER_ITSELF, step=step, reason="the app lacks channels:manage"), after(1))
    assert sum(isinstance(each, StepFailed) for each in story.log) == 1


def test_another_cause_at_the_same_place_is_told_too() -> None:
    story = checkout()
    story.do(ARCHIVED, after(1))
    story.do(REMOVED, after(2))
    assert told(story) == [(ADA.id, StepFailed)]


def test_a_card_that_could_be_posted_shows_that_the_channel_is_mended() -> None:
    story = checkout()
    story.do(ARCHIVED, after(1))
    story.do(card_posted(reminder_card(1), ROOM, story.state.version), after(2))
    assert not story.state.channel_is_lost
    assert story.do(ARCHIVED, after(3)) != ()


def test_a_card_elsewhere_shows_nothing_of_the_channel() -> None:
    story = checkout()
    story.do(ARCHIVED, after(1))
    story.do(RecordFailure(by=MUSTER_ITSELF, step=ANNOUNCING, reason="not in it"), after(1))
    story.do(card_posted("playbook:x", NEWS, story.state.version), after(2))
    assert story.state.failed_steps == {INCIDENT_CHANNEL}


def test_a_reminder_that_a_lost_channel_did_not_take_is_asked_in_person() -> None:
    story = led()
    story.fire(story.timers[UPDATE_TIMER])
    story.do(ARCHIVED, after(60))
    assert told(story) == [(ADA.id, StepFailed), (BEN.id, UpdateReminded)]


def test_reminders_of_a_lost_channel_go_to_the_person_and_try_the_channel_again() -> None:
    story = led()
    story.do(ARCHIVED, after(1))
    assert told(story) == [(ADA.id, StepFailed)]
    story.fire(story.timers[UPDATE_TIMER])
    assert told(story) == [(BEN.id, UpdateReminded)]
    assert PostCard(incident=story.state.id, card=reminder_card(1), channel=ROOM) in story.effects


@pytest.mark.parametrize("private", [True, False])
def test_a_channel_that_was_refused_is_tried_again_under_its_name(private: bool) -> None:
    story = opening(private=private)
    first = story.effects
    story.do(FORBIDDEN, after(1))
    story.do(RetryChannel(by=ADA), after(5))
    assert opened(story.effects) == opened(first)
    assert len(opened(first)) == 1


def opened(effects: object) -> list[Effect]:
    assert isinstance(effects, tuple)
    return [each for each in effects if isinstance(each, OpenChannel)]


def test_a_channel_that_is_refused_again_is_told_again() -> None:
    story = opening()
    story.do(FORBIDDEN, after(1))
    story.do(RetryChannel(by=ADA), after(5))
    story.do(FORBIDDEN, after(6))
    assert told(story) == [(ADA.id, StepFailed)]


def test_a_channel_that_is_being_opened_is_not_tried_a_second_time() -> None:
    with pytest.raises(Rejected, match="still being opened"):
        opening().do(RetryChannel(by=ADA), after(1))
    story = opening()
    story.do(FORBIDDEN, after(1))
    story.do(RetryChannel(by=ADA), after(5))
    with pytest.raises(Rejected, match="still being opened"):
        story.do(RetryChannel(by=ADA), after(6))


def test_a_channel_that_exists_is_not_opened_again() -> None:
    story = opening()
    story.do(FORBIDDEN, after(1))
    story.do(RecordChannel(by=MUSTER_ITSELF, channel=ROOM, name="inc-42"), after(2))
    with pytest.raises(Rejected, match="has its channel: #inc-42"):
        story.do(RetryChannel(by=Person(id=ADA.id, speaks_in=ROOM)), after(3))


def test_only_whoever_was_told_may_try_the_channel_again() -> None:
    story = opening()
    story.do(FORBIDDEN, after(1))
    with pytest.raises(Rejected):
        story.do(RetryChannel(by=CLEO), after(2))


def test_what_could_not_be_announced_is_told_apart_from_the_channel() -> None:
    story = checkout()
    story.do(RecordFailure(by=MUSTER_ITSELF, step=ANNOUNCING, reason="not in it"), after(1))
    assert (story.state.channel_is_lost, ANNOUNCEMENT in story.state.failed_steps) == (False, True)
