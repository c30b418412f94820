"""The three parts of the store on the real server, under keys that no other test has."""

import secrets
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from redis.asyncio import Redis

from bot.store.connection import connect
from bot.store.keys import Keys
from bot.store.redis_factors import RedisFactors
from bot.store.redis_followups import RedisFollowups
from bot.store.redis_log import RedisLog
from bot.store.redis_outbox import RedisOutbox
from bot.store.redis_people import RedisPeople
from bot.store.redis_timers import RedisTimers


@pytest.fixture
def keys() -> Keys:
    return Keys(team="T0123", root=f"test-{secrets.token_hex(6)}")


@pytest.fixture
async def client(redis_url: str, keys: Keys) -> AsyncIterator[Redis]:
    client = connect(redis_url, tag=keys.team)
    yield client
    await client.aclose()
    await client.connection_pool.disconnect()


@pytest.fixture
def log(client: Redis, keys: Keys) -> RedisLog:
    return RedisLog(client, keys)


@pytest.fixture
def outbox(client: Redis, keys: Keys) -> RedisOutbox:
    return RedisOutbox(client, keys)


@pytest.fixture
def hasty_outbox(client: Redis, keys: Keys) -> RedisOutbox:
    """Its leases run out while one watches."""
    return RedisOutbox(client, keys, lease=timedelta(milliseconds=30))


@pytest.fixture
def timers(client: Redis, keys: Keys) -> RedisTimers:
    return RedisTimers(client, keys)


@pytest.fixture
def hasty_timers(client: Redis, keys: Keys) -> RedisTimers:
    return RedisTimers(client, keys, lease=timedelta(milliseconds=30))


@pytest.fixture
def people(client: Redis, keys: Keys) -> RedisPeople:
    return RedisPeople(client, keys)


@pytest.fixture
def factors(client: Redis, keys: Keys) -> RedisFactors:
    return RedisFactors(client, keys)


@pytest.fixture
def followups(client: Redis, keys: Keys) -> RedisFollowups:
    return RedisFollowups(client, keys)
