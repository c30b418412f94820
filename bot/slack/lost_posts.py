"""Looks for posts of ours whose fate is not known, by the effect that their metadata names; takes back a second one.

It posts nothing.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from bot.incident.terms import ChannelId, MessageTs
from bot.ports import Lease
from bot.slack.channels import next_cursor
from bot.slack.outcome import SlackRefusal
from bot.slack.web_client import WebClient

EFFECT_EVENT: Final = "muster_effect"
"""The event_type of our posts' metadata; its payload names the effect, and which lease of it made the post."""
MESSAGES_A_PAGE: Final = 200
MOST_PAGES: Final = 10
"""Two thousand messages since the first attempt; in a busier channel the post is given up for lost."""
CLOCKS_DIFFER_BY: Final = timedelta(minutes=5)
"""At most: the first attempt's time is the store's, a message's time is Slack's."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a post stands: a channel, or a thread in it."""

    channel: ChannelId
    thread: MessageTs | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A post of an effect's. `lease`: the token of the lease under which it was made."""

    ts: MessageTs
    lease: str


def metadata(lease: Lease) -> dict[str, object]:
    return {"event_type": EFFECT_EVENT, "event_payload": {"effect": lease.id, "lease": lease.token}}


class LostPosts:
    def __init__(self, client: WebClient) -> None:
        self._client = client

    async def find(self, place: Place, lease: Lease) -> MessageTs | None:
        """Where the effect's post stands, if it arrived. Raises SlackRefusal where it cannot be looked for."""
        async for found in self._posts_of(place, lease):
            return found.ts
        return None

    async def withdraw(self, place: Place, lease: Lease, kept: MessageTs | None = None) -> None:
        """Takes back what was posted under this lease, where the effect's post stands a second time.

        `kept`: the one that is known to stand for the effect. Where nobody can look, both stay.
        """
        try:
            posts = [found async for found in self._posts_of(place, lease)]
        except SlackRefusal as refusal:
            _log.warning("second_post_not_looked_for", effect=lease.id, reason=refusal.reason)
            return
        ours = [found.ts for found in posts if found.lease == lease.token and found.ts != kept]
        if len(ours) == len(posts) and kept is None:
            return
        for ts in ours:
            await self._client.call("chat.delete", channel=place.channel, ts=ts)
            _log.warning("second_post_withdrawn", effect=lease.id)

    async def _posts_of(self, place: Place, lease: Lease) -> AsyncIterator[Found]:
        """A channel is told from its end, and read as far back as the first attempt; a thread from its beginning."""
        method = "conversations.replies" if place.thread else "conversations.history"
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            answer = await self._client.call(
                method,
                channel=place.channel,
                ts=place.thread,
                include_all_metadata=True,
                limit=MESSAGES_A_PAGE,
                cursor=cursor,
            )
            messages = answer.get("messages", ())
            for message in messages:
                if found := _made_by(lease.id, message):
                    yield found
            cursor = next_cursor(answer)
            if not cursor or (place.thread is None and is_before(lease.begun_at, messages)):
                return
        _log.warning("lost_post_not_looked_for_further", effect=lease.id, pages=MOST_PAGES)


def is_before(begun_at: datetime | None, messages: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a page, newest first, reaches back to before the first attempt; where nobody knows, one page does."""
    if begun_at is None or not messages:
        return True
    return float(messages[-1].get("ts", 0)) < (begun_at - CLOCKS_DIFFER_BY).timestamp()


def _made_by(effect: str, message: Mapping[str, Any]) -> Found | None:
    said = message.get("metadata") or {}
    payload = said.get("event_payload") or {}
    if said.get("event_type") != EFFECT_EVENT or payload.get("effect") != effect:
        return None
    return Found(ts=MessageTs(str(message["ts"])), lease=str(payload.get("lease", "")))
