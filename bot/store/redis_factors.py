"""The index of contributing factors in Redis: what is open, what is alike, what is recent. It decides nothing."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final

from redis.asyncio import Redis

from bot.incident.factor_index import ListedFactor, ReindexedFactor
from bot.ports import Unavailable
from bot.store.codec import Unreadable, decode_factors, decode_listings, encode_factor
from bot.store.connection import WHAT, look
from bot.store.keys import Keys
from bot.store.redis_followups import milliseconds_of
from bot.store.scripts import FIND_FACTORS, JOIN_VALUES

MOST_OF_A_MARK: Final = 200
"""The newest factors of each word that are looked at."""
MOST_RECENT: Final = 2000
_AT_ONCE: Final = 500


class RedisFactors:
    """The protocol ports.FactorIndex."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def open(self) -> Sequence[ListedFactor]:
        return await self._listed(await look(self._client, "ZREVRANGE", self._keys.factors_open, 0, -1))

    async def recent(self, since: datetime) -> Sequence[ListedFactor]:
        asked = (self._keys.factors_recent, "+inf", milliseconds_of(since), "LIMIT", 0, MOST_RECENT)
        return await self._listed(await look(self._client, "ZREVRANGEBYSCORE", *asked))

    async def alike(self, marks: Collection[str], since: datetime) -> Sequence[ListedFactor]:
        asked: list[str | int] = [self._keys.prefix, milliseconds_of(since), MOST_OF_A_MARK, *sorted(marks)]
        return await self._listed(await FIND_FACTORS.run(self._client, (self._keys.factors,), *asked))

    async def _listed(self, members: Sequence[str]) -> list[ListedFactor]:
        """With the incident of each; what has no listing, which the same step writes, is damage and left out."""
        try:
            lines = [line for part in await self._values(self._keys.factors, members) for line in decode_factors(part)]
            incidents = sorted({line.incident for line in lines})
            parts = await self._values(self._keys.listings, incidents)
            listings = {each.incident: each for part in parts for each in decode_listings(part)}
        except Unreadable as error:
            raise Unavailable(WHAT, str(error), retryable=False) from error
        return [ListedFactor(line=line, listing=listings[line.incident]) for line in lines if line.incident in listings]

    async def _values(self, key: str, fields: Sequence[str | int]) -> list[str]:
        """As JSON arrays, each of so many that nobody waits long behind it."""
        starts = range(0, len(fields), _AT_ONCE)
        return [str(await JOIN_VALUES.run(self._client, (key,), *fields[at : at + _AT_ONCE])) for at in starts]


def factor_arguments(changed: Sequence[ReindexedFactor]) -> Iterator[str | int]:
    """As factors.lua takes them."""
    for each in changed:
        line = each.line
        yield from (line.number, encode_factor(line), int(not line.is_settled), int(line.stands))
        yield from (milliseconds_of(line.added_at), milliseconds_of(line.declared_at))
        yield from (" ".join(sorted(each.no_longer)), " ".join(sorted(line.marks)))
