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
from bot.store.scripts import FIND_WORDS, PUT_GIST

MOST_OF_A_WORD: Final = 1000
"""The newest incidents of each word that are looked at. Those that have all the words are found among all there are."""
_AT_ONCE: Final = 500


class RedisGists:
    """The protocol ports.Gists."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def put(self, incident: IncidentId, version: Version, gist: Gist) -> None:
        await PUT_GIST.run(self._client, (self._keys.gists,), *gist_arguments(self._keys, incident, version, gist))

    async def matches(self, shelf: Shelf, words: Sequence[str]) -> Matches:
        asked = (self._keys.prefix, shelf.value, MOST_OF_A_WORD, *words)
        count, frequency, whole, *found = await FIND_WORDS.run(self._client, (self._keys.counter,), *asked)
        return Matches(
            count=int(count),
            frequency=dict(zip(words, map(int, frequency), strict=True)),
            holders={word: _newest(ids) for word, ids in zip(words, found, strict=True)},
            whole=_newest(whole),
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

    async def missing(self, most: int) -> Sequence[IncidentId]:
        """Incidents that have a listing and no gist, the newest first: of an older version of Muster, most likely."""
        both = (self._keys.listings, self._keys.gists)
        listed, kept = [int(await look(self._client, "HLEN", key)) for key in both]
        if listed == kept:
            return ()
        with_listing, with_gist = [set(await look(self._client, "HKEYS", key)) for key in both]
        return [IncidentId(number) for number in sorted(map(int, with_listing - with_gist), reverse=True)][:most]


def gist_arguments(keys: Keys, incident: IncidentId, version: Version, gist: Gist) -> tuple[str | int, ...]:
    """In the order in which put_gist.lua takes them."""
    return (keys.prefix, incident, version, *encoded(gist))


def encoded(gist: Gist) -> tuple[str, str, str]:
    """Shelf, words and the rest, as scripts take them."""
    rest = {"service": gist.service, "outcome": gist.outcome, "playbooks": gist.playbooks}
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
    )


def _newest(ids: Sequence[str]) -> frozenset[IncidentId]:
    return frozenset(map(IncidentId, sorted(map(int, ids), reverse=True)[:MOST_OF_A_WORD]))
