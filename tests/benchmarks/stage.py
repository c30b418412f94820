"""What is measured, in processes of their own: a workspace, and in it Muster or the floor."""

import asyncio
import json
import os
import socket
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from aiohttp import ClientError, ClientSession
from redis.asyncio import Redis

from bot.workspace.client import WorkspaceClient

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 60.0
"""Seconds for anything to happen, before the bench gives up with an error."""
_LONG_LINE: Final = 2**24


class Program(StrEnum):
    MUSTER = "muster"
    UNLIMITED = "muster without Slack's rates"
    FLOOR = "floor"


class Transport(StrEnum):
    SOCKET_MODE = "Socket Mode"
    HTTP = "HTTP"


MODULES: Final = {
    Program.MUSTER: ("bot", "run"),
    Program.UNLIMITED: ("tests.benchmarks.unlimited",),
    Program.FLOOR: ("tests.benchmarks.floor",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where a program is put. `people` and `channels` come on top of the workspace's own few; several `processes`
    share the store, in Socket Mode only. `redis_url` empty: Muster's own server in `data_dir`."""

    transport: Transport = Transport.SOCKET_MODE
    redis_url: str = ""
    data_dir: str = ""
    people: int = 0
    channels: int = 0
    processes: int = 1
    emptied: bool = True
    """Whether the store is emptied before."""
    alert_secrets: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One workspace with one program in it. `connected_ms`: from the program's start until Slack could reach it."""

    program: Program
    client: WorkspaceClient
    connected_ms: float
    running: Sequence[Process]
    redis_url: str
    workspace: Process
    calls_before: int
    port: int = 0
    """Where its first process listens."""
    journal: list[int] = field(default_factory=lambda: [0])

    @property
    def pid(self) -> int:
        return self.running[0].pid

    async def new_calls(self) -> list[dict[str, Any]]:
        """The calls since the last mark, those under way too."""
        return (await self.client.calls())[self.journal[0] :]

    async def mark(self) -> None:
        self.journal[0] = len(await self.client.calls())

    async def stored(self) -> int:
        """How many events the first incident's log holds; of the floor, all."""
        pattern = "floor:log" if self.program is Program.FLOOR else "*:incident:1"
        async with Redis.from_url(self.redis_url) as store:
            logs = [key async for key in store.scan_iter(pattern, count=1000)]
            return int(await store.xlen(logs[0]))

    async def burst(
        self, kind: str, payloads: Sequence[Mapping[str, Any]], *, at_once: int = 1, apart: float = 0.0
    ) -> dict[str, Any]:
        """As bursts.burst."""
        order = {"do": "burst", "kind": kind, "payloads": payloads, "at_once": at_once, "apart": apart}
        return await _ordered(self.workspace, order)

    async def hold(self, milliseconds: int) -> None:
        """Every call of the Web API is held back so long before it takes effect."""
        await self.client.clear_faults()
        if milliseconds:
            await self.client.fault("*", "hold", seconds=milliseconds / 1000)

    async def until_furnished(self, rooms: int, within: float = PATIENCE) -> None:
        """Until so many war rooms were furnished since the last mark, and a little longer for the rest."""
        until = time.monotonic() + within
        while (found := len(await self.client.calls("bookmarks.add")) - self.journal[0]) < rooms:
            assert time.monotonic() < until, f"{self.program}: {found} of {rooms} war rooms in {within:.0f} s"
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.3)

    async def mark_rooms(self) -> None:
        self.journal[0] = len(await self.client.calls("bookmarks.add"))

    def resident_mib(self) -> float:
        """Linux only; nan elsewhere."""
        return _status(self.pid, "VmRSS") / 1024

    def threads(self) -> float:
        return _status(self.pid, "Threads")

    def cpu_ms(self) -> float:
        """Processor time of all its processes so far."""
        return sum(cpu_ms(each.pid) for each in self.running)


def cpu_ms(pid: int) -> float:
    """Milliseconds that a process has computed, in user and system mode; Linux only, nan elsewhere."""
    try:
        threads = [(each / "schedstat").read_text() for each in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return float("nan")
    return sum(int(each.split()[0]) for each in threads) / 1e6


def _status(pid: int, name: str) -> float:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return float("nan")
    return int(next(each for each in status.splitlines() if each.startswith(name)).split()[1])


@asynccontextmanager
async def staged(program: Program, setting: Setting) -> AsyncIterator[Stage]:
    """A fresh workspace, an empty store, and the program connected."""
    if setting.redis_url and setting.emptied:
        async with Redis.from_url(setting.redis_url) as store:
            await store.flushdb()
    people = ("--people", str(setting.people), "--channels", str(setting.channels))
    async with AsyncExitStack() as stack:
        spawned = process("tests.benchmarks.workspace_process", *people, stdin=PIPE)
        workspace = await stack.enter_async_context(spawned)
        about = await _line(workspace)
        client = await stack.enter_async_context(WorkspaceClient(about["control_url"]))
        began, running, ports = time.monotonic(), [], []
        for number in range(setting.processes):
            environment = _settings(about, setting)
            ports.append(int(environment["PORT"]))
            running.append(await stack.enter_async_context(process(*MODULES[program], environment=environment)))
            await _reached(setting.transport, client, workspace, environment["PORT"], number + 1)
        yield Stage(
            program=program,
            client=client,
            connected_ms=(time.monotonic() - began) * 1000,
            running=running,
            redis_url=setting.redis_url,
            workspace=workspace,
            calls_before=len(await client.calls()),
            port=ports[0],
        )


async def _reached(transport: Transport, client: WorkspaceClient, workspace: Process, port: str, count: int) -> None:
    if transport is Transport.SOCKET_MODE:

        async def connected() -> bool:
            return bool((await client.about())["connections"] >= count)

        await client.wait_until(connected, PATIENCE)
        return
    await _listening(f"http://127.0.0.1:{port}/")
    await _ordered(workspace, {"do": "deliver", "url": f"http://127.0.0.1:{port}/slack/events"})


async def _listening(url: str) -> None:
    """Until the port answers anything."""
    async with asyncio.timeout(PATIENCE), ClientSession() as session:
        while True:
            try:
                async with session.get(url):
                    return
            except ClientError:
                await asyncio.sleep(0.005)


def _settings(about: dict[str, Any], setting: Setting) -> dict[str, str]:
    keys = (
        {"SLACK_APP_TOKEN": about["app_token"]}
        if setting.transport is Transport.SOCKET_MODE
        else {"SLACK_SIGNING_SECRET": about["signing_secret"]}
    )
    store = {"REDIS_URL": setting.redis_url} if setting.redis_url else {"DATA_DIR": setting.data_dir}
    return {
        "SLACK_API_URL": about["api_url"],
        "SLACK_BOT_TOKEN": about["bot_token"],
        "ANNOUNCEMENT_CHANNEL": about["announcements"],
        "PLAYBOOKS_DIR": str(ROOT / "playbooks"),
        "PORT": str(_free_port()),
        "ALERT_SECRETS": setting.alert_secrets,
        **store,
        **keys,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _ordered(workspace: Process, order: Mapping[str, Any]) -> dict[str, Any]:
    assert workspace.stdin
    workspace.stdin.write(json.dumps(order).encode() + b"\n")
    return await _line(workspace)


async def _line(process: Process) -> dict[str, Any]:
    assert process.stdout
    async with asyncio.timeout(PATIENCE):
        found: dict[str, Any] = json.loads(await process.stdout.readline())
        return found


@asynccontextmanager
async def process(
    *module: str, environment: dict[str, str] | None = None, stdin: int = DEVNULL
) -> AsyncIterator[Process]:
    """`python -m module`, ended with the block. Its log is thrown away, but it is written, as in earnest."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        *module,
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT), **(environment or {})},
        stdin=stdin,
        stdout=PIPE,
        stderr=DEVNULL,
        limit=_LONG_LINE,
    )
    try:
        yield running
    finally:
        if running.returncode is None:
            running.terminate()
        await running.wait()
