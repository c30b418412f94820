"""Effects on a channel itself: open it, invite, set the topic, pin, bookmark. It posts nothing."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog

from bot.incident.commands import RecordChannel, RecordJoined
from bot.incident.effects import AddBookmark, InviteGroups, InviteUsers, OpenChannel, PinMessage, RefreshTopic
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, ChannelId, UserId
from bot.ports import Lease, Unavailable
from bot.slack.outcome import SlackRefusal
from bot.slack.rendering import Renderer
from bot.slack.web_client import BotIdentity, WebClient
from bot.slack_ports import Directory, Refused

LONGEST_NAME: Final = 80
"""Of a channel, as Slack allows it."""
MOST_SUFFIXES: Final = 50
MOST_INVITED: Final = 100
"""People in one call of conversations.invite."""
TOPIC_ASKS_A_NAME: Final = 4
"""At so many attempts a topic does without the commander's name."""
CHANNELS_A_PAGE: Final = 200
MOST_PAGES: Final = 25

_IN_ALREADY: Final = frozenset({"already_in_channel", "cant_invite_self"})
_OF_A_PERSON: Final = frozenset(
    {
        "cant_invite",
        "invitee_cant_see_channel",
        "no_external_invite_permission",
        "no_user",
        "org_user_not_in_team",
        "ura_max_channels",
        "user_is_restricted",
        "user_not_found",
        *_IN_ALREADY,
    }
)
"""Refusals of conversations.invite that speak of somebody invited; the others speak of the channel or of us."""

_log = structlog.get_logger(__name__)


