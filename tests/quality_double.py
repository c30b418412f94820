"""What is counted about the rules of the monitoring, for tests of what stands on it: in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.incident.alert_quality import Week, WeekQuality
from bot.incident.effects import Effect


@dataclass
class QualityDouble:
    """The protocol alert_store.AlertQualityBook."""

    counted: list[WeekQuality] = field(default_factory=list)
    told: list[Effect] = field(default_factory=list)
    due: datetime | None = None

    async def weeks(self, wanted: Sequence[Week]) -> Sequence[WeekQuality]:
        known = {each.week: each for each in self.counted}
        return [known.get(week, WeekQuality(week=week)) for week in wanted]

    async def turn(self) -> datetime | None:
        return self.due

    async def take(self, seen: datetime | None, following: datetime, effect: Effect | None) -> bool:
        if seen != self.due:
            return False
        self.due = following
        self.told += [effect] if effect else []
        return True
