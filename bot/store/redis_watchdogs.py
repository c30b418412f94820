"""Watchdogs in Redis: when each was heard, and what was raised. It decides nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import TypeAdapter, ValidationError
from redis.asyncio import Redis

from bot.incident.effects import Effect
from bot.incident.watchdog import Watch
from bot.ports import Unavailable
from bot.store.connection import WHAT, ask, look
from bot.store.keys import Keys
from bot.store.redis_followups import milliseconds_of
from bot.store.redis_register import pushed
from bot.store.scripts import WATCHDOG

_LOOKED: Final = "#looked"
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class RedisWatchdogs:
    """The protocol watchdog_keeper.WatchdogBook."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys
        self._watch = TypeAdapter(Watch)

    async def looked(self, at: datetime) -> datetime | None:
        found = await look(self._client, "HGET", self._keys.watchdogs_heard, _LOOKED)
        await ask(self._client, "HSET", self._keys.watchdogs_heard, _LOOKED, milliseconds_of(at))
        return _moment(found) if found else None

    async def heard(self, signals: Mapping[str, datetime]) -> None:
        pairs = [part for name, at in signals.items() for part in (name, milliseconds_of(at))]
        await ask(self._client, "HSET", self._keys.watchdogs_heard, *pairs)

    async def last_heard(self) -> Mapping[str, datetime]:
        stored = await look(self._client, "HGETALL", self._keys.watchdogs_heard)
        return {name: _moment(at) for name, at in stored.items() if name != _LOOKED}

    async def watches(self) -> Mapping[str, Watch]:
        stored = await look(self._client, "HGETALL", self._keys.watchdogs)
        return {name: self._read(data.partition(" ")[2]) for name, data in stored.items()}

    async def write(self, name: str, before: Watch | None, after: Watch, effects: Sequence[Effect] = ()) -> bool:
        kept = replace(after, revision=before.revision + 1 if before else 1)
        state = f"{kept.revision} {self._watch.dump_json(kept).decode()}"
        keys, seen = (self._keys.watchdogs, self._keys.ready), before.revision if before else 0
        return bool(await WATCHDOG.run(self._client, keys, self._keys.prefix, name, seen, state, *pushed(effects)))

    def _read(self, data: str) -> Watch:
        try:
            return self._watch.validate_json(data)
        except ValidationError as error:
            raise Unavailable(WHAT, "what it holds of a watchdog does not read", retryable=False) from error


def _moment(milliseconds: str) -> datetime:
    return _EPOCH + timedelta(milliseconds=int(milliseconds))
