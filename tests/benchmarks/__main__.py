"""`make bench`: prints what Muster costs, each figure beside a floor taken in the same run, and writes bench.json.

Everything runs on loopback, in processes of its own. ARGS="--runs 9" for steadier medians.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.store.embedded import EmbeddedServer
from tests.benchmarks import acknowledging, starting
from tests.benchmarks.declaring import PLAIN, WITH_PLAYBOOK, Declared, declare
from tests.benchmarks.figures import Figure, table
from tests.benchmarks.rounds import percentile
from tests.benchmarks.stage import ROOT, Program, Stage, Transport, staged

HOLDS: Final = (50, 100, 200)
COLD_HOLD: Final = 100
TEXTS: Final = {"": PLAIN, " with playbook": WITH_PLAYBOOK}
MARGIN_MS: Final = 25
"""The goal for the war room: 3 L and this."""
CHANNEL_MARGIN_MS: Final = 10

Samples = dict[Program, list[Declared]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Starts:
    connected: list[float] = field(default_factory=list)
    resident: list[float] = field(default_factory=list)
    first: list[Declared] = field(default_factory=list)


async def bench(runs: int) -> list[Figure]:
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        async with EmbeddedServer(Path(folder)) as server:
            for transport in Transport:
                figures += await _cold(transport, server.url, runs)
                figures += await _warm(transport, server.url, runs)
    figures += await _command_line(runs)
    return figures


async def _cold(transport: Transport, url: str, runs: int) -> list[Figure]:
    """The first incident of a process that has only just started."""
    starts = {program: Starts() for program in Program}
    for _ in range(runs):
        for program, found in starts.items():
            async with staged(program, transport, url) as stage:
                await asyncio.sleep(0.5)
                found.connected.append(stage.connected_ms)
                found.resident.append(stage.resident_mb())
                found.first.append(await declare(stage, PLAIN, COLD_HOLD))
    ours, floor = starts[Program.MUSTER], starts[Program.FLOOR]
    first = {program: found.first for program, found in starts.items()}
    return [
        Figure(name=f"{transport}: start to connected", ours=ours.connected, floor=floor.connected),
        Figure(name=f"{transport}: resident memory, idle", ours=ours.resident, floor=floor.resident, unit="MB"),
        *_counts(f"{transport}: first incident", first[Program.MUSTER], 7),
        *_times(f"{transport}: first incident, after users.info", first, COLD_HOLD),
    ]


async def _warm(transport: Transport, url: str, runs: int) -> list[Figure]:
    """Muster and the floor take turns, so that a busy moment of the machine strikes both."""
    async with _both(transport, url) as stages:
        for stage in stages.values():
            await declare(stage, WITH_PLAYBOOK, 0)
        figures: list[Figure] = []
        for words, text in TEXTS.items():
            for hold in HOLDS:
                samples = await _turns(stages, text, hold, runs)
                name = f"{transport}: declare{words}"
                if hold == HOLDS[0]:
                    figures += _counts(name, samples[Program.MUSTER], 8 if words else 7)
                figures += _times(name, samples, hold)
        return figures + await _acknowledged(transport, stages)


@asynccontextmanager
async def _both(transport: Transport, url: str) -> AsyncIterator[dict[Program, Stage]]:
    async with AsyncExitStack() as stack:
        yield {
            program: await stack.enter_async_context(staged(program, transport, f"{url}?db={number}"))
            for number, program in enumerate(Program)
        }


async def _turns(stages: dict[Program, Stage], text: str, hold: int, runs: int) -> Samples:
    samples: Samples = {program: [] for program in Program}
    for _ in range(runs):
        for program, stage in stages.items():
            samples[program].append(await declare(stage, text, hold))
    return samples


def _counts(name: str, found: list[Declared], most: int) -> list[Figure]:
    return [
        Figure(name=f"{name}: Slack calls", ours=[each.calls for each in found], unit="", goal=most),
        Figure(name=f"{name}: rounds", ours=[len(each.rounds) for each in found], unit="", goal=3),
    ]


def _times(name: str, samples: Samples, hold: int) -> list[Figure]:
    ours, floor = samples[Program.MUSTER], samples[Program.FLOOR]
    return [
        Figure(
            name=f"{name}, L = {hold}: channel exists, over L",
            ours=[each.channel - (1 + each.asked_first) * hold for each in ours],
            floor=[each.channel - hold for each in floor],
            goal=CHANNEL_MARGIN_MS,
        ),
        Figure(
            name=f"{name}, L = {hold}: war room complete, over 3 L",
            ours=[each.complete - (3 + each.asked_first) * hold for each in ours],
            floor=[each.complete - 3 * hold for each in floor],
            goal=MARGIN_MS,
        ),
    ]


async def _acknowledged(transport: Transport, stages: dict[Program, Stage]) -> list[Figure]:
    """The first incident's channel is used; nothing is held back."""
    found: dict[Program, dict[str, list[float]]] = {}
    for program, stage in stages.items():
        await stage.client.clear_faults()
        created = (await stage.client.calls("conversations.create"))[0]
        channel = created["answer"]["channel"]["name"]
        found[program] = {
            "slash command": await acknowledging.stored(stage, acknowledging.slash_commands(stage, channel)),
            "button": await acknowledging.stored(stage, acknowledging.buttons(stage, channel)),
            "reaction": await acknowledging.stored(stage, acknowledging.reactions(stage, channel)),
        }
    ours, floor = found[Program.MUSTER], found[Program.FLOOR]
    return [
        Figure(
            name=f"{transport}: {what} acknowledged, p{share * 100:.0f}",
            ours=[percentile(ours[what], share)],
            floor=[percentile(floor[what], share)],
        )
        for what in ours
        for share in (0.5, 0.99)
    ]


async def _command_line(runs: int) -> list[Figure]:
    ours = await starting.run_ms(starting.HELP, runs)
    return [Figure(name="muster --help", ours=ours, floor=await starting.run_ms(starting.HELP_FLOOR, runs))]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="samples of each figure; at least 5 for a median")
    parser.add_argument("--json", type=Path, default=ROOT / "bench.json", help="where the figures are written")
    options = parser.parse_args()
    figures = asyncio.run(bench(options.runs))
    machine = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    stored = {"machine": machine, "runs": options.runs, "figures": [figure.as_json() for figure in figures]}
    options.json.write_text(json.dumps(stored, indent=1) + "\n")
    sys.stdout.write(table(figures) + "\n")


if __name__ == "__main__":
    main()
