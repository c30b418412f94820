"""Several `muster run` processes on one server and one workspace: started, killed, frozen, moved in time.

They run as an operator's would, so Slack is spared at the usual pace. Time passes in two ways: `move_on` moves
everybody's clock, as in the demo; `lapse` lets the leases of the dead run out, which lie in the server's own time.
"""

import os
import signal
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from bot.clock import CLOCK_FILE
from bot.crash_point import CRASH_AT, FREEZE_AT
from bot.incident.evolve import replay
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Version
from bot.store.connection import ask
from bot.store.redis_store import RedisStore, open_store
from bot.workspace.http_delivery import RefusedByApp
from bot.workspace.person import Person
from bot.workspace.server import Workspace
from bot.workspace.timepiece import Clock as WorkspaceClock
from tests.faults.nursery import Nursery
from tests.faults.proxy import Proxy
from tests.muster_process import MusterProcess, muster_run, settings_in, workspace_for_muster

KILLED = -signal.SIGKILL
AUDIT_KEY = "what seals the logs of fault tests is no secret"
QUIET_WITHIN = 40.0
"""Seconds: a lease is 20 s long, and what it held back has to be done after it."""


@dataclass(slots=True)
class SharedTime:
    """What the workspace and every process of a fleet take for the time: the machine's own, moved on."""

    offset: timedelta = field(default_factory=timedelta)

    def now(self) -> datetime:
        return datetime.now(tz=UTC) + self.offset


@dataclass(slots=True)
class Member:
    """One process of the fleet and what it was started with. `error`: how far its own wall clock is wrong."""

    name: str
    muster: MusterProcess
    clock_file: Path
    error: timedelta

    @property
    def log(self) -> str:
        return self.muster.log

    @property
    def runs(self) -> bool:
        return self.muster.process.returncode is None


