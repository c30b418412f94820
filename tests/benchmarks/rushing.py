"""Many at once: rates of declarations and reactions, a hundred declarations in one moment, several processes."""

from dataclasses import dataclass, replace
from typing import Final

from tests.benchmarks.asking import Asking, asking
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Goal
from tests.benchmarks.rounds import percentile, span_of
from tests.benchmarks.stage import Program, Setting, Stage, staged

DECLARATIONS: Final = 60
REACTIONS: Final = 1000
AT_ONCE: Final = 32
CROWD: Final = 100
CROWD_AT_ONCE: Final = 50
HOLD: Final = 50
PROCESSES: Final = (1, 3)
LATE: Final = 3000.0
"""Milliseconds after which Slack tells the person that the app did not respond."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """A second."""

    at_once: float
    held: float
    reactions: float


async def rates(bench: Bench) -> list[Figure]:
    async with bench.both() as stages:
        asked = {program: await asking(stage) for program, stage in stages.items()}
        found = await bench.turns(stages, lambda stage: _rates(stage, asked[stage.program]))
    ours, floor = found[Program.UNLIMITED], found[Program.FLOOR]
    figure = Figure(group="Sustained rates", name="", ours=(), unit="/s", kind=Goal.FLOOR_SHARE)
    return [
        replace(
            figure,
            name="incidents, API at 0 ms",
            ours=[each.at_once for each in ours],
            floor=[each.at_once for each in floor],
            goal=0.4,
            reported="48 /s",
        ),
        replace(
            figure,
            name=f"incidents, API at {HOLD} ms",
            ours=[each.held for each in ours],
            floor=[each.held for each in floor],
            goal=0.6,
            reported="11 /s",
        ),
        replace(
            figure,
            name="reactions",
            ours=[each.reactions for each in ours],
            floor=[each.reactions for each in floor],
            goal=0.5,
            reported="155 /s",
        ),
    ]


async def _rates(stage: Stage, asked: Asking) -> Rates:
    at_once = await _incidents_a_second(stage, asked, 0)
    held = await _incidents_a_second(stage, asked, HOLD)
    await stage.hold(0)
    return Rates(at_once=at_once, held=held, reactions=await reactions_a_second(stage, asked))


async def _incidents_a_second(stage: Stage, asked: Asking, hold: int) -> float:
    """From the first command's arrival until the last room is furnished."""
    await stage.hold(hold)
    await stage.mark_rooms()
    began = await stage.client.now()
    found = await stage.burst("slash", asked.declarations(DECLARATIONS), at_once=AT_ONCE)
    assert len(found["durations"]) == DECLARATIONS, found["outcomes"]
    await stage.until_furnished(DECLARATIONS)
    last = max(span_of(call).end for call in (await stage.client.calls("bookmarks.add"))[-DECLARATIONS:])
    return DECLARATIONS / (last - began)


async def reactions_a_second(stage: Stage, asked: Asking, count: int = REACTIONS) -> float:
    found = await stage.burst("event", asked.reactions(count), at_once=AT_ONCE)
    assert len(found["durations"]) == count, found["outcomes"]
    return count / float(found["seconds"])


async def crowd(bench: Bench) -> list[Figure]:
    async with bench.both() as stages:
        asked = {program: await asking(stage, 0) for program, stage in stages.items()}
        found = await bench.turns(stages, lambda stage: _crowd(stage, asked[stage.program]))
    crowds = found[Program.UNLIMITED]
    ours, floor = [each.durations for each in crowds], [each.durations for each in found[Program.FLOOR]]
    figure = Figure(
        group=f"{CROWD} declarations, {CROWD_AT_ONCE} unacknowledged at once, API at {HOLD} ms", name="", ours=()
    )
    return [
        replace(
            figure,
            name="acknowledged, p99",
            ours=[percentile(each, 0.99) for each in ours],
            floor=[percentile(each, 0.99) for each in floor],
            goal=100,
            reported="4700 ms",
        ),
        replace(
            figure,
            name="later than 3 s, or never",
            ours=[CROWD - sum(each < LATE for each in run) for run in ours],
            floor=[CROWD - sum(each < LATE for each in run) for run in floor],
            unit="",
            goal=0,
            reported="65",
        ),
        replace(
            figure,
            name="told in time: not saved",
            ours=[float(each.not_saved) for each in crowds],
            unit="",
        ),
        replace(figure, name="saved, and no war room", ours=[0.0 for _ in ours], unit="", goal=0),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """Milliseconds until each was acknowledged, and how many of them were told that nothing was saved."""

    durations: list[float]
    not_saved: int


async def _crowd(stage: Stage, asked: Asking) -> Crowd:
    """Fails where a room is missing at the end."""
    await stage.hold(HOLD)
    await stage.mark_rooms()
    found = await stage.burst("slash", asked.declarations(CROWD), at_once=CROWD_AT_ONCE)
    await stage.until_furnished(len(found["durations"]) - found["not_saved"])
    return Crowd(durations=found["durations"], not_saved=found["not_saved"])


async def processes(bench: Bench) -> list[Figure]:
    """Of each number of processes a fresh stage a run, by turns."""
    found: dict[int, list[float]] = {count: [] for count in PROCESSES}
    for _ in range(bench.runs):
        for count, rates_found in found.items():
            async with staged(Program.UNLIMITED, bench.placed(Setting(processes=count))) as stage:
                rates_found.append(await reactions_a_second(stage, await asking(stage)))
    return [
        Figure(
            group="Several processes on one Redis",
            name=f"reactions, {count} process{'es' if count > 1 else ''}",
            ours=rates_found,
            unit="/s",
            reported="twice everything" if count > 1 else "",
        )
        for count, rates_found in found.items()
    ]
