"""What the inside needs of Slack, as protocols. As ports.py."""

from collections.abc import Iterable
from contextlib import suppress
from enum import StrEnum
from typing import Protocol

from bot.incident.commands import Command
from bot.incident.effects import Effect
from bot.incident.state import Incident
from bot.incident.terms import ChannelId, Person, Standing, UserId
from bot.ports import Lease, Unavailable


class Blame(StrEnum):
    """Whose fault it is that an effect had no clear answer."""

    EFFECT = "its own: others like it succeed"
    KIND = "its kind's: Slack answers, but does nothing like it"
    SLACK = "Slack's: it does not answer, or not to us"


class Chat(Protocol):
    """Slack, as the effect runner sees it."""

    async def perform(self, effect: Effect, incident: Incident, lease: Lease) -> Command | None:
        """Does it and answers with what is to be recorded of it, if anything.

        Raises Unavailable (retryable or not, unknown or not) and Refused.
        """

    async def perform_alone(self, effect: Effect, lease: Lease) -> None:
        """Does what is about no incident. Raises as perform does."""

    async def withdraw_alone(self, effect: Effect, lease: Lease) -> None:
        """As withdraw, for what is about no incident."""

    async def withdraw(self, effect: Effect, incident: Incident, lease: Lease, command: Command | None) -> None:
        """Takes back what this lease did where it was done a second time under another, whose result stands.

        `incident`: the newest state; `command`: what perform answered, if it did. Raises as perform does.
        """

    async def blame(self, failure: Unavailable) -> Blame:
        """Whose fault this failure is; asks Slack whether it answers at all, unless that is known."""

    async def answers(self) -> bool:
        """Whether Slack answers at all, and accepts who we are. One call, 2 s at most."""


class Refused(Exception):  # noqa: N818 - Slack's answer, not a fault of ours
    """Slack will never do this as asked. `step` names an optional part of the war room ('topic')."""

    def __init__(self, step: str, reason: str) -> None:
        super().__init__(f"{step}: {reason}")
        self.step = step
        self.reason = reason


class Directory(Protocol):
    """Who people are. Cached with a bound and a time to live; a stale answer beats none."""

    async def person(self, user: UserId) -> Person:
        """Raises Unavailable when Slack cannot say and nothing is remembered."""

    async def is_in(self, channel: ChannelId, user: UserId) -> bool:
        """Whether Slack says that they are in this channel now; asked only when the log does not know."""


async def deactivated(people: Directory, users: Iterable[UserId]) -> frozenset[UserId]:
    """Those of them whose account is closed; whoever cannot be looked up now is taken to be there."""
    gone: set[UserId] = set()
    for user in users:
        with suppress(Unavailable):
            if (await people.person(user)).standing is Standing.GONE:
                gone.add(user)
    return frozenset(gone)


class PeopleMemory(Protocol):
    """What Slack said of people, shared by all processes. Each method raises Unavailable."""

    async def recall(self, user: UserId) -> Person | None: ...

    async def remember(self, person: Person) -> None: ...

    async def correct(self, person: Person) -> None:
        """Takes the place of what is remembered; somebody who is not remembered stays so."""
