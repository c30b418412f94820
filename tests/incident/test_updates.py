"""Status updates: when the next is due, the cadence, snooze and skip."""

from datetime import datetime, timedelta

import pytest

from bot.incident.commands import PostUpdate, SetCadence, SkipUpdate, SnoozeUpdate
from bot.incident.effects import ANNOUNCEMENT, PostNotice
from bot.incident.events import CadenceSet, UpdatePosted, UpdateSkipped, UpdateSnoozed
from bot.incident.terms import Rejected, Severity
from tests.incident.given import ADA, BEN, ROOM, Story, after, checkout, led, minutes, resolved


def update(known: str = "Half of the EU checkouts fail.", next_in: timedelta | None = None) -> PostUpdate:
    return PostUpdate(by=BEN, known=known, next_in=next_in)


def reminded(at: datetime | None = None) -> Story:
    story = led()
    story.fire(at or after(60))
    return story


def test_the_first_update_is_due_a_cadence_after_the_declaration() -> None:
    assert checkout().timers == {"update": after(60)}


def test_the_next_update_is_due_from_the_last_one() -> None:
    story = checkout()
    story.do(update(), after(17))
    assert story.timers == {"update": after(77)}


def test_an_update_may_promise_another_time() -> None:
    (posted,) = checkout().do(update(next_in=minutes(15)), after(17))
    assert isinstance(posted, UpdatePosted)
    assert posted.next_at == after(32)


def test_a_promise_holds_without_any_cadence() -> None:
    story = checkout(Severity.SEV3)
    story.do(update(next_in=minutes(15)), after(17))
    assert story.state.clock.due_at == after(32)


def test_updates_are_numbered() -> None:
    story = checkout()
    for at in (5, 10):
        story.do(update(), after(at))
    assert story.state.updates == 2


def test_an_update_goes_to_the_channel_and_under_the_announcement() -> None:
    story = checkout()
    (posted,) = story.do(update(), after(5))
    assert story.effects[:2] == (
        PostNotice(incident=story.state.id, channel=ROOM, about=posted),
        PostNotice(incident=story.state.id, channel=None, about=posted, thread_of=ANNOUNCEMENT),
    )


def test_an_update_of_a_private_incident_stays_in_its_channel() -> None:
    story = checkout(private=True)
    (posted,) = story.do(update(), after(5))
    notices = [each for each in story.effects if isinstance(each, PostNotice)]
    assert notices == [PostNotice(incident=story.state.id, channel=ROOM, about=posted)]


def test_an_update_may_leave_the_impact_as_it_was() -> None:
    story = checkout()
    story.do(PostUpdate(by=BEN, known="Known.", impact="18 % of EU checkouts fail."), after(5))
    story.do(update(), after(10))
    assert story.state.impact == "18 % of EU checkouts fail."


def test_an_update_without_words_is_refused() -> None:
    with pytest.raises(Rejected, match="needs a sentence") as refusal:
        checkout().decided(update(known=" \n"), after(5))
    assert refusal.value.field == "known"


@pytest.mark.parametrize("span", [timedelta(seconds=59), timedelta(days=8), -minutes(5)])
def test_a_next_update_too_soon_or_too_late_is_refused(span: timedelta) -> None:
    with pytest.raises(Rejected, match="between 1 minute and 7 days"):
        checkout().decided(update(next_in=span), after(5))


def test_a_cadence_of_its_own_counts_from_the_last_update_too() -> None:
    (cadence,) = checkout().do(SetCadence(by=ADA, every=minutes(20)), after(5))
    assert cadence == CadenceSet(at=after(5), by=ADA.id, every=minutes(20), next_at=after(20))


def test_a_shorter_cadence_than_has_passed_is_due_now() -> None:
    story = checkout()
    story.do(SetCadence(by=ADA, every=minutes(20)), after(45))
    assert story.timers == {"update": after(45)}


def test_reminders_can_be_switched_off() -> None:
    story = checkout()
    story.do(SetCadence(by=ADA, every=None), after(5))
    assert story.timers == {}


