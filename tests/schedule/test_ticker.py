"""Due timers are handed on, once each, whatever fails beside them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import structlog
from structlog.testing import capture_logs

from bot.incident.terms import IncidentId, TimerName
from bot.ports import DueTimer, Unavailable
from bot.schedule.ticker import BATCH, Ticker

SOON = timedelta(milliseconds=10)
NEVER = timedelta(days=1)


class FewTimers:
    """Timers that are all due now, each claimed once; `down` makes the store fail."""

    def __init__(self, count: int = 0) -> None:
        self.due = [timer(number) for number in range(1, count + 1)]
        self.down = False
        self.asked = 0

    async def claim_due(self, most: int) -> Sequence[DueTimer]:
        self.asked += 1
        if self.down:
            raise Unavailable("the store", "connection refused")
        claimed, self.due = self.due[:most], self.due[most:]
        return claimed

    async def restore(self, incident: IncidentId, timers: Mapping[TimerName, datetime]) -> None:
        raise AssertionError("the ticker sets no timers")


class Handled:
    """Remembers the incidents whose timers it was handed; fails for those it is told to."""

    def __init__(self, failures: Mapping[int, Exception] | None = None) -> None:
        self.incidents: list[int] = []
        self.failures = failures or {}

    async def __call__(self, timer: DueTimer) -> None:
        self.incidents.append(timer.incident)
        if failure := self.failures.get(timer.incident):
            raise failure


def timer(number: int) -> DueTimer:
    due_at = datetime(2026, 3, 1, 14, 35, tzinfo=UTC)
    return DueTimer(incident=IncidentId(number), name=TimerName("update_due"), due_at=due_at)


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[structlog.typing.EventDict]]:
    with capture_logs() as captured:
        yield captured


async def until(met: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not met():  # noqa: ASYNC110 - the ticks of the real scheduler set no event
            await asyncio.sleep(0.005)


async def test_a_tick_hands_on_what_is_due() -> None:
    handled = Handled()
    assert await Ticker(FewTimers(2), handled).tick() == 2
    assert handled.incidents == [1, 2]


async def test_a_backlog_is_claimed_in_batches_until_none_is_left() -> None:
    timers, handled = FewTimers(2 * BATCH + 3), Handled()
    assert await Ticker(timers, handled).tick() == 2 * BATCH + 3
    assert timers.asked == 3


@pytest.mark.parametrize("failure", [Unavailable("the store", "gone"), RuntimeError("a bug")])
async def test_a_timer_that_fails_does_not_stop_its_neighbours(failure: Exception) -> None:
    handled = Handled({1: failure})
    assert await Ticker(FewTimers(3), handled).tick() == 3
    assert handled.incidents == [1, 2, 3]


async def test_a_timer_that_meets_an_outage_is_put_off_and_no_bug(logs: list[structlog.typing.EventDict]) -> None:
    await Ticker(FewTimers(1), Handled({1: Unavailable("the store", "gone")})).tick()
    assert [line["event"] for line in logs] == ["timer_put_off"]


async def test_a_bug_in_a_timer_is_logged_with_a_reference(logs: list[structlog.typing.EventDict]) -> None:
    await Ticker(FewTimers(1), Handled({1: RuntimeError("a bug")})).tick()
    (line,) = logs
    assert line["event"] == "timer_failed"
    assert line["reference"]


async def test_it_ticks_by_itself_inside_the_block() -> None:
    handled = Handled()
    async with Ticker(FewTimers(1), handled, every=SOON):
        await until(lambda: handled.incidents == [1])


async def test_it_does_not_tick_after_the_block() -> None:
    timers = FewTimers()
    async with Ticker(timers, Handled(), every=SOON):
        await until(lambda: timers.asked > 0)
    asked = timers.asked
    await asyncio.sleep(0.05)
    assert timers.asked == asked


async def test_an_outage_is_logged_once_and_ends_with_the_next_good_tick(
    logs: list[structlog.typing.EventDict],
) -> None:
    timers, handled = FewTimers(1), Handled()
    timers.down = True
    async with Ticker(timers, handled, every=SOON):
        await until(lambda: timers.asked >= 3)
        timers.down = False
        await until(lambda: handled.incidents == [1])
    assert [line["event"] for line in logs] == ["job_waits", "job_goes_on"]


async def test_another_job_runs_besides() -> None:
    runs: list[str] = []

    async def reload() -> None:
        runs.append("reload")

    ticker = Ticker(FewTimers(), Handled(), every=NEVER)
    ticker.also("playbooks", SOON, reload)
    async with ticker:
        await until(lambda: len(runs) >= 2)


async def test_a_job_that_fails_runs_again(logs: list[structlog.typing.EventDict]) -> None:
    runs: list[str] = []

    async def broken() -> None:
        runs.append("run")
        raise RuntimeError("a bug")

    ticker = Ticker(FewTimers(), Handled(), every=NEVER)
    ticker.also("gauges", SOON, broken)
    async with ticker:
        await until(lambda: len(runs) >= 2)
    assert logs[0]["event"] == "job_failed"


def held() -> tuple[asyncio.Event, asyncio.Event, list[str], Callable[[], Awaitable[None]]]:
    """A job that says when it has begun and goes on when it may."""
    begun, go_on, done = asyncio.Event(), asyncio.Event(), list[str]()

    async def job() -> None:
        begun.set()
        await go_on.wait()
        done.append("done")

    return begun, go_on, done, job


async def test_stopping_waits_for_the_job_that_runs() -> None:
    begun, go_on, done, job = held()
    ticker = Ticker(FewTimers(), Handled(), every=NEVER)
    ticker.also("slow", SOON, job)
    async with ticker:
        await begun.wait()
        asyncio.get_running_loop().call_later(0.05, go_on.set)
    assert done == ["done"]


async def test_stopping_does_not_wait_for_ever(logs: list[structlog.typing.EventDict]) -> None:
    begun, _, done, job = held()
    ticker = Ticker(FewTimers(), Handled(), every=NEVER, stop_patience=SOON)
    ticker.also("stuck", SOON, job)
    async with ticker:
        await begun.wait()
    assert done == []
    assert logs[-1]["jobs"] == ["stuck"]


async def test_a_job_never_overlaps_itself() -> None:
    go_on, begun = asyncio.Event(), list[str]()

    async def slow() -> None:
        begun.append("begun")
        await go_on.wait()

    ticker = Ticker(FewTimers(), Handled(), every=NEVER)
    ticker.also("slow", SOON, slow)
    async with ticker:
        await until(lambda: bool(begun))
        await asyncio.sleep(0.05)
        assert begun == ["begun"]
        go_on.set()
