"""`muster run` as operators meet it: a process of its own, with no variable set but those given."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from bot.slack.event_table import subscriptions
from bot.slack.scopes import NEEDED_SCOPES
from bot.workspace.server import Workspace

ROOT = Path(__file__).parents[1]
PATIENCE = 15.0


class Process(Protocol):
    """As asyncio's, for whatever way it was started."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    def send_signal(self, signal: int) -> None: ...

    def kill(self) -> None: ...

    async def wait(self) -> int: ...


@dataclass(slots=True)
class MusterProcess:
    """A running `muster run`; `said` holds its log so far (or `log_file` does), complete once it has ended."""

    process: Process
    said: bytearray = field(default_factory=bytearray)
    reading: asyncio.Task[None] | None = None
    log_file: Path | None = None

    @property
    def log(self) -> str:
        if self.log_file:
            return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""
        return self.said.decode(errors="replace")

    async def up(self) -> bool:
        """Whether it came up; False: it ended before, as one may that is armed with a crash point."""
        async with asyncio.timeout(PATIENCE):
            while "muster_is_up" not in self.log:
                if self.process.returncode is not None:
                    return False
                await asyncio.sleep(0.01)
        return True

    def send(self, number: signal.Signals) -> None:
        """SIGKILL, SIGSTOP, SIGCONT, SIGTERM …; nothing where it has ended already."""
        if self.process.returncode is None:
            self.process.send_signal(number)

    async def until(self, words: str) -> None:
        """Until the log holds these words."""
        async with asyncio.timeout(PATIENCE):
            while words not in self.log:
                assert self.process.returncode is None, self.log
                await asyncio.sleep(0.02)

    @property
    def port(self) -> int:
        """As told when it is up."""
        return int(self.log.partition("port=")[2].split()[0])

    def terminate(self) -> None:
        self.process.send_signal(signal.SIGTERM)

    async def ended(self, within: float = PATIENCE) -> int:
        """Its status, once it has ended by itself, in so many seconds."""
        async with asyncio.timeout(within):
            await self.process.wait()
            if self.reading:
                await self.reading
        assert self.process.returncode is not None
        return self.process.returncode

    async def get(self, path: str) -> tuple[int, str]:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{self.port}{path}") as answer:
            return answer.status, await answer.text()

    async def answers(self, path: str, status: int) -> str:
        """The body, once the path is answered with this status."""
        async with asyncio.timeout(PATIENCE):
            while (found := await self.get(path))[0] != status:  # noqa: ASYNC110 - it is another process
                await asyncio.sleep(0.05)
        return found[1]


@asynccontextmanager
async def muster_run(
    settings: Mapping[str, str], folder: Path, *, interpreter: tuple[str, ...] = ("-X", "dev")
) -> AsyncIterator[MusterProcess]:
    """Started, and at the latest ended with the block. `interpreter`: options of Python's own."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **settings}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, *interpreter, "-m", "bot", "run"),
        cwd=folder,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    running = MusterProcess(process)
    running.reading = asyncio.create_task(_read(process, running.said))
    try:
        yield running
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await running.reading


async def muster_says(settings: Mapping[str, str], folder: Path, *arguments: str) -> tuple[int, str]:
    """Another command, such as `muster audit`: its status, and all that it said."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **settings},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def _read(process: asyncio.subprocess.Process, said: bytearray) -> None:
    assert process.stderr is not None
    while part := await process.stderr.read(65536):
        said += part


def workspace_for_muster(**overrides: Any) -> Workspace:
    return Workspace(scopes=tuple(sorted(NEEDED_SCOPES)), events=tuple(subscriptions()), **overrides)


def settings_in(workspace: Workspace, transport: str, redis_url: str) -> dict[str, str]:
    connected = (
        {"SLACK_APP_TOKEN": workspace.app_token}
        if transport == "socket mode"
        else {"SLACK_SIGNING_SECRET": workspace.signing_secret}
    )
    return {
        "SLACK_BOT_TOKEN": workspace.bot_token,
        "SLACK_API_URL": workspace.api_url,
        "PLAYBOOKS_DIR": str(ROOT / "playbooks"),
        "ANNOUNCEMENT_CHANNEL": "#incidents",
        "REDIS_URL": redis_url,
        "PORT": "0",
        "LOG_FORMAT": "console",
        **connected,
    }
