"""Acknowledged and lost: the bot, with its own server, is killed at a random moment while notes are coming in."""

import asyncio
import os
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from redis.asyncio import Redis

from bot.store.embedded import EmbeddedServer
from tests.benchmarks.asking import asking
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure
from tests.benchmarks.stage import Program, Setting, staged

NOTES: Final = 600
AT_ONCE: Final = 16
SEED_VARIABLE: Final = "MUSTER_BENCH_SEED"


async def measure(bench: Bench) -> list[Figure]:
    chance = random.Random(int(os.environ.get(SEED_VARIABLE, "3")))
    rounds = [await _round(chance.uniform(0.1, 0.6)) for _ in range(bench.runs)]
    group = "Killed by SIGKILL, bot and server, with notes coming in"
    return [
        Figure(group=group, name="acknowledged", ours=[kept for kept, _ in rounds], unit=""),
        Figure(group=group, name="acknowledged, and lost", ours=[max(lost for _, lost in rounds)], unit="", goal=0),
    ]


async def _round(after: float) -> tuple[int, int]:
    """How many notes were acknowledged, and how many of these are not in the log of a server started on its folder."""
    with tempfile.TemporaryDirectory(prefix="muster-bench-") as folder:
        async with staged(Program.UNLIMITED, Setting(data_dir=folder)) as stage:
            asked = await asking(stage, 0)
            notes = asked.notes(NOTES)
            coming = asyncio.create_task(stage.burst("slash", notes, at_once=AT_ONCE))
            await asyncio.sleep(after)
            stage.running[0].kill()
            kept: Sequence[int] = (await coming)["kept"]
        stored = await _stored(Path(folder))
    return len(kept), sum(f'"Number {place}"' not in stored for place in kept)


async def _stored(folder: Path) -> str:
    """All that the first incident's log holds."""
    async with EmbeddedServer(folder) as server, Redis.from_url(server.url, decode_responses=True) as store:
        keys = [key async for key in store.scan_iter("*:incident:1")]
        log: Any = await store.xrange(keys[0])
        return "".join(fields["data"] for _, fields in log)
