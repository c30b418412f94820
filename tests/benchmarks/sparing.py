"""Thirty declarations at once under the rates that Slack publishes, which the workspace keeps: real time, one run."""

from dataclasses import replace
from typing import Final

from tests.benchmarks.asking import PLAIN
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure
from tests.benchmarks.rounds import span_of
from tests.benchmarks.stage import Program, Setting, Stage, staged

DECLARATIONS: Final = 30
CREATIONS_A_MINUTE: Final = 20
BOUND: Final = (DECLARATIONS - CREATIONS_A_MINUTE) / CREATIONS_A_MINUTE * 60
"""Seconds in which the last channel can be created at the earliest: twenty at once, then one every three seconds."""
WITHIN: Final = 150.0


async def measure(bench: Bench) -> list[Figure]:
    async with staged(Program.MUSTER, bench.placed(Setting())) as stage:
        await stage.client.rate_limits(on=True)
        people = (await stage.client.about())["people"]
        asked = {"command": "/incident", "text": PLAIN, "user_id": people["ada"]}
        began = await stage.client.now()
        await stage.burst("slash", [asked] * DECLARATIONS, at_once=DECLARATIONS)
        await stage.until_furnished(DECLARATIONS, WITHIN)
        return await _figures(stage, began)


async def _figures(stage: Stage, began: float) -> list[Figure]:
    calls = await stage.client.calls()
    made = [call for call in calls if call["method"] == "bookmarks.add" and call["status"] == 200]
    refused = sum(call["status"] == 429 for call in calls)
    last = max(span_of(call).end for call in calls if call["method"] != "users.info")
    figure = Figure(
        group=f"{DECLARATIONS} declarations at once under Slack's rates (one run)", name="", ours=(), unit=""
    )
    return [
        replace(
            figure,
            name=f"war rooms missing of {DECLARATIONS}",
            ours=[DECLARATIONS - len(made)],
            goal=0,
            reported="10",
        ),
        replace(figure, name="all furnished, after", ours=[last - began], unit="s", goal=round(1.15 * BOUND, 1)),
        replace(figure, name="calls refused, of a hundred", ours=[100 * refused / len(calls)], unit="%", goal=5),
    ]
