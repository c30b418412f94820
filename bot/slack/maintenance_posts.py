"""What stakeholders are told of maintenance windows, as things stand by then."""

import structlog

from bot.incident.maintenance import Window
from bot.incident.maintenance_effects import TellMaintenance
from bot.incident.terms import ChannelId
from bot.maintenance_keeper import MaintenanceKeeper
from bot.ports import Lease, Unavailable, WallClock
from bot.slack.announcements import Announcements
from bot.slack.blocks.maintenance_cards import begun, over
from bot.slack.message import Message
from bot.slack.outcome import SLACK
from bot.slack.posts import Posts
from bot.slack.web_client import WebClient
from bot.slack_ports import Refused

_log = structlog.get_logger(__name__)


class MaintenancePosts:
    """`announced`: where windows of services without a channel of their own are told."""

    def __init__(
        self, client: WebClient, posts: Posts, keeper: MaintenanceKeeper, clock: WallClock, announced: Announcements
    ) -> None:
        self._client = client
        self._posts = posts
        self._keeper = keeper
        self._clock = clock
        self._announced = announced
        self._named: dict[str, Announcements] = {}

    async def tell(self, effect: TellMaintenance, lease: Lease) -> None:
        """A beginning that waited until the window was over is told no more. Raises Unavailable."""
        try:
            message = await self._message(effect)
            place = await self._place(effect.place)
            if message is None or place is None:
                _log.info("maintenance_not_told", window=effect.window, began=effect.began, channel=place)
                return
            await self._posts.send(place, message, lease, is_ping=False)
        except Refused as refusal:
            raise Unavailable(SLACK, refusal.reason, retryable=False) from refusal

    async def withdraw(self, effect: TellMaintenance, lease: Lease) -> None:
        """Takes back what was posted twice."""
        if place := await self._place(effect.place):
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

    async def _place(self, place: str) -> ChannelId | None:
        """Raises Refused where a channel of this name is not to be found."""
        if not place:
            return await self._announced.channel()
        if place not in self._named:
            self._named[place] = Announcements(self._client, place)
        return await self._named[place].channel()
