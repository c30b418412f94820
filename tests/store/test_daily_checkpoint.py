"""A head a day, over all processes: made once, posted once, and made again by nobody whose clock is set back."""

from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.ports import AuditHead
from bot.store.checkpoints import Checkpoints
from bot.store.connection import ask
from bot.store.daily_checkpoint import DailyCheckpoint
from bot.store.keys import Keys
from bot.store.redis_log import RedisLog
from bot.store.seal import Seals
from tests.store.appends import an_append, note

NIGHT = datetime(2026, 3, 2, 0, 0, 30, tzinfo=UTC)
DAY = timedelta(days=1)
SEALS = Seals("T0123", ["k" * 32])


@pytest.fixture
def sealed(client: Redis, keys: Keys) -> RedisLog:
    return RedisLog(client, keys, seals=SEALS)


@pytest.fixture
def here(client: Redis, keys: Keys) -> DailyCheckpoint:
    return DailyCheckpoint(client, keys, SEALS)


@pytest.fixture
def there(client: Redis, keys: Keys) -> DailyCheckpoint:
    return DailyCheckpoint(client, keys, SEALS)


async def made(daily: DailyCheckpoint, at: datetime = NIGHT) -> AuditHead:
    head = await daily.due(at)
    assert head is not None
    return head


async def posted(daily: DailyCheckpoint, at: datetime = NIGHT) -> AuditHead:
    head = await made(daily, at)
    await daily.begin(head)
    await daily.done(head, "C1 1.0")
    return head


async def test_a_record_without_incidents_has_no_head(here: DailyCheckpoint) -> None:
    assert await here.due(NIGHT) is None


async def test_the_head_counts_incidents_and_entries(here: DailyCheckpoint, sealed: RedisLog) -> None:
    await sealed.append(an_append(1))
    await sealed.append(an_append(1, 1))
    await sealed.append(an_append(2))
    head = await made(here)
    assert (head.number, head.incidents, head.entries, head.shorter, head.uncertain) == (1, 2, 3, 0, False)


async def test_two_processes_make_one(here: DailyCheckpoint, there: DailyCheckpoint, sealed: RedisLog) -> None:
    await sealed.append(an_append())
    head = await made(here)
    assert await there.due(NIGHT) is None
    await here.done(head, None)
    assert await there.due(NIGHT + DAY / 2) is None


async def test_the_next_day_has_its_own_and_covers_only_what_grew(
    here: DailyCheckpoint, sealed: RedisLog, client: Redis, keys: Keys
) -> None:
    await sealed.append(an_append(1))
    await sealed.append(an_append(2))
    first = await posted(here)
    await sealed.append(an_append(2, 1))
    second = await posted(here, NIGHT + DAY)
    _, stored = await Checkpoints(client, keys).all()
    assert (second.number, list(stored.changed), stored.before) == (2, [2], first.digest)


async def test_a_day_on_which_nothing_happened_has_a_head_of_its_own(here: DailyCheckpoint, sealed: RedisLog) -> None:
    await sealed.append(an_append())
    assert (await posted(here)).digest != (await posted(here, NIGHT + DAY)).digest


async def test_days_on_which_nothing_ran_are_not_made_up_for(here: DailyCheckpoint, sealed: RedisLog) -> None:
    await sealed.append(an_append())
    await posted(here)
    assert (await posted(here, NIGHT + 5 * DAY)).number == 2
    assert await here.due(NIGHT + 5 * DAY) is None


async def test_a_clock_that_was_set_back_makes_no_second_one(here: DailyCheckpoint, sealed: RedisLog) -> None:
    await sealed.append(an_append())
    await posted(here)
    assert await here.due(NIGHT - DAY) is None


async def test_what_somebody_set_out_to_post_before_they_died_is_uncertain(
    here: DailyCheckpoint, there: DailyCheckpoint, sealed: RedisLog, client: Redis, keys: Keys
) -> None:
    await sealed.append(an_append())
    head = await made(here)
    await here.begin(head)
    await ask(client, "DEL", keys.checkpoint_claim)  # as when it has run out
    again = await made(there)
    assert (again.number, again.digest, again.uncertain) == (head.number, head.digest, True)


async def test_what_was_made_but_not_begun_to_be_posted_is_certain(
    here: DailyCheckpoint, there: DailyCheckpoint, sealed: RedisLog, client: Redis, keys: Keys
) -> None:
    await sealed.append(an_append())
    head = await made(here)
    await ask(client, "DEL", keys.checkpoint_claim)
    assert await there.due(NIGHT) == head


async def test_a_log_that_shrank_since_the_last_head_is_counted(
    here: DailyCheckpoint, sealed: RedisLog, client: Redis, keys: Keys
) -> None:
    await sealed.append(an_append(1))
    await sealed.append(an_append(1, 1, [note("embarrassing")]))
    await posted(here)
    await ask(client, "XDEL", keys.incident(an_append().incident), "2-0")
    assert (await made(here, NIGHT + DAY)).shorter == 1


async def test_a_checkpoint_that_somebody_spoilt_does_not_stop_the_next(
    here: DailyCheckpoint, sealed: RedisLog, client: Redis, keys: Keys
) -> None:
    await sealed.append(an_append())
    await posted(here)
    await ask(client, "XADD", keys.checkpoints, "2-0", "data", "{}")
    assert (await made(here, NIGHT + DAY)).number == 3
