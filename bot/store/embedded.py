"""A real Valkey or Redis server as a child of the bot, for those who have none. It listens on a Unix socket only.

An acknowledged write is on disk (`appendfsync always`), and the server never outlives the bot.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from types import TracebackType
from typing import Final, NoReturn, Self
from urllib.parse import quote

from redis.asyncio import Redis

from bot.ports import Unavailable
from bot.store.connection import ask, connect
from bot.store.data_folder import DataFolder
from bot.store.server_binary import find_server

STOPS_WITHIN: Final = 10.0
"""Seconds between the wish to stop and the end of patience; every acknowledged write is on disk anyway."""
_POLL: Final = 0.005
_LAST_LINES: Final = 3


class EmbeddedServer:
    """`async with EmbeddedServer(folder) as server:` gives `server.url`. Raises Unavailable when it cannot start.

    On Linux the kernel ends the server when the thread that started it ends, so start it from the main thread.
    """

    def __init__(self, folder: Path, *, program: Path | None = None) -> None:
        """`program` None: the one that find_server finds."""
        self._folder = DataFolder(folder.absolute())
        self._program = program
        self._process: asyncio.subprocess.Process | None = None
        self.url = ""

    async def __aenter__(self) -> Self:
        server = self._program or await find_server()
        await self._folder.lock()
        try:
            await self._start(server)
        except BaseException:
            await self._stop()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stop()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    async def until_lost(self) -> NoReturn:
        """Waits for as long as the server runs; raises Unavailable when it ends without having been asked to."""
        assert self._process is not None
        status = await self._process.wait()
        raise Unavailable("the store", f"its server ended by itself {self._why(status)}", retryable=False)

    async def _start(self, server: Path) -> None:
        socket = self._folder.socket()
        self._process = await asyncio.create_subprocess_exec(
            *_command(server),
            *_options(self._folder, socket),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=self._folder.open_log(),
            env=_environment(),
            start_new_session=True,  # Ctrl-C is for the bot, which still has to write
            pass_fds=(self._folder.descriptor,),
        )
        self._folder.note_server(self._process.pid)
        self.url = f"unix://{quote(str(socket))}"
        await self._answers()

    async def _answers(self) -> None:
        """Returns when the server serves; loading a long log may take it minutes, and that is no failure."""
        client = connect(self.url)
        try:
            while not await _pings(client):
                if self._process and self._process.returncode is not None:
                    why = self._why(self._process.returncode)
                    raise Unavailable("the store", f"its server does not start {why}", retryable=False)
                await asyncio.sleep(_POLL)
        finally:
            await client.aclose()
            await client.connection_pool.disconnect()

    async def _stop(self) -> None:
        """SIGTERM is what SHUTDOWN is: the server flushes its log and leaves."""
        if self._process and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            try:
                await asyncio.wait_for(self._process.wait(), STOPS_WITHIN)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()
        self._folder.unlock()

    def _why(self, status: int) -> str:
        try:
            lines = self._folder.log.read_text(errors="replace").splitlines()[-_LAST_LINES:]
        except OSError:
            lines = []
        return f"(status {status}, see {self._folder.log}): {' / '.join(lines) or 'it left no log'}"


def _options(folder: DataFolder, socket: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder.path),
        "logfile": str(folder.log),
        "loglevel": "notice",
        "daemonize": "no",
        "appendonly": "yes",
        "appendfsync": "always",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    return [word for name, value in options.items() for word in (f"--{name}", value)]


def _command(server: Path) -> list[str]:
    """On Linux the server is started so that it dies with us; elsewhere the folder's lock must do."""
    if sys.platform != "linux":
        return [str(server)]
    launcher = Path(__file__).with_name("launcher.py")
    return [sys.executable, "-I", "-S", str(launcher), str(os.getpid()), str(server)]


def _environment() -> dict[str, str]:
    """None of the bot's tokens; and a locale that exists, because the server refuses to start without."""
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {"LC_ALL": "C", **kept}


async def _pings(client: Redis) -> bool:
    try:
        await ask(client, "PING")
    except Unavailable:
        return False
    return True
