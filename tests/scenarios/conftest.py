"""The assembled bot against the local workspace, over real sockets, in both transports."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.assemble import assembled
from bot.clock import Clock
from bot.settings import Settings
from bot.slack.event_table import subscriptions
from bot.slack.scopes import NEEDED_SCOPES
from bot.workspace.server import Workspace
from bot.workspace.timepiece import Clock as WorkspaceClock
from tests.scenarios.host import BRISK, Host
from tests.scenarios.team import Team

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"


StartTeam = Callable[..., Awaitable[Team]]


@pytest.fixture(params=["socket mode", "http"])
def transport(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def start_team(transport: str, empty_redis: str, tmp_path: Path) -> AsyncIterator[StartTeam]:
    """Starts the workspace and Muster in it; settings may be overridden."""
    async with AsyncExitStack() as stack:

        async def start(**overrides: Any) -> Team:
            clock = Clock()
            workspace = Workspace(
                clock=WorkspaceClock(now=lambda: clock.now().timestamp()),
                scopes=tuple(sorted(NEEDED_SCOPES)),
                events=tuple(subscriptions()),
            )
            await stack.enter_async_context(workspace)
            settings = Settings(**{**settings_for(workspace, transport, empty_redis, tmp_path), **overrides})
            bot = await stack.enter_async_context(assembled(settings, clock=clock, pace=BRISK))
            if transport == "http":
                await workspace.deliver_over_http(f"http://127.0.0.1:{bot.port}/slack/events")
            return Team(workspace=workspace, bot=bot, clock=clock)

        yield start


@pytest.fixture
async def team(start_team: StartTeam) -> Team:
    return await start_team()


@pytest.fixture
async def host(transport: str, empty_redis: str, tmp_path: Path) -> AsyncIterator[Host]:
    """A workspace without Muster, for dialogues that start and stop it themselves."""
    clock = Clock()
    async with Workspace(
        clock=WorkspaceClock(now=lambda: clock.now().timestamp()),
        scopes=tuple(sorted(NEEDED_SCOPES)),
        events=tuple(subscriptions()),
    ) as workspace:
        settings = Settings(**settings_for(workspace, transport, empty_redis, tmp_path))
        yield Host(workspace=workspace, settings=settings, clock=clock)


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
