"""Maintenance windows for tests of what stands on them: kept in memory, with what was to be told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.incident.effects import Effect
from bot.incident.maintenance import Quiet, QuietAlert, Turn, Window, WindowChange, WindowNumber


@dataclass
class BookDouble:
    """The protocol maintenance_book.MaintenanceBook, as the store keeps it."""

    kept: dict[WindowNumber, Window] = field(default_factory=dict)
    log: list[WindowChange] = field(default_factory=list)
    told: list[Effect] = field(default_factory=list)
    alerts: dict[WindowNumber, list[QuietAlert]] = field(default_factory=dict)
    count: int = 0

    async def windows(self) -> Sequence[Window]:
        return sorted(self.kept.values(), key=lambda each: (each.plan.begins_at, each.number))

    async def next_number(self) -> WindowNumber:
        self.count += 1
        return WindowNumber(self.count)

    async def write(self, change: WindowChange, effects: Sequence[Effect] = ()) -> WindowNumber | None:
        window, before = change.window, change.before
        taken = next((each.number for each in self.kept.values() if each.plan.key == window.plan.key), None)
        if before is None and taken is not None:
            return taken
        if before is not None and self.kept.get(window.number) != before:
            return None
        self.kept[window.number] = replace(window, revision=before.revision + 1 if before else 1)
        if change.turn is Turn.FORGOTTEN:
            del self.kept[window.number]
        self.log.append(change)
        self.told += effects
        return window.number

    async def keep_quiet(self, window: WindowNumber, alerts: Sequence[QuietAlert]) -> None:
        self.alerts.setdefault(window, []).extend(alerts)

    async def quiet(self, window: WindowNumber) -> Quiet:
        found = {each.key: each for each in self.alerts.get(window, ())}
        times = [each.key for each in self.alerts.get(window, ())]
        return Quiet(alerts=tuple((each, times.count(key)) for key, each in found.items()))
