"""Deploy freezes in Redis: a register of them. It decides nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from redis.asyncio import Redis

from bot.incident.effects import Effect
from bot.incident.freeze import Freeze, FreezeChange, FreezeNumber, FreezeTurn
from bot.store.keys import Keys
from bot.store.redis_register import Entry, RedisRegister


class RedisFreezes:
    """The protocol freeze_keeper.FreezeBook."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._register = RedisRegister(client, keys, keys.freezes, thing=Freeze, change=FreezeChange)

    async def freezes(self) -> Sequence[Freeze]:
        return sorted(await self._register.all(), key=lambda each: (each.since, each.number))

    async def next_number(self) -> FreezeNumber:
        return FreezeNumber(await self._register.next_number())

    async def write(self, change: FreezeChange, effects: Iterable[Effect] = ()) -> bool:
        seen = change.before.revision if change.before else 0
        entry = Entry(
            number=change.freeze.number,
            key=f"after F{change.freeze.after}",
            seen=seen,
            after=None if change.turn is FreezeTurn.FORGOTTEN else replace(change.freeze, revision=seen + 1),
            line=change,
        )
        return await self._register.write(entry, effects) == change.freeze.number

    async def log(self) -> Sequence[FreezeChange]:
        return await self._register.log()
