"""The day's audit head, as people read it in Slack: counts and a digest, nothing of any incident."""

from typing import Final

from bot.incident.terms import ChannelId
from bot.ports import AuditHead
from bot.slack.announcements import Announcements
from bot.slack.outcome import SlackRefusal
from bot.slack.web_client import WebClient

HEAD_EVENT: Final = "muster_audit_head"
"""The event_type of the post's metadata; its payload has the digest."""
LOOKED_THROUGH: Final = 200


class AuditChannel:
    """The protocol schedule.daily_head.HeadPosts. `where`: the channel of AUDIT_CHANNEL, if one is set."""

    def __init__(self, client: WebClient, where: Announcements) -> None:
        self._client = client
        self._where = where

    async def post(self, head: AuditHead) -> str | None:
        channel = await self._where.channel()
        if channel is None:
            return None
        answer = await self._client.call(
            "chat.postMessage",
            channel=channel,
            text=told(head),
            metadata={"event_type": HEAD_EVENT, "event_payload": {"digest": head.digest}},
            unfurl_links=False,
            unfurl_media=False,
        )
        return _place(channel, answer["ts"])

    async def find(self, head: AuditHead) -> str | None:
        """None also where nobody can look: the same head twice misleads no one, a missing one proves nothing."""
        channel = await self._where.channel()
        if channel is None:
            return None
        try:
            answer = await self._client.call(
                "conversations.history", channel=channel, include_all_metadata=True, limit=LOOKED_THROUGH
            )
        except SlackRefusal:
            return None
        for message in answer.get("messages", ()):
            said = message.get("metadata") or {}
            if said.get("event_type") == HEAD_EVENT and said.get("event_payload", {}).get("digest") == head.digest:
                return _place(channel, message["ts"])
        return None


def told(head: AuditHead) -> str:
    counted = f"{_count(head.incidents, 'incident')}, {_count(head.entries, 'log entry', 'log entries')}"
    lines = [f"Audit head of {head.at:%Y-%m-%d} (UTC): {counted}.", f"`{head.digest}`"]
    if head.shorter:
        logs = _count(head.shorter, "log is shorter or another", "logs are shorter or others")
        lines.insert(0, f":warning: {logs} than at the last head, which Muster never makes so: run `muster audit` now.")
    lines.append("Whether the record still is what it was: `muster audit --head` and this head.")
    return "\n".join(lines)


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def _place(channel: ChannelId, ts: object) -> str:
    return f"{channel} {ts}"
