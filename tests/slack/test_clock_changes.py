"""Times typed around the nights in which clocks change, in four zones: one named instant each, or a refusal that says
what to write. Everything that people say as a length of time (`remind`, `next`) is counted in UTC and knows no nights.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from bot.incident.terms import Rejected
from bot.slack.moments import moment, span


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class SetBack(NamedTuple):
    """`between`, `later`: when it is typed. `first`, `second`: its two turns. All in UTC but `typed`."""

    zone: str
    typed: str
    between: str
    later: str
    first: str
    second: str


SET_BACK = [
    SetBack("Europe/Berlin", "02:30", "2026-10-25 00:45", "2026-10-25 08:00", "2026-10-25 00:30", "2026-10-25 01:30"),
    SetBack(
        "America/New_York", "01:30", "2026-11-01 05:45", "2026-11-01 12:00", "2026-11-01 05:30", "2026-11-01 06:30"
    ),
    SetBack(
        "Australia/Lord_Howe", "01:45", "2026-04-04 14:50", "2026-04-04 20:00", "2026-04-04 14:45", "2026-04-04 15:15"
    ),
    SetBack(
        "America/Santiago", "23:30", "2026-04-05 02:45", "2026-04-05 05:00", "2026-04-05 02:30", "2026-04-05 03:30"
    ),
]


@pytest.mark.parametrize("night", SET_BACK, ids=lambda night: night.zone)
def test_a_time_that_came_twice_means_its_latest_turn(night: SetBack) -> None:
    assert moment(night.typed, at=utc(night.between), time_zone=night.zone) == utc(night.first)
    assert moment(night.typed, at=utc(night.later), time_zone=night.zone) == utc(night.second)


@pytest.mark.parametrize("night", SET_BACK, ids=lambda night: night.zone)
def test_the_earlier_turn_can_be_named_in_utc(night: SetBack) -> None:
    assert moment(f"{night.first[11:]} UTC", at=utc(night.later), time_zone=night.zone) == utc(night.first)
    assert moment(f"{night.second[11:]}utc", at=utc(night.later), time_zone=night.zone) == utc(night.second)


@pytest.mark.parametrize("night", SET_BACK, ids=lambda night: night.zone)
def test_a_time_of_the_second_turn_that_is_still_to_come_means_the_first(night: SetBack) -> None:
    """The clock shows an earlier time again, and yet what is typed was an hour ago and not yesterday."""
    assert moment(night.typed, at=utc(night.second) - timedelta(minutes=1), time_zone=night.zone) == utc(night.first)


class SetForward(NamedTuple):
    """`before`, `later`: when it is typed. `instead`: the same by the new time, in the zone as `typed` is."""

    zone: str
    typed: str
    before: str
    later: str
    instead: str
    a_day_earlier: str


SET_FORWARD = [
    SetForward("Europe/Berlin", "02:30", "2026-03-29 00:59", "2026-03-29 06:00", "03:30", "2026-03-28 01:30"),
    SetForward("America/New_York", "02:30", "2026-03-08 06:59", "2026-03-08 12:00", "03:30", "2026-03-07 07:30"),
    SetForward("Australia/Lord_Howe", "02:15", "2026-10-03 15:29", "2026-10-03 20:00", "02:45", "2026-10-02 15:45"),
    SetForward("America/Santiago", "00:30", "2026-09-06 03:59", "2026-09-06 12:00", "01:30", "2026-09-05 04:30"),
]


@pytest.mark.parametrize("night", SET_FORWARD, ids=lambda night: night.zone)
def test_a_time_that_never_came_is_refused_with_the_one_to_write(night: SetForward) -> None:
    with pytest.raises(
        Rejected, match=rf"There was no {night.typed} on .* in {night.zone}, .* is {night.instead} by the new one"
    ):
        moment(night.typed, at=utc(night.later), time_zone=night.zone)
    assert moment(night.instead, at=utc(night.later), time_zone=night.zone) < utc(night.later)


@pytest.mark.parametrize("night", SET_FORWARD, ids=lambda night: night.zone)
def test_before_the_jump_the_time_that_will_not_come_means_the_day_before(night: SetForward) -> None:
    if night.zone != "America/Santiago":  # there the jump is at midnight, so that before it the day is another one
        assert moment(night.typed, at=utc(night.before), time_zone=night.zone) == utc(night.a_day_earlier)
    assert moment(f"{night.typed} yesterday", at=utc(night.later), time_zone=night.zone) == utc(night.a_day_earlier)


@pytest.mark.parametrize("night", SET_FORWARD, ids=lambda night: night.zone)
def test_a_time_that_never_came_is_refused_a_day_later_too(night: SetForward) -> None:
    with pytest.raises(Rejected, match=f"There was no {night.typed}"):
        moment(f"{night.typed} yesterday", at=utc(night.later) + timedelta(days=1), time_zone=night.zone)


def test_a_length_of_time_is_as_long_in_such_a_night_as_in_any() -> None:
    assert span("1h30m") == timedelta(minutes=90)


def test_utc_behind_a_day_is_the_day_in_utc() -> None:
    assert moment("2026-03-28 23:30 UTC", at=utc("2026-03-29 06:00"), time_zone="Asia/Tokyo") == utc("2026-03-28 23:30")
