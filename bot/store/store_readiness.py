"""Whether the store is ready, for whoever asks over HTTP."""

from dataclasses import dataclass

from bot.ports import Unavailable
from bot.store.redis_store import RedisStore


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreProbe:
    """Ready when the store takes a write."""

    store: RedisStore
    name: str = "store"

    async def check(self) -> str | None:
        try:
            await self.store.ensure_writable()
        except Unavailable as failure:
            return str(failure)
        return None
