"""Processor time of the bot and its store: a declaration with all its calls, and a reaction that is recorded."""

from dataclasses import dataclass
from typing import Final

from tests.benchmarks.asking import Asking, asking
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Goal
from tests.benchmarks.stage import Program, Stage, cpu_ms

DECLARATIONS: Final = 30
REACTIONS: Final = 200
_APART: Final = 0.06
_REACTIONS_APART: Final = 0.004
GROUP: Final = "Processor time, bot + Redis"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Milliseconds each."""

    declaration: float
    reaction: float


async def measure(bench: Bench) -> list[Figure]:
    async with bench.both() as stages:
        asked = {program: await asking(stage) for program, stage in stages.items()}
        found = await bench.turns(stages, lambda stage: cost(bench, stage, asked[stage.program]))
    ours, floor = found[Program.UNLIMITED], found[Program.FLOOR]
    return [
        Figure(
            group=GROUP,
            name="a declaration",
            ours=[each.declaration for each in ours],
            floor=[each.declaration for each in floor],
            goal=2.5,
            kind=Goal.TIMES_FLOOR,
            reported="23.6 ms",
        ),
        Figure(
            group=GROUP,
            name="a reaction",
            ours=[each.reaction for each in ours],
            floor=[each.reaction for each in floor],
            goal=2.5,
            kind=Goal.TIMES_FLOOR,
            reported="7.4 ms",
        ),
    ]


async def cost(bench: Bench, stage: Stage, asked: Asking) -> Cost:
    await stage.mark_rooms()
    before = _spent(bench, stage)
    await stage.burst("slash", asked.declarations(DECLARATIONS), apart=_APART)
    await stage.until_furnished(DECLARATIONS)
    between = _spent(bench, stage)
    await stage.burst("event", asked.reactions(REACTIONS), apart=_REACTIONS_APART)
    after = _spent(bench, stage)
    return Cost(declaration=(between - before) / DECLARATIONS, reaction=(after - between) / REACTIONS)


def _spent(bench: Bench, stage: Stage) -> float:
    return stage.cpu_ms() + cpu_ms(bench.server_pid)
