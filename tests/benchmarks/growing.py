"""Growth: how soon commands are answered with many incidents in the store, and with a long log; bytes an incident.

Past incidents are copies of one that was really declared, made within the server: a script renames them.
"""

from collections.abc import Sequence
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
_LISTS: Final = 10
_DECLARATIONS: Final = 5
_APART: Final = 0.01
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


class Growth:
    """Milliseconds until acknowledged, by command, one median a size."""

    def __init__(self) -> None:
        self.found: dict[str, list[float]] = {}

    def add(self, what: str, durations: Sequence[float]) -> None:
        self.found.setdefault(what, []).append(median(durations))


async def measure(bench: Bench) -> list[Figure]:
    growth = Growth()
    async with staged(Program.UNLIMITED, bench.placed(Setting())) as stage:
        asked = await asking(stage)
        await _copy(stage, OPEN, active=True)
        past = 0
        for size in PAST:
            await _copy(stage, size - past, active=False)
            past = size
            await _commands(stage, asked, growth)
    figures = [_sized(what, found) for what, found in growth.found.items()]
    return [*figures, *await _long_log(bench), await _bytes(bench)]


async def _commands(stage: Stage, asked: Asking, growth: Growth) -> None:
    for what, texts, apart in (
        ("note", ["note Another"] * _SAMPLES, _APART),
        ("show", ["show"] * _SAMPLES, _APART),
        ("list (1,000 open)", ["list"] * _LISTS, _APART),
        ("declare", ["declare sev3 Slow"] * _DECLARATIONS, 0.3),
    ):
        found = await stage.burst("slash", [asked.slash(text) for text in texts], apart=apart)
        growth.add(what, found["durations"])


def _sized(what: str, found: list[float]) -> Figure:
    """`ours` is one sample: the largest of the medians by size; what stands in the floor's place is the smallest."""
    sizes = " / ".join(f"{each:.1f}" for each in found)
    return Figure(
        group="Growth: slowest of 10, 1,000, 100,000 past incidents beside the fastest (in the floor's column)",
        name=f"{what}: {sizes}",
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
    group = f"An incident of {ENTRIES:,} entries, beside one of a few (in the floor's column)"
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
