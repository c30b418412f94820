"""Which incidents are drills, as their listings say: for those who know an incident by its number alone."""

from collections.abc import Collection

from redis.asyncio import Redis

from bot.incident.terms import IncidentId
from bot.store.codec import Unreadable, decode_listing
from bot.store.connection import look
from bot.store.keys import Keys


async def drills_among(client: Redis, keys: Keys, incidents: Collection[IncidentId]) -> frozenset[IncidentId]:
    """A listing that is gone or does not read says nothing. Raises Unavailable."""
    if not incidents:
        return frozenset()
    numbers = sorted(incidents)
    stored = await look(client, "HMGET", keys.listings, *numbers)
    return frozenset(number for number, data in zip(numbers, stored, strict=True) if data and _is_drill(data))


def _is_drill(data: str) -> bool:
    try:
        return decode_listing(data).drill
    except Unreadable:
        return False
