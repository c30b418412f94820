"""A Redis-compatible server as tests of Sentinel and Cluster need it: on loopback, in a folder, ended with the test."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.store import launcher
from bot.store.server_binary import find_server

PATIENCE: Final = 20.0
LASTING: Final[Mapping[str, str]] = {
    "bind": "127.0.0.1",
    "appendonly": "yes",
    "appendfsync": "always",
    "save": "",
    "maxmemory-policy": "noeviction",
    "repl-diskless-sync-delay": "0",
    "repl-ping-replica-period": "1",
    "repl-timeout": "3",
}
"""As the embedded server keeps its data; and replicas that notice things soon."""


@dataclass(slots=True, eq=False)
class RedisServer:
    """`program` None: the one that find_server finds; the variable MUSTER_TEST_SERVER names another."""

    folder: Path
    arguments: list[str]
    port: int = 0
    process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.returncode is None

    async def start(self) -> None:
        """Returns when it answers; again after an end on the same port, with what is in its folder."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-I", "-S", str(Path(launcher.__file__)), str(os.getpid())),
            *(str(await _program()), *self.arguments),
            *("--port", str(self.port), "--dir", str(self.folder), "--logfile", str(self.folder / "server.log")),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            env={"LC_ALL": "C", **{name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}},
        )
        async with asyncio.timeout(PATIENCE):
            while not await self._answers():
                assert self.process.returncode is None, self.log
                await asyncio.sleep(0.01)

    async def ask(self, *command: str | int) -> Any:
        """One command on a connection of its own."""
        async with Redis(port=self.port, decode_responses=True, protocol=2, socket_timeout=PATIENCE) as client:
            return await client.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py

    @property
    def log(self) -> str:
        path = self.folder / "server.log"
        return path.read_text(errors="replace") if path.exists() else "it left no log"

    def pause(self) -> None:
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    async def kill(self) -> None:
        """Ended as by a power cut of its process, if it still runs."""
        if self.process and self.runs:
            self.process.kill()
            await self.process.wait()

    def _signal(self, number: int) -> None:
        assert self.process is not None
        self.process.send_signal(number)

    async def _answers(self) -> bool:
        try:
            return bool(await self.ask("PING"))
        except (RedisError, OSError):
            return False


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def options(values: Mapping[str, str | int]) -> list[str]:
    return [word for name, value in values.items() for word in (f"--{name}", str(value))]


async def _program() -> Path:
    named = os.environ.get("MUSTER_TEST_SERVER")
    return Path(named) if named else await find_server()
