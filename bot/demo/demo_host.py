"""What the demo's page may ask of whoever runs the workspace: the clock, a fresh start, drills, alerts."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from bot.assemble import Bot
from bot.clock import Clock
from bot.demo.drill_player import DrillPlayer
from bot.demo.drill_room import RoomFinder
from bot.demo.drill_shelf import DrillShelf
from bot.demo.monitoring import Monitoring
from bot.playbook.drill import Drill
from bot.playbook.problems import LibraryProblems
from bot.ports import Unavailable
from bot.workspace.host import Powers
from bot.workspace.refusal import Json, Refusal
from bot.workspace.server import Workspace

LONGEST_MOVE: Final = timedelta(days=31)
_STARTING: Final = "Muster is still starting; a moment."

_log = structlog.get_logger(__name__)


class DemoHost:
    """The workspace's Host, of one world; a fresh one has a host of its own. What it refuses it says in a sentence.

    `examine` raises LibraryProblems where a fresh world could not start.
    """

    powers = Powers(reset=True, drills=True, move_clock=True, alerts=True)

    def __init__(self, clock: Clock, shelf: DrillShelf, examine: Callable[[], object]) -> None:
        self._clock = clock
        self._shelf = shelf
        self._examine = examine
        self._reset = asyncio.Event()
        self._starting = asyncio.Lock()
        self._world: tuple[Workspace, Bot] | None = None
        self._monitoring: Monitoring | None = None
        self._player: DrillPlayer | None = None
        self._playing: asyncio.Task[None] | None = None

    def serves(self, workspace: Workspace, bot: Bot, monitoring: Monitoring) -> None:
        """Once they are up."""
        self._world = (workspace, bot)
        self._monitoring = monitoring

    def is_playing(self) -> bool:
        """Whether whatever is declared now is a drill."""
        return self._player is not None and not self._player.ended

    async def move_clock(self, seconds: float) -> None:
        """The one clock of bot and workspace; what falls due by it is done at once."""
        workspace, bot = self._at_work()
        if not 0 < seconds <= LONGEST_MOVE.total_seconds():
            raise Refusal("The clock can be moved on by a month at most, and never back.")
        self._clock.move_on(timedelta(seconds=seconds))
        workspace.clock.advance(0)  # it reads the other one; this wakes whoever sleeps on it
        await bot.tick()

    async def reset(self) -> None:
        if self._reset.is_set():
            raise Refusal("It is being started afresh already; a moment.")
        try:
            await asyncio.to_thread(self._examine)
        except LibraryProblems as broken:
            raise Refusal(f"Not started afresh: {broken.problems[0]}. Correct it, then try again.") from None
        self._reset.set()

    async def until_reset(self) -> None:
        await self._reset.wait()

    def drills(self) -> list[Json]:
        return [_shown(drill) for drill in self._shelf.drills()]

    def playing(self) -> Json | None:
        return self._player.state() if self._player else None

    async def start_drill(self, name: str, by: str) -> None:
        async with self._starting:
            await self._start(name, by)

    async def _start(self, name: str, by: str) -> None:
        workspace, bot = self._at_work()
        if self.is_playing():
            raise Refusal("A drill is being played; end it first.")
        drill = next((each for each in self._shelf.drills() if each.name == name), None)
        if drill is None:
            raise Refusal(f"There is no drill named {name[:60]}.")
        await self.stop_drill()
        try:
            finder = await RoomFinder.at(bot)
        except Unavailable:
            raise Refusal("The store cannot be reached, so nothing was started. Try again in a moment.") from None
        self._player = DrillPlayer(drill, workspace, finder.look, by=by, tell=workspace.drill_changed)
        self._playing = asyncio.create_task(self._player.play(), name="drill")
        self._playing.add_done_callback(self._ended)

    async def stop_drill(self) -> None:
        """What its people have said stays, and so does its incident."""
        playing, self._playing, self._player = self._playing, None, None
        if playing:
            playing.cancel()
            await asyncio.wait([playing])

    def alerts(self) -> Json:
        return self._monitoring.shown() if self._monitoring else {"alerts": [], "firing": [], "own": ""}

    async def send_alert(self, name: str) -> Json:
        if self._monitoring is None:
            raise Refusal(_STARTING)
        return await self._monitoring.send(name)

    async def stop(self) -> None:
        await self.stop_drill()

    def _at_work(self) -> tuple[Workspace, Bot]:
        if self._world is None:
            raise Refusal(_STARTING)
        return self._world

    def _ended(self, playing: asyncio.Task[None]) -> None:
        if not playing.cancelled() and (failure := playing.exception()):
            _log.error("drill_failed", exc_info=failure)
            self._player = None


def _shown(drill: Drill) -> Json:
    """Not its script, its playbook or its debrief: they would give it away."""
    return {
        "name": drill.name,
        "title": drill.title,
        "minutes": drill.minutes,
        "brief": drill.brief,
        "goals": list(drill.goals),
        "players": list(drill.players),
    }
