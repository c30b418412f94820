"""The facts that `muster check` judges."""

from redis.asyncio import Redis

from bot.store.inspection import inspect_store
from bot.store.keys import Keys


async def test_the_embedded_server_keeps_every_write(client: Redis, keys: Keys) -> None:
    facts = await inspect_store(client, keys)
    assert (facts.appendonly, facts.appendfsync, facts.maxmemory_policy) == (True, "always", "noeviction")


async def test_the_server_is_known_and_new_enough(client: Redis, keys: Keys) -> None:
    facts = await inspect_store(client, keys)
    assert facts.server in {"valkey", "redis"}
    assert facts.version >= (6, 2)
    assert facts.writable
