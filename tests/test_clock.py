"""One time for all processes: the store's."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from structlog.testing import capture_logs

from bot.clock import Clock

AN_ANSWERS_WAY = timedelta(milliseconds=4)
A_MOMENT = timedelta(milliseconds=50)


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[structlog.typing.EventDict]]:
    with capture_logs() as captured:
        yield captured


def differs(clock: Clock, other: datetime) -> timedelta:
    return abs(clock.now() - other)


@pytest.mark.parametrize("hours", [1, -1])
def test_a_machine_that_is_an_hour_off_takes_the_stores_time(
    hours: int, logs: list[structlog.typing.EventDict]
) -> None:
    clock, told = Clock(), datetime.now(tz=UTC) + timedelta(hours=hours)
    clock.follow(told, AN_ANSWERS_WAY)
    assert differs(clock, told) < A_MOMENT
    assert [line["event"] for line in logs] == ["clock_set_by_the_store"]


def test_what_an_answers_way_may_explain_moves_nothing(logs: list[structlog.typing.EventDict]) -> None:
    clock = Clock()
    slow = timedelta(seconds=2)
    clock.follow(datetime.now(tz=UTC) - slow, slow)
    assert differs(clock, datetime.now(tz=UTC)) < A_MOMENT
    assert logs == []


def test_an_offset_is_kept_beside_what_the_store_says() -> None:
    clock, told = Clock(), datetime.now(tz=UTC) - timedelta(hours=1)
    clock.move_on(timedelta(minutes=30))
    clock.follow(told, AN_ANSWERS_WAY)
    assert differs(clock, told + timedelta(minutes=30)) < A_MOMENT
