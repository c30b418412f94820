"""The war room: its calls and rounds, when its channel exists, when all of it is there, and new connections."""

from collections import Counter
from typing import Final

from tests.benchmarks.asking import PLAIN, WITH_PLAYBOOK
from tests.benchmarks.bench import Bench
from tests.benchmarks.declaring import Declared, declare
from tests.benchmarks.figures import Figure
from tests.benchmarks.stage import Program, Setting, Stage, Transport

HOLD: Final = 50
TEXTS: Final = {"": PLAIN, ", playbook": WITH_PLAYBOOK}
CHANNEL_GOAL: Final = 10
ROOM_GOAL: Final = 25
TIER_2: Final = ("bookmarks.add", "conversations.create", "conversations.setTopic", "pins.add")


async def measure(bench: Bench) -> list[Figure]:
    figures: list[Figure] = []
    for transport in Transport:
        async with bench.both(Setting(transport=transport)) as stages:
            for stage in stages.values():
                await declare(stage, WITH_PLAYBOOK, 0)
            for words, text in TEXTS.items():
                figures += await _one_kind(bench, stages, transport, words, text)
    return figures


async def _one_kind(
    bench: Bench, stages: dict[Program, Stage], transport: Transport, words: str, text: str
) -> list[Figure]:
    found = await bench.turns(stages, lambda stage: declare(stage, text, HOLD))
    ours, floor = found[Program.UNLIMITED], found[Program.FLOOR]
    group = f"War room, API at {HOLD} ms ({transport})"
    counts = _counts(group, words, ours) if transport is Transport.SOCKET_MODE else []
    return [
        *counts,
        Figure(
            group=group,
            name=f"channel exists{words}: over 1 L",
            ours=[each.channel - HOLD for each in ours],
            floor=[each.channel - HOLD for each in floor],
            goal=CHANNEL_GOAL,
            reported="7.5 ms",
        ),
        Figure(
            group=group,
            name=f"complete{words}: over 3 L",
            ours=[each.complete - 3 * HOLD for each in ours],
            floor=[each.complete - 3 * HOLD for each in floor],
            goal=ROOM_GOAL,
            reported="" if words else "283; 602 ms",
        ),
    ]


def _counts(group: str, words: str, ours: list[Declared]) -> list[Figure]:
    most = 8 if words else 7
    twice = [max(Counter(each.methods)[method] for method in TIER_2) for each in ours]
    return [
        Figure(
            group=group,
            name=f"API calls{words}",
            ours=[each.calls for each in ours],
            unit="",
            goal=most,
            reported="8-14",
        ),
        Figure(group=group, name=f"rounds{words}", ours=[len(each.rounds) for each in ours], unit="", goal=3),
        Figure(group=group, name=f"most calls of one tier-2 method{words}", ours=twice, unit="", goal=1),
        Figure(
            group=group,
            name=f"new TCP connections{words}",
            ours=[each.new_connections for each in ours],
            unit="",
            goal=0,
            reported="8",
        ),
    ]
