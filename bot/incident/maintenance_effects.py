"""What must happen outside because of maintenance windows. As effects.py."""

from dataclasses import dataclass

from bot.incident.effects import Effect, posts_lane
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
class PostMaintenance(Effect):
    """As effects.PostSuspects."""

    channel: ChannelId

    @property
    def lane(self) -> str:
        return posts_lane(self.channel, drill=False)
