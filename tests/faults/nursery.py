"""`muster run` without the second that Python needs to import it: born by fork from a process that has imported it.

What is born runs the same `main` in a process of its own, with its own environment, folder and log, and nothing else of
this one: the nursery has opened nothing and runs one thread. Fault tests start hundreds of processes.
"""

import asyncio
import gc
import importlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

ROOT = Path(__file__).parents[2]
IMPORTED = ("bot.__main__", "bot.running", "bot.settings", "bot.crash_point", "bot.clock")


class Born:
    """A process of the nursery's, as asyncio would show it."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        while self.returncode is None:  # noqa: ASYNC110 - a thread tells it
            await asyncio.sleep(0.005)
        return self.returncode


class Nursery:
    """`with Nursery() as nursery:`; all that was born ends with it."""

    def __enter__(self) -> Self:
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._living: dict[int, Born] = {}
        self._births: dict[str, Born] = {}
        self._born = threading.Condition()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)
        self._listener.join(10)
        assert self._process.stdout
        self._process.stdout.close()

    def bear(self, environment: Mapping[str, str], folder: Path, log: Path) -> Born:
        """One `muster run`, whose standard error is written to `log`."""
        assert self._process.stdin
        wish = {"environment": {"PATH": os.environ["PATH"], **environment}, "folder": str(folder), "log": str(log)}
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        with self._born:
            assert self._born.wait_for(lambda: str(log) in self._births, timeout=20), "the nursery does not answer"
            return self._births.pop(str(log))

    def _listen(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            told = json.loads(line)
            with self._born:
                if "log" in told:
                    self._births[told["log"]] = self._living[told["pid"]] = Born(told["pid"])
                    self._born.notify_all()
                else:
                    self._living.pop(told["pid"]).returncode = told["status"]


def _tell(**what: Any) -> None:
    print(json.dumps(what), flush=True)  # noqa: T201


def _serve(wishes: IO[bytes]) -> None:
    """Until the wishes end; then whoever lives is killed."""
    ended, told = socket.socketpair()
    for end in (ended, told):
        end.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(told.fileno(), warn_on_full_buffer=False)
    living: set[int] = set()
    while True:
        ready, _, _ = select.select([wishes.fileno(), ended.fileno()], [], [])
        if ended.fileno() in ready:
            ended.recv(4096)
            _reap(living)
        if wishes.fileno() in ready:
            line = wishes.readline()
            if not line:
                break
            living.add(_bear(json.loads(line)))
    for pid in living:
        os.kill(pid, signal.SIGKILL)


def _reap(living: set[int]) -> None:
    for pid in list(living):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            living.discard(pid)
            _tell(pid=pid, status=os.waitstatus_to_exitcode(status))


def _bear(wish: dict[str, Any]) -> int:
    pid = os.fork()
    if pid == 0:
        _live(wish)
    _tell(pid=pid, log=wish["log"])
    return pid


def _live(wish: dict[str, Any]) -> None:
    """As if this had been started by itself. Never returns."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(wish["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor, place in ((nothing, 0), (nothing, 1), (log, 2)):
        os.dup2(descriptor, place)
    os.closerange(3, 256)
    os.environ.clear()
    os.environ.update(wish["environment"])
    os.chdir(wish["folder"])
    sys.argv = ["muster", "run"]
    importlib.import_module("bot.__main__").main()
    sys.exit()


if __name__ == "__main__":
    for each in IMPORTED:
        importlib.import_module(each)
    gc.collect()
    gc.freeze()
    _serve(open(0, "rb", buffering=0))  # noqa: SIM115 - standard input, unbuffered for select
