"""The three parts of one workspace's store, on one client."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from redis.asyncio import Redis

from bot.ports import Unavailable
from bot.store.connection import ask, connect
from bot.store.keys import Keys
from bot.store.redis_log import RedisLog
from bot.store.redis_outbox import LEASED_FOR, RedisOutbox
from bot.store.redis_people import RedisPeople
from bot.store.redis_timers import CLAIMED_FOR, RedisTimers, Told
from bot.store.scripts import ALL
from bot.store.seal import Seals
from bot.store.server_clock import ServerClock


@dataclass(frozen=True, slots=True, kw_only=True)
class RedisStore:
    """Log, outbox and timers. Whoever opens it closes it."""

    client: Redis = field(repr=False)
    keys: Keys
    log: RedisLog
    outbox: RedisOutbox
    timers: RedisTimers
    people: RedisPeople

    async def ensure_writable(self) -> None:
        """Writes a key that expires, for readiness. Raises Unavailable."""
        await ask(self.client, "SET", self.keys.probe, "1", "EX", 60)

    async def warm_up(self) -> None:
        """Sends the scripts and opens connections for them, so that the first incident waits for neither."""
        sent = await asyncio.gather(*(script.load(self.client) for script in ALL), return_exceptions=True)
        for failure in sent:
            # Where loading is not allowed, a script is sent in full when it is first run.
            if isinstance(failure, BaseException) and not isinstance(failure, Unavailable):
                raise failure

    async def close(self) -> None:
        await self.client.aclose()
        await self.client.connection_pool.disconnect()


async def open_store(
    url: str,
    team: str,
    *,
    root: str = "muster",
    lease: timedelta = LEASED_FOR,
    claim: timedelta = CLAIMED_FOR,
    offset: Callable[[], timedelta] = timedelta,
    told: Told | None = None,
    audit_keys: Sequence[str] = (),
) -> RedisStore:
    """Connects and writes once, so that a store that cannot be used is known at once. Raises Unavailable.

    `offset`: how far Muster's clock was moved on; `told` hears the server's time, now and with every look for what is
    due (RedisTimers). `audit_keys`: the first one seals the log.
    """
    client, keys = connect(url), Keys(team=team, root=root)
    clock = ServerClock(client)
    store = RedisStore(
        client=client,
        keys=keys,
        log=RedisLog(client, keys, seals=Seals(team, audit_keys) if audit_keys else None, clock=clock),
        outbox=RedisOutbox(client, keys, lease=lease, clock=clock),
        timers=RedisTimers(client, keys, lease=claim, offset=offset, told=told, clock=clock),
        people=RedisPeople(client, keys),
    )
    try:
        await store.ensure_writable()
        await store.timers.look_at_the_clock()
    except BaseException:
        await store.close()
        raise
    return store
