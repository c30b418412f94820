"""The ticks go on when this machine's clock jumps, by which APScheduler plans."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from bot.schedule.ticker import Ticker, Unobserved
from tests.schedule.test_ticker import NEVER, SOON, FewTimers, Handled, until

A_SECOND = timedelta(seconds=1)


def counted(runs: list[str]) -> Callable[[], Awaitable[None]]:
    async def job() -> None:
        runs.append("run")

    return job


def planned(ticker: Ticker, at: datetime) -> None:
    """As the plan looks after the clock has jumped."""
    ticker._scheduler.modify_job("job", next_run_time=at)


async def test_a_clock_set_back_by_an_hour_stops_nothing() -> None:
    runs: list[str] = []
    ticker = Ticker(FewTimers(), Handled(), every=NEVER, beat=SOON)
    ticker.also("job", A_SECOND, counted(runs))
    async with ticker:
        planned(ticker, datetime.now(tz=UTC) + timedelta(hours=1))
        await until(lambda: bool(runs))
        next_run = ticker._scheduler.get_job("job").next_run_time
        assert next_run - datetime.now(tz=UTC) <= A_SECOND


async def test_a_clock_that_was_in_1970_is_caught_up_with_by_one_run() -> None:
    runs: list[str] = []
    ticker = Ticker(FewTimers(), Handled(), every=NEVER)
    ticker.also("job", A_SECOND, counted(runs))
    async with ticker:
        planned(ticker, datetime(1970, 1, 1, tzinfo=UTC))
        await until(lambda: bool(runs))
        assert runs == ["run"]


class Lags(Unobserved):
    def __init__(self) -> None:
        self.seen: list[timedelta] = []

    def loop_lagged(self, lag: timedelta) -> None:
        self.seen.append(lag)


async def test_a_loop_that_is_held_up_is_measured() -> None:
    lags = Lags()
    async with Ticker(FewTimers(), Handled(), every=NEVER, observer=lags, beat=SOON):
        await until(lambda: len(lags.seen) >= 2)
        block = asyncio.get_running_loop().time() + 0.15
        while asyncio.get_running_loop().time() < block:
            pass
        await until(lambda: max(lags.seen) > timedelta(seconds=0.1))


async def test_no_beat_comes_after_the_block() -> None:
    lags = Lags()
    async with Ticker(FewTimers(), Handled(), every=NEVER, observer=lags, beat=SOON):
        await until(lambda: bool(lags.seen))
    count = len(lags.seen)
    await asyncio.sleep(0.05)
    assert len(lags.seen) == count
