"""An archive for tests of what stands on it: it gives back what it was filled with, and remembers what was asked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.incident.likeness import Findings, Likeness
from bot.incident.listing import Listing
from bot.incident.state import Incident
from bot.incident.terms import IncidentId


@dataclass
class ArchiveDouble:
    """`hits`: what every search and every question for precedents finds, as far as it may be seen."""

    hits: Sequence[Likeness] = ()
    kept: list[IncidentId] = field(default_factory=list)
    asked: list[tuple[tuple[str, ...], bool, int]] = field(default_factory=list)

    async def keep(self, incident: Incident) -> None:
        self.kept.append(incident.id)

    async def search(
        self,
        words: Mapping[str, str],
        *,
        drills: bool,
        may_see: Callable[[Listing], bool],
        at: datetime,
        page: int,
        page_size: int,
    ) -> Findings:
        self.asked.append((tuple(words.values()), drills, page))
        seen = tuple(each for each in self.hits if may_see(each.listing))
        pages = max(1, -(-len(seen) // page_size))
        hits = seen[(page - 1) * page_size : page * page_size]
        told = tuple(words.values())
        return Findings(words=told, drills=drills, hits=hits, count=len(seen), page=page, pages=pages)

    async def of_service(
        self, names: Sequence[str], *, may_see: Callable[[Listing], bool], most: int
    ) -> Sequence[Listing]:
        return [each.listing for each in self.hits if may_see(each.listing)][:most]

    async def precedents(self, incident: Incident, at: datetime) -> Sequence[Likeness]:
        return self.hits
