"""The assembled bot against the local workspace, over real sockets, in both transports."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from bot.assemble import Bot, assembled
from bot.clock import Clock
from bot.settings import Settings
from bot.workspace.person import Person
from bot.workspace.seen import SeenMessage
from bot.workspace.server import Workspace
from bot.workspace.timepiece import Clock as WorkspaceClock

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"


@dataclass(kw_only=True)
class Team:
    """The workspace with Muster in it, and shorthands for what every dialogue does."""

    workspace: Workspace
    bot: Bot
    clock: Clock
    stack: AsyncExitStack = field(repr=False)

    def person(self, name: str) -> Person:
        return self.workspace.person(name)

    async def declare(self, text: str = "sev1 Checkout is down", *, by: str = "ada") -> str:
        """Declares by slash command and answers with the incident channel's name, once its card is pinned."""
        who = self.person(by)
        before = {channel.name for channel in await who.channels()}
        answer = await who.slash("/incident", f"declare {text}", channel="general")
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


StartTeam = Callable[..., Awaitable[Team]]


@pytest.fixture(params=["socket mode", "http"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def clean_redis(redis_url: str) -> AsyncIterator[str]:
    client = Redis.from_url(redis_url)
    await client.flushall()
    yield redis_url
    await client.aclose()


@pytest.fixture
async def start_team(transport: str, clean_redis: str, tmp_path: Path) -> AsyncIterator[StartTeam]:
    """Starts the workspace and Muster in it; settings may be overridden."""
    async with AsyncExitStack() as stack:

        async def start(**overrides: Any) -> Team:
            clock = Clock()
            workspace = Workspace(clock=WorkspaceClock(now=lambda: clock.now().timestamp()))
            await stack.enter_async_context(workspace)
            settings = Settings(**settings_for(workspace, transport, clean_redis, tmp_path), **overrides)
            bot = await stack.enter_async_context(assembled(settings, clock=clock))
            if transport == "http":
                await workspace.deliver_over_http(f"http://127.0.0.1:{bot.port}/slack/events")
            return Team(workspace=workspace, bot=bot, clock=clock, stack=stack)

        yield start


@pytest.fixture
async def team(start_team: StartTeam) -> Team:
    return await start_team()


def settings_for(workspace: Workspace, transport: str, redis_url: str, folder: Path) -> dict[str, Any]:
    connected = (
        {"slack_app_token": workspace.app_token}
        if transport == "socket mode"
        else {"slack_signing_secret": workspace.signing_secret}
    )
    return {
        "slack_bot_token": workspace.bot_token,
        "slack_api_url": workspace.api_url,
        "announcement_channel": "#incidents",
        "redis_url": redis_url,
        "data_dir": folder,
        "playbooks_dir": PLAYBOOKS,
        "port": 0,
        **connected,
    }
