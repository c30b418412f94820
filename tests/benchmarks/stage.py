"""What is measured, in processes of their own: a workspace, and in it Muster or the floor."""

import asyncio
import json
import os
import socket
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from aiohttp import ClientError, ClientSession
from redis.asyncio import Redis

from bot.workspace.client import WorkspaceClient

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 20.0
"""Seconds for anything to happen, before the bench gives up with an error."""
_LONG_LINE: Final = 2**20


class Program(StrEnum):
    MUSTER = "muster"
    FLOOR = "floor"


class Transport(StrEnum):
    SOCKET_MODE = "Socket Mode"
    HTTP = "HTTP"


MODULES: Final = {Program.MUSTER: ("bot", "run"), Program.FLOOR: ("tests.benchmarks.floor",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One workspace with one program in it. `connected_ms`: from the program's start until Slack could reach it."""

    program: Program
    client: WorkspaceClient
    connected_ms: float
    pid: int
    redis_url: str
    journal: list[int] = field(default_factory=lambda: [0])

    async def new_calls(self) -> list[dict[str, Any]]:
        """The calls since the last mark, those under way too."""
        return (await self.client.calls())[self.journal[0] :]

    async def mark(self) -> None:
        self.journal[0] = len(await self.client.calls())

    async def stored(self) -> int:
        """How many events the first incident's log holds; of the floor, all."""
        pattern = "floor:log" if self.program is Program.FLOOR else "*:incident:1"
        async with Redis.from_url(self.redis_url) as store:
            logs = [key async for key in store.scan_iter(pattern)]
            return int(await store.xlen(logs[0]))

    def resident_mb(self) -> float:
        """Linux only; nan elsewhere."""
        try:
            status = Path(f"/proc/{self.pid}/status").read_text()
        except OSError:
            return float("nan")
        line = next(each for each in status.splitlines() if each.startswith("VmRSS"))
        return int(line.split()[1]) / 1024


@asynccontextmanager
async def staged(program: Program, transport: Transport, redis_url: str) -> AsyncIterator[Stage]:
    """A fresh workspace, an empty store, and the program connected."""
    async with Redis.from_url(redis_url) as store:
        await store.flushdb()
    async with _process("tests.benchmarks.workspace_process", stdin=PIPE) as workspace:
        about = await _line(workspace)
        environment = _settings(about, transport, redis_url)
        async with WorkspaceClient(about["control_url"]) as client:
            began = time.monotonic()
            async with _process(*MODULES[program], environment=environment) as running:
                await _reached(transport, client, workspace, environment["PORT"])
                took = (time.monotonic() - began) * 1000
                yield Stage(program=program, client=client, connected_ms=took, pid=running.pid, redis_url=redis_url)


async def _reached(transport: Transport, client: WorkspaceClient, workspace: Process, port: str) -> None:
    if transport is Transport.SOCKET_MODE:
        await client.connected(PATIENCE)
        return
    await _listening(f"http://127.0.0.1:{port}/")
    assert workspace.stdin
    workspace.stdin.write(f"http://127.0.0.1:{port}/slack/events\n".encode())
    await _line(workspace)


async def _listening(url: str) -> None:
    """Until the port answers anything."""
    async with asyncio.timeout(PATIENCE), ClientSession() as session:
        while True:
            try:
                async with session.get(url):
                    return
            except ClientError:
                await asyncio.sleep(0.005)


def _settings(about: dict[str, str], transport: Transport, redis_url: str) -> dict[str, str]:
    keys = (
        {"SLACK_APP_TOKEN": about["app_token"]}
        if transport is Transport.SOCKET_MODE
        else {"SLACK_SIGNING_SECRET": about["signing_secret"]}
    )
    return {
        "SLACK_API_URL": about["api_url"],
        "SLACK_BOT_TOKEN": about["bot_token"],
        "ANNOUNCEMENT_CHANNEL": about["announcements"],
        "REDIS_URL": redis_url,
        "PLAYBOOKS_DIR": str(ROOT / "playbooks"),
        "PORT": str(_free_port()),
        **keys,
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def _line(process: Process) -> dict[str, str]:
    assert process.stdout
    async with asyncio.timeout(PATIENCE):
        found: dict[str, str] = json.loads(await process.stdout.readline())
        return found


@asynccontextmanager
async def _process(
    *module: str, environment: dict[str, str] | None = None, stdin: int = DEVNULL
) -> AsyncIterator[Process]:
    """`python -m module`, ended with the block. Its log is thrown away, but it is written, as in earnest."""
    process = await asyncio.create_subprocess_exec(
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
        yield process
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
