"""Workspace, store and bot, joined on one clock: all that "Start afresh" replaces. Nothing of it outlives its block."""

import asyncio
import errno
import secrets
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.alerts.sources import READERS
from bot.assemble import Bot, assembled
from bot.clock import Clock
from bot.demo.demo_host import DemoHost
from bot.demo.drill_shelf import DrillShelf
from bot.demo.monitoring import Monitoring
from bot.demo.people import BOTS, CHANNELS, PEOPLE
from bot.demo.small_talk import say_earlier
from bot.effect_runner import Pauses
from bot.incident.policy import Policy
from bot.parts import Pace
from bot.playbook.library import read_folder
from bot.settings import Settings
from bot.slack.event_table import subscriptions
from bot.slack.manifest import manifest
from bot.slack.scopes import NEEDED_SCOPES
from bot.slack.verbs import VERBS
from bot.workspace.server import Workspace
from bot.workspace.timepiece import Clock as WorkspaceClock

PORT: Final = 4390
"""Where the demo's workspace listens, on 127.0.0.1, so that `muster say` finds it; another port where it is taken."""
SHIPPED_PLAYBOOKS: Final = Path(__file__).parents[2] / "playbooks"

_BRISK: Final = Pace(
    pauses=Pauses(
        first_retry=timedelta(milliseconds=100),
        between_edits=timedelta(milliseconds=100),
        between_gists=timedelta(milliseconds=100),
    ),
    posts_a_second=20,
    calls_a_minute=dict.fromkeys((1, 2, 3, 4), 6000),
    between_looks=timedelta(milliseconds=100),
)
"""A local workspace need not be spared, and its people look on."""

_CONNECTS_WITHIN: Final = 30.0
"""Seconds; it takes a tenth of one, but a machine may have much else to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What `muster demo` was asked for. `port` 0: any free one."""

    port: int = PORT
    playbooks: Path = SHIPPED_PLAYBOOKS

    def shelf(self) -> DrillShelf:
        """Reads all of the folder. Raises LibraryProblems."""
        return DrillShelf(self.playbooks, SHIPPED_PLAYBOOKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    workspace: Workspace
    bot: Bot
    clock: Clock
    host: DemoHost

    @property
    def port(self) -> int:
        return int(self.workspace.control_url.removesuffix("/control").rpartition(":")[2])

    @property
    def link(self) -> str:
        return f"{self.workspace.control_url.removesuffix('control')}#as=ada"

    async def until_over(self) -> None:
        """Until a fresh one is asked for. Raises Unavailable where the bot lost what it needs."""
        lost = asyncio.create_task(self.bot.until_lost())
        asked = asyncio.create_task(self.host.until_reset())
        try:
            await asyncio.wait([lost, asked], return_when=asyncio.FIRST_COMPLETED)
            if lost.done():
                lost.result()
        finally:
            lost.cancel()
            asked.cancel()
            await asyncio.gather(lost, asked, return_exceptions=True)


@asynccontextmanager
async def world(plan: Plan, *, may_move: bool = True, clock: Clock | None = None) -> AsyncIterator[World]:
    """`may_move`: another port will do where `plan.port` is taken. `clock`: one that was set, for pictures."""
    clock = clock or Clock()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="muster-demo-"))
        policy = (await asyncio.to_thread(read_folder, plan.playbooks)).policy
        host = DemoHost(clock, await asyncio.to_thread(plan.shelf), plan.shelf)
        workspace = await _workspace(clock, plan.port, may_move, host, policy)
        stack.push_async_callback(workspace.stop)
        secret = secrets.token_urlsafe(24)
        settings = _settings(workspace, plan, Path(folder), _doors(secret, policy))
        bot = await stack.enter_async_context(
            assembled(settings, clock=clock, pace=_BRISK, drills_only=host.is_playing)
        )
        stack.push_async_callback(host.stop)
        await workspace.client.connected(timeout=_CONNECTS_WITHIN)
        host.serves(workspace, bot, Monitoring(bot, clock, secret))
        yield World(workspace=workspace, bot=bot, clock=clock, host=host)


def _doors(secret: str, policy: Policy) -> SecretStr:
    """For alerts: of each source that there is, with one secret for all."""
    return SecretStr(",".join(f"{source}={secret}" for source in (*READERS, *policy.alerts.sources)))


def _settings(workspace: Workspace, plan: Plan, folder: Path, alert_secrets: SecretStr) -> Settings:
    return Settings(
        slack_bot_token=SecretStr(workspace.bot_token),
        slack_app_token=SecretStr(workspace.app_token),
        slack_api_url=workspace.api_url,
        announcement_channel=workspace.channel_id("incidents"),
        drill_channel=workspace.channel_id("drills"),
        data_dir=folder,
        playbooks_dir=plan.playbooks,
        alert_secrets=alert_secrets,
        port=0,
    )


async def _workspace(clock: Clock, wanted: int, may_move: bool, host: DemoHost, policy: Policy) -> Workspace:
    """On the port that is known, else on a free one. It grants and delivers what the manifest asks for, no more."""
    for port in (wanted, 0):
        workspace = Workspace(
            port=port,
            clock=WorkspaceClock(now=lambda: clock.now().timestamp()),
            people=(*PEOPLE, *BOTS),
            channels=CHANNELS,
            scopes=sorted(NEEDED_SCOPES),
            events=subscriptions(),
            manifest=manifest(),
            hints={"/incident": [(verb.usage, verb.does) for verb in VERBS]},
            reactions=policy.emoji,
            host=host,
        )
        say_earlier(workspace)
        try:
            return await workspace.start()
        except OSError as error:
            await workspace.stop()
            if error.errno != errno.EADDRINUSE or not may_move:
                raise
    raise AssertionError("port 0 is never taken")
