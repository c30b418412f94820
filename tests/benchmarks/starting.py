"""What it costs to start, to be idle and to have worked: time, calls, memory, threads; and the command line."""

import asyncio
import os
import sys
import time
from asyncio.subprocess import DEVNULL
from typing import Final

from tests.benchmarks.asking import Asking, asking
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure
from tests.benchmarks.stage import ROOT, Program, Setting, Stage, Transport, staged

HELP: Final = ("-m", "bot", "--help")
HELP_FLOOR: Final = ("-c", "import typer")
SETTLED: Final = 0.5
INCIDENTS: Final = 1000
REACTIONS: Final = 2000
AT_ONCE: Final = 16
REPORTED: Final = {"connected": "1340 ms", "calls": "7", "memory": "136 MiB", "grown": "22 MiB", "threads": "11 -> 25"}


async def measure(bench: Bench) -> list[Figure]:
    figures: list[Figure] = []
    for transport in Transport:
        figures += await _started(bench, transport)
    ours = await _run_ms(HELP, bench.runs)
    floor = await _run_ms(HELP_FLOOR, bench.runs)
    return [*figures, Figure(group="Starting", name="muster --help", ours=ours, floor=floor, goal=400)]


async def _started(bench: Bench, transport: Transport) -> list[Figure]:
    found: dict[Program, list[Stage]] = {Program.MUSTER: [], Program.FLOOR: []}
    resident: dict[Program, list[float]] = {Program.MUSTER: [], Program.FLOOR: []}
    async with staged(Program.MUSTER, bench.placed(Setting())) as stage:
        await asking(stage, 0)  # an empty store is looked at more closely
    for _ in range(bench.runs):
        for program, stages in found.items():
            async with staged(program, bench.placed(Setting(transport=transport, emptied=False))) as stage:
                await asyncio.sleep(SETTLED)
                stages.append(stage)
                resident[program].append(stage.resident_mib())
    ours, floor = found[Program.MUSTER], found[Program.FLOOR]
    return [
        Figure(
            group="Starting",
            name=f"start to connected ({transport})",
            ours=[each.connected_ms for each in ours],
            floor=[each.connected_ms for each in floor],
            goal=900,
            reported=REPORTED["connected"],
        ),
        Figure(
            group="Starting",
            name=f"API calls before that ({transport})",
            ours=[each.calls_before for each in ours],
            floor=[each.calls_before for each in floor],
            unit="",
            goal=2,
            reported=REPORTED["calls"],
        ),
        Figure(
            group="Starting",
            name=f"resident memory, idle ({transport})",
            ours=resident[Program.MUSTER],
            floor=resident[Program.FLOOR],
            unit="MiB",
            goal=75,
            reported=REPORTED["memory"],
        ),
    ]


async def memory(bench: Bench) -> list[Figure]:
    """One run: it is long, and memory hardly varies."""
    async with staged(Program.UNLIMITED, bench.placed(Setting())) as stage:
        asked = await asking(stage)
        await asyncio.sleep(SETTLED)
        idle, threads = stage.resident_mib(), stage.threads()
        not_saved = await _work(stage, asked)
        grown, after = stage.resident_mib() - idle, stage.threads()
    group = f"After {INCIDENTS} open incidents and {REACTIONS} reactions (one run)"
    return [
        Figure(group=group, name="resident memory, more", ours=[grown], unit="MiB", goal=6, reported=REPORTED["grown"]),
        Figure(group=group, name="told in time: not saved", ours=[not_saved], unit=""),
        Figure(group=group, name="threads before", ours=[threads], unit=""),
        Figure(group=group, name="threads after", ours=[after], unit="", reported=REPORTED["threads"]),
    ]


async def _work(stage: Stage, asked: Asking) -> int:
    """How many declarations were refused in time, because the disk kept the store waiting: they have no war room."""
    await stage.mark_rooms()
    found = await stage.burst("slash", asked.declarations(INCIDENTS), at_once=AT_ONCE)
    not_saved = int(found["not_saved"])
    await stage.until_furnished(len(found["kept"]) - not_saved, within=120)
    await stage.burst("event", asked.reactions(REACTIONS), at_once=AT_ONCE)
    return not_saved


async def _run_ms(arguments: tuple[str, ...], runs: int) -> list[float]:
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
