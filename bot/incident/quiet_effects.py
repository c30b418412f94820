"""What must happen outside because of maintenance and of watchdogs; see effects.py. Most of it is about no incident."""

from dataclasses import dataclass
from datetime import datetime

from bot.incident.effects import Effect, posts_of
from bot.incident.terms import ChannelId


@dataclass(frozen=True, slots=True, kw_only=True)
class TellMaintenance(Effect):
    """Tells the stakeholders of a maintenance window that it has begun, or what it kept quiet now that it has ended.

    `incident`: NO_INCIDENT. `place`: a channel's id, or its name with its #; '' is where incidents are announced.
    """

    window: int
    began: bool
    place: str

    @property
    def lane(self) -> str:
        return "maintenance:posts"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMaintenance(Effect):
    """Tells the incident's channel once that its service is in maintenance, if it is."""

    channel: ChannelId

    @property
    def lane(self) -> str:
        return posts_of(self.channel, drill=False)
