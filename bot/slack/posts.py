"""Effects that people read: cards, notices, direct messages, the declarer's answer.

A post whose fate is unknown is looked for before it is repeated; where it cannot be looked for, cards and
updates are repeated and pings are not.
"""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

import structlog

from bot.incident.commands import Command, RecordMessage, RecordMissed
from bot.incident.effects import (
    REMINDER,
    SUMMARY,
    AnswerDeclarer,
    Effect,
    PostCard,
    PostNotice,
    PostPrecedents,
    PostSurroundings,
    PostSuspects,
    RefreshCard,
    TellPerson,
)
from bot.incident.events import Event, UpdateReminded
from bot.incident.freeze import Freeze
from bot.incident.maintenance_effects import PostMaintenance
from bot.incident.overtaking import Timeliness, place_of, timeliness
from bot.incident.state import Incident
from bot.incident.surroundings import Surroundings
from bot.incident.terms import MUSTER_ITSELF, ChannelId, IncidentId, MessageTs, UserId
from bot.ports import Lease, Unavailable, WallClock
from bot.slack.announcements import WhereAnnounced
from bot.slack.lost_posts import LostPosts, Place, metadata
from bot.slack.message import Message
from bot.slack.outcome import CHANNEL_CODES, SLACK, SlackRefusal
from bot.slack.rendering import Renderer, told_from_history
from bot.slack.web_client import WebClient

NOT_REPEATED: Final = "it may have arrived, which cannot be looked up ({reason}); what rings is not repeated on a guess"
NO_WAY_IN: Final = CHANNEL_CODES | {"thread_not_found"}
"""Refusals after which a post is refused as well, so that trying it rings nobody."""

History = Callable[[IncidentId], Awaitable[Sequence[Event]]]
"""Every event of an incident, oldest first; raises Unavailable."""

Around = Callable[[Incident], Awaitable[Surroundings]]
"""What is known around an incident now; raises Unavailable."""
Freezes = Callable[[Incident], Awaitable[Sequence[Freeze]]]
"""Those of its services; raises Unavailable."""

_log = structlog.get_logger(__name__)


