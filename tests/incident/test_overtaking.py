"""Slack was away: of each series only the newest is said, and it knows how many were missed."""

from collections.abc import Callable

import pytest

from bot.incident.alerting import RECOVERY_TIMER
from bot.incident.commands import ClaimRole, PostUpdate, RecordMissed, ResolveIncident
from bot.incident.effects import Effect, PostCard, PostNotice, TellPerson, reminder_card
from bot.incident.events import PostMissed, SummaryScheduled, UpdatePosted, UpdateReminded
from bot.incident.informing import SUMMARY_TIMER, UPDATE_TIMER
from bot.incident.overtaking import SUMMARIES, Timeliness, missed_before, reminders, timeliness
from bot.incident.terms import INCIDENT_COMMANDER, MUSTER, MUSTER_ITSELF, Severity
from tests.incident.alerts import alarmed, alert, attach
from tests.incident.given import ADA, BEN, ROOM, Story, after, checkout, led


def card(number: int) -> PostCard:
    return PostCard(incident=checkout().state.id, card=reminder_card(number), channel=ROOM)


def asked_until(story: Story, reminders: int) -> list[Effect]:
    """Nobody answers until so many reminders have begun; answers with all that was to be posted."""
    wanted: list[Effect] = []
    while story.state.clock.reminders < reminders:
        story.fire(story.timers[UPDATE_TIMER])
        wanted += [each for each in story.effects if isinstance(each, PostCard | PostNotice | TellPerson)]
    return wanted


def led_by_alarm() -> Story:
    story = alarmed()
    story.do(ClaimRole(by=ADA, role=INCIDENT_COMMANDER), after(1))
    return story


def test_of_four_reminders_only_the_newest_is_posted() -> None:
    story = checkout()
    asked_until(story, 4)
    assert [timeliness(card(n), story.state) for n in (1, 2, 3, 4)] == [Timeliness.OVERTAKEN] * 3 + [Timeliness.DUE]


def test_of_what_climbed_only_the_newest_is_said_wherever_it_climbed_to() -> None:
    story = led()
    wanted = [each for each in asked_until(story, 3) if not isinstance(each, PostCard)]
    told = [(type(each).__name__, timeliness(each, story.state) is Timeliness.DUE) for each in wanted]
    assert told == [("TellPerson", False), ("PostNotice", False), ("TellPerson", True), ("PostNotice", True)]


def test_a_reminder_that_was_answered_before_it_could_be_posted_is_over() -> None:
    story = checkout()
    asked_until(story, 1)
    story.do(PostUpdate(by=ADA, known="Rolled back."), after(61))
    assert timeliness(card(1), story.state) is Timeliness.OVER


def test_a_reminder_of_an_earlier_round_is_over_and_not_missed() -> None:
    story = checkout()
    asked_until(story, 2)
    story.do(PostUpdate(by=ADA, known="Rolled back."), after(300))
    asked_until(story, 3)
    assert [timeliness(card(n), story.state) for n in (1, 2, 3)] == [Timeliness.OVER, Timeliness.OVER, Timeliness.DUE]


def test_after_the_end_no_reminder_is_posted() -> None:
    story = checkout()
    asked_until(story, 2)
    story.do(ResolveIncident(by=ADA), after(300))
    assert timeliness(card(2), story.state) is Timeliness.OVER


def test_of_scheduled_summaries_only_the_newest_is_posted() -> None:
    story = checkout(Severity.SEV3)
    for hours in (4, 8, 12):
        story.fire(after(hours * 60), SUMMARY_TIMER)
    notices = [_about(SummaryScheduled(at=after(0), by=MUSTER, number=number)) for number in (1, 2, 3)]
    assert [timeliness(each, story.state) is Timeliness.DUE for each in notices] == [False, False, True]


def test_what_people_wrote_is_never_overtaken() -> None:
    story = checkout()
    for minute in (1, 2, 3):
        story.do(PostUpdate(by=ADA, known=f"Still looking, minute {minute}."), after(minute))
    written = _about(UpdatePosted(at=after(1), by=BEN.id, number=1, known="Still looking."))
    assert timeliness(written, story.state) is Timeliness.DUE


def test_a_reminder_that_an_older_muster_stored_is_said() -> None:
    story = checkout()
    asked_until(story, 2)
    unnumbered = UpdateReminded(at=after(60), by=MUSTER, due_at=after(60), stage=3, asked=ADA.id)
    assert timeliness(_about(unnumbered), story.state) is Timeliness.DUE


@pytest.mark.parametrize(
    ("missed", "number", "count"), [((1, 2, 3), 4, 3), ((1, 2, 3), 5, 0), ((1, 3), 4, 1), ((), 1, 0)]
)
def test_the_newest_says_how_many_were_missed_directly_before_it(
    missed: tuple[int, ...], number: int, count: int
) -> None:
    story = checkout()
    for each in missed:
        story.do(RecordMissed(by=MUSTER_ITSELF, series=reminders(1), number=each), after(1))
    assert missed_before(story.state, reminders(1), number) == count
    assert missed_before(story.state, SUMMARIES, number) == 0


def test_what_was_missed_is_on_record() -> None:
    missed = RecordMissed(by=MUSTER_ITSELF, series=SUMMARIES, number=2)
    assert checkout().do(missed, after(1)) == (PostMissed(at=after(1), by=MUSTER, series=SUMMARIES, number=2),)


def _about(event: UpdateReminded | SummaryScheduled | UpdatePosted) -> PostNotice:
    return PostNotice(incident=checkout().state.id, channel=None, about=event)


def recovered(story: Story, minute: int) -> Effect:
    """All resolves, and two minutes later people are asked; the effect that asks them."""
    attach(story, alert(resolved=True, ended_at=after(minute)), at=after(minute))
    story.fire(after(minute + 2), RECOVERY_TIMER)
    (asked,) = story.effects
    return asked


@pytest.mark.parametrize("begins", [alarmed, led_by_alarm])
def test_of_recoveries_only_the_newest_is_asked_about(begins: Callable[[], Story]) -> None:
    story = begins()
    first = recovered(story, 5)
    attach(story, alert(started_at=after(60)), at=after(60))
    second = recovered(story, 120)
    assert timeliness(first, story.state) is Timeliness.OVER
    assert timeliness(second, story.state) is Timeliness.DUE
    attach(story, alert(started_at=after(180)), at=after(180))
    assert timeliness(second, story.state) is Timeliness.OVER
