"""Changes of services: told once a key, kept for a week, bounded."""

from datetime import UTC, datetime, timedelta

import pytest
from redis.asyncio import Redis

from bot.incident.service_change import ChangeKind, ServiceChange
from bot.store.keys import Keys
from bot.store.redis_changes import MOST_KEPT, RedisChanges

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def change(what: str = "v2", at: datetime = NOW) -> ServiceChange:
    return ServiceChange(
        service="checkout", what=what, kind=ChangeKind.DEPLOY, at=at, by="Ben", link="https://ci.example"
    )


@pytest.fixture
def changes(client: Redis, keys: Keys) -> RedisChanges:
    return RedisChanges(client, keys)


async def test_what_was_told_is_there_newest_first(changes: RedisChanges) -> None:
    earlier = change("v1", NOW - timedelta(hours=2))
    assert [await changes.record(each, each.what, NOW) for each in (change(), earlier)] == [True, True]
    assert await changes.since(NOW - timedelta(hours=3)) == [change(), earlier]
    assert await changes.since(NOW - timedelta(hours=1)) == [change()]


async def test_a_key_tells_once(changes: RedisChanges) -> None:
    assert [await changes.record(change(what), "key", NOW) for what in ("v2", "v3")] == [True, False]
    assert await changes.since(NOW - timedelta(hours=1)) == [change("v2")]


async def test_after_a_week_it_is_forgotten(changes: RedisChanges, client: Redis, keys: Keys) -> None:
    await changes.record(change("old", NOW - timedelta(days=7)), "old", NOW)
    await changes.record(change("new"), "new", NOW + timedelta(hours=1))
    assert [each.what for each in await changes.since(NOW - timedelta(days=30))] == ["new"]
    assert await client.hlen(keys.change_texts) == 1


async def test_there_are_never_more_than_it_keeps(changes: RedisChanges, client: Redis, keys: Keys) -> None:
    for number in range(MOST_KEPT + 5):
        await changes.record(change(str(number), NOW + timedelta(seconds=number)), f"key{number}", NOW)
    assert await client.zcard(keys.changes) == await client.hlen(keys.change_texts) == MOST_KEPT


async def test_what_another_version_wrote_is_left_out(changes: RedisChanges, client: Redis, keys: Keys) -> None:
    await changes.record(change(), "key", NOW)
    await client.hset(keys.change_texts, "key", '{"service": 5}')
    assert await changes.since(NOW - timedelta(days=1)) == []
