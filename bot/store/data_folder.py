"""The folder of the embedded server and the lock on it: two servers on one folder would lose writes.

The server inherits the lock, so that the folder stays locked while either the bot or its server lives.
"""

import asyncio
import errno
import fcntl
import os
import signal
import tempfile
from pathlib import Path
from typing import Final

from bot.ports import Unavailable

LONGEST_SOCKET_PATH: Final = 100
"""Bytes; the system's limit is 103 on macOS and 107 on Linux."""
ORPHAN_ENDS_WITHIN: Final = 10.0
"""Seconds."""
_POLL: Final = 0.02


class DataFolder:
    """A folder that only one bot uses at a time. `lock` and then `unlock`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.log = path / "store.log"
        self.lock_file = path / "store.lock"
        self.descriptor = -1
        self._log_descriptor = -1
        self._short: tempfile.TemporaryDirectory[str] | None = None

    async def lock(self) -> None:
        """Raises Unavailable when another bot has it. A server whose bot died is ended first."""
        self._open()
        waited = 0.0
        while not self._try_lock():
            self._refuse_or_end_orphan()
            if waited >= ORPHAN_ENDS_WITHIN:
                self._close()
                reason = f"another Muster, perhaps in another container, uses the data folder {self.path}"
                raise Unavailable("the store", reason, retryable=False)
            await asyncio.sleep(_POLL)
            waited += _POLL
        self.note_server(0)

    def note_server(self, server: int) -> None:
        """Writes who holds the folder: the bot's process id, then the server's, 0 before it runs."""
        os.truncate(self.descriptor, 0)
        os.pwrite(self.descriptor, f"{os.getpid()} {server}\n".encode(), 0)

    def socket(self) -> Path:
        """Where the server shall listen; elsewhere if the folder's own path is too long for a socket."""
        inside = self.path / "store.sock"
        if len(os.fsencode(inside)) > LONGEST_SOCKET_PATH:
            self._short = self._short or tempfile.TemporaryDirectory(prefix="muster-")
            inside = Path(self._short.name) / "store.sock"
        inside.unlink(missing_ok=True)
        return inside

    def open_log(self) -> int:
        """A descriptor for what the server says before it opens its log itself; closed by unlock."""
        if self._log_descriptor < 0:
            self._log_descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        return self._log_descriptor

    def log_size(self) -> int:
        """Bytes; what is said after them is new."""
        return self.log.stat().st_size if self.log.exists() else 0

    def unlock(self) -> None:
        if self._short:
            self._short.cleanup()
            self._short = None
        self._close()

    def _open(self) -> None:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.descriptor = os.open(self.lock_file, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            reason = f"the data folder {self.path} cannot be used ({error.strerror}); set DATA_DIR to one that can"
            raise Unavailable("the store", reason, retryable=False) from error

    def _close(self) -> None:
        for descriptor in (self.descriptor, self._log_descriptor):
            if descriptor >= 0:
                os.close(descriptor)
        self.descriptor = self._log_descriptor = -1

    def _try_lock(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in {errno.EWOULDBLOCK, errno.EACCES}:
                return False
            self._close()
            reason = f"the data folder {self.path} cannot be locked ({error.strerror}); set DATA_DIR to a local disk"
            raise Unavailable("the store", reason, retryable=False) from error
        return True

    def _refuse_or_end_orphan(self) -> None:
        """The lock is held, so one of the two noted processes lives; if the bot does not, it is its server."""
        bot, server = self._holders()
        if bot and _lives(bot):
            self._close()
            reason = f"process {bot} uses the data folder {self.path}; stop that Muster or set another DATA_DIR"
            raise Unavailable("the store", reason, retryable=False)
        if server and _lives(server) and self._is_held_by(server):
            os.kill(server, signal.SIGTERM)

    def _is_held_by(self, process: int) -> bool:
        """Process ids mean nothing across containers, so look before ending one; without /proc there are none."""
        descriptors = Path(f"/proc/{process}/fd")
        if not Path("/proc/self/fd").exists():
            return True
        try:
            return any(link.samefile(self.lock_file) for link in descriptors.iterdir() if link.exists())
        except OSError:
            return False

    def _holders(self) -> tuple[int, int]:
        """(bot, server); zeros while the holder has not written them yet."""
        numbers = os.pread(self.descriptor, 100, 0).split()
        match numbers:
            case [bot, server] if bot.isdigit() and server.isdigit():
                return int(bot), int(server)
            case _:
                return 0, 0


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
