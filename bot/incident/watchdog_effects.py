"""What must happen outside because of watchdogs; see effects.py. It is about no incident."""

from dataclasses import dataclass
from datetime import datetime

from bot.incident.effects import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class TellBlind(Effect):
    """Tells that a watchdog has fallen silent: into the triage channel, and where incidents are announced once it has
    `climbed`. `incident`: NO_INCIDENT. `last_at`: its last signal, None: it was never heard.
    """

    watchdog: str
    last_at: datetime | None
    raised_at: datetime
    climbed: bool

    @property
    def lane(self) -> str:
        return "watchdogs:posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellSeeing(Effect):
    """Tells that a watchdog is heard again, where its silence was told of. Fields as above."""

    watchdog: str
    last_at: datetime | None
    heard_at: datetime
    climbed: bool

    @property
    def lane(self) -> str:
        return "watchdogs:posts"
