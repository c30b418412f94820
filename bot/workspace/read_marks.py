"""How far each person has read each channel, and what is unread to them. Asked for by bisection, whatever a channel
holds.
"""

from bisect import bisect_right
from collections.abc import Iterable

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
        self._pings: dict[str, Pings] = {}

    def of(self, user_id: str, channel_id: str) -> str:
        """The ts up to which they have read; empty: nothing yet."""
        return self._marks.get((user_id, channel_id), "")

    def move(self, user_id: str, channel: Channel, ts: str) -> None:
        """Only ever forward, and never past the newest message."""
        newest = min(ts, channel.top[-1]) if channel.top else ""
        if newest > self.of(user_id, channel.id):
            self._marks[user_id, channel.id] = newest
            self._changes.happened(Touched(channel=channel.id, sidebar=True, only=user_id))

    def begin(self, channels: Iterable[Channel]) -> None:
        """What was said before the workspace started has been read by all who are there."""
        for channel in channels:
            for member in channel.members if channel.top else ():
                self._marks[member, channel.id] = channel.top[-1]

    def unread(self, user_id: str, channel: Channel) -> int:
        mark = self.of(user_id, channel.id)
        return after(channel.top, mark) - after(self._quiet.get(channel.id, []), mark)

    def is_mentioned(self, user_id: str, channel: Channel) -> bool:
        pinged = self._pings.setdefault(channel.id, Pings())
        pinged.look(channel)
        return pinged.is_any_after(self.of(user_id, channel.id), user_id)

    def hear(self, channel: Channel, event: Json) -> None:
        """Every message event of every channel passes here, before anybody is told of it."""
        match event.get("subtype", ""):
            case "message_changed":
                return
            case "message_deleted":
                take_out(self._quiet.get(channel.id, []), event["deleted_ts"])
                self._pings.setdefault(channel.id, Pings()).forget(event["deleted_ts"])
            case subtype if event["ts"] in channel.top[-1:]:
                self._marks[event["user"], channel.id] = event["ts"]
                self._pings.setdefault(channel.id, Pings()).new.append(event["ts"])
                if subtype in QUIET:
                    self._quiet.setdefault(channel.id, []).append(event["ts"])


class Pings:
    """Which messages of one channel ping whom. They are looked at when somebody asks, not when they are posted; an edit
    pings nobody, as in Slack.
    """

    def __init__(self) -> None:
        self.new: list[str] = []
        self._whom: dict[str, list[str]] = {}

    def look(self, channel: Channel) -> None:
        for ts in self.new:
            for who in pings(channel.messages.get(ts, {})):
                self._whom.setdefault(TO_ALL if who in BROADCASTS else who, []).append(ts)
        self.new.clear()

    def is_any_after(self, mark: str, user_id: str) -> bool:
        return any(after(self._whom.get(who, []), mark) for who in (user_id, TO_ALL))

    def forget(self, ts: str) -> None:
        for order in (self.new, *self._whom.values()):
            take_out(order, ts)


def after(order: list[str], mark: str) -> int:
    return len(order) - bisect_right(order, mark)


def take_out(order: list[str], ts: str) -> None:
    at = bisect_right(order, ts) - 1
    if at >= 0 and order[at] == ts:
        del order[at]
