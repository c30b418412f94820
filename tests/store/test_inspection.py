"""The facts that `muster check` judges."""

from datetime import timedelta

from redis.asyncio import Redis

from bot.store.inspection import inspect_store
from bot.store.keys import Keys
from tests.store.shifted_server import ShiftedServer


async def test_the_embedded_server_keeps_every_write(client: Redis, keys: Keys) -> None:
    facts = await inspect_store(client, keys)
    assert (facts.appendonly, facts.appendfsync, facts.maxmemory_policy) == (True, "always", "noeviction")


async def test_the_server_is_known_and_new_enough(client: Redis, keys: Keys) -> None:
    facts = await inspect_store(client, keys)
    assert facts.server in {"valkey", "redis"}
    assert facts.version >= (6, 2)
    assert facts.writable


async def test_a_server_whose_clock_is_off_is_known(redis_url: str, keys: Keys) -> None:
    server = ShiftedServer.at(redis_url, keys.team)
    server.shift = timedelta(hours=-1)
    facts = await inspect_store(server, keys)
    await server.aclose()
    await server.connection_pool.disconnect()
    assert abs(facts.ahead + timedelta(hours=1)) < timedelta(seconds=2)
