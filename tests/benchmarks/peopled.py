"""The same with thousands of people and channels in the workspace: nothing may be proportional to these."""

from dataclasses import replace
from typing import Final

from tests.benchmarks.asking import Asking, asking
from tests.benchmarks.bench import Bench
from tests.benchmarks.computing import Cost, cost
from tests.benchmarks.figures import Figure, Goal
from tests.benchmarks.rushing import reactions_a_second
from tests.benchmarks.stage import Program, Setting, Stage, staged

LARGE: Final = Setting(people=5000, channels=2000)
SMALL: Final = Setting()
WITHIN: Final = 1.1
Taken = tuple[Cost, float]


async def measure(bench: Bench) -> list[Figure]:
    """What stands in the floor's place is Muster in the small workspace."""
    found: dict[Setting, list[Taken]] = {LARGE: [], SMALL: []}
    async with (
        staged(Program.UNLIMITED, bench.placed(LARGE, 0)) as large,
        staged(Program.UNLIMITED, bench.placed(SMALL, 1)) as small,
    ):
        stages = {LARGE: (large, await asking(large)), SMALL: (small, await asking(small))}
        for _ in range(bench.runs):
            for setting, taken in found.items():
                taken.append(await _taken(bench, *stages[setting]))
    return _figures(found[LARGE], found[SMALL])


async def _taken(bench: Bench, stage: Stage, asked: Asking) -> Taken:
    return await cost(bench, stage, asked), await reactions_a_second(stage, asked)


def _figures(large: list[Taken], small: list[Taken]) -> list[Figure]:
    figure = Figure(
        group="5,000 people and 2,000 channels, beside a small workspace (as floor)",
        name="",
        ours=(),
        goal=WITHIN,
        kind=Goal.TIMES_FLOOR,
        reported="4 x worse",
    )
    return [
        replace(
            figure,
            name="processor time of a declaration",
            ours=[each.declaration for each, _ in large],
            floor=[each.declaration for each, _ in small],
        ),
        replace(
            figure,
            name="processor time of a reaction",
            ours=[each.reaction for each, _ in large],
            floor=[each.reaction for each, _ in small],
        ),
        replace(
            figure,
            name="reactions",
            ours=[rate for _, rate in large],
            floor=[rate for _, rate in small],
            unit="/s",
            goal=round(1 / WITHIN, 2),
            kind=Goal.FLOOR_SHARE,
        ),
    ]
