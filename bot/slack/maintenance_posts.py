"""What stakeholders are told of maintenance windows, as things stand by then."""

import structlog

from bot.incident.maintenance import Window
from bot.incident.maintenance_effects import TellMaintenance
from bot.maintenance_keeper import MaintenanceKeeper
from bot.ports import Lease, Unavailable, WallClock
from bot.slack.blocks.maintenance_cards import begun, over
from bot.slack.message import Message
from bot.slack.outcome import SLACK
from bot.slack.posts import Posts
from bot.slack.service_channels import ServiceChannels
from bot.slack_ports import Refused

_log = structlog.get_logger(__name__)


class MaintenancePosts:
    def __init__(self, posts: Posts, keeper: MaintenanceKeeper, clock: WallClock, channels: ServiceChannels) -> None:
        self._posts = posts
        self._keeper = keeper
        self._clock = clock
        self._channels = channels

    async def tell(self, effect: TellMaintenance, lease: Lease) -> None:
        """A beginning that waited until the window was over is told no more. Raises Unavailable."""
        try:
            message = await self._message(effect)
            place = await self._channels.channel(effect.place)
            if message is None or place is None:
                _log.info("maintenance_not_told", window=effect.window, began=effect.began, channel=place)
                return
            await self._posts.send(place, message, lease, is_ping=False)
        except Refused as refusal:
            raise Unavailable(SLACK, refusal.reason, retryable=False) from refusal

    async def withdraw(self, effect: TellMaintenance, lease: Lease) -> None:
        """Takes back what was posted twice."""
        if place := await self._channels.channel(effect.place):
            await self._posts.take_back(place, lease)

    async def _message(self, effect: TellMaintenance) -> Message | None:
        now = self._clock.now()
        window = next((each for each in await self._keeper.windows() if each.number == effect.window), None)
        if window is None:
            return None
        if effect.began:
            return begun(window, now) if window.is_under_way(now) else None
        return await self._over(window)

    async def _over(self, window: Window) -> Message:
        return over(window, await self._keeper.quiet(window.number), self._clock.now())
