"""Muster in a local workspace whose page is open to browsers, in one process with the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import SecretStr

from bot.assemble import assembled
from bot.clock import Clock
from bot.settings import Settings
from bot.slack.event_table import subscriptions
from bot.slack.scopes import NEEDED_SCOPES
from bot.workspace.server import Workspace
from bot.workspace.timepiece import Clock as WorkspaceClock
from tests.scenarios.host import BRISK
from tests.scenarios.team import Team

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"


@asynccontextmanager
async def staged(redis_url: str, folder: Path) -> AsyncIterator[Team]:
    clock = Clock()
    async with Workspace(
        clock=WorkspaceClock(now=lambda: clock.now().timestamp()),
        scopes=tuple(sorted(NEEDED_SCOPES)),
        events=tuple(subscriptions()),
    ) as workspace:
        settings = Settings(
            slack_bot_token=SecretStr(workspace.bot_token),
            slack_app_token=SecretStr(workspace.app_token),
            slack_api_url=workspace.api_url,
            announcement_channel="#incidents",
            redis_url=SecretStr(redis_url),
            data_dir=folder,
            playbooks_dir=PLAYBOOKS,
            port=0,
        )
        async with assembled(settings, clock=clock, pace=BRISK) as bot:
            yield Team(workspace=workspace, bot=bot, clock=clock)
