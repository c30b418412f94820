"""Gists in Redis, and the index of their words. A view of the logs: whatever is lost of it is made anew from them."""

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from redis.asyncio import Redis

from bot.incident.gist import Gist, Shelf
from bot.incident.likeness import Matches
from bot.incident.listing import Listing
from bot.incident.terms import IncidentId, Version
from bot.ports import Unavailable
from bot.store.codec import Unreadable, decode_listing
from bot.store.connection import WHAT, look
from bot.store.keys import Keys
from bot.store.scripts import FIND_WORDS, MISSING_GISTS, PUT_GIST

MOST_OF_A_WORD: Final = 1000
"""The newest incidents of each word that are looked at. Those that have all the words are found among all there are."""
_AT_ONCE: Final = 500
_LOOKED_THROUGH: Final = 2000
"""Numbers at a time: about a millisecond of the server's."""


class RedisGists:
    """The protocol ports.Gists."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def put(self, incident: IncidentId, version: Version, gist: Gist) -> None:
        await PUT_GIST.run(self._client, (self._keys.gists,), *gist_arguments(self._keys, incident, version, gist))

    async def matches(self, shelf: Shelf, words: Sequence[str], most: int = MOST_OF_A_WORD) -> Matches:
        """`most`: how many of the newest that have a word."""
        asked = (self._keys.prefix, shelf.value, most, *words)
        count, frequency, whole, *found = await FIND_WORDS.run(self._client, (self._keys.counter,), *asked)
        return Matches(
            count=int(count),
            frequency=dict(zip(words, map(int, frequency), strict=True)),
            holders={word: _newest(ids, most) for word, ids in zip(words, found, strict=True)},
            whole=_newest(whole, most),
        )

    async def listings(self, incidents: Collection[IncidentId]) -> Sequence[Listing]:
        found: list[Listing] = []
        wanted = sorted(incidents, reverse=True)
        try:
            for start in range(0, len(wanted), _AT_ONCE):
                stored = await look(self._client, "HMGET", self._keys.listings, *wanted[start : start + _AT_ONCE])
                found += [decode_listing(data) for data in stored if data]
        except Unreadable as error:
            raise Unavailable(WHAT, str(error), retryable=False) from error
        return found

    async def gists(self, incidents: Sequence[IncidentId]) -> Mapping[IncidentId, Gist]:
        if not incidents:
            return {}
        stored = await look(self._client, "HMGET", self._keys.gists, *incidents)
        return {number: _decoded(data) for number, data in zip(incidents, stored, strict=True) if data}

    async def are_complete(self, but: int = 0) -> bool:
        """Whether every incident that is listed has a gist, but so many."""
        listed, kept = [int(await look(self._client, "HLEN", key)) for key in (self._keys.listings, self._keys.gists)]
        return listed <= kept + but

    async def missing(self, below: IncidentId | None, most: int) -> tuple[IncidentId, Sequence[IncidentId]]:
        """Some that have none, the newest first, and where to go on (0: at the end). `below` None: from the top."""
        keys = (self._keys.listings, self._keys.gists, self._keys.counter)
        at, numbers = await MISSING_GISTS.run(self._client, keys, "" if below is None else below, _LOOKED_THROUGH, most)
        return IncidentId(int(at)), [IncidentId(int(number)) for number in numbers]


def gist_arguments(keys: Keys, incident: IncidentId, version: Version, gist: Gist) -> tuple[str | int, ...]:
    """In the order in which put_gist.lua takes them."""
    return (keys.prefix, incident, version, *encoded(gist))


def encoded(gist: Gist) -> tuple[str, str, str]:
    """Shelf, words and the rest, as scripts take them."""
    rest = {
        "service": gist.service,
        "outcome": gist.outcome,
        "playbooks": gist.playbooks,
        "factors": gist.factor_words,
    }
    return gist.shelf.value, " ".join(gist.words), json.dumps(rest, ensure_ascii=False, separators=(",", ":"))


def _decoded(stored: str) -> Gist:
    """A view of our own making; what another version wrote otherwise is shown as far as it is understood."""
    head, shelf, rest = stored.split("\n", 2)
    told = json.loads(rest)
    return Gist(
        shelf=Shelf(shelf),
        words=tuple(head.split(" ")[1:]),
        service=told.get("service", ""),
        outcome=told.get("outcome", ""),
        playbooks=tuple(told.get("playbooks", ())),
        factor_words=tuple(told.get("factors", ())),
    )


def _newest(ids: Sequence[str], most: int) -> frozenset[IncidentId]:
    return frozenset(map(IncidentId, sorted(map(int, ids), reverse=True)[:most]))
