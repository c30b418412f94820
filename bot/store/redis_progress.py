"""How far the walk through the incidents of older versions has come, for all processes and across restarts."""

from typing import Final

from redis.asyncio import Redis

from bot.incident.terms import IncidentId
from bot.store.connection import look
from bot.store.keys import Keys

WALK: Final = "1"
"""Which walk: where a later version brings timers that none of these has, it begins anew under another name."""


class RedisProgress:
    """The protocol ports.Progress."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def below(self) -> IncidentId | None:
        found = await look(self._client, "HGET", self._keys.progress, WALK)
        return IncidentId(int(found)) if found else None

    async def reached(self, incident: IncidentId) -> None:
        """Two processes that walk at once do the same twice, which is harmless."""
        await look(self._client, "HSET", self._keys.progress, WALK, incident)
