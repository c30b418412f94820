"""What must happen outside because of rules of the monitoring; see effects.py. It is about no incident."""

from dataclasses import dataclass
from datetime import datetime

from bot.incident.effects import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class PostAlertQuality(Effect):
    """Posts which rules to fix first, of this week (alert_quality.Week). `incident`: NO_INCIDENT."""

    week: int
    planned_at: datetime

    @property
    def lane(self) -> str:
        return "alerts:quality"
