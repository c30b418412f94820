"""What people are called: as the store remembers it, else as Slack says; whom neither knows goes by their id.

It writes nothing: what Slack says here is not remembered for others.
"""

from collections.abc import Collection
from dataclasses import dataclass

from bot.document.wording import Names
from bot.incident.terms import Person, UserId
from bot.ports import Unavailable
from bot.settings import Settings
from bot.slack.directory import SlackDirectory
from bot.slack.outcome import SlackRefusal
from bot.slack.web_client import WebClient, open_web_client
from bot.store.redis_people import RedisPeople


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """`workspace`: the team's address, empty where Slack did not say. `asked`: whether Slack could be asked at all."""

    names: Names
    workspace: str = ""
    asked: bool = True


class Recalled:
    """The protocol ports.PeopleMemory, for reading alone."""

    def __init__(self, memory: RedisPeople) -> None:
        self._memory = memory

    async def recall(self, user: UserId) -> Person | None:
        return await self._memory.recall(user)

    async def remember(self, person: Person) -> None:
        """Not from here."""

    async def correct(self, person: Person) -> None:
        """Not from here."""


async def people_named(settings: Settings, team: str, memory: RedisPeople, users: Collection[UserId]) -> Named:
    """Raises Unavailable where the store cannot be read; Slack may be away."""
    token = settings.slack_bot_token.get_secret_value()
    async with open_web_client(token, base_url=settings.slack_api_url) as client:
        workspace = await _workspace(client, team)
        if workspace is None:
            return Named(names=await _from_store(memory, users), asked=False)
        directory = SlackDirectory(client, team, Recalled(memory))
        return Named(names=await _from_slack(directory, memory, users), workspace=workspace)


async def _workspace(client: WebClient, team: str) -> str | None:
    """None: Slack cannot be asked, or the token is of another workspace, whose people these are not."""
    try:
        identity = await client.identity()
    except (SlackRefusal, Unavailable):
        return None
    return identity.url if identity.team == team else None


async def _from_store(memory: RedisPeople, users: Collection[UserId]) -> Names:
    people = [await memory.recall(user) for user in users]
    return Names(known={person.id: person.name for person in people if person and person.name})


async def _from_slack(directory: SlackDirectory, memory: RedisPeople, users: Collection[UserId]) -> Names:
    """One by one: an incident has a handful of people. Where Slack goes away meanwhile, the store's words remain."""
    known: dict[UserId, str] = {}
    try:
        for user in users:
            known[user] = (await directory.person(user)).name
    except Unavailable:
        known = {**(await _from_store(memory, users)).known, **known}
    return Names(known={user: name for user, name in known.items() if name})
