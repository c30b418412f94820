"""The workspace outlives the bot: dialogues in which Muster is stopped, killed, doubled and started again."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from bot.assemble import assembled
from bot.clock import Clock
from bot.effect_runner import Pauses
from bot.parts import Pace
from bot.settings import Settings, Transport
from bot.workspace.server import Workspace
from tests.scenarios.team import Team

BRISK = Pace(
    pauses=Pauses(
        first_retry=timedelta(milliseconds=50),
        between_edits=timedelta(milliseconds=20),
        between_gists=timedelta(milliseconds=20),
        first_letter=timedelta(milliseconds=50),
    ),
    between_looks=timedelta(milliseconds=50),
    posts_a_second=100,
    issue_settles_in=timedelta(milliseconds=50),
)
"""The pauses that spare Slack are tested where they are made; here nobody has to sit through them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """Where Muster runs: the same settings, store and clock each time it is started."""

    workspace: Workspace
    settings: Settings
    clock: Clock

    @asynccontextmanager
    async def muster(self) -> AsyncIterator[Team]:
        """Muster, from its start to its orderly end."""
        async with assembled(self.settings, clock=self.clock, pace=BRISK) as bot:
            if self.settings.transport is Transport.HTTP:
                await self.workspace.deliver_over_http(f"http://127.0.0.1:{bot.port}/slack/events")
            yield Team(workspace=self.workspace, bot=bot, clock=self.clock)
