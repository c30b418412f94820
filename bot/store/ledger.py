"""All logs as they are stored, entry by entry: for audits and backups. It reads, decodes nothing and judges nothing."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis

from bot.incident.terms import IncidentId, Version
from bot.store.connection import ask
from bot.store.keys import Keys
from bot.store.scripts import HEADS
from bot.store.seal import UNSEALED

_ENTRIES_AT_ONCE: Final = 500
_LOGS_AT_ONCE: Final = 500
"""Per command, so that nobody waits long behind it: a few hundred kB, or about 2 ms of the server's time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry as it stands; `seal` is empty where it has none."""

    version: Version
    stored: str
    data: str
    seal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest entry of a log."""

    version: Version
    seal: str


class Ledger:
    """Each method raises Unavailable."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def count(self) -> int:
        """The last number that counts as given to an incident."""
        return int(await ask(self._client, "GET", self._keys.counter) or 0)

    async def skipped(self) -> list[range]:
        """Numbers that no incident has, because the store was begun anew after them; there are no other gaps."""
        stored: dict[str, str] = await ask(self._client, "HGETALL", self._keys.skipped)
        return sorted((range(int(first), int(last) + 1) for first, last in stored.items()), key=lambda gap: gap.start)

    async def highest_listed(self) -> int:
        """The highest number in the index of listings, which is written in the same step as the log."""
        listed = await ask(self._client, "HKEYS", self._keys.listings)
        return max((int(number) for number in listed), default=0)

    async def entries(self, incident: IncidentId, *, until: Version | None = None) -> AsyncIterator[StoredEntry]:
        """Oldest first; `until`: the last version that is wanted."""
        after, last = "-", f"{until}-0" if until else "+"
        while True:
            found = await ask(
                self._client, "XRANGE", self._keys.incident(incident), after, last, "COUNT", _ENTRIES_AT_ONCE
            )
            for id_, fields in found:
                yield _entry(id_, fields)
            if len(found) < _ENTRIES_AT_ONCE:
                return
            after = f"({found[-1][0]}"

    async def heads(self, count: int) -> Mapping[IncidentId, Head]:
        """Of those incidents from 1 to `count` that have a log. Logs only grow, so each is a true moment of its log."""
        heads: dict[IncidentId, Head] = {}
        for first in range(1, count + 1, _LOGS_AT_ONCE):
            most = min(_LOGS_AT_ONCE, count - first + 1)
            found = await HEADS.run(self._client, (self._keys.counter,), self._keys.prefix, first, most)
            for incident, (version, seal) in enumerate(found, start=first):
                if version:
                    heads[IncidentId(incident)] = Head(version=Version(version), seal=seal)
        return heads


def _entry(id_: str, fields: Mapping[str, str]) -> StoredEntry:
    """An id that Muster does not write, such as '7-1', counts as version 0, which stands nowhere in a log."""
    version, _, part = id_.partition("-")
    return StoredEntry(
        version=Version(int(version) if part == "0" else 0),
        stored=fields.get("type", ""),
        data=fields.get("data", ""),
        seal=fields.get("mac", UNSEALED),
    )
