"""What is left behind is asked about: calmly, of one person, in their working hours, weekly at most."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.incident.chasing import CLOSING_TIMER, WORKAROUND_TIMER
from bot.incident.closing_commands import (
    AddWorkaround,
    CloseIncident,
    ExtendWorkaround,
    PutOffClosing,
    RemoveWorkaround,
)
from bot.incident.closing_events import ClosingAsked, WorkaroundChased
from bot.incident.commands import (
    AssignRole,
    CancelIncident,
    DeclareIncident,
    RecordLeft,
    ReleaseRole,
    ReopenIncident,
    ResolveIncident,
)
from bot.incident.effects import Effect, TellPerson
from bot.incident.events import Event
from bot.incident.overtaking import Timeliness, timeliness
from bot.incident.terms import INCIDENT_COMMANDER, MUSTER_ITSELF, TimerName, UserId
from bot.incident.working_hours import WorkingHours, end_of_day, first_working_moment
from tests.incident.given import ADA, BEN, Story, after, checkout, drill, minutes, resolved

TODAY = date(2026, 3, 2)
"""A Monday."""
FLAG = AddWorkaround(by=ADA, what="The flag is off.", owner=BEN, expires_on=TODAY + timedelta(days=2))
CLOSE = CloseIncident(by=ADA, because="It was small.")


def days(count: float) -> timedelta:
    return timedelta(days=count)


def utc(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


HOURS = WorkingHours()


@pytest.mark.parametrize(
    ("after_", "zone", "expected"),
    [
        (utc(2, 12), "UTC", utc(2, 12)),
        (utc(2, 9), "UTC", utc(2, 9)),
        (utc(2, 3), "UTC", utc(2, 9)),
        (utc(2, 17), "UTC", utc(3, 9)),
        (utc(6, 18), "UTC", utc(9, 9)),
        (utc(7, 12), "UTC", utc(9, 9)),
        (utc(2, 12), "Asia/Tokyo", utc(3, 0)),
        (utc(2, 12), "America/Los_Angeles", utc(2, 17)),
        (utc(8, 23), "Asia/Tokyo", utc(9, 0)),
        (utc(2, 12), "Mars/Olympus", utc(2, 12)),
        (utc(27, 20), "Europe/Berlin", utc(30, 7)),
    ],
    ids=[
        "within them",
        "as they begin",
        "before them",
        "as they end",
        "on Friday evening",
        "on Saturday",
        "at night in Tokyo",
        "early in California",
        "Monday begins earlier in Tokyo",
        "in no zone that is known",
        "over the change of the clocks",
    ],
)
def test_the_first_working_moment(after_: datetime, zone: str, expected: datetime) -> None:
    assert first_working_moment(after_, zone, HOURS) == expected


def test_other_days_can_be_worked_on() -> None:
    assert first_working_moment(utc(6, 12), "UTC", WorkingHours(days=frozenset({6}))) == utc(8, 9)


def test_a_day_is_over_when_it_is_over_there() -> None:
    assert end_of_day(TODAY, "America/New_York") == utc(3, 5)


def fire_closing(story: Story, at: datetime) -> tuple[Event, ...]:
    return story.fire(at, CLOSING_TIMER)


def told(story: Story) -> list[UserId]:
    return [each.user for each in story.effects if isinstance(each, TellPerson)]


def test_three_days_after_the_resolution_the_commander_is_asked() -> None:
    story = resolved()
    assert story.timers[CLOSING_TIMER] == after(30) + days(3)
    (asked,) = fire_closing(story, after(30) + days(3))
    assert asked == ClosingAsked(at=after(30) + days(3), by=MUSTER_ITSELF.id, number=1, asked=ADA.id)
    assert told(story) == [ADA.id]


def test_before_that_nobody_is() -> None:
    assert fire_closing(resolved(), after(30) + days(3) - minutes(1)) == ()


def test_then_again_weekly_and_not_more_often() -> None:
    story = resolved()
    fire_closing(story, after(30) + days(3))
    assert story.timers[CLOSING_TIMER] == after(30) + days(10)
    (asked,) = fire_closing(story, after(30) + days(10))
    assert isinstance(asked, ClosingAsked)
    assert asked.number == 2


def test_not_yet_puts_it_off_by_a_week() -> None:
    story = resolved()
    story.do(PutOffClosing(by=ADA), after(60) + days(4))
    assert story.timers[CLOSING_TIMER] == after(60) + days(11)


def test_on_a_weekend_it_waits_for_monday_morning_of_whoever_is_asked() -> None:
    story = Story().declare(DeclareIncident(by=replace(ADA, time_zone="Asia/Tokyo"), title="Down")).open_channel()
    story.do(ResolveIncident(by=BEN), after(30) + days(2))
    assert story.timers[CLOSING_TIMER] == utc(9, 0)


def test_the_zone_is_that_of_the_commander_where_there_is_one() -> None:
    story = checkout()
    story.do(
        AssignRole(by=ADA, role=INCIDENT_COMMANDER, holder=replace(BEN, time_zone="America/Los_Angeles")), after(1)
    )
    story.do(ResolveIncident(by=ADA), after(30))
    assert story.timers[CLOSING_TIMER] == utc(5, 17)


def test_without_a_commander_the_reporter_is_asked() -> None:
    story = checkout()
    story.do(AssignRole(by=ADA, role=INCIDENT_COMMANDER, holder=BEN), after(1))
    story.do(ReleaseRole(by=BEN), after(2))
    story.do(ResolveIncident(by=ADA), after(30))
    fire_closing(story, after(30) + days(3))
    assert told(story) == [ADA.id]


def test_whoever_left_a_private_incident_is_asked_nothing() -> None:
    story = checkout(private=True)
    story.do(AssignRole(by=ADA, role=INCIDENT_COMMANDER, holder=BEN), after(1))
    story.do(ResolveIncident(by=ADA), after(30))
    story.do(RecordLeft(by=MUSTER_ITSELF, user=BEN.id), after(31))
    fire_closing(story, after(30) + days(3))
    assert told(story) == [ADA.id]
    story.do(RecordLeft(by=MUSTER_ITSELF, user=ADA.id), after(40))
    assert story.timers == {}


@pytest.mark.parametrize("command", [CLOSE, ReopenIncident(by=ADA)])
def test_once_it_is_closed_or_reopened_nobody_is_asked(command: CloseIncident | ReopenIncident) -> None:
    story = resolved()
    story.do(command, after(60))
    assert CLOSING_TIMER not in story.timers


def test_resolved_anew_it_has_its_three_days_again() -> None:
    story = resolved()
    fire_closing(story, after(30) + days(3))
    story.do(ReopenIncident(by=ADA), after(40) + days(3))
    story.do(ResolveIncident(by=ADA), after(50) + days(3))
    assert story.timers[CLOSING_TIMER] == utc(9, 9)


def test_a_cancelled_incident_and_a_drill_are_left_alone() -> None:
    cancelled = checkout()
    cancelled.do(CancelIncident(by=ADA), after(5))
    practised = drill()
    practised.do(FLAG, after(5))
    practised.do(ResolveIncident(by=ADA), after(30))
    assert (cancelled.timers, practised.timers) == ({}, {})


def flagged() -> Story:
    """Resolved and closed, with a workaround of Ben's that may stay until Wednesday."""
    story = checkout()
    story.do(FLAG, after(5))
    story.do(ResolveIncident(by=ADA), after(30))
    story.do(CLOSE, after(40))
    return story


