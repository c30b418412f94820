"""Who people are, as Slack says it: asked one by one, remembered with a bound and a time to live."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import structlog

from bot.incident.terms import ChannelId, Person, Standing, UserId
from bot.ports import Unavailable
from bot.slack.channels import next_cursor
from bot.slack.outcome import SlackRefusal
from bot.slack.web_client import WebClient
from bot.slack_ports import PeopleMemory

REMEMBERED_FOR: Final = timedelta(minutes=10)
MOST_PEOPLE: Final = 5000
MEMBERS_A_PAGE: Final = 1000
MOST_MEMBER_PAGES: Final = 10
"""An incident channel of more than ten thousand people is none; beyond that the answer is no."""

_NOBODY: Final = frozenset({"user_not_found", "user_not_visible", "users_not_found"})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    person: Person
    until: float


class SlackDirectory:
    """The protocol ports.Directory. `team`: ours, to tell people of other organisations apart.

    Three places in turn: this process for ten minutes, the memory that all processes share, Slack.
    """

    def __init__(
        self,
        client: WebClient,
        team: str,
        memory: PeopleMemory,
        *,
        now: Callable[[], float] = time.monotonic,
        remembered_for: timedelta = REMEMBERED_FOR,
        most: int = MOST_PEOPLE,
    ) -> None:
        self._client = client
        self._team = team
        self._memory = memory
        self._now = now
        self._remembered_for = remembered_for.total_seconds()
        self._most = most
        self._known: OrderedDict[UserId, _Known] = OrderedDict()
        self._asking: dict[UserId, asyncio.Task[Person]] = {}

    async def person(self, user: UserId) -> Person:
        """What Slack says, at most ten minutes old; older where Slack cannot say. Raises Unavailable."""
        known = self._known.get(user)
        if known and self._now() < known.until:
            self._known.move_to_end(user)
            return known.person
        try:
            return await self._ask_once(user)
        except Unavailable as failure:
            if known is None:
                raise
            _log.warning("directory_answer_is_stale", user=user, reason=failure.reason)
            return known.person

    async def changed(self, user: UserId, said: Mapping[str, Any]) -> None:
        """Slack said what somebody is now, as a user object. Raises Unavailable."""
        person = person_of(said, user, self._team)
        self._asking.pop(user, None)  # an answer under way is older than this
        if user in self._known:
            self._remember(user, person)
        await self._memory.correct(person)

    async def is_in(self, channel: ChannelId, user: UserId) -> bool:
        """Raises Unavailable; a channel that we cannot look into holds nobody."""
        cursor: str | None = None
        for _ in range(MOST_MEMBER_PAGES):
            try:
                answer = await self._client.call(
                    "conversations.members", channel=channel, limit=MEMBERS_A_PAGE, cursor=cursor
                )
            except SlackRefusal as refusal:
                _log.warning("members_unreadable", channel=channel, reason=refusal.reason)
                return False
            cursor = next_cursor(answer)
            if user in answer.get("members", ()) or not cursor:
                return user in answer.get("members", ())
        return False

    async def _ask_once(self, user: UserId) -> Person:
        """Whoever asks while the question is under way shares its answer; one who gives up takes it from nobody."""
        asking = self._asking.get(user)
        if asking is None:
            asking = asyncio.create_task(self._ask(user), name=f"users.info {user}")
            self._asking[user] = asking
            asking.add_done_callback(lambda done: self._asked(user, done))
        return await asyncio.shield(asking)

    def _asked(self, user: UserId, asking: asyncio.Task[Person]) -> None:
        if self._asking.get(user) is asking:
            del self._asking[user]
            if not asking.cancelled() and asking.exception() is None:
                self._remember(user, asking.result())

    async def _ask(self, user: UserId) -> Person:
        """Somebody whom Slack does not know is asked for anew each time; everyone else is remembered."""
        recalled = await self._memory.recall(user)
        if recalled:
            return recalled
        try:
            answer = await self._client.call("users.info", user=user)
        except SlackRefusal as refusal:
            if refusal.code in _NOBODY:
                # Nobody whom this workspace can see takes part in its incidents.
                return Person(id=user, standing=Standing.FOREIGN)
            raise Unavailable("Slack", refusal.reason, retryable=False) from refusal
        person = person_of(answer.get("user") or {}, user, self._team)
        await self._memory.remember(person)
        return person

    def _remember(self, user: UserId, person: Person) -> None:
        self._known[user] = _Known(person=person, until=self._now() + self._remembered_for)
        self._known.move_to_end(user)
        if len(self._known) > self._most:
            self._known.popitem(last=False)


def person_of(said: Mapping[str, Any], user: UserId, team: str) -> Person:
    """A user object of Slack's as a Person."""
    profile = said.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), said.get("real_name"), said.get("name"))
    return Person(
        id=user,
        standing=standing_of(said, user, team),
        name=next((str(name) for name in names if name), ""),
        time_zone=str(said.get("tz") or "UTC"),
        admin=any(said.get(each) for each in ("is_admin", "is_owner", "is_primary_owner")),
    )


def standing_of(said: Mapping[str, Any], user: UserId, team: str) -> Standing:
    """What a user object says of their standing; the first that applies, the narrowest first."""
    if said.get("deleted"):
        return Standing.GONE
    if said.get("is_bot") or said.get("is_workflow_bot") or user == "USLACKBOT":
        return Standing.BOT
    if _is_foreign(said, team):
        return Standing.FOREIGN
    if said.get("is_restricted") or said.get("is_ultra_restricted"):
        return Standing.GUEST
    return Standing.MEMBER


def _is_foreign(said: Mapping[str, Any], team: str) -> bool:
    """In an Enterprise organisation the team_id may be any of the person's workspaces; `teams` has them all."""
    if said.get("is_stranger"):
        return True
    teams = (said.get("enterprise_user") or {}).get("teams") or ()
    home = said.get("team_id")
    return bool(home) and home != team and team not in teams
