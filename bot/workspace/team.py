"""What a workspace holds: accounts, channels, messages. Who may do what to them is said in the files
of each act.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from bot.workspace.cast import TEAM_DOMAIN, TEAM_ID, TEAM_NAME, Account
from bot.workspace.changes import Touched
from bot.workspace.refusal import Json, Refusal
from bot.workspace.timepiece import Clock


@dataclass(slots=True, kw_only=True)
class Channel:
    """A public or private channel, or a DM. `messages` by ts in order, with replies; `top` are those
    out of threads.
    """

    id: str
    name: str
    creator: str
    created: int
    is_private: bool = False
    is_im: bool = False
    is_archived: bool = False
    topic: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    purpose: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    members: dict[str, None] = field(default_factory=dict)
    messages: dict[str, Json] = field(default_factory=dict)
    top: list[str] = field(default_factory=list)
    replies: dict[str, list[str]] = field(default_factory=dict)
    pins: dict[str, Json] = field(default_factory=dict)
    bookmarks: dict[str, Json] = field(default_factory=dict)

    @property
    def type(self) -> str:
        return "im" if self.is_im else "group" if self.is_private else "channel"

    def message(self, ts: str) -> Json:
        if ts not in self.messages:
            raise Refusal("message_not_found")
        return self.messages[ts]

    def between(self, order: list[str], oldest: str, latest: str, inclusive: bool) -> list[str]:
        """The part of `order` (sorted ts) between two timestamps; empty strings are open ends."""
        low = (bisect_left if inclusive else bisect_right)(order, oldest) if oldest else 0
        high = (bisect_right if inclusive else bisect_left)(order, latest) if latest else len(order)
        return order[low:high]


def ignore_event(_channel: str | None, _event: Json) -> None:
    """Where a team's events go until somebody listens."""


def ignore_touch(_what: Touched) -> None:
    """Where changes go that are no event to an app, until somebody listens."""


class Team:
    """All state of one workspace. `publish(channel id or None, event)` is called for each thing that
    happens.
    """

    def __init__(self, clock: Clock, accounts: Iterable[Account]) -> None:
        self.id, self.domain, self.name = TEAM_ID, TEAM_DOMAIN, TEAM_NAME
        self.clock = clock
        self.accounts = {account.id: account for account in accounts}
        self.channels: dict[str, Channel] = {}
        self.usergroups: dict[str, list[str]] = {}
        self.publish: Callable[[str | None, Json], None] = ignore_event
        self.touch: Callable[[Touched], None] = ignore_touch
        self._names: dict[str, str] = {}
        self._ims: dict[frozenset[str], str] = {}
        self._issued = 0
        self._last_microsecond = 0

    def next_ts(self) -> str:
        """A message timestamp, later than every one before it, whatever the clock says."""
        self._last_microsecond = max(self._last_microsecond + 1, int(self.clock.now() * 1_000_000))
        return f"{self._last_microsecond // 1_000_000:010d}.{self._last_microsecond % 1_000_000:06d}"

    def next_id(self, prefix: str) -> str:
        self._issued += 1
        return f"{prefix}0{self._issued:08d}"

    def account(self, user_id: str) -> Account:
        if user_id not in self.accounts:
            raise Refusal("user_not_found")
        return self.accounts[user_id]

    def account_named(self, name: str) -> Account:
        """By name, @name or id, as a person would type it."""
        wanted = name.removeprefix("@")
        if wanted in self.accounts:
            return self.accounts[wanted]
        for account in self.accounts.values():
            if account.name == wanted:
                return account
        raise Refusal("user_not_found")

    def add_channel(self, channel: Channel) -> Channel:
        if channel.name in self._names:
            raise Refusal("name_taken")
        self.channels[channel.id] = channel
        self._names[channel.name] = channel.id
        return channel

    def rename_channel(self, channel: Channel, name: str) -> None:
        if self._names.get(name, channel.id) != channel.id:
            raise Refusal("name_taken")
        del self._names[channel.name]
        self._names[name] = channel.id
        channel.name = name

    def channel(self, channel_id: str) -> Channel:
        if channel_id not in self.channels:
            raise Refusal("channel_not_found")
        return self.channels[channel_id]

    def seen_channel(self, user_id: str, channel_id: str) -> Channel:
        """The channel, if this user can know of it; what is private looks the same as what does not exist."""
        channel = self.channel(channel_id)
        if (channel.is_private or channel.is_im) and user_id not in channel.members:
            raise Refusal("channel_not_found")
        return channel

    def joined_channel(self, user_id: str, channel_id: str) -> Channel:
        """The channel, if this user can act in it now."""
        channel = self.seen_channel(user_id, channel_id)
        if user_id not in channel.members:
            raise Refusal("not_in_channel")
        if channel.is_archived:
            raise Refusal("is_archived")
        return channel

    def channel_named(self, user_id: str, name: str) -> Channel:
        """By name, #name, id, or another user's name (a DM, opened when needed), as seen by this user."""
        wanted = name.removeprefix("#")
        named = self.channels.get(self._names.get(wanted, wanted))
        if named and (user_id in named.members or not (named.is_private or named.is_im)):
            return named
        try:
            other = self.account_named(wanted)
        except Refusal:
            raise Refusal("channel_not_found") from None
        return self.direct_channel(user_id, other.id)

    def direct_between(self, one: str, other: str) -> Channel | None:
        """The DM of these two, if it was ever opened."""
        channel_id = self._ims.get(frozenset({one, other}))
        return self.channels[channel_id] if channel_id else None

    def sees(self, viewer: Account, channel: Channel) -> bool:
        """Whether this person can know of the channel: members do, and of public ones everybody but guests and people
        of other organisations.
        """
        if viewer.id in channel.members:
            return True
        return not (channel.is_private or channel.is_im or viewer.is_restricted or viewer.is_stranger)

    def direct_channel(self, one: str, other: str) -> Channel:
        pair = frozenset({one, other})
        if pair not in self._ims:
            channel_id = self.next_id("D")
            channel = Channel(id=channel_id, name=channel_id, creator=one, created=int(self.clock.now()), is_im=True)
            channel.members = {one: None, other: None}
            self._ims[pair] = self.add_channel(channel).id
            self.touch(Touched(channel=channel_id, sidebar=True))
        return self.channels[self._ims[pair]]