class Channels:
    def __init__(self, client: WebClient, identity: BotIdentity, renderer: Renderer, directory: Directory) -> None:
        self._client = client
        self._identity = identity
        self._renderer = renderer
        self._directory = directory

    async def open_channel(self, effect: OpenChannel, lease: Lease) -> RecordChannel:
        """Creates it, under the first free name; one that an earlier attempt may have made is looked for first."""
        made = await self._made_before(effect) if lease.uncertain else {}
        for name in itertools.islice(names(effect.name), MOST_SUFFIXES):
            if name in made:
                return _opened(effect, made[name], name)
            try:
                answer = await self._client.call("conversations.create", name=name, is_private=effect.private)
            except SlackRefusal as refusal:
                if refusal.code != "name_taken":
                    raise
                continue
            return _opened(effect, str(answer["channel"]["id"]), str(answer["channel"]["name"]))
        raise Refused("channel", f"{effect.name} and {MOST_SUFFIXES - 1} names like it are taken")

    async def withdraw(self, ours: RecordChannel, incident: Incident) -> None:
        """Archives the channel that we opened although the incident has another, as long as nobody else is in it."""
        if incident.channel in (None, ours.channel):
            return
        answer = await self._client.call("conversations.members", channel=ours.channel)
        if any(member != self._identity.user for member in answer.get("members", ())):
            _log.error("second_channel_left", incident=incident.id, channel=ours.channel)
            return
        await self._client.call("conversations.archive", channel=ours.channel)
        _log.warning("second_channel_archived", incident=incident.id, channel=ours.channel)

    async def _made_before(self, effect: OpenChannel) -> dict[str, str]:
        """Channels that we created and are still in, name -> id."""
        kind = "private_channel" if effect.private else "public_channel"
        made: dict[str, str] = {}
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            try:
                answer = await self._client.call(
                    "users.conversations", types=kind, exclude_archived=True, limit=CHANNELS_A_PAGE, cursor=cursor
                )
            except SlackRefusal as refusal:
                # Without the scope to look, a name that is ours counts as taken, and the next one is used.
                _log.warning("own_channels_unreadable", reason=refusal.reason)
                break
            ours = (each for each in answer.get("channels", ()) if each.get("creator") == self._identity.user)
            made |= {str(each["name"]): str(each["id"]) for each in ours}
            cursor = next_cursor(answer)
            if not cursor:
                break
        return made

    async def invite(self, effect: InviteUsers) -> RecordJoined | None:
        """Invites whoever can be; raises Refused("invite", …) naming those who cannot."""
        users = [user for user in dict.fromkeys(effect.users) if user != self._identity.user]
        failed: dict[UserId, str] = {}
        for start in range(0, len(users), MOST_INVITED):
            failed |= await self._invite_some(effect.channel, users[start : start + MOST_INVITED])
        if failed:
            raise Refused("invite", await self._cannot_be_invited(failed))
        return RecordJoined(by=MUSTER_ITSELF, users=tuple(users)) if users else None

    async def invite_groups(self, effect: InviteGroups) -> RecordJoined | None:
        """A group that cannot be read keeps nobody of the others out; it is told afterwards."""
        users: dict[UserId, None] = {}
        unread: list[str] = []
        for group in effect.groups:
            try:
                answer = await self._client.call("usergroups.users.list", usergroup=group)
            except SlackRefusal as refusal:
                unread.append(f"the user group {group} cannot be read ({refusal.reason})")
                continue
            users |= dict.fromkeys(UserId(str(user)) for user in answer.get("users", ()))
        joined = await self.invite(InviteUsers(incident=effect.incident, channel=effect.channel, users=tuple(users)))
        if unread:
            raise Refused("invite", "; ".join(unread))
        return joined

    async def _invite_some(self, channel: ChannelId, users: Sequence[UserId]) -> dict[UserId, str]:
        """Who could not be invited, and why. With `force` Slack invites the rest; where it did not, we ask again."""
        try:
            answer = await self._client.call("conversations.invite", channel=channel, users=",".join(users), force=True)
        except SlackRefusal as refusal:
            if refusal.code not in _OF_A_PERSON:
                raise
            if len(users) == 1:
                return _failed({users[0]: refusal.code})
            named = _named(refusal.answer, users)
            rest = [user for user in users if user not in named]
            return _failed(named) | await self._invite_rest(channel, rest, nobody_named=not named)
        return _failed(_named(answer, users))

    async def _invite_rest(
        self, channel: ChannelId, rest: Sequence[UserId], *, nobody_named: bool
    ) -> dict[UserId, str]:
        if not rest:
            return {}
        if not nobody_named:
            return await self._invite_some(channel, rest)
        # Slack refused without saying whom: halves find out in few calls.
        middle = len(rest) // 2
        first = await self._invite_some(channel, rest[:middle])
        return first | await self._invite_some(channel, rest[middle:])

    async def _cannot_be_invited(self, failed: Mapping[UserId, str]) -> str:
        names = [f"{await self._name(user) or user} ({code})" for user, code in failed.items()]
        return f"{', '.join(names)} cannot be invited"

    async def _name(self, user: UserId) -> str:
        """Empty where nobody can say."""
        try:
            return (await self._directory.person(user)).name
        except Unavailable:
            return ""

    async def refresh_topic(self, effect: RefreshTopic, incident: Incident, lease: Lease) -> None:
        """A topic that left the commander out would stay so until something else changes."""
        names = {}
        if commander := incident.commander:
            try:
                names[commander] = (await self._directory.person(commander)).name
            except Unavailable as failure:
                if failure.retryable and lease.attempt < TOPIC_ASKS_A_NAME:
                    raise
        topic = self._renderer.topic(incident, {user: name for user, name in names.items() if name})
        await self._client.call("conversations.setTopic", channel=effect.channel, topic=topic)

    async def pin(self, effect: PinMessage) -> None:
        try:
            await self._client.call("pins.add", channel=effect.channel, timestamp=effect.ts)
        except SlackRefusal as refusal:
            if refusal.code != "already_pinned":
                raise

    async def withdraw_bookmark(self, effect: AddBookmark) -> None:
        """Takes one away where it stands twice; which of them is all the same."""
        ours = await self._bookmarks(effect.channel, self._identity.permalink(effect.channel, effect.ts))
        if len(ours) > 1:
            await self._client.call("bookmarks.remove", channel_id=effect.channel, bookmark_id=ours[-1])
            _log.warning("second_bookmark_removed", incident=effect.incident)

    async def bookmark(self, effect: AddBookmark, lease: Lease) -> None:
        link = self._identity.permalink(effect.channel, effect.ts)
        if lease.uncertain and await self._is_bookmarked(effect.channel, link):
            return
        await self._client.call("bookmarks.add", channel_id=effect.channel, title=effect.title, type="link", link=link)

    async def _is_bookmarked(self, channel: ChannelId, link: str) -> bool:
        try:
            return bool(await self._bookmarks(channel, link))
        except SlackRefusal as refusal:
            # Without the scope to look, a second bookmark is better than none.
            _log.warning("bookmarks_unreadable", reason=refusal.reason)
            return False

    async def _bookmarks(self, channel: ChannelId, link: str) -> list[str]:
        """The ids of those that lead there."""
        answer = await self._client.call("bookmarks.list", channel_id=channel)
        return [str(each["id"]) for each in answer.get("bookmarks", ()) if each.get("link") == link]


def names(wish: str) -> itertools.chain[str]:
    """The name wished for, then with -2, -3 …, each cut to Slack's length."""
    suffixes = (f"-{number}" for number in itertools.count(2))
    return itertools.chain((wish[:LONGEST_NAME],), (f"{wish[: LONGEST_NAME - len(each)]}{each}" for each in suffixes))


def next_cursor(answer: Mapping[str, Any]) -> str | None:
    return str((answer.get("response_metadata") or {}).get("next_cursor") or "") or None


def _opened(effect: OpenChannel, channel: str, name: str) -> RecordChannel:
    return RecordChannel(by=MUSTER_ITSELF, channel=ChannelId(channel), name=name, answer_url=effect.answer_url)


def _named(answer: Mapping[str, Any], users: Sequence[UserId]) -> dict[UserId, str]:
    """Those whom an answer of conversations.invite names as not invited, and why."""
    errors = answer.get("errors") or ()
    return {user: str(each.get("error", "")) for each in errors if (user := each.get("user")) in users}


def _failed(named: Mapping[UserId, str]) -> dict[UserId, str]:
    """Whoever is in already is no failure."""
    return {user: code for user, code in named.items() if code not in _IN_ALREADY}
