"""Run as a program of its own, never imported: asks Linux to end it with its parent, then becomes the server.

    python -I -S launcher.py <process id of the bot> <server> <option>...

A `preexec_fn` would do the same in the bot itself, where code between fork and exec can deadlock beside threads.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h; it survives the exec


def launch(parent: int, server: str, options: list[str]) -> None:
    """SIGKILL, because nothing has to be tidied up: what the server acknowledged is on disk."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit("the bot ended before its server began")
    os.execv(server, [server, *options])  # noqa: S606 - no shell is wanted


if __name__ == "__main__":
    launch(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
