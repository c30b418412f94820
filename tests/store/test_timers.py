"""Timers: due by the store's clock, claimed by one process at a time, never lost."""

import asyncio
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis

from bot.incident.terms import IncidentId, TimerName
from bot.ports import DueTimer
from bot.store.keys import Keys
from bot.store.redis_log import RedisLog
from bot.store.redis_timers import RedisTimers
from tests.store.appends import an_append

ONE = IncidentId(1)
UPDATE = TimerName("update:1")
SUMMARY = TimerName("summary")
PAST = datetime(2026, 1, 1, 12, 0, 0, 123456, tzinfo=UTC)
EARLIER = PAST - timedelta(hours=1)
FUTURE = datetime(2100, 1, 1, tzinfo=UTC)


async def test_a_due_timer_keeps_its_exact_time(log: RedisLog, timers: RedisTimers) -> None:
    await log.append(an_append(timers={UPDATE: PAST}))
    assert await timers.claim_due(10) == [DueTimer(incident=ONE, name=UPDATE, due_at=PAST)]


async def test_a_timer_of_the_future_is_not_due(log: RedisLog, timers: RedisTimers) -> None:
    await log.append(an_append(timers={UPDATE: FUTURE}))
    assert await timers.claim_due(10) == []


async def test_the_longest_overdue_comes_first(log: RedisLog, timers: RedisTimers) -> None:
    await log.append(an_append(timers={UPDATE: PAST, SUMMARY: EARLIER}))
    [first] = await timers.claim_due(1)
    assert first.name == SUMMARY


async def test_a_claimed_timer_is_hidden(log: RedisLog, timers: RedisTimers) -> None:
    await log.append(an_append(timers={UPDATE: PAST}))
    await timers.claim_due(10)
    assert await timers.claim_due(10) == []


async def test_a_claim_that_came_to_nothing_returns_with_the_true_time(
    log: RedisLog, hasty_timers: RedisTimers
) -> None:
    await log.append(an_append(timers={UPDATE: PAST}))
    await hasty_timers.claim_due(10)
    await asyncio.sleep(0.04)
    assert await hasty_timers.claim_due(10) == [DueTimer(incident=ONE, name=UPDATE, due_at=PAST)]


async def test_an_append_removes_timers_that_it_does_not_name(log: RedisLog, timers: RedisTimers) -> None:
    await log.append(an_append(timers={UPDATE: PAST, SUMMARY: PAST}))
    await log.append(an_append(1, 1, timers={SUMMARY: PAST}))
    assert [timer.name for timer in await timers.claim_due(10)] == [SUMMARY]


async def test_removed_timers_leave_nothing_behind(
    log: RedisLog, timers: RedisTimers, client: Redis, keys: Keys
) -> None:
    await log.append(an_append(timers={UPDATE: PAST, SUMMARY: FUTURE}))
    await timers.restore(ONE, {})
    assert await client.exists(keys.timers, keys.timers_of(ONE)) == 0


async def test_an_append_moves_a_claimed_timer(log: RedisLog, timers: RedisTimers) -> None:
    await log.append(an_append(timers={UPDATE: EARLIER}))
    await timers.claim_due(10)
    await log.append(an_append(1, 1, timers={UPDATE: PAST}))
    assert [timer.due_at for timer in await timers.claim_due(10)] == [PAST]


async def test_an_append_about_something_else_leaves_a_claim_alone(log: RedisLog, timers: RedisTimers) -> None:
    await log.append(an_append(timers={UPDATE: PAST}))
    await timers.claim_due(10)
    await log.append(an_append(1, 1, timers={UPDATE: PAST}))
    assert await timers.claim_due(10) == []


async def test_timers_of_other_incidents_are_left_alone(log: RedisLog, timers: RedisTimers) -> None:
    await log.append(an_append(1, timers={UPDATE: PAST}))
    await log.append(an_append(2, timers={}))
    assert len(await timers.claim_due(10)) == 1


async def test_restoring_sets_exactly_these_timers(log: RedisLog, timers: RedisTimers) -> None:
    await log.append(an_append(timers={UPDATE: PAST}))
    await timers.restore(ONE, {SUMMARY: EARLIER})
    assert await timers.claim_due(10) == [DueTimer(incident=ONE, name=SUMMARY, due_at=EARLIER)]


async def test_racing_processes_never_claim_one_timer_twice(log: RedisLog, timers: RedisTimers) -> None:
    await log.append(an_append(timers={TimerName(f"update:{n}"): PAST for n in range(20)}))
    batches = await asyncio.gather(*(timers.claim_due(5) for _ in range(10)))
    assert len({timer.name for batch in batches for timer in batch}) == sum(map(len, batches)) == 20