class Posts:
    def __init__(
        self,
        client: WebClient,
        renderer: Renderer,
        clock: WallClock,
        *,
        announced: WhereAnnounced,
        history: History,
        around: Around,
        freezes: Freezes,
    ) -> None:
        self._client = client
        self._renderer = renderer
        self._clock = clock
        self._announced = announced
        self._history = history
        self._around = around
        self._freezes = freezes
        self._lost = LostPosts(client)

    async def post_card(self, effect: PostCard, incident: Incident, lease: Lease) -> Command | None:
        channel = await self._where(effect.channel, incident)
        if channel is None or effect.card in incident.cards:
            return None
        if (late := timeliness(effect, incident)) is not Timeliness.DUE:
            ts = await self._said_already(channel, lease)
            return _recorded(effect, channel, ts, incident) if ts else _missed(effect, late)
        message = await self._drawn(effect.card, incident)
        is_ping = effect.card.startswith(f"{REMINDER}:")
        ts = await self._post(channel, message, lease, is_ping=is_ping)
        return _recorded(effect, channel, ts, incident)

    async def refresh_card(self, effect: RefreshCard, incident: Incident) -> None:
        """A card that was not posted yet will be posted as it is then."""
        posted = incident.cards.get(effect.card)
        if posted is None:
            return
        message = await self._drawn(effect.card, incident)
        await self._client.call("chat.update", channel=posted.channel, ts=posted.ts, **_content(message))

    async def _drawn(self, card: str, incident: Incident) -> Message:
        history = await self._history(incident.id) if told_from_history(card) else ()
        freezes = await self._freezes(incident) if card == SUMMARY else ()
        return self._renderer.card(card, incident, self._clock.now(), history, freezes)

    async def post_notice(self, effect: PostNotice, incident: Incident, lease: Lease) -> RecordMissed | None:
        channel = await self._where(effect.channel, incident)
        if channel is None:
            return None
        thread = _thread(effect, incident, channel)
        if (late := timeliness(effect, incident)) is not Timeliness.DUE:
            return None if await self._said_already(channel, lease, thread) else _missed(effect, late)
        message = self._renderer.notice(effect.about, incident, self._clock.now())
        is_ping = isinstance(effect.about, UpdateReminded)
        await self._post(channel, message, lease, thread=thread, is_ping=is_ping)
        return None

    async def post_surroundings(
        self,
        effect: PostSurroundings | PostPrecedents | PostSuspects | PostMaintenance,
        incident: Incident,
        lease: Lease,
    ) -> None:
        """While it may still help. That nothing is known is not worth a message.

        What an older version asked for in three effects is told by the last of them.
        """
        if not incident.is_active or isinstance(effect, PostSuspects | PostMaintenance):
            return
        found = await self._around(incident)
        if found.is_worth_telling(alarmed=incident.alerts.context is not None):
            message = self._renderer.surroundings(found, incident, self._clock.now())
            await self._post(effect.channel, message, lease, is_ping=False)

    async def tell_person(self, effect: TellPerson, incident: Incident, lease: Lease) -> RecordMissed | None:
        if (late := timeliness(effect, incident)) is not Timeliness.DUE:
            return None if await self._said_already(ChannelId(effect.user), lease) else _missed(effect, late)
        message = self._renderer.personal(effect.about, incident, self._clock.now())
        await self._send(effect.user, message, lease)
        return None

    async def answer_declarer(self, effect: AnswerDeclarer, incident: Incident, lease: Lease) -> None:
        """An answer that may have been seen is given again: only the declarer sees it, and it rings nothing."""
        message = self._renderer.declared(incident, self._clock.now())
        if effect.answer_url and await self._client.answer(effect.answer_url, message):
            return
        await self._send(effect.user, message, lease)

    async def _where(self, channel: ChannelId | None, incident: Incident) -> ChannelId | None:
        """None: nowhere. An effect that names no channel goes to where this incident is announced."""
        return channel if channel is not None else await self._announced.of(incident)

    async def send(self, place: ChannelId, message: Message, lease: Lease, *, is_ping: bool) -> None:
        """Into a channel, or to a person by their id."""
        await self._post(place, message, lease, is_ping=is_ping)

    async def put(self, place: ChannelId, message: Message, lease: Lease) -> MessageTs:
        """Into a channel, as a card that is to be edited later."""
        return await self._post(place, message, lease, is_ping=False)

    async def standing(self, place: ChannelId, lease: Lease) -> MessageTs | None:
        """Where an earlier attempt, whose answer was lost, put it after all."""
        return await self._said_already(place, lease)

    async def redraw(self, place: ChannelId, ts: MessageTs, message: Message) -> None:
        await self._client.call("chat.update", channel=place, ts=ts, **_content(message))

    async def reply_to_all(self, place: ChannelId, thread: MessageTs, message: Message, lease: Lease) -> None:
        """Below a card, shown in the channel as well; it rings."""
        await self._post(place, message, lease, thread=thread, is_ping=True, broadcast=True)

    async def take_back(
        self, place: ChannelId, lease: Lease, *, thread: MessageTs | None = None, kept: MessageTs | None = None
    ) -> None:
        """What this lease sent there, while somebody else did so too. `kept`: the one that is known to stand for it."""
        await self._lost.withdraw(await self._place(place, thread), lease, kept)

    async def _send(self, user: UserId, message: Message, lease: Lease) -> None:
        """A direct message. It is posted to the person; the conversation is only opened to look into it."""
        await self._post(ChannelId(user), message, lease, is_ping=True)

    async def _post(
        self,
        channel: ChannelId,
        message: Message,
        lease: Lease,
        *,
        thread: MessageTs | None = None,
        is_ping: bool,
        broadcast: bool = False,
    ) -> MessageTs:
        """The post's ts. Raises Unavailable, for good, for a ping that may have arrived and cannot be looked for."""
        if lease.uncertain and (found := await self._found(channel, lease, thread, is_ping=is_ping)):
            return found
        answer = await self._client.call(
            "chat.postMessage",
            channel=channel,
            thread_ts=thread,
            reply_broadcast=broadcast or None,
            metadata=metadata(lease),
            unfurl_links=False,
            unfurl_media=False,
            **_content(message),
        )
        return MessageTs(str(answer["ts"]))

    async def _found(
        self, channel: ChannelId, lease: Lease, thread: MessageTs | None, *, is_ping: bool
    ) -> MessageTs | None:
        try:
            return await self._lost.find(await self._place(channel, thread), lease)
        except SlackRefusal as refusal:
            _log.warning("lost_post_not_looked_for", effect=lease.id, reason=refusal.reason, repeated=not is_ping)
            if is_ping and refusal.code not in NO_WAY_IN:
                raise Unavailable(SLACK, NOT_REPEATED.format(reason=refusal.reason), retryable=False) from refusal
            return None

    async def _said_already(
        self, channel: ChannelId, lease: Lease, thread: MessageTs | None = None
    ) -> MessageTs | None:
        """Where an earlier attempt, whose answer was lost, said it after all."""
        if not lease.uncertain:
            return None
        try:
            return await self._lost.find(await self._place(channel, thread), lease)
        except SlackRefusal:
            return None

    async def _place(self, channel: ChannelId, thread: MessageTs | None = None) -> Place:
        """Where to look; a person is written to by their own id, and read in the conversation that this opened."""
        if not channel.startswith(("U", "W")):
            return Place(channel=channel, thread=thread)
        opened = await self._client.call("conversations.open", users=channel)
        return Place(channel=ChannelId(str(opened["channel"]["id"])))

    async def withdraw(self, effect: Effect, incident: Incident, lease: Lease) -> None:
        """Somebody else did this effect as well: ours is taken back, if theirs stands."""
        match effect:
            case PostCard():
                channel, card = await self._where(effect.channel, incident), incident.cards.get(effect.card)
                kept = card.ts if card else None
            case PostNotice() | PostSurroundings() | PostPrecedents() | PostSuspects() | PostMaintenance():
                channel, kept = await self._where(effect.channel, incident), None
            case TellPerson() | AnswerDeclarer():
                channel, kept = ChannelId(effect.user), None
            case _:
                return
        if channel is not None:
            thread = _thread(effect, incident, channel) if isinstance(effect, PostNotice) else None
            await self._lost.withdraw(await self._place(channel, thread), lease, kept)


def _recorded(effect: PostCard, channel: ChannelId, ts: MessageTs, incident: Incident) -> RecordMessage:
    return RecordMessage(by=MUSTER_ITSELF, card=effect.card, channel=channel, ts=ts, rendered=incident.version)


def _missed(effect: Effect, late: Timeliness) -> RecordMissed | None:
    """What was overtaken is counted, and the newest says so; what is over is nobody's loss."""
    place = place_of(effect)
    _log.info("post_overtaken", incident=effect.incident, effect=type(effect).__name__, why=late.value)
    if place is None or late is not Timeliness.OVERTAKEN:
        return None
    return RecordMissed(by=MUSTER_ITSELF, series=place.series, number=place.number)


def _thread(effect: PostNotice, incident: Incident, channel: ChannelId) -> MessageTs | None:
    card = incident.cards.get(effect.thread_of)
    return card.ts if card and card.channel == channel else None


def _content(message: Message) -> dict[str, object]:
    blocks = [dict(block) for block in message.blocks]
    return {"text": message.text, "blocks": blocks or None}