@pytest.mark.parametrize("span", [timedelta(0), timedelta(seconds=30), timedelta(days=30)])
def test_a_cadence_nobody_can_mean_is_refused(span: timedelta) -> None:
    with pytest.raises(Rejected, match="between 1 minute and 7 days"):
        checkout().decided(SetCadence(by=ADA, every=span), after(5))


def test_snooze_puts_the_reminder_off_and_keeps_the_promise() -> None:
    story = reminded()
    (snoozed,) = story.do(SnoozeUpdate(by=BEN), after(61))
    assert snoozed == UpdateSnoozed(at=after(61), by=BEN.id, until=after(71))
    assert (story.timers, story.state.clock.due_at) == ({"update": after(71)}, after(60))


def test_a_snoozed_reminder_asks_the_lead_again() -> None:
    story = reminded()
    story.do(SnoozeUpdate(by=BEN, span=minutes(3)), after(61))
    story.fire(after(64))
    assert (story.state.clock.stage, story.state.clock.reminders) == (1, 2)


def test_a_skipped_update_leaves_the_next_due_a_cadence_later() -> None:
    story = reminded()
    (skipped,) = story.do(SkipUpdate(by=BEN, due_at=after(60)), after(61))
    assert skipped == UpdateSkipped(at=after(61), by=BEN.id, next_at=after(121))


def test_a_button_answers_its_reminder_although_it_carries_whole_seconds_only() -> None:
    story = led()
    story.do(PostUpdate(by=BEN, known="Rolling back"), after(10) + timedelta(milliseconds=789))
    due_at = story.state.clock.due_at
    assert due_at is not None
    story.fire(due_at)
    assert story.decided(SkipUpdate(by=BEN, due_at=due_at.replace(microsecond=0)), after(80))


@pytest.mark.parametrize("button", [SnoozeUpdate(by=BEN, due_at=after(60)), SkipUpdate(by=BEN, due_at=after(60))])
def test_a_button_of_an_answered_reminder_changes_nothing(button: SnoozeUpdate | SkipUpdate) -> None:
    story = reminded()
    story.do(update(), after(62))
    with pytest.raises(Rejected, match=r"answered already\. Nothing has changed"):
        story.decided(button, after(63))


def test_with_reminders_off_there_is_nothing_to_snooze() -> None:
    story = checkout()
    story.do(SetCadence(by=ADA, every=None), after(5))
    with pytest.raises(Rejected, match="reminders are off") as refusal:
        story.decided(SnoozeUpdate(by=BEN), after(6))
    assert refusal.value.verb == "remind"


def test_after_the_end_there_is_nothing_to_skip() -> None:
    with pytest.raises(Rejected, match="already resolved"):
        resolved().decided(SkipUpdate(by=BEN, due_at=after(60)), after(61))


@pytest.mark.parametrize("command", [update(next_in=timedelta(0)), SnoozeUpdate(by=BEN, span=timedelta(0))])
def test_no_time_at_all_is_refused_and_not_taken_for_unsaid(command: PostUpdate | SnoozeUpdate) -> None:
    with pytest.raises(Rejected, match="between 1 minute and 7 days"):
        reminded().decided(command, after(61))


def test_a_snooze_that_ends_before_the_update_is_due_is_refused() -> None:
    with pytest.raises(Rejected, match="No reminder would come before that"):
        led().decided(SnoozeUpdate(by=BEN, span=minutes(10)), after(5))


@pytest.mark.parametrize("span", [minutes(1), timedelta(days=7)])
def test_the_shortest_and_the_longest_cadence_are_taken(span: timedelta) -> None:
    assert checkout().do(SetCadence(by=ADA, every=span), after(5))


def test_a_snooze_to_the_very_moment_it_is_due_would_change_nothing() -> None:
    with pytest.raises(Rejected, match="nothing to snooze"):
        led().decided(SnoozeUpdate(by=BEN, span=minutes(55)), after(5))
