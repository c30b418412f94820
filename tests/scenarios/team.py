"""The assembled bot against the local workspace, over real sockets: the words in which dialogues are written."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.assemble import Bot
from bot.clock import Clock
from bot.workspace.person import Person
from bot.workspace.seen import SeenMessage
from bot.workspace.server import Workspace


@dataclass(kw_only=True)
class Team:
    """The workspace with Muster in it, and shorthands for what every dialogue does."""

    workspace: Workspace
    bot: Bot
    clock: Clock

    def person(self, name: str) -> Person:
        return self.workspace.person(name)

    async def declare(self, text: str = "sev1 Checkout is down", *, by: str = "ada", verb: str = "declare") -> str:
        """Declares by slash command and answers with the incident channel's name, once its card is pinned."""
        who = self.person(by)
        before = {channel.name for channel in await who.channels()}
        answer = await who.slash("/incident", f"{verb} {text}", channel="general")
        assert answer.ok, answer

        async def opened() -> str:
            names = {channel.name for channel in await who.channels()} - before
            return next((name for name in names if name.startswith("inc-")), "")

        name = str(await who.wait_until(opened))
        await who.wait_until(lambda: self._furnished(who, name))
        return name

    async def says(self, name: str, channel: str, *parts: str) -> SeenMessage:
        """The newest message in the channel, as this person sees it, that holds all of the parts."""
        who = self.person(name)

        async def newest() -> SeenMessage | None:
            fitting = [seen for seen in await who.messages(channel) if all(part in seen.rendered for part in parts)]
            return fitting[-1] if fitting else None

        found = await who.wait_until(newest)
        assert isinstance(found, SeenMessage)
        return found

    async def type(self, name: str, text: str, channel: str) -> str:
        """What the person is answered, by acknowledgement."""
        answer = await self.person(name).slash("/incident", text, channel=channel)
        assert answer.ok, answer
        return str(answer.text)

    async def settle(self) -> None:
        """Until every effect is done."""
        await self.person("ada").wait_until(self.bot.is_idle)

    async def move_on(self, by: timedelta) -> None:
        """Moves the one clock, and lets what is due now be done."""
        self.clock.move_on(by)
        await self.bot.tick()
        await self.settle()

    async def calls(self, method: str | None = None) -> list[dict[str, Any]]:
        return await self.workspace.client.calls(method)

    async def _furnished(self, who: Person, name: str) -> bool:
        return bool(await who.pins(name) and await who.bookmarks(name) and await who.topic(name))
