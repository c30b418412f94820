"""What is told of deploy freezes in the channels of their services, as things stand by then."""

import structlog

from bot.freeze_keeper import FreezeKeeper
from bot.incident.commands import Command
from bot.incident.freeze import FreezeTurn, note_of
from bot.incident.freeze_effects import NoteFreeze, PostFrozenChange, TellFreeze
from bot.incident.state import Incident
from bot.ports import Lease, Unavailable, WallClock
from bot.slack.blocks import freeze_cards
from bot.slack.blocks.suspects_post import changed_while_frozen
from bot.slack.message import Message
from bot.slack.outcome import SLACK
from bot.slack.posts import Posts
from bot.slack.service_channels import ServiceChannels
from bot.slack_ports import Refused

_log = structlog.get_logger(__name__)


class FreezePosts:
    def __init__(self, posts: Posts, keeper: FreezeKeeper, clock: WallClock, channels: ServiceChannels) -> None:
        self._posts = posts
        self._keeper = keeper
        self._clock = clock
        self._channels = channels

    async def tell(self, effect: TellFreeze, lease: Lease) -> None:
        """What is not so any more by the time that Slack can be told is not told. Raises Unavailable."""
        try:
            message = await self._message(effect)
            place = await self._channels.channel(effect.place)
            if message is None or place is None:
                _log.info("freeze_not_told", freeze=effect.freeze, turn=effect.turn.value, channel=place)
                return
            await self._posts.send(place, message, lease, is_ping=False)
        except Refused as refusal:
            raise Unavailable(SLACK, refusal.reason, retryable=False) from refusal

    async def withdraw(self, effect: TellFreeze, lease: Lease) -> None:
        """Takes back what was posted twice."""
        if place := await self._channels.channel(effect.place):
            await self._posts.take_back(place, lease)

    async def perform(self, effect: PostFrozenChange | NoteFreeze, incident: Incident, lease: Lease) -> Command | None:
        """In the incident's channel or timeline, while it is open: what is noted later would open its documents again.

        Raises Unavailable and Refused.
        """
        if not incident.is_active:
            return None
        if isinstance(effect, NoteFreeze):
            freeze = await self._keeper.find(effect.freeze)
            return note_of(freeze, effect.turn) if freeze else None
        if incident.channel is not None:
            message = changed_while_frozen(effect.change, self._clock.now())
            await self._posts.send(incident.channel, message, lease, is_ping=False)
        return None

    async def take_back(self, incident: Incident, lease: Lease) -> None:
        """As above."""
        if incident.channel is not None:
            await self._posts.take_back(incident.channel, lease)

    async def _message(self, effect: TellFreeze) -> Message | None:
        now = self._clock.now()
        freeze = await self._keeper.find(effect.freeze)
        if freeze is None:
            return None
        if effect.turn is FreezeTurn.ENDED:
            return freeze_cards.over(freeze, now)
        if not freeze.holds(now) or (effect.turn is not FreezeTurn.BEGAN and freeze.until != effect.until):
            return None
        match effect.turn:
            case FreezeTurn.EXTENDED:
                return freeze_cards.prolonged(freeze, now)
            case FreezeTurn.REMINDED:
                return freeze_cards.ends_soon(freeze, self._keeper.rule, now)
        return freeze_cards.begun(freeze, now)
