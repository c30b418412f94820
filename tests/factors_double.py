"""An in-memory index of contributing factors, for tests of what stands on it: the same answers as the store."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.incident.factor_index import ListedFactor, factor_lines
from bot.incident.listing import listing
from bot.incident.state import Incident


@dataclass(kw_only=True)
class FactorsDouble:
    incidents: list[Incident] = field(default_factory=list)

    async def open(self) -> Sequence[ListedFactor]:
        return [item for item in self._all() if not item.line.is_settled]

    async def recent(self, since: datetime) -> Sequence[ListedFactor]:
        return [item for item in self._all() if item.line.stands and item.line.declared_at >= since]

    async def alike(self, marks: Collection[str], since: datetime) -> Sequence[ListedFactor]:
        return [item for item in await self.recent(since) if _shared(item, marks) >= 2]

    def _all(self) -> list[ListedFactor]:
        found = [
            ListedFactor(line=line, listing=listing(incident))
            for incident in self.incidents
            for line in factor_lines(incident).values()
        ]
        return sorted(found, key=lambda item: item.line.added_at, reverse=True)


def _shared(item: ListedFactor, marks: Collection[str]) -> int:
    return sum(2 if ":" in mark else 1 for mark in item.line.marks if mark in marks)