THURSDAY = utc(5, 9)


def test_a_workaround_is_asked_about_on_the_morning_after_its_last_day_also_after_the_close() -> None:
    story = flagged()
    assert story.timers == {WORKAROUND_TIMER: THURSDAY}
    (chased,) = story.fire(THURSDAY, WORKAROUND_TIMER)
    assert chased == WorkaroundChased(
        at=THURSDAY, by=MUSTER_ITSELF.id, number=1, asked=BEN.id, chase=1, expires_on=FLAG.expires_on
    )
    assert told(story) == [BEN.id]


def test_then_weekly_until_it_is_removed() -> None:
    story = flagged()
    story.fire(THURSDAY, WORKAROUND_TIMER)
    assert story.timers == {WORKAROUND_TIMER: THURSDAY + days(7)}
    story.do(RemoveWorkaround(by=BEN, number=1), THURSDAY + days(1))
    assert story.timers == {}


def test_kept_for_longer_it_is_asked_about_after_its_new_day() -> None:
    story = flagged()
    story.fire(THURSDAY, WORKAROUND_TIMER)
    story.do(ExtendWorkaround(by=BEN, number=1), THURSDAY)
    assert story.timers == {WORKAROUND_TIMER: utc(20, 9)}


def test_of_several_only_those_are_asked_about_whose_time_has_come() -> None:
    story = flagged()
    story.do(replace(FLAG, what="Later.", expires_on=TODAY + days(9)), after(50))
    assert len(story.fire(THURSDAY, WORKAROUND_TIMER)) == 1
    assert story.timers == {WORKAROUND_TIMER: utc(12, 9)}


