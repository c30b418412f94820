"""Who has the form of a section open, as far as anybody can know: who opened it lately and has not saved since."""

from datetime import UTC, datetime, timedelta
from typing import Final

from redis.asyncio import Redis

from bot.incident.review_sections import ReviewSection, Writer
from bot.incident.terms import IncidentId, UserId
from bot.store.connection import look
from bot.store.keys import Keys

LATELY: Final = timedelta(minutes=20)
"""A form that was opened longer ago was closed, or its writer is told when they save."""


class RedisWriters:
    """The protocol ports.Writers."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def begins(self, incident: IncidentId, section: ReviewSection, user: UserId, at: datetime) -> list[Writer]:
        name = self._keys.writers(incident, section)
        since = (at - LATELY).timestamp()
        found = await look(self._client, "ZRANGEBYSCORE", name, since, "+inf", "WITHSCORES")
        await look(self._client, "ZADD", name, at.timestamp(), user)
        await look(self._client, "EXPIRE", name, int(LATELY.total_seconds()))
        others = [(who, float(score)) for who, score in zip(found[::2], found[1::2], strict=True) if who != user]
        return [Writer(user=UserId(who), since=datetime.fromtimestamp(score, UTC)) for who, score in others]

    async def ends(self, incident: IncidentId, section: ReviewSection, user: UserId) -> None:
        await look(self._client, "ZREM", self._keys.writers(incident, section), user)
