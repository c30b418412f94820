"""The store's own clock is set forward or back by an hour: nothing stands still, and nothing comes in a burst."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.incident.terms import TimerName
from bot.store.keys import Keys
from bot.store.redis_log import RedisLog
from bot.store.redis_outbox import RedisOutbox
from bot.store.redis_timers import RedisTimers
from bot.store.scripts import ALL
from tests.store.appends import an_append, pin, topic
from tests.store.shifted_server import ASKED, ShiftedServer

HOUR = timedelta(hours=1)
UPDATE = TimerName("update")
AWHILE_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
async def server(redis_url: str, keys: Keys) -> AsyncIterator[ShiftedServer]:
    server = ShiftedServer.at(redis_url, keys.team)
    yield server
    await server.aclose()
    await server.connection_pool.disconnect()


@pytest.fixture
def shifted_log(server: ShiftedServer, keys: Keys) -> RedisLog:
    return RedisLog(server, keys)


@pytest.fixture
def shifted_outbox(server: ShiftedServer, keys: Keys) -> RedisOutbox:
    return RedisOutbox(server, keys)


@pytest.fixture
def shifted_timers(server: ShiftedServer, keys: Keys) -> RedisTimers:
    return RedisTimers(server, keys)


def test_there_is_one_place_where_scripts_ask_for_the_time() -> None:
    asked = [script.text.count("'TIME'") for script in ALL if "now_ms" in script.text]
    assert asked == [1] * len(asked)
    assert all(ASKED in script.text for script in ALL if "now_ms" in script.text)


async def test_a_clock_set_back_gives_a_dead_holders_lane_to_the_next(
    server: ShiftedServer, shifted_log: RedisLog, shifted_outbox: RedisOutbox
) -> None:
    await shifted_log.append(an_append(effects=[pin(1)]))
    assert len(await shifted_outbox.lease(1)) == 1
    server.shift = -HOUR
    assert await shifted_outbox.lease(1) == []
    server.shift = -HOUR + timedelta(seconds=26)
    assert len(await shifted_outbox.lease(1)) == 1


async def test_a_clock_set_back_keeps_to_a_pause_and_does_not_lengthen_it(
    server: ShiftedServer, shifted_log: RedisLog, shifted_outbox: RedisOutbox
) -> None:
    await shifted_log.append(an_append(effects=[pin(1)]))
    [lease] = await shifted_outbox.lease(1)
    await shifted_outbox.retry(lease, timedelta(seconds=30), reason="429", uncertain=False)
    server.shift = -HOUR
    assert await shifted_outbox.lease(1) == []
    wait = await shifted_outbox.next_ready_in()
    assert wait is not None
    assert timedelta(seconds=29) < wait < timedelta(seconds=36)


async def test_a_rest_between_two_edits_is_not_lengthened_by_a_clock_set_back(
    server: ShiftedServer, shifted_log: RedisLog, shifted_outbox: RedisOutbox
) -> None:
    await shifted_log.append(an_append(effects=[topic()]))
    [lease] = await shifted_outbox.lease(1)
    await shifted_outbox.complete(lease, timedelta(seconds=20))
    server.shift = -HOUR
    await shifted_log.append(an_append(1, 1, effects=[topic()]))
    assert len(await shifted_outbox.lease(1)) == 1


async def test_a_rest_between_two_edits_is_kept_where_the_clock_stands(
    shifted_log: RedisLog, shifted_outbox: RedisOutbox
) -> None:
    await shifted_log.append(an_append(effects=[topic()]))
    [lease] = await shifted_outbox.lease(1)
    await shifted_outbox.complete(lease, timedelta(seconds=20))
    await shifted_log.append(an_append(1, 1, effects=[topic()]))
    assert await shifted_outbox.lease(1) == []


async def test_a_clock_set_back_ends_the_claim_of_a_timer_that_is_due(
    server: ShiftedServer, shifted_log: RedisLog, shifted_timers: RedisTimers
) -> None:
    await shifted_log.append(an_append(timers={UPDATE: AWHILE_AGO}))
    assert len(await shifted_timers.claim_due(1)) == 1
    server.shift = -HOUR
    assert [timer.due_at for timer in await shifted_timers.claim_due(1)] == [AWHILE_AGO]


async def test_a_clock_set_back_leaves_timers_of_the_future_where_they_are(
    server: ShiftedServer, shifted_log: RedisLog, shifted_timers: RedisTimers
) -> None:
    soon = datetime.now(tz=UTC) + timedelta(minutes=30)
    await shifted_log.append(an_append(timers={UPDATE: soon}))
    assert await shifted_timers.claim_due(1) == []
    server.shift = -HOUR
    assert await shifted_timers.claim_due(1) == []
    server.shift = timedelta(minutes=31)
    await shifted_timers.claim_due(1)  # comes too late by the new time, and learns of it
    assert [timer.due_at for timer in await shifted_timers.claim_due(1)] == [soon]


async def test_a_clock_set_forward_claims_each_timer_once(
    server: ShiftedServer, shifted_log: RedisLog, shifted_timers: RedisTimers
) -> None:
    soon = datetime.now(tz=UTC) + timedelta(minutes=30)
    await shifted_log.append(an_append(timers={TimerName(f"update:{n}"): soon for n in range(20)}))
    server.shift = HOUR
    assert len(await shifted_timers.claim_due(50)) == 20
    assert await shifted_timers.claim_due(50) == []