def test_it_is_asked_about_while_the_response_goes_on_too() -> None:
    story = checkout()
    story.do(FLAG, after(5))
    assert story.timers[WORKAROUND_TIMER] == THURSDAY
    assert TimerName("update") in story.timers


def test_once_its_owner_has_left_a_private_incident_the_commander_is_asked() -> None:
    story = checkout(private=True)
    story.do(FLAG, after(5))
    story.do(RecordLeft(by=MUSTER_ITSELF, user=BEN.id), after(6))
    story.fire(THURSDAY, WORKAROUND_TIMER)
    assert told(story) == [ADA.id]


def said(story: Story) -> Effect:
    (effect,) = [each for each in story.effects if isinstance(each, TellPerson)]
    return effect


def test_a_question_that_waited_for_slack_is_dropped_once_its_reason_has_gone() -> None:
    story = resolved()
    fire_closing(story, after(30) + days(3))
    question = said(story)
    assert timeliness(question, story.state) is Timeliness.DUE
    story.do(CLOSE, after(40) + days(3))
    assert timeliness(question, story.state) is Timeliness.OVER


def test_of_two_that_waited_only_the_newest_is_asked() -> None:
    story = resolved()
    fire_closing(story, after(30) + days(3))
    first = said(story)
    fire_closing(story, after(30) + days(10))
    assert timeliness(first, story.state) is Timeliness.OVERTAKEN
    assert timeliness(said(story), story.state) is Timeliness.DUE


def test_so_it_is_of_workarounds() -> None:
    story = flagged()
    story.fire(THURSDAY, WORKAROUND_TIMER)
    first = said(story)
    assert timeliness(first, story.state) is Timeliness.DUE
    story.fire(THURSDAY + days(7), WORKAROUND_TIMER)
    assert timeliness(first, story.state) is Timeliness.OVERTAKEN
    story.do(ExtendWorkaround(by=BEN, number=1), THURSDAY + days(8))
    assert timeliness(first, story.state) is Timeliness.OVER
    story.do(RemoveWorkaround(by=BEN, number=1), THURSDAY + days(9))
    assert timeliness(first, story.state) is Timeliness.OVER


def test_who_left_meanwhile_is_not_told_what_waited_for_them() -> None:
    story = checkout(private=True)
    story.do(ResolveIncident(by=ADA), after(30))
    fire_closing(story, after(30) + days(3))
    question = said(story)
    story.do(RecordLeft(by=MUSTER_ITSELF, user=ADA.id), after(31) + days(3))
    assert timeliness(question, story.state) is Timeliness.OVER


def two_of_bens() -> Story:
    story = flagged()
    story.do(replace(FLAG, what="The queue is paused."), after(50))
    return story


def test_several_that_expired_are_asked_about_in_one_message() -> None:
    story = two_of_bens()
    assert len(story.fire(THURSDAY, WORKAROUND_TIMER)) == 2
    assert told(story) == [BEN.id]


def test_those_of_another_owner_are_asked_of_them() -> None:
    story = flagged()
    story.do(replace(FLAG, what="The queue is paused.", owner=ADA), after(50))
    story.fire(THURSDAY, WORKAROUND_TIMER)
    assert told(story) == [BEN.id, ADA.id]


def test_a_message_about_several_is_over_when_all_of_them_are_settled() -> None:
    story = two_of_bens()
    story.fire(THURSDAY, WORKAROUND_TIMER)
    message = said(story)
    story.do(RemoveWorkaround(by=BEN, number=1), THURSDAY)
    assert timeliness(message, story.state) is Timeliness.DUE
    story.do(ExtendWorkaround(by=BEN, number=2), THURSDAY)
    assert timeliness(message, story.state) is Timeliness.OVER
