"""Growth: how soon commands are answered with many incidents in the store, and with a long log; bytes an incident.

Past incidents are copies of one that was really declared, made within the server: a script renames them.
"""

import asyncio
from contextlib import AsyncExitStack
from statistics import median
from typing import Final

from redis.asyncio import Redis

from tests.benchmarks.asking import Asking, asking
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Goal
from tests.benchmarks.rushing import reactions_a_second
from tests.benchmarks.stage import Program, Setting, Stage, staged

PAST: Final = (10, 1_000, 100_000)
OPEN: Final = 1_000
ENTRIES: Final = 5_000
FLAT: Final = 1.2
_SAMPLES: Final = 40
_APART: Final = 0.01
COMMANDS: Final = (
    ("note", "note Another", _SAMPLES, _APART),
    ("show", "show", _SAMPLES, _APART),
    ("list of 1,000 open", "list", 10, _APART),
    ("declare", "declare sev3 Slow", 10, 0.15),
)
"""What is asked, how often in a run, and how many seconds apart."""
_MEASURED: Final = 100
_AT_ONCE: Final = 500
"""Incidents a run of the script, so that nobody waits long behind it."""

COPY: Final = """
local prefix, first, last, active = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4] == '1'
local log = redis.call('DUMP', prefix .. 'incident:1')
local listing = redis.call('HGET', prefix .. 'listings', '1')
for number = first, last do
  redis.call('RESTORE', prefix .. 'incident:' .. number, 0, log)
  local mine = string.gsub(listing, '"incident":1,', '"incident":' .. number .. ',')
  if not active then mine = string.gsub(mine, '"active":true', '"active":false') end
  redis.call('HSET', prefix .. 'listings', number, mine)
  redis.call('HSET', prefix .. 'channels', 'CCOPY' .. number, number)
  if active then redis.call('ZADD', prefix .. 'open', number, number) end
end
redis.call('SET', prefix .. 'counter', last)
"""


Latencies = dict[str, float]


async def measure(bench: Bench) -> list[Figure]:
    return [*await _by_size(bench), *await _long_log(bench), await _bytes(bench)]


async def _by_size(bench: Bench) -> list[Figure]:
    """Of each size a store of its own, asked by turns."""
    found: dict[int, list[Latencies]] = {past: [] for past in PAST}
    async with AsyncExitStack() as stack:
        stages: dict[int, tuple[Stage, Asking]] = {}
        for number, past in enumerate(PAST):
            stage = await stack.enter_async_context(staged(Program.UNLIMITED, bench.placed(Setting(), number)))
            stages[past] = (stage, await asking(stage, 0))
            await _copy(stage, OPEN, active=True)
            await _copy(stage, past, active=False)
            await _commands(*stages[past])
        await _rewritten(stages[PAST[-1]][0])
        for _ in range(bench.runs):
            for past, latencies in found.items():
                latencies.append(await _commands(*stages[past]))
    return [_sized(what, [median([run[what] for run in found[past]]) for past in PAST]) for what in found[PAST[0]][0]]


async def _commands(stage: Stage, asked: Asking) -> Latencies:
    """Milliseconds until acknowledged, the median of some of each."""
    found = {}
    for what, text, samples, apart in COMMANDS:
        durations = (await stage.burst("slash", [asked.slash(text)] * samples, apart=apart))["durations"]
        found[what] = median(durations)
    return found


def _sized(what: str, found: list[float]) -> Figure:
    """`ours`: the slowest of the sizes; what stands in the floor's place is the fastest."""
    sizes = " / ".join(f"{each:.1f}" for each in found)
    return Figure(
        group="Commands with 10 / 1,000 / 100,000 past incidents: slowest beside fastest (as floor)",
        name=f"{what}: {sizes} ms",
        ours=[max(found)],
        floor=[min(found)],
        goal=FLAT,
        kind=Goal.TIMES_FLOOR,
    )


async def _copy(stage: Stage, count: int, *, active: bool) -> None:
    """Copies the first incident so many times, under the next numbers."""
    async with Redis.from_url(stage.redis_url, decode_responses=True) as store:
        keys = [key async for key in store.scan_iter("*:incident:1")]
        prefix = keys[0].removesuffix("incident:1")
        last = int(await store.get(f"{prefix}counter") or 0)
        script = store.register_script(COPY)
        for first in range(last + 1, last + count + 1, _AT_ONCE):
            await script(args=[prefix, first, min(first + _AT_ONCE - 1, last + count), int(active)])


async def _rewritten(stage: Stage) -> None:
    """Until the server has done with making its file small again, which all that was copied has set off."""
    async with Redis.from_url(stage.redis_url) as store, asyncio.timeout(60):
        while (await store.info("persistence"))["aof_rewrite_in_progress"]:  # noqa: ASYNC110 - in another process
            await asyncio.sleep(0.5)


async def _long_log(bench: Bench) -> list[Figure]:
    """Commands in one incident of few entries and of thousands; these are typed in earnest."""
    found: dict[int, dict[str, list[float]]] = {}
    async with staged(Program.UNLIMITED, bench.placed(Setting())) as stage:
        asked = await asking(stage)
        for entries in (0, ENTRIES):
            await stage.burst("slash", asked.notes(entries), at_once=16)
            for what, text in (("note", "note Another"), ("timeline", "timeline"), ("show", "show")):
                payloads = [asked.slash(text)] * _SAMPLES
                durations = (await stage.burst("slash", payloads, apart=_APART))["durations"]
                found.setdefault(entries, {})[what] = durations
        rate = await reactions_a_second(stage, asked)
    group = f"An incident of {ENTRIES:,} entries, beside one of a few (as floor)"
    return [
        *(Figure(group=group, name=what, ours=found[ENTRIES][what], floor=found[0][what]) for what in found[0]),
        Figure(group=group, name="reactions in it", ours=[rate], unit="/s"),
    ]


async def _bytes(bench: Bench) -> Figure:
    """Of an incident as it stands after its declaration, its requests (forgotten after two hours) included."""
    async with staged(Program.UNLIMITED, bench.placed(Setting())) as stage:
        asked = await asking(stage, 0)
        before = await _used(stage)
        await stage.mark_rooms()
        await stage.burst("slash", asked.declarations(_MEASURED), at_once=8)
        await stage.until_furnished(_MEASURED)
        spent = (await _used(stage) - before) / _MEASURED
    return Figure(group="Growth: in Redis", name="bytes of an incident, newly declared", ours=[spent], unit="B")


async def _used(stage: Stage) -> int:
    async with Redis.from_url(stage.redis_url) as store:
        return int((await store.info("memory"))["used_memory"])
