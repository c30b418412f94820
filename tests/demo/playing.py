"""Words for the tests of drills: a script as text, and how the clock is moved until something is seen."""

import asyncio
from collections.abc import Awaitable, Callable

from bot.demo.drill_player import DrillPlayer
from bot.demo.rundown import Room
from bot.playbook.drill import Drill, parse_drill
from bot.playbook.drill_script import Moment
from bot.workspace.server import Workspace

FRONT = "---\nminutes: 60\nseverity: SEV2\n---\n\n# It hangs\n\nA brief.\n\n## Script\n\n"
STEP_SECONDS = 15.0


def drill(*lines: str) -> Drill:
    return parse_drill(FRONT + "\n".join(lines), source="playbooks/drills/it.md")


def room(channel: str = "", *, over: bool = False, private: bool = False, **more: object) -> Room:
    moments = frozenset({Moment.DECLARED, *([Moment.PRIVATE] if private else [])})
    known = {"commander": None, "members": frozenset(), "moments": moments, **more}
    return Room(channel=channel, name="inc-1", over=over, private=private, **known)  # type: ignore[arg-type]


class Scene:
    """A workspace without the bot, whose incident is whatever the test says."""

    def __init__(self, workspace: Workspace, read: Drill) -> None:
        self.workspace = workspace
        self.room: Room | None = None
        self.player = DrillPlayer(read, workspace, self._look, by="ada")

    async def _look(self) -> Room | None:
        return self.room

    def learns(self, found: Room) -> None:
        """As when the bot posts something of it."""
        self.room = found
        self.workspace.site.changes.happened()

    async def texts(self, channel: str) -> list[str]:
        return [seen.text for seen in await self.workspace.person("ada").messages(channel)]

    async def until(self, check: Callable[[], Awaitable[object]]) -> None:
        """Moves the clock on, a little at a time, until it is seen."""

        async def seen() -> bool:
            if await check():
                return True
            self.workspace.clock.advance(STEP_SECONDS)
            return False

        await self.workspace.client.wait_until(seen, timeout=20)

    async def until_said(self, lines: int) -> None:
        async def said() -> bool:
            return bool(self.player.state()["said"] == lines)

        await self.until(said)


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])
