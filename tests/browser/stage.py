"""What is behind the page: the demo's own world, in one process with the test, on a free port."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.demo.people import OUTSIDER
from bot.demo.world import Plan, world
from tests.scenarios.team import Team

__all__ = ["OUTSIDER", "staged"]


@asynccontextmanager
async def staged() -> AsyncIterator[Team]:
    async with world(Plan(port=0)) as made:
        yield Team(workspace=made.workspace, bot=made.bot, clock=made.clock)