class Fleet:
    """`async with Fleet(folder, redis_url) as fleet:` has a workspace and a store, and no process yet.

    `nursery`: where its processes are born quickly; without one each is a Python of its own from the beginning.
    `redis_url`: the server itself; `redis` and `slack` of `start` may be a proxy's instead. `store` is the test's own
    way to it, and `time` the time in which all of them live.
    """

    def __init__(
        self,
        folder: Path,
        redis_url: str,
        *,
        transport: str = "socket mode",
        nursery: Nursery | None = None,
        **workspace: Any,
    ) -> None:
        self._nursery = nursery
        self.folder = folder
        self.redis_url = redis_url
        self.transport = transport
        self.time = SharedTime()
        self.workspace: Workspace = workspace_for_muster(
            clock=WorkspaceClock(now=lambda: self.time.now().timestamp()), **workspace
        )
        self.members: list[Member] = []
        self._stack = AsyncExitStack()
        self._store: RedisStore | None = None
        self._started = 0

    async def __aenter__(self) -> Self:
        await self._stack.enter_async_context(self.workspace)
        self._store = await open_store(self.redis_url, self.workspace.team_id, offset=lambda: self.time.offset)
        self._stack.push_async_callback(self._store.close)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill_all()
        await self._stack.aclose()

    @property
    def store(self) -> RedisStore:
        assert self._store is not None
        return self._store

    @property
    def running(self) -> list[Member]:
        return [member for member in self.members if member.runs]

    def person(self, name: str) -> Person:
        return self.workspace.person(name)

    async def start(
        self,
        *,
        crash_at: str = "",
        freeze_at: str = "",
        error: timedelta = timedelta(),
        redis: Proxy | None = None,
        slack: Proxy | None = None,
        settings: dict[str, str] | None = None,
    ) -> Member:
        """One more process: up, or (armed with a crash point that its start-up work reaches) ended already."""
        self._started += 1
        name = f"muster-{self._started}"
        clock_file = self.folder / f"{name}.clock"
        self._tell(clock_file, error)
        given = settings_in(self.workspace, self.transport, redis.url if redis else self.redis_url)
        given["AUDIT_KEY"] = AUDIT_KEY
        given |= {"SLACK_API_URL": slack.url} if slack else {}
        given |= {CLOCK_FILE: str(clock_file), CRASH_AT: crash_at, FREEZE_AT: freeze_at, **(settings or {})}
        muster = await self._begin(name, given)
        member = Member(name=name, muster=muster, clock_file=clock_file, error=error)
        self.members.append(member)
        if await muster.up() and self.transport == "http":
            await self._reach(member, may_die=bool(crash_at))
        return member

    async def _reach(self, member: Member, *, may_die: bool) -> None:
        try:
            await self.deliver_to(member)
        except RefusedByApp:
            if not may_die:
                raise
            await member.muster.ended()

    async def _begin(self, name: str, settings: dict[str, str]) -> MusterProcess:
        if self._nursery is None:
            return await self._stack.enter_async_context(muster_run(settings, self.folder, interpreter=()))
        log = self.folder / f"{name}.log"
        return MusterProcess(self._nursery.bear(settings, self.folder, log), log_file=log)

    async def start_many(self, count: int) -> list[Member]:
        return [await self.start() for _ in range(count)]

    async def deliver_to(self, member: Member) -> None:
        """Over HTTP: this is the process that Slack's requests reach from now on."""
        await self.workspace.deliver_over_http(f"http://127.0.0.1:{member.muster.port}/slack/events")

    async def kill(self, member: Member) -> None:
        """As `kill -9` does; returns once it is gone."""
        member.muster.send(signal.SIGKILL)
        await member.muster.ended()

    async def kill_all(self) -> None:
        for member in self.running:
            await self.kill(member)

    def freeze(self, member: Member) -> None:
        member.muster.send(signal.SIGSTOP)

    def is_frozen(self, member: Member) -> bool:
        """Whether it stands still, by `freeze` or by the moment at which it was armed to."""
        state = Path(f"/proc/{member.muster.process.pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state == "T"

    def thaw(self, member: Member) -> None:
        member.muster.send(signal.SIGCONT)

    async def stop(self, member: Member) -> int:
        """As a host asks for it (SIGTERM); its exit code."""
        member.muster.terminate()
        return await member.muster.ended()

    def move_on(self, by: timedelta) -> None:
        """The workspace and every process, at once."""
        self.time.offset += by
        for member in self.members:
            self._tell(member.clock_file, member.error)
        self.workspace.clock.advance(0.0)  # whoever sleeps there looks at the time again

    async def lapse(self) -> None:
        """As if 20 s had passed since the death of whoever held a lane or had claimed a timer."""
        keys, client = self.store.keys, self.store.client
        for lane in await ask(client, "ZRANGE", keys.ready, 0, -1):
            if await ask(client, "HEXISTS", keys.lease(lane), "token"):
                await ask(client, "ZADD", keys.ready, "XX", 0, lane)
        for timer in await ask(client, "ZRANGE", keys.timers, 0, -1):
            incident, _, name = str(timer).partition(":")
            due = await ask(client, "HGET", keys.timers_of(IncidentId(int(incident))), name)
            await ask(client, "ZADD", keys.timers, "XX", int(due) // 1000 + 1, timer)

    async def is_quiet(self) -> bool:
        """Nothing waits in any lane, and no timer is due."""
        if await self.store.outbox.lanes_waiting():
            return False
        now = self.time.now().timestamp() * 1_000_000
        for incident in await self.store.log.listings(active=True):
            due = await ask(self.store.client, "HVALS", self.store.keys.timers_of(incident.incident))
            if any(int(at) <= now for at in due):
                return False
        return True

    async def until_quiet(self, within: float = QUIET_WITHIN) -> None:
        """Raises TimeoutError with the lanes that still wait and the end of each log."""
        try:
            await self.workspace.client.wait_until(self.is_quiet, timeout=within)
        except TimeoutError:
            waiting = await ask(self.store.client, "ZRANGE", self.store.keys.ready, 0, -1, "WITHSCORES")
            logs = "\n".join(f"--- {member.name} ---\n{member.log[-3000:]}" for member in self.members[-4:])
            raise TimeoutError(f"not quiet after {within} s: {waiting} at {time.time() * 1000:.0f}\n{logs}") from None

    async def incident(self, number: int = 1) -> Incident:
        """As its log has it."""
        found = replay(await self.store.log.read(IncidentId(number), Version(0)))
        assert found is not None, f"INC-{number} has no log"
        return found

    def _tell(self, clock_file: Path, error: timedelta) -> None:
        """In one step, for others are reading it."""
        fresh = clock_file.with_suffix(".new")
        fresh.write_text(f"{self.time.offset.total_seconds()} {error.total_seconds()}")
        os.replace(fresh, clock_file)  # noqa: PTH105 - Path.replace is the same, and this reads as what it does
