"""A store that fails is told quickly, once, and without a false 'done'."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from redis.asyncio import Redis

from bot.incident.terms import IncidentId, Version
from bot.ports import AlreadyHandled, Unavailable
from bot.store.connection import FOLLOW_WITHIN, ask, connect
from bot.store.keys import Keys
from bot.store.pool import ANSWER_WITHIN, CONNECT_WITHIN
from bot.store.redis_log import RedisLog
from bot.store.redis_store import open_store
from tests.faults.proxy import Fault, Proxy
from tests.store.appends import an_append

SHORT = timedelta(milliseconds=50)


@pytest.fixture
async def proxy(single_redis_url: str) -> AsyncIterator[Proxy]:
    async with Proxy(single_redis_url) as proxy:
        yield proxy


@pytest.fixture
async def uncut_log(single_redis_url: str, keys: Keys) -> AsyncIterator[RedisLog]:
    """The same server, past the proxy."""
    client = connect(single_redis_url)
    yield RedisLog(client, keys)
    await client.connection_pool.disconnect()


@pytest.fixture
async def cut_client(proxy: Proxy) -> AsyncIterator[Redis]:
    client = connect(proxy.url)
    await ask(client, "PING")
    yield client
    await client.connection_pool.disconnect()


async def test_an_answer_that_was_lost_is_told_as_unknown(proxy: Proxy, cut_client: Redis) -> None:
    proxy.by_chance(Fault.LOSE_REPLY, 1.0)
    with pytest.raises(Unavailable, match="the connection was lost before it answered") as lost:
        await ask(cut_client, "PING")
    assert lost.value.unknown


async def test_an_append_whose_answer_is_lost_is_sent_once(
    proxy: Proxy, cut_client: Redis, keys: Keys, uncut_log: RedisLog
) -> None:
    await uncut_log.append(an_append())
    proxy.by_chance(Fault.LOSE_REPLY, 1.0)
    with pytest.raises(Unavailable):
        await RedisLog(cut_client, keys).append(an_append(1, 1, request="event:7"))
    assert proxy.struck == {Fault.LOSE_REPLY: 1}
    assert len(await uncut_log.read(IncidentId(1), Version(1))) == 1


async def test_an_append_whose_answer_was_lost_can_be_repeated(
    proxy: Proxy, cut_client: Redis, keys: Keys, uncut_log: RedisLog
) -> None:
    proxy.by_chance(Fault.LOSE_REPLY, 1.0)
    with pytest.raises(Unavailable):
        await RedisLog(cut_client, keys).append(an_append(request="event:7"))
    again = await uncut_log.append(an_append(request="event:7"))
    assert again == AlreadyHandled(incident=IncidentId(1), version=Version(1))


async def test_a_server_that_is_not_there_was_certainly_not_asked(tmp_path: Path) -> None:
    client = connect(f"unix://{tmp_path}/nobody.sock")
    with pytest.raises(Unavailable, match="cannot be reached") as refused:
        await ask(client, "PING")
    assert refused.value.retryable
    assert not refused.value.unknown


async def test_a_closed_port_was_certainly_not_asked() -> None:
    client = connect("redis://127.0.0.1:1/0")
    with pytest.raises(Unavailable, match="cannot be reached") as refused:
        await ask(client, "PING")
    assert not refused.value.unknown


async def _say_nothing(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()
    writer.close()


async def test_a_server_that_says_nothing_is_given_up(tmp_path: Path) -> None:
    path = tmp_path / "mute.sock"
    async with await asyncio.start_unix_server(_say_nothing, path):
        client = connect(f"unix://{path}", connect_within=SHORT, answer_within=SHORT)
        with pytest.raises(Unavailable) as mute:
            await ask(client, "PING")
        assert not mute.value.unknown
        await client.connection_pool.disconnect()


async def test_an_answer_that_takes_too_long_is_told_as_unknown(redis_url: str, keys: Keys) -> None:
    client = connect(redis_url, tag=keys.team, answer_within=SHORT)
    with pytest.raises(Unavailable, match="no answer in time") as late:
        await ask(client, "BLPOP", keys.lane("nothing comes"), 0)
    assert late.value.unknown
    await client.connection_pool.disconnect()


def test_a_person_hears_of_it_within_three_seconds() -> None:
    longest = FOLLOW_WITHIN + CONNECT_WITHIN + ANSWER_WITHIN
    assert longest < timedelta(seconds=3)


async def test_a_connection_that_was_closed_while_idle_is_replaced(client: Redis, redis_url: str, keys: Keys) -> None:
    idle = await ask(client, "CLIENT ID")
    other = connect(redis_url, tag=keys.team)
    await ask(other, "CLIENT KILL", "ID", idle)
    assert await ask(client, "PING")
    await other.connection_pool.disconnect()


async def test_a_refused_command_is_known_not_to_have_happened(client: Redis, keys: Keys) -> None:
    await client.set(keys.counter, "not a number")
    with pytest.raises(Unavailable, match="refuses the command") as refused:
        await ask(client, "INCR", keys.counter)
    assert not refused.value.unknown
    assert not refused.value.retryable


async def test_more_callers_than_connections_wait_their_turn(client: Redis) -> None:
    assert all(await asyncio.gather(*(ask(client, "PING") for _ in range(200))))


async def test_a_cancelled_callers_answer_goes_to_nobody_else(redis_url: str) -> None:
    client = connect(redis_url, most_connections=1)
    await ask(client, "PING")
    asking = asyncio.create_task(ask(client, "ECHO", "for Ada"))
    await asyncio.sleep(0)
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    assert await ask(client, "ECHO", "for Ben") == "for Ben"
    await client.connection_pool.disconnect()


async def test_a_cancellation_is_never_swallowed_however_far_the_command_has_come(client: Redis) -> None:
    swallowed = []
    await ask(client, "PING")
    for steps in range(40):
        asking = asyncio.create_task(ask(client, "PING"))
        for _ in range(steps):
            await asyncio.sleep(0)
        if asking.cancel():
            await asyncio.wait([asking])
            swallowed += [] if asking.cancelled() else [steps]
    assert not swallowed


async def test_no_caller_is_starved_by_busier_ones(redis_url: str) -> None:
    client = connect(redis_url, most_connections=2)
    done = [0] * 10

    async def ask_often(caller: int) -> None:
        while max(done) < 50:
            await ask(client, "PING")
            done[caller] += 1

    await asyncio.gather(*(ask_often(caller) for caller in range(10)))
    assert min(done) > 40
    await client.connection_pool.disconnect()


@pytest.mark.parametrize("url", ["http://ada:secret@store", "nonsense", "redis://ada:secret@store:port"])
def test_a_url_that_is_none_is_told_without_the_password(url: str) -> None:
    with pytest.raises(Unavailable, match="REDIS_URL must be") as refused:
        connect(url)
    assert "secret" not in str(refused.value)


async def test_opening_a_store_that_is_not_there_fails_at_once(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(Unavailable):
        await open_store(f"unix://{tmp_path}/nobody.sock", "T0123")
    assert time.monotonic() - started < 1


async def test_an_opened_store_has_all_three_parts(redis_url: str, keys: Keys) -> None:
    store = await open_store(redis_url, "T0123", root=keys.root)
    await store.log.append(an_append())
    assert await store.outbox.lease(1) == []
    assert await store.timers.claim_due(1) == []
    await store.close()
