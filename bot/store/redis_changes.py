"""Changes of services, as deployments told of them: context, not the record, and forgotten after a week."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import TypeAdapter
from redis.asyncio import Redis

from bot.incident.effects import Effect
from bot.incident.service_change import ServiceChange
from bot.store.connection import look
from bot.store.keys import Keys
from bot.store.redis_register import pushed
from bot.store.scripts import RECORD_CHANGE

KEPT_FOR: Final = timedelta(days=7)
MOST_KEPT: Final = 2000
"""About 1 MB; beyond that the oldest go first."""
MOST_READ: Final = 500

_ADAPTER: Final = TypeAdapter(ServiceChange)


class RedisChanges:
    """The protocol ports.Changes."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def record(self, change: ServiceChange, key: str, now: datetime, effects: Sequence[Effect] = ()) -> bool:
        keys = (self._keys.changes, self._keys.change_texts, self._keys.ready)
        asked = (key, _ms(change.at), _ADAPTER.dump_json(change).decode(), _ms(now - KEPT_FOR), MOST_KEPT)
        return bool(await RECORD_CHANGE.run(self._client, keys, self._keys.prefix, *asked, *pushed(effects)))

    async def since(self, at: datetime) -> Sequence[ServiceChange]:
        ids = await look(self._client, "ZREVRANGEBYSCORE", self._keys.changes, "+inf", _ms(at), "LIMIT", 0, MOST_READ)
        stored = await look(self._client, "HMGET", self._keys.change_texts, *ids) if ids else []
        return [change for text in stored if text and (change := _change(text))]


def _change(text: str) -> ServiceChange | None:
    """None for what another version wrote and this one cannot read."""
    try:
        return _ADAPTER.validate_python(json.loads(text))
    except ValueError:
        return None


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
