"""What it costs to start: the command line, and the imports that stand before it."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL
from typing import Final

from tests.benchmarks.stage import ROOT

HELP: Final = ("-m", "bot", "--help")
HELP_FLOOR: Final = ("-c", "import typer")


async def run_ms(arguments: tuple[str, ...], runs: int) -> list[float]:
    """Milliseconds of `python …` from its start to its end; one run before these warms the disk's cache."""
    await _run(arguments)
    return [await _run(arguments) for _ in range(runs)]


async def _run(arguments: tuple[str, ...]) -> float:
    began = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *arguments,
        cwd=ROOT,
        env={"PATH": os.environ.get("PATH", ""), "PYTHONPATH": str(ROOT)},
        stdout=DEVNULL,
        stderr=DEVNULL,
    )
    await process.wait()
    return (time.perf_counter() - began) * 1000
