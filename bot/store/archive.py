"""Past incidents by their words: kept up from the logs, searched, and asked for those like a new one.

What counts as like, and in which order, is decided in incident/likeness; here it is looked up.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Final

import structlog

from bot.incident.evolve import replay
from bot.incident.gist import SERVICE, Shelf, gist, is_told_in_full
from bot.incident.likeness import MOST_PRECEDENTS, Findings, Likeness, Matches, alike, asked_of, likeness, weight
from bot.incident.listing import Listing
from bot.incident.search_words import mark
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Version
from bot.ports import Log, Unavailable
from bot.store.redis_gists import MOST_OF_A_WORD, RedisGists

MOST_WEIGHED: Final = 20
"""The likest by their words alone, of which the newest and gravest are told."""
MADE_UP_AT_ONCE: Final = 50
MOST_OF_A_SERVICE: Final = 200
"""The newest incidents on a service that are looked at."""

MaySee = Callable[[Listing], bool]
Shared = Mapping[IncidentId, Sequence[str]]

_log = structlog.get_logger(__name__)


class SearchedArchive:
    """The protocol ports.Archive."""

    def __init__(self, log: Log, gists: RedisGists) -> None:
        self._log = log
        self._gists = gists
        self._unreadable: set[IncidentId] = set()
        self._below = IncidentId(0)

    async def keep(self, incident: Incident) -> None:
        if not is_told_in_full(incident):
            await self._gists.put(incident.id, incident.version, gist(incident))
            return
        history = await self._log.read(incident.id, Version(0))
        newest = replay(history) or incident
        await self._gists.put(incident.id, newest.version, gist(newest, history))

    async def make_up(self) -> int:
        """Some of the incidents that an older version of Muster left out; answers how many. Raises Unavailable.

        It goes from the newest down, and begins again only where the counts say that some are missing.
        """
        if not self._below and await self._gists.are_complete(len(self._unreadable)):
            return 0
        below, missing = await self._gists.missing(self._below or None, MADE_UP_AT_ONCE)
        for number in missing:
            await self._make_up(number)
        self._below = below
        return len(missing)

    async def _make_up(self, number: IncidentId) -> None:
        """A log that cannot be read is told of once; `muster audit` says more."""
        try:
            state = replay(await self._log.read(number, Version(0)))
        except Unavailable as failure:
            if failure.retryable:
                raise
            state = None
        if state is None:
            self._unreadable.add(number)
            _log.warning("incident_not_searchable", incident=number)
        else:
            await self.keep(state)

    async def search(
        self,
        words: Mapping[str, str],
        *,
        drills: bool,
        may_see: MaySee,
        at: datetime,
        page: int,
        page_size: int,
    ) -> Findings:
        """What is public is looked up apart, so that nothing private pushes any of it out or changes its order."""
        shelves = (Shelf.DRILLS, Shelf.PRIVATE_DRILLS) if drills else (Shelf.PUBLIC, Shelf.PRIVATE)
        open_shelf, hidden = [await self._gists.matches(shelf, list(words)) for shelf in shelves]
        shared, whole = {number: list(words) for each in (open_shelf, hidden) for number in each.whole}, True
        seen = await self._seen(shared, may_see)
        if not seen and len(words) > 1:
            shared, whole = {**_some(open_shelf, words), **_some(hidden, words)}, False
            seen = await self._seen(shared, may_see)
        ranked = sorted(seen, key=lambda each: -weight(each, shared[each.incident], open_shelf, at))
        pages = max(1, -(-len(ranked) // page_size))
        number = min(max(page, 1), pages)
        hits = ranked[(number - 1) * page_size : number * page_size]
        return Findings(
            words=tuple(words.values()),
            drills=drills,
            hits=await self._told(hits, shared, words),
            count=len(ranked),
            page=number,
            pages=pages,
            whole=whole,
        )

    async def of_service(self, names: Sequence[str], *, may_see: MaySee, most: int) -> Sequence[Listing]:
        """Public and private ones are looked up apart, so that nothing private pushes any of the others out."""
        marks = [mark(SERVICE, name) for name in names]
        shelves = [
            await self._gists.matches(shelf, marks, MOST_OF_A_SERVICE) for shelf in (Shelf.PUBLIC, Shelf.PRIVATE)
        ]
        found = {number for shelf in shelves for holders in shelf.holders.values() for number in holders}
        seen = await self._seen(found, may_see)
        return sorted(seen, key=lambda each: not each.active)[:most]

    async def precedents(self, incident: Incident, at: datetime) -> Sequence[Likeness]:
        asked = asked_of(incident)
        if not asked:
            return ()
        matches = await self._gists.matches(Shelf.PUBLIC, list(asked))
        shared = alike(incident.id, asked, matches, MOST_WEIGHED)
        seen = await self._seen(shared, lambda each: not each.private and not each.drill)
        ranked = sorted(seen, key=lambda each: -weight(each, shared[each.incident], matches, at))
        return await self._told(ranked[:MOST_PRECEDENTS], shared, asked)

    async def _seen(self, shared: Iterable[IncidentId], may_see: MaySee) -> list[Listing]:
        """By what their listings say at this moment, the newest first."""
        return [each for each in await self._gists.listings(list(shared)) if may_see(each)]

    async def _told(self, hits: Sequence[Listing], shared: Shared, asked: Mapping[str, str]) -> tuple[Likeness, ...]:
        gists = await self._gists.gists([each.incident for each in hits])
        return tuple(
            likeness(each, gists[each.incident], shared[each.incident], asked)
            for each in hits
            if each.incident in gists
        )


def _some(matches: Matches, words: Iterable[str]) -> dict[IncidentId, list[str]]:
    """Those with the rarest of the words."""
    shared = matches.shared_by(words)
    ranked = sorted(shared, key=lambda each: (-sum(map(matches.rarity, shared[each])), -each))
    return {each: shared[each] for each in ranked[:MOST_OF_A_WORD]}
