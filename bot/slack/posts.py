"""Effects that people read: cards, notices, direct messages, the declarer's answer.

A post whose fate is unknown is looked for before it is repeated; where it cannot be looked for, cards and
updates are repeated and pings are not.
"""

from collections.abc import Mapping
from typing import Any, Final

import structlog

from bot.incident.commands import RecordMessage
from bot.incident.effects import REMINDER, AnswerDeclarer, PostCard, PostNotice, RefreshCard, TellPerson
from bot.incident.events import UpdateReminded
from bot.incident.informing import is_moot
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, ChannelId, MessageTs, UserId
from bot.ports import Lease, WallClock
from bot.slack.announcements import Announcements
from bot.slack.channels import next_cursor
from bot.slack.message import Message
from bot.slack.outcome import SlackRefusal
from bot.slack.rendering import Renderer
from bot.slack.web_client import WebClient

EFFECT_EVENT: Final = "muster_effect"
"""The event_type of our posts' metadata; its payload names the effect."""
LOOKED_THROUGH: Final = 50
"""A channel's newest messages among which a lost post is looked for: its lane has sent nothing since."""
REPLIES_A_PAGE: Final = 200
MOST_REPLY_PAGES: Final = 10

_log = structlog.get_logger(__name__)


class Posts:
    def __init__(self, client: WebClient, renderer: Renderer, clock: WallClock, announcements: Announcements) -> None:
        self._client = client
        self._renderer = renderer
        self._clock = clock
        self._announcements = announcements

    async def post_card(self, effect: PostCard, incident: Incident, lease: Lease) -> RecordMessage | None:
        channel = await self._where(effect.channel, incident)
        if channel is None or effect.card in incident.cards:
            return None
        message = self._renderer.card(effect.card, incident, self._clock.now())
        is_ping = effect.card.startswith(f"{REMINDER}:")
        moot = is_moot(incident, effect)
        ts = await self._post(channel, message, lease, is_ping=is_ping, moot=moot)
        if ts is None:
            return None
        return RecordMessage(by=MUSTER_ITSELF, card=effect.card, channel=channel, ts=ts, rendered=incident.version)

    async def refresh_card(self, effect: RefreshCard, incident: Incident) -> None:
        """A card that was not posted yet will be posted as it is then."""
        posted = incident.cards.get(effect.card)
        if posted is None:
            return
        message = self._renderer.card(effect.card, incident, self._clock.now())
        await self._client.call("chat.update", channel=posted.channel, ts=posted.ts, **_content(message))

    async def post_notice(self, effect: PostNotice, incident: Incident, lease: Lease) -> None:
        channel = await self._where(effect.channel, incident)
        if channel is None:
            return
        card = incident.cards.get(effect.thread_of)
        thread = card.ts if card and card.channel == channel else None
        message = self._renderer.notice(effect.about, incident, self._clock.now())
        is_ping = isinstance(effect.about, UpdateReminded)
        moot = is_moot(incident, effect)
        await self._post(channel, message, lease, thread=thread, is_ping=is_ping, moot=moot)

    async def tell_person(self, effect: TellPerson, incident: Incident, lease: Lease) -> None:
        if is_moot(incident, effect):
            return
        message = self._renderer.personal(effect.about, incident, self._clock.now())
        await self._send(effect.user, message, lease)

    async def answer_declarer(self, effect: AnswerDeclarer, incident: Incident, lease: Lease) -> None:
        """An answer that may have been seen is given again: only the declarer sees it, and it rings nothing."""
        message = self._renderer.declared(incident, self._clock.now())
        if effect.answer_url and await self._client.answer(effect.answer_url, message):
            return
        await self._send(effect.user, message, lease)

    async def _where(self, channel: ChannelId | None, incident: Incident) -> ChannelId | None:
        """None: nowhere. Nothing of a private incident is ever announced, whatever was asked for."""
        if channel is not None:
            return channel
        if incident.private:
            _log.error("private_incident_not_announced", incident=incident.id)
            return None
        return await self._announcements.channel()

    async def _send(self, user: UserId, message: Message, lease: Lease) -> None:
        """A direct message; where the last one may have arrived, its conversation is opened to look for it."""
        if not lease.uncertain:
            await self._post(ChannelId(user), message, lease, is_ping=True)
            return
        try:
            opened = await self._client.call("conversations.open", users=user)
        except SlackRefusal as refusal:
            _log.warning("ping_not_repeated", effect=lease.id, reason=refusal.reason)
            return
        await self._post(ChannelId(str(opened["channel"]["id"])), message, lease, is_ping=True)

    async def _post(
        self,
        channel: ChannelId,
        message: Message,
        lease: Lease,
        *,
        thread: MessageTs | None = None,
        is_ping: bool,
        moot: bool = False,
    ) -> MessageTs | None:
        """The post's ts; None: a ping that may have arrived and was not repeated, or a post that nobody needs now.

        `moot`: it is only looked for, where an earlier attempt may have posted it.
        """
        if lease.uncertain:
            try:
                found = await self._find(channel, thread, lease.id)
            except SlackRefusal as refusal:
                _log.warning("lost_post_not_looked_for", effect=lease.id, reason=refusal.reason, repeated=not is_ping)
                if is_ping:
                    return None
                found = None
            if found:
                return found
        if moot:
            return None
        answer = await self._client.call(
            "chat.postMessage",
            channel=channel,
            thread_ts=thread,
            metadata={"event_type": EFFECT_EVENT, "event_payload": {"effect": lease.id}},
            unfurl_links=False,
            unfurl_media=False,
            **_content(message),
        )
        return MessageTs(str(answer["ts"]))

    async def _find(self, channel: ChannelId, thread: MessageTs | None, effect: str) -> MessageTs | None:
        """Where this effect's post stands, if it arrived."""
        if thread:
            return await self._find_reply(channel, thread, effect)
        answer = await self._client.call(
            "conversations.history", channel=channel, include_all_metadata=True, limit=LOOKED_THROUGH
        )
        return _made_by(effect, answer)

    async def _find_reply(self, channel: ChannelId, thread: MessageTs, effect: str) -> MessageTs | None:
        """A thread is told from its beginning, so its end is some pages away."""
        cursor: str | None = None
        for _ in range(MOST_REPLY_PAGES):
            answer = await self._client.call(
                "conversations.replies",
                channel=channel,
                ts=thread,
                include_all_metadata=True,
                limit=REPLIES_A_PAGE,
                cursor=cursor,
            )
            found = _made_by(effect, answer)
            cursor = next_cursor(answer)
            if found or not cursor:
                return found
        return None


def _made_by(effect: str, answer: Mapping[str, Any]) -> MessageTs | None:
    for message in answer.get("messages", ()):
        metadata = message.get("metadata") or {}
        payload = metadata.get("event_payload") or {}
        if metadata.get("event_type") == EFFECT_EVENT and payload.get("effect") == effect:
            return MessageTs(str(message["ts"]))
    return None


def _content(message: Message) -> dict[str, object]:
    blocks = [dict(block) for block in message.blocks]
    return {"text": message.text, "blocks": blocks or None}
