"""`make bench`: prints what Muster costs, each figure beside a floor taken in the same run, and writes bench.json.

Everything runs on loopback, in processes of its own. ARGS="--only declare,ack" chooses sections, "--runs 9" takes more
samples, "--markdown" prints tables to be pasted.
"""

import argparse
import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

from bot.store.embedded import EmbeddedServer
from tests.benchmarks import (
    acknowledging,
    browsing,
    computing,
    furnishing,
    growing,
    killing,
    peopled,
    rushing,
    searching,
    sparing,
    starting,
    storming,
)
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, markdown, table
from tests.benchmarks.stage import ROOT

SECTIONS: Final[Mapping[str, Callable[[Bench], Awaitable[list[Figure]]]]] = {
    "ack": acknowledging.measure,
    "crowd": rushing.crowd,
    "declare": furnishing.measure,
    "cpu": computing.measure,
    "rates": rushing.rates,
    "large": peopled.measure,
    "limits": sparing.measure,
    "kill": killing.measure,
    "start": starting.measure,
    "memory": starting.memory,
    "growth": growing.measure,
    "search": searching.measure,
    "alerts": storming.measure,
    "processes": rushing.processes,
    "page": browsing.measure,
}


async def bench(runs: int, only: list[str]) -> tuple[list[Figure], dict[str, float]]:
    """The figures, and how many seconds each section took."""
    figures: list[Figure] = []
    seconds: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        async with EmbeddedServer(Path(folder)) as server:
            given = Bench(runs=runs, redis_url=server.url, server_pid=server.pid)
            for name in only:
                began = time.monotonic()
                figures += await SECTIONS[name](given)
                seconds[name] = round(time.monotonic() - began, 1)
                sys.stderr.write(f"{name}: {seconds[name]} s\n")
    return figures, seconds


def _sections(words: str) -> list[str]:
    chosen = [word.strip() for word in words.split(",") if word.strip()]
    if unknown := set(chosen) - set(SECTIONS):
        raise argparse.ArgumentTypeError(f"no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    return chosen


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="samples of each figure; at least 5 for a median")
    parser.add_argument("--only", type=_sections, default=list(SECTIONS), help=f"of {','.join(SECTIONS)}")
    parser.add_argument("--json", type=Path, default=ROOT / "bench.json", help="where the figures are written")
    parser.add_argument("--markdown", action="store_true", help="print tables to be pasted into docs/performance.md")
    return parser.parse_args()


def main() -> None:
    options = _options()
    began, load = time.monotonic(), os.getloadavg()[0]
    figures, seconds = asyncio.run(bench(options.runs, options.only))
    took = time.monotonic() - began
    machine: dict[str, Any] = {"python": platform.python_version(), "machine": platform.machine()}
    machine |= {"cores": os.cpu_count(), "load_before": load}
    stored = {
        "machine": machine,
        "runs": options.runs,
        "seconds": seconds,
        "figures": [each.as_json() for each in figures],
    }
    options.json.write_text(json.dumps(stored, indent=1) + "\n")
    sys.stdout.write((markdown if options.markdown else table)(figures) + "\n")
    met, goals = sum(each.met is True for each in figures), sum(each.met is not None for each in figures)
    sys.stdout.write(
        f"\n{met} of {goals} goals met; {options.runs} runs; {took / 60:.1f} minutes; load before {load:.1f}\n"
    )


if __name__ == "__main__":
    main()
