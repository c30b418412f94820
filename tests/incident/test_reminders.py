"""How an unanswered reminder climbs, and what Muster posts for stakeholders."""

from datetime import datetime

import pytest

from bot.incident.commands import (
    AssignRole,
    ChangeSeverity,
    PostUpdate,
    RecordLeft,
    ReleaseRole,
    ReopenIncident,
    ResolveIncident,
)
from bot.incident.effects import ANNOUNCEMENT, PostCard, PostNotice, RefreshCard, TellPerson, reminder_card
from bot.incident.events import SummaryScheduled, UpdateReminded
from bot.incident.informing import SUMMARY_TIMER
from bot.incident.terms import INCIDENT_COMMANDER, MUSTER, MUSTER_ITSELF, Severity, TimerName, UserId
from tests.incident.given import ADA, BEN, CLEO, ROOM, Story, after, card_posted, checkout, led, opening, resolved

Asked = tuple[datetime, int, UserId | None]


def climb(story: Story, times: int) -> list[Asked]:
    """Lets the reminder fall due so often, each time as soon as its timer says."""
    asked: list[Asked] = []
    for _ in range(times):
        (event,) = story.fire(story.timers[TimerName("update")])
        assert isinstance(event, UpdateReminded)
        asked.append((event.at, event.stage, event.asked))
    return asked


def test_it_climbs_from_the_lead_to_the_commander_to_the_announcement() -> None:
    assert climb(led(), 3) == [(after(60), 1, BEN.id), (after(65), 2, ADA.id), (after(70), 3, ADA.id)]


def test_without_a_lead_the_commander_is_asked_and_then_the_announcement() -> None:
    assert climb(checkout(), 2) == [(after(60), 1, ADA.id), (after(70), 3, ADA.id)]


def test_without_anybody_the_channel_is_asked_and_then_the_announcement() -> None:
    story = checkout()
    story.do(ReleaseRole(by=ADA), after(1))
    assert climb(story, 2) == [(after(60), 1, None), (after(70), 3, None)]


def test_it_never_climbs_past_a_commander_who_took_over_meanwhile() -> None:
    story = checkout()
    climb(story, 1)
    story.do(AssignRole(by=ADA, role=INCIDENT_COMMANDER, holder=BEN), after(61))
    assert climb(story, 1) == [(after(65), 2, BEN.id)]


def test_of_a_private_incident_it_never_leaves_the_channel() -> None:
    assert climb(led(private=True), 3) == [
        (after(60), 1, BEN.id),
        (after(65), 2, ADA.id),
        (after(125), 1, BEN.id),
    ]


def test_a_cadence_after_the_last_rung_it_begins_anew() -> None:
    assert climb(led(), 4)[-1] == (after(130), 1, BEN.id)


def test_the_lead_is_asked_in_the_channel_by_a_card_of_its_own() -> None:
    story = led()
    climb(story, 1)
    assert PostCard(incident=story.state.id, card=reminder_card(1), channel=ROOM) in story.effects


def test_the_commander_is_asked_in_person_since_an_edit_rings_nobody() -> None:
    story = led()
    climb(story, 2)
    told = [each.user for each in story.effects if isinstance(each, TellPerson)]
    assert told == [ADA.id]
    assert RefreshCard(incident=story.state.id, card=reminder_card(1)) in story.effects


def test_the_last_rung_is_the_thread_of_the_announcement() -> None:
    story = led()
    climb(story, 3)
    (notice,) = [each for each in story.effects if isinstance(each, PostNotice)]
    assert (notice.channel, notice.thread_of) == (None, ANNOUNCEMENT)


def test_an_update_answers_the_reminder_and_its_card_is_drawn_again() -> None:
    story = led()
    climb(story, 1)
    story.do(card_posted(reminder_card(1), ROOM, story.state.version), after(60))
    story.do(PostUpdate(by=BEN, known="Rolling back."), after(62))
    assert (story.state.clock.stage, story.timers) == (0, {"update": after(122)})
    assert RefreshCard(incident=story.state.id, card=reminder_card(1)) in story.effects


