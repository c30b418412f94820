"""A real Valkey or Redis server as a child of the bot, for those who have none. It listens on a Unix socket only.

An acknowledged write is on disk (`appendfsync always`), and the server never outlives the bot. One that ends by itself
is brought back.
"""

import asyncio
import os
import re
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Final, NoReturn, Self
from urllib.parse import quote

import structlog
from redis.asyncio import Redis

from bot.ports import Unavailable
from bot.store.append_only_file import ADVICE, mend
from bot.store.connection import ask, connect
from bot.store.data_folder import DataFolder
from bot.store.server_binary import find_server

STOPS_WITHIN: Final = 10.0
"""Seconds between the wish to stop and the end of patience; every acknowledged write is on disk anyway."""
FIRST_PAUSE: Final = 0.05
LONGEST_PAUSE: Final = 2.0
"""Seconds before a server that ended is started again; doubled each time, until one has served for STEADY_AFTER."""
STEADY_AFTER: Final = 0.5
MOST_FAILURES: Final = 10
"""Starts that fail in a row before we give up, which is after some fifteen seconds."""
_LOADS_WITHIN: Final = timedelta(seconds=30)
"""For one answer while it starts: on a slow disk, writers that were waiting for it may keep it busy."""
_POLL: Final = 0.005
_LAST_LINES: Final = 3
_ABOUT_ITS_FILES: Final = re.compile(r"append only file|AOF|RDB", re.IGNORECASE)
"""In the words of a server that cannot read what it wrote."""
_SERVES: Final = re.compile(r"ready to accept connections", re.IGNORECASE)
"""In its words, once it has read all."""

_log = structlog.get_logger(__name__)


class _DidNotStart(Exception):  # noqa: N818 - what the server did
    """Its message says why."""


class EmbeddedServer:
    """`async with EmbeddedServer(folder) as server:` gives `server.url`. Raises Unavailable when it cannot start.

    On Linux the kernel ends the server when the thread that started it ends, so start it from the main thread.
    """

    def __init__(self, folder: Path, *, program: Path | None = None, most_failures: int = MOST_FAILURES) -> None:
        """`program` None: the one that find_server finds. `most_failures`: starts in a row until we give up."""
        self._most_failures = most_failures
        self._folder = DataFolder(folder.absolute())
        self._program = program
        self._process: asyncio.subprocess.Process | None = None
        self._said_before = 0
        self.url = ""
        self.brought_back = 0

    async def __aenter__(self) -> Self:
        self._program = self._program or await find_server()
        await self._folder.lock()
        try:
            await self._start_whole(self._program)
        except _DidNotStart as failure:
            await self._stop()
            raise Unavailable("the store", f"its server does not start {failure}", retryable=False) from None
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
        """Brings the server back whenever it ends without having been asked to; raises Unavailable when it cannot."""
        pause = FIRST_PAUSE
        while True:
            assert self._process is not None
            served_from = time.monotonic()
            status = await self._process.wait()
            pause = FIRST_PAUSE if time.monotonic() - served_from > STEADY_AFTER else min(2 * pause, LONGEST_PAUSE)
            _log.error("store_server_ended", why=self._why(status), again_in=pause)
            await asyncio.sleep(pause)
            await self._bring_back()
            self.brought_back += 1
            _log.warning("store_server_is_back", process=self.pid)

    async def _bring_back(self) -> None:
        assert self._program is not None
        pause, why = FIRST_PAUSE, ""
        for _ in range(self._most_failures):
            try:
                return await self._start_whole(self._program)
            except _DidNotStart as failure:
                why = str(failure)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE)
        reason = f"its server ended by itself and did not start again in {self._most_failures} attempts {why}"
        raise Unavailable("the store", reason, retryable=False)

    async def _start_whole(self, server: Path) -> None:
        """Again where a torn end of the log was in the way. Raises _DidNotStart, and Unavailable for damage."""
        try:
            await self._start(server)
        except _DidNotStart as failure:
            torn = await asyncio.to_thread(mend, self._folder.path)
            if torn is None and _ABOUT_ITS_FILES.search(str(failure)):
                raise Unavailable(
                    "the store", f"its server does not start {failure}; {ADVICE}", retryable=False
                ) from None
            if torn is None:
                raise
            about = {"file": str(torn.file), "bytes": torn.size, "kept_in": str(torn.kept)}
            _log.warning("store_log_was_torn", **about)
            await self._start(server)

    async def _start(self, server: Path) -> None:
        socket, self._said_before = self._folder.socket(), self._folder.log_size()
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
        """Returns when the server serves; loading a long log may take it minutes, and that is no failure.

        Also when it served and has ended, before we heard of it: others write to it at once, and a full disk ends it.
        """
        client = connect(self.url, connect_within=_LOADS_WITHIN, answer_within=_LOADS_WITHIN)
        try:
            while not await _pings(client):
                if self._process and self._process.returncode is not None:
                    if _SERVES.search(self._said()):
                        return
                    raise _DidNotStart(self._why(self._process.returncode))
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

    def _said(self) -> str:
        """By the server that was started last."""
        try:
            return self._folder.log.read_bytes()[self._said_before :].decode(errors="replace")
        except OSError:
            return ""

    def _why(self, status: int) -> str:
        lines = [line for line in self._said().splitlines() if line.strip()][-_LAST_LINES:]
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
        "aof-load-truncated": "no",  # append_only_file.py says why
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
