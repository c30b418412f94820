"""Who led a review when last, so that nobody walks over all incidents for it. A view of the logs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from redis.asyncio import Redis

from bot.incident.terms import UserId
from bot.store.connection import ask, look
from bot.store.keys import Keys

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND: Final = timedelta(milliseconds=1)


class RedisRota:
    """The protocol ports.Rota."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def led(self, user: UserId, at: datetime) -> None:
        """The later moment stays, so that it may be told twice, and in any order."""
        await ask(self._client, "ZADD", self._keys.facilitators, "GT", (at - _EPOCH) // _MILLISECOND, user)

    async def last_led(self, users: Sequence[UserId]) -> Mapping[UserId, datetime]:
        if not users:
            return {}
        scores = await look(self._client, "ZMSCORE", self._keys.facilitators, *users)
        return {
            user: _EPOCH + int(float(score)) * _MILLISECOND
            for user, score in zip(users, scores, strict=True)
            if score is not None
        }
