"""How far each person has read each channel, and what is unread to them. Asked for by bisection, whatever a channel
holds.
"""

from bisect import bisect_right, insort

from bot.workspace.changes import Changes, Touched
from bot.workspace.refusal import Json
from bot.workspace.rendering import pings
from bot.workspace.team import Channel

TO_ALL = "*"
BROADCASTS = frozenset({"here", "channel", "everyone"})
QUIET = frozenset({"channel_join", "channel_topic", "channel_purpose"})
"""Slack tells of these in the channel and marks nothing unread for them."""


class ReadMarks:
    """Marks by (user, channel). Whoever writes or joins has read all before it."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._marks: dict[tuple[str, str], str] = {}
        self._quiet: dict[str, list[str]] = {}
        self._pinged: dict[str, dict[str, list[str]]] = {}

    def of(self, user_id: str, channel_id: str) -> str:
        """The ts up to which they have read; empty: nothing yet."""
        return self._marks.get((user_id, channel_id), "")

    def move(self, user_id: str, channel: Channel, ts: str) -> None:
        """Only ever forward, and never past the newest message."""
        newest = min(ts, channel.top[-1]) if channel.top else ""
        if newest > self.of(user_id, channel.id):
            self._marks[user_id, channel.id] = newest
            self._changes.happened(Touched(channel=channel.id, sidebar=True, only=user_id))

    def unread(self, user_id: str, channel: Channel) -> int:
        mark = self.of(user_id, channel.id)
        return after(channel.top, mark) - after(self._quiet.get(channel.id, []), mark)

    def is_mentioned(self, user_id: str, channel: Channel) -> bool:
        mark, pinged = self.of(user_id, channel.id), self._pinged.get(channel.id, {})
        return any(after(pinged.get(who, []), mark) for who in (user_id, TO_ALL))

    def hear(self, channel: Channel, event: Json) -> None:
        """Every message event of every channel passes here, before anybody is told of it."""
        match event.get("subtype", ""):
            case "message_changed":
                self._drop(channel, event["message"]["ts"])
                self._note(channel, event["message"])
            case "message_deleted":
                self._drop(channel, event["deleted_ts"])
            case _:
                self._note(channel, event)
                if event["ts"] in channel.top[-1:]:
                    self._marks[event["user"], channel.id] = event["ts"]

    def _note(self, channel: Channel, message: Json) -> None:
        ts = message["ts"]
        if not is_at(channel.top, ts):
            return
        if message.get("subtype") in QUIET:
            insort(self._quiet.setdefault(channel.id, []), ts)
        for who in pings(message):
            pinged = self._pinged.setdefault(channel.id, {})
            insort(pinged.setdefault(TO_ALL if who in BROADCASTS else who, []), ts)

    def _drop(self, channel: Channel, ts: str) -> None:
        take_out(self._quiet.get(channel.id, []), ts)
        for pinged in self._pinged.get(channel.id, {}).values():
            take_out(pinged, ts)


def after(order: list[str], mark: str) -> int:
    return len(order) - bisect_right(order, mark)


def is_at(order: list[str], ts: str) -> bool:
    at = bisect_right(order, ts)
    return bool(at) and order[at - 1] == ts


def take_out(order: list[str], ts: str) -> None:
    if is_at(order, ts):
        del order[bisect_right(order, ts) - 1]
