"""That monitoring may be dead, and that it is heard again: into the triage channel, and further when it climbs."""

from collections.abc import Callable

from bot.incident.policy import Policy
from bot.incident.terms import ChannelId
from bot.incident.watchdog_effects import TellBlind, TellSeeing, is_overtaken
from bot.ports import Lease, Unavailable, WallClock
from bot.slack.announcements import Announcements
from bot.slack.blocks.watchdog_cards import blind, seeing
from bot.slack.outcome import SLACK
from bot.slack.posts import Posts
from bot.slack_ports import Refused
from bot.watchdog_keeper import WatchdogBook


class WatchdogPosts:
    """`triage`: where it is raised. `announced`: where it climbs to, and is raised where no triage channel is set."""

    def __init__(
        self,
        posts: Posts,
        book: WatchdogBook,
        policy: Callable[[], Policy],
        clock: WallClock,
        *,
        triage: Announcements,
        announced: Announcements,
    ) -> None:
        self._posts = posts
        self._book = book
        self._policy = policy
        self._clock = clock
        self._triage = triage
        self._announced = announced

    async def tell(self, effect: TellBlind | TellSeeing, lease: Lease) -> None:
        """Silence that has ended before it could be told of is told by its end alone. Raises Unavailable."""
        try:
            place = await self._place(effect)
            if place is None or is_overtaken(effect, (await self._book.watches()).get(effect.watchdog)):
                return
            now = self._clock.now()
            message = blind(effect, self._policy(), now) if isinstance(effect, TellBlind) else seeing(effect, now)
            await self._posts.send(place, message, lease, is_ping=isinstance(effect, TellBlind))
        except Refused as refusal:
            raise Unavailable(SLACK, refusal.reason, retryable=False) from refusal

    async def withdraw(self, effect: TellBlind | TellSeeing, lease: Lease) -> None:
        """Takes back what was posted twice."""
        if place := await self._place(effect):
            await self._posts.take_back(place, lease)

    async def _place(self, effect: TellBlind | TellSeeing) -> ChannelId | None:
        """None: nowhere, or there already: that it is heard again is told once in a channel that is both. What has
        climbed does not ask for the triage channel, which may be what is wrong. Raises Refused and Unavailable.
        """
        if effect.climbed and isinstance(effect, TellBlind):
            return await self._announced.channel()
        triage, announced = await self._triage.channel(), await self._announced.channel()
        if not effect.climbed:
            return triage or announced
        return announced if triage not in {None, announced} else None
