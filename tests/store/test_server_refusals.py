"""A server that takes no writes: told as it is, and nothing of an append is left behind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.incident.terms import IncidentId, Version
from bot.ports import Unavailable
from bot.store.connection import ask, connect
from bot.store.embedded import EmbeddedServer
from bot.store.inspection import inspect_store
from bot.store.redis_store import RedisStore, open_store
from tests.store.appends import an_append, pin

ONE = IncidentId(1)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[RedisStore]:
    """On a server of its own, which a test may spoil."""
    async with EmbeddedServer(tmp_path) as server:
        store = await open_store(server.url, "T1")
        yield store
        await store.close()


async def test_a_full_memory_writes_nothing_at_all(store: RedisStore) -> None:
    await store.log.append(an_append())
    await ask(store.client, "CONFIG SET", "maxmemory", "1")
    with pytest.raises(Unavailable, match="its memory is full") as full:
        await store.log.append(an_append(1, 1, effects=[pin(1)], timers={}))
    assert not full.value.unknown
    assert await store.log.read(ONE, Version(1)) == []
    assert await store.outbox.next_ready_in() is None


async def test_a_replica_takes_no_writes_and_says_so(store: RedisStore) -> None:
    await ask(store.client, "REPLICAOF", "127.0.0.1", "1")
    with pytest.raises(Unavailable, match="replica") as refused:
        await store.log.append(an_append())
    assert not refused.value.unknown
    assert not (await inspect_store(store.client, store.keys)).writable


async def test_a_wrong_password_is_not_worth_another_try(store: RedisStore, tmp_path: Path) -> None:
    await ask(store.client, "CONFIG SET", "requirepass", "right")
    client = connect(f"unix://:wrong@{tmp_path}/store.sock")
    with pytest.raises(Unavailable, match="refuses the user or password") as refused:
        await ask(client, "PING")
    assert not refused.value.retryable


async def test_a_host_that_forbids_config_is_still_inspected(store: RedisStore, tmp_path: Path) -> None:
    await ask(store.client, "ACL", "SETUSER", "muster", "on", ">pw", "~*", "+@all", "-config")
    client = connect(f"unix://muster:pw@{tmp_path}/store.sock")
    facts = await inspect_store(client, store.keys)
    assert (facts.appendonly, facts.appendfsync, facts.writable) == (True, None, True)
    await client.connection_pool.disconnect()
