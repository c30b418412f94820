"""What the demo's page may ask of whoever runs the workspace: move the clock, start afresh, play a drill."""

import asyncio
from datetime import timedelta

from bot.assemble import Bot
from bot.clock import Clock
from bot.workspace.server import Workspace


class DemoHost:
    """Of one world; a fresh one has a host of its own."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._reset = asyncio.Event()
        self._workspace: Workspace | None = None
        self._bot: Bot | None = None

    def serves(self, workspace: Workspace, bot: Bot) -> None:
        """Once they are up; before that the page is answered, but nothing of the bot can be asked."""
        self._workspace, self._bot = workspace, bot

    async def move_clock(self, seconds: float) -> None:
        """The one clock of bot and workspace; what falls due by it is done at once."""
        self._clock.move_on(timedelta(seconds=seconds))
        if self._workspace is not None and self._bot is not None:
            self._workspace.clock.advance(0)  # wakes whoever sleeps on it
            await self._bot.tick()

    async def reset(self) -> None:
        self._reset.set()

    async def until_reset(self) -> None:
        await self._reset.wait()

    async def stop(self) -> None:
        """Ends what still plays."""
