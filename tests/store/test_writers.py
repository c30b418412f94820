"""Who has a section's form open: known for a while, and no longer once they saved."""

from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.incident.review_sections import ReviewSection, Writer
from bot.incident.terms import IncidentId, UserId
from bot.store.keys import Keys
from bot.store.redis_writers import LATELY, RedisWriters

ONE, PROCESS = IncidentId(1), ReviewSection.PROCESS
ADA, BEN = UserId("U0ADA"), UserId("U0BEN")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def writers(client: Redis, keys: Keys) -> RedisWriters:
    return RedisWriters(client, keys)


async def test_the_second_hears_of_the_first_and_nobody_of_themselves(writers: RedisWriters) -> None:
    assert await writers.begins(ONE, PROCESS, ADA, NOON) == []
    assert await writers.begins(ONE, PROCESS, ADA, NOON) == []
    assert await writers.begins(ONE, PROCESS, BEN, NOON) == [Writer(user=ADA, since=NOON)]
    assert await writers.begins(ONE, ReviewSection.LUCKY, BEN, NOON) == []


async def test_whoever_saved_or_opened_it_long_ago_is_not_named(writers: RedisWriters) -> None:
    await writers.begins(ONE, PROCESS, ADA, NOON)
    await writers.ends(ONE, PROCESS, ADA)
    assert await writers.begins(ONE, PROCESS, BEN, NOON) == []
    assert await writers.begins(ONE, PROCESS, ADA, NOON + LATELY + timedelta(seconds=1)) == []


async def test_it_is_forgotten_by_itself(writers: RedisWriters, client: Redis, keys: Keys) -> None:
    await writers.begins(ONE, PROCESS, ADA, NOON)
    assert 0 < await client.ttl(keys.writers(ONE, PROCESS)) <= LATELY.total_seconds()