def test_nobody_is_reminded_after_the_end() -> None:
    assert resolved().fire(after(60)) == ()


def test_reminders_begin_again_on_reopen() -> None:
    story = resolved()
    story.do(ReopenIncident(by=ADA), after(40))
    assert climb(story, 1) == [(after(100), 1, ADA.id)]


def test_a_timer_that_comes_early_does_nothing() -> None:
    assert checkout().fire(after(59)) == ()


def test_a_timer_whose_update_has_come_does_nothing() -> None:
    story = checkout()
    story.do(PostUpdate(by=ADA, known="Rolling back."), after(59))
    assert story.fire(after(60)) == ()


def test_a_timer_of_no_known_name_does_nothing() -> None:
    assert checkout().fire(after(60), TimerName("tea")) == ()


def test_after_hours_of_downtime_there_is_one_reminder_and_not_a_burst() -> None:
    story = led()
    assert len(story.fire(after(600))) == 1
    assert (story.fire(after(600)), story.timers) == ((), {"update": after(605)})


def test_a_summary_is_posted_as_often_as_the_policy_says() -> None:
    story = checkout(Severity.SEV3)
    (posted,) = story.fire(after(240), SUMMARY_TIMER)
    assert posted == SummaryScheduled(at=after(240), by=MUSTER, number=1)
    assert story.timers == {"summary": after(480)}


def test_a_summary_goes_under_the_announcement() -> None:
    story = checkout(Severity.SEV3)
    (posted,) = story.fire(after(240), SUMMARY_TIMER)
    assert story.effects == (PostNotice(incident=story.state.id, channel=None, about=posted, thread_of=ANNOUNCEMENT),)


def test_missed_summaries_are_caught_up_by_one() -> None:
    story = checkout(Severity.SEV3)
    story.fire(after(2000), SUMMARY_TIMER)
    assert story.timers == {"summary": after(2240)}


def test_a_private_incident_has_no_summary_for_stakeholders() -> None:
    assert checkout(Severity.SEV3, private=True).timers == {}


def test_there_is_no_summary_after_the_end() -> None:
    story = checkout(Severity.SEV3)
    story.do(ResolveIncident(by=ADA), after(10))
    assert SUMMARY_TIMER not in story.timers


def test_a_severity_with_summaries_begins_them() -> None:
    story = checkout()
    story.do(ChangeSeverity(by=ADA, severity=Severity.SEV3), after(10))
    assert story.timers == {"summary": after(240)}


@pytest.mark.parametrize("private", [True, False])
def test_outside_the_incident_nobody_is_asked(private: bool) -> None:
    story = led(private=private)
    assert CLEO.id not in {asked for _, _, asked in climb(story, 5)}


@pytest.mark.parametrize("private", [True, False])
def test_without_a_channel_the_lead_is_asked_in_person_and_nobody_else_hears(private: bool) -> None:
    story = opening(private=private)
    (asked,) = story.fire(after(60))
    assert story.effects == (TellPerson(incident=story.state.id, user=ADA.id, about=asked),)


def test_a_reminder_answered_long_ago_is_not_drawn_again() -> None:
    story = led()
    climb(story, 1)
    story.do(card_posted(reminder_card(1), ROOM, story.state.version), after(60))
    for at in (62, 70):
        story.do(PostUpdate(by=BEN, known="Rolling back."), after(at))
    assert RefreshCard(incident=story.state.id, card=reminder_card(1)) not in story.effects


def test_of_a_private_incident_a_commander_who_is_no_longer_inside_is_not_told() -> None:
    story = led(private=True)
    story.do(RecordLeft(by=MUSTER_ITSELF, user=ADA.id), after(1))
    climb(story, 2)
    assert not [each for each in story.effects if isinstance(each, TellPerson)]
