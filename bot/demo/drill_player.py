"""Plays one drill: its people write in the workspace when their lines are due, until its incident is resolved.

It says what people say and does nothing else: whatever the incident needs is left to the players.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import structlog

from bot.demo.rundown import Place, Room, Rundown
from bot.playbook.drill import Drill
from bot.playbook.drill_script import Commander, Line, React, Reply, Say, WarRoom
from bot.workspace.client import Refused
from bot.workspace.refusal import Json
from bot.workspace.server import Workspace

BREATH: Final = 1.5
"""Seconds of the workspace's clock between two lines, so that a clock that is moved on brings no flood."""
_LOOK_AGAIN: Final = 1.0
"""Real seconds after which the incident is looked at although nothing was seen to change."""

_log = structlog.get_logger(__name__)

Look = Callable[[], Awaitable[Room | None]]


class DrillPlayer:
    """`look`: the drill's incident as it is now. `by`: the name of whoever asked for the drill. `tell`: its state has
    changed."""

    def __init__(
        self, drill: Drill, workspace: Workspace, look: Look, *, by: str, tell: Callable[[], None] = lambda: None
    ) -> None:
        self._workspace = workspace
        self._look = look
        self._by = by
        self._tell = tell
        self._told: Json = {}
        users = {account.name: account.id for account in workspace.site.team.accounts.values()}
        self._rundown = Rundown(drill=drill, started=workspace.clock.now(), users=users)
        self.ended = False

    @property
    def drill(self) -> Drill:
        return self._rundown.drill

    def state(self) -> Json:
        """As `Host.playing` hands it out; `of` counts what can be said yet. A debrief before the end would hint."""
        rundown, now = self._rundown, self._workspace.clock.now()
        return {
            "name": self.drill.name,
            "title": self.drill.title,
            "started": rundown.started,
            "by": self._by,
            "next_at": None if self.ended else rundown.next_at(now),
            "said": len(rundown.done) - len(rundown.left_out),
            "of": len(self.drill.lines) - len(rundown.left_out),
            "ended": self.ended,
            "waits_for": "" if self.ended else rundown.waits_for(now),
            "debrief": self.drill.debrief if self.ended else "",
        }

    async def play(self) -> None:
        """Until the incident is over. Whoever wants it to end before cancels it."""
        while True:
            number = self._workspace.site.changes.number
            self._rundown.learn(await self._look(), self._workspace.clock.now())
            self.ended = self._rundown.room is not None and self._rundown.room.over
            self._tell_changes()
            if self.ended:
                return
            if line := self._rundown.next_line(self._workspace.clock.now()):
                await self._perform(line)
                self._tell_changes()
                await self._workspace.clock.sleep(BREATH)
            else:
                await self._until_something(number)

    def _tell_changes(self) -> None:
        if (state := self.state()) != self._told:
            self._told = state
            self._tell()

    async def _until_something(self, number: int) -> None:
        """A change in the workspace, the next line's time, or a while."""
        at = self._rundown.next_at(self._workspace.clock.now())
        waits = [asyncio.create_task(self._workspace.site.changes.after(number, _LOOK_AGAIN))]
        if at is not None:
            waits.append(asyncio.create_task(self._asleep(at - self._workspace.clock.now())))
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in waits:
                each.cancel()
            await asyncio.gather(*waits, return_exceptions=True)

    async def _asleep(self, seconds: float) -> int:
        await self._workspace.clock.sleep(seconds)
        return 0

    async def _perform(self, line: Line) -> None:
        """What the workspace refuses (an archived channel, an emoji it does not know) is left out."""
        try:
            place = await self._do(line)
        except Refused as refused:
            _log.error("drill_line_refused", drill=self.drill.source, line=line.line, error=refused.error)
            self._rundown.leave_out(line, self._workspace.clock.now())
        else:
            self._rundown.note(line, self._workspace.clock.now(), place)

    async def _do(self, line: Line) -> Place:
        person = self._workspace.person(line.who)
        match line.deed:
            case Say(place=place, text=text):
                channel = await self._channel(line, place)
                return Place(channel=channel, ts=await person.say(channel, text))
            case Reply(to=to, text=text):
                there = self._rundown.places[to]
                return Place(channel=there.channel, ts=await person.say(there.channel, text, thread_ts=there.ts))
            case React(to=to, emoji=emoji):
                there = self._rundown.places[to]
                await person.react(there.channel, there.ts, emoji)
                return there

    async def _channel(self, line: Line, place: str | WarRoom | Commander) -> str:
        """Where it is said; whoever speaks in a public war room comes in for it."""
        room = self._rundown.room
        match place:
            case WarRoom():
                assert room is not None
                if self._rundown.users[line.who] not in room.members and not room.private:
                    await self._workspace.person(line.who).join(room.channel)
                return room.channel
            case Commander():
                assert room is not None
                return next(name for name, user in self._rundown.users.items() if user == room.commander)
            case name:
                return name
