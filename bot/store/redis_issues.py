"""Issues of follow-ups in Redis: whose each is, a view of the logs, and how far a tracker's changes were read."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from redis.asyncio import Redis

from bot.incident.terms import IncidentId
from bot.store.connection import ask, look
from bot.store.keys import Keys
from bot.store.redis_followups import issue_field
from bot.store.scripts import milliseconds


class RedisIssues:
    """The protocol ports.IssueIndex."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def followups_of(self, tracker: str, keys: Sequence[str]) -> Mapping[str, tuple[IncidentId, int]]:
        if not keys:
            return {}
        fields = [issue_field(tracker, key) for key in keys]
        stored = await look(self._client, "HMGET", self._keys.issues, *fields)
        return {key: _member(str(found)) for key, found in zip(keys, stored, strict=True) if found}

    async def read_until(self, tracker: str) -> datetime | None:
        stored = await look(self._client, "HGET", self._keys.tracker, tracker)
        return datetime.fromtimestamp(float(stored), tz=UTC) if stored else None

    async def has_read(self, tracker: str, until: datetime) -> None:
        await ask(self._client, "HSET", self._keys.tracker, tracker, f"{until.timestamp():.6f}")

    async def take_turn(self, span: timedelta) -> bool:
        taken = await ask(self._client, "SET", self._keys.tracker_turn, "1", "NX", "PX", milliseconds(span))
        return taken is not None


def _member(stored: str) -> tuple[IncidentId, int]:
    incident, _, number = stored.partition(".")
    return IncidentId(int(incident)), int(number)
