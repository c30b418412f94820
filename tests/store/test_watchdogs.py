"""Watchdogs in the store: heard by whichever process, raised by one."""

import asyncio

import pytest
from redis.asyncio import Redis

from bot.incident.terms import NO_INCIDENT
from bot.incident.watchdog import Stage, Watch
from bot.incident.watchdog_effects import TellBlind
from bot.store.keys import Keys
from bot.store.redis_outbox import RedisOutbox
from bot.store.redis_watchdogs import RedisWatchdogs
from tests.incident.given import NOON, after

TOLD = TellBlind(incident=NO_INCIDENT, watchdog="prometheus", last_at=None, raised_at=NOON, climbed=False)


@pytest.fixture
def book(client: Redis, keys: Keys) -> RedisWatchdogs:
    return RedisWatchdogs(client, keys)


async def test_signals_and_looks_are_remembered(book: RedisWatchdogs) -> None:
    assert await book.looked(NOON) is None
    assert await book.looked(after(1)) == NOON
    await book.heard({"prometheus": NOON, "ping": after(2)})
    await book.heard({"prometheus": after(3)})
    assert await book.last_heard() == {"prometheus": after(3), "ping": after(2)}


async def test_of_two_who_raise_one_silence_one_does(book: RedisWatchdogs, client: Redis, keys: Keys) -> None:
    assert await book.write("prometheus", None, Watch(since=NOON))
    watch = (await book.watches())["prometheus"]
    assert (watch.since, watch.revision) == (NOON, 1)
    raised = Watch(since=NOON, stage=Stage.RAISED, stage_at=after(5))
    done = await asyncio.gather(*(book.write("prometheus", watch, raised, [TOLD]) for _ in range(2)))
    assert sorted(done) == [False, True]
    (lease,) = await RedisOutbox(client, keys).lease(5)
    assert lease.effect == TOLD
    assert (await book.watches())["prometheus"].stage is Stage.RAISED
