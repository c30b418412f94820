"""Workers that die at random at every point of their work: nothing lost, nothing out of order, doubt always told."""

import asyncio
import random
from collections import defaultdict
from datetime import timedelta

from bot.incident.effects import PinMessage
from bot.incident.terms import ChannelId
from bot.ports import Lease
from bot.store.redis_log import RedisLog
from bot.store.redis_outbox import RedisOutbox
from tests.store.appends import an_append, pin

NOW = timedelta(0)
LANES, EACH, SEED = 4, 12, 20260301


class World:
    """What has happened outside, by lane: a worker that is in doubt looks here before it repeats."""

    def __init__(self, outbox: RedisOutbox) -> None:
        self.done: dict[str, list[str]] = defaultdict(list)
        self._outbox = outbox
        self._chance = random.Random(SEED)

    async def work(self) -> None:
        while await self._outbox.next_ready_in() is not None:
            for lease in await self._outbox.lease(1):  # at once at work: a lease here is short
                await self._serve(lease)
            await asyncio.sleep(0.001)

    async def _serve(self, lease: Lease) -> None:
        if self._dies():
            return
        assert isinstance(lease.effect, PinMessage)
        if not (lease.uncertain and lease.effect.ts in self.done[lease.lane]):
            self.done[lease.lane].append(lease.effect.ts)
        if self._dies():
            return
        if self._dies():
            await self._outbox.retry(lease, NOW, reason="the answer was lost", uncertain=True)
        else:
            await self._outbox.complete(lease, NOW)

    def _dies(self) -> bool:
        return self._chance.random() < 0.2


async def test_nothing_is_lost_doubled_or_misordered(log: RedisLog, hasty_outbox: RedisOutbox) -> None:
    effects = [pin(n, ChannelId(f"C{lane}")) for n in range(EACH) for lane in range(LANES)]
    await log.append(an_append(effects=effects))
    world = World(hasty_outbox)
    await asyncio.gather(*(world.work() for _ in range(3)))
    assert dict(world.done) == {f"C{lane}:pin": [f"{n}.0" for n in range(EACH)] for lane in range(LANES)}
