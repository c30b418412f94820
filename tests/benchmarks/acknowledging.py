"""How soon Slack hears "got it": slash command, button, form, reaction; each with its event on disk by then."""

from typing import Final

from tests.benchmarks.asking import Asking, Payload, asking
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Goal
from tests.benchmarks.rounds import percentile
from tests.benchmarks.stage import Program, Setting, Stage, Transport

SAMPLES: Final = 80
"""Of each kind in each run."""
_APART: Final = 0.008
"""Seconds between two, so that each is measured and not the queue before it."""
REPORTED: Final = {0.5: "11.6 ms", 0.99: "15 ms"}
GOAL: Final = 2.5

Durations = dict[str, list[float]]


async def measure(bench: Bench) -> list[Figure]:
    figures: list[Figure] = []
    for transport in Transport:
        async with bench.both(Setting(transport=transport)) as stages:
            asked = {program: await asking(stage) for program, stage in stages.items()}
            found = await bench.turns(stages, lambda stage: _once(stage, asked[stage.program]))  # noqa: B023 - at once
            figures += _figures(transport, found)
    return figures


async def _once(stage: Stage, asked: Asking) -> Durations:
    return {
        "slash command": await acknowledged(stage, "slash", asked.notes(SAMPLES)),
        "button": await acknowledged(stage, "interactive", asked.buttons(SAMPLES)),
        "form": await acknowledged(stage, "interactive", asked.modals(SAMPLES)),
        "reaction": await acknowledged(stage, "event", asked.reactions(SAMPLES)),
    }


async def acknowledged(stage: Stage, kind: str, payloads: list[Payload]) -> list[float]:
    """Milliseconds of each; fails where one is acknowledged and not in the log, such as a press that was refused."""
    before = await stage.stored()
    durations: list[float] = (await stage.burst(kind, payloads, apart=_APART))["durations"]
    assert len(durations) == len(payloads), f"{len(payloads) - len(durations)} unanswered"
    assert await stage.stored() - before >= len(payloads), f"{kind}: acknowledged, but not stored"
    return durations


def _figures(transport: Transport, found: dict[Program, list[Durations]]) -> list[Figure]:
    ours, floor = found[Program.UNLIMITED], found[Program.FLOOR]
    return [
        Figure(
            group=f"Acknowledged, its event on disk ({transport})",
            name=f"{what}, p{share * 100:.0f}",
            ours=[percentile(run[what], share) for run in ours],
            floor=[percentile(run[what], share) for run in floor],
            goal=GOAL,
            kind=Goal.TIMES_FLOOR,
            reported=REPORTED[share],
        )
        for what in ours[0]
        for share in REPORTED
    ]
