"""What is kept of watchdogs, for tests of what stands on it: in memory, with what was to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.incident.effects import Effect
from bot.incident.watchdog import Watch


@dataclass
class WatchdogsDouble:
    """The protocol watchdog_keeper.WatchdogBook."""

    kept: dict[str, Watch] = field(default_factory=dict)
    signals: dict[str, datetime] = field(default_factory=dict)
    told: list[Effect] = field(default_factory=list)
    looked_at: datetime | None = None

    async def looked(self, at: datetime) -> datetime | None:
        before, self.looked_at = self.looked_at, at
        return before

    async def heard(self, signals: Mapping[str, datetime]) -> None:
        self.signals |= signals

    async def last_heard(self) -> Mapping[str, datetime]:
        return self.signals

    async def watches(self) -> Mapping[str, Watch]:
        return dict(self.kept)

    async def write(self, name: str, before: Watch | None, after: Watch, effects: Sequence[Effect] = ()) -> bool:
        if self.kept.get(name) != before:
            return False
        self.kept[name] = replace(after, revision=before.revision + 1 if before else 1)
        self.told += effects
        return True
