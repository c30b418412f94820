"""Times of day around the days on which clocks change."""

from datetime import UTC, datetime

import pytest

from bot.incident.terms import Rejected
from bot.slack.moments import moment

BERLIN = "Europe/Berlin"
SET_BACK = datetime(2026, 10, 25, 12, 0, tzinfo=UTC)  # 03:00 became 02:00 in that night


def test_the_hour_that_came_twice_means_its_later_turn() -> None:
    assert moment("02:30", at=SET_BACK, time_zone=BERLIN) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_the_hour_that_came_twice_is_never_in_the_future() -> None:
    between = datetime(2026, 10, 25, 0, 45, tzinfo=UTC)
    assert moment("02:30", at=between, time_zone=BERLIN) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_yesterday_is_a_day_of_the_calendar_and_not_24_hours() -> None:
    assert moment("14:05 yesterday", at=SET_BACK, time_zone=BERLIN) == datetime(2026, 10, 24, 12, 5, tzinfo=UTC)


def test_a_zone_that_is_unknown_counts_as_utc() -> None:
    assert moment("11:00", at=SET_BACK, time_zone="Mars/Base") == datetime(2026, 10, 25, 11, 0, tzinfo=UTC)


def test_a_time_of_today_that_is_still_to_come_is_refused() -> None:
    with pytest.raises(Rejected, match="still to come"):
        moment("today 23:00", at=SET_BACK, time_zone=BERLIN)


@pytest.mark.parametrize("text", ["2026-13-01 14:05", "0000-00-00 14:05"])
def test_a_day_that_no_calendar_has_is_refused(text: str) -> None:
    with pytest.raises(Rejected, match="no day of the calendar"):
        moment(text, at=SET_BACK, time_zone=BERLIN)
