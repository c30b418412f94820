"""Deploy freezes for tests of what stands on them: kept in memory, with what was to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.incident.effects import Effect
from bot.incident.freeze import Freeze, FreezeChange, FreezeNumber, FreezeTurn
from bot.incident.terms import IncidentId


@dataclass
class FreezesDouble:
    """The protocol freeze_keeper.FreezeBook, as the store keeps it."""

    kept: dict[FreezeNumber, Freeze] = field(default_factory=dict)
    log: list[FreezeChange] = field(default_factory=list)
    told: list[Effect] = field(default_factory=list)
    count: int = 0

    async def freezes(self) -> Sequence[Freeze]:
        return sorted(self.kept.values(), key=lambda each: (each.since, each.number))

    async def next_number(self) -> FreezeNumber:
        self.count += 1
        return FreezeNumber(self.count)

    async def write(self, change: FreezeChange, effects: Sequence[Effect] = ()) -> bool:
        freeze, before = change.freeze, change.before
        if before is None and any(each.after == freeze.after for each in self.kept.values()):
            return False
        if before is not None and self.kept.get(freeze.number) != before:
            return False
        self.kept[freeze.number] = replace(freeze, revision=before.revision + 1 if before else 1)
        if change.turn is FreezeTurn.FORGOTTEN:
            del self.kept[freeze.number]
        self.log.append(change)
        self.told += effects
        return True


async def no_routes(claims: Sequence[str]) -> Mapping[str, tuple[IncidentId, ...]]:
    """No open incident."""
    return {}
