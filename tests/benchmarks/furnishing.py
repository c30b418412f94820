"""The war room: its calls and rounds, when its channel exists, when all of it is there, and new connections."""

from collections import Counter, defaultdict
from typing import Final

from tests.benchmarks.bench import Bench
from tests.benchmarks.declaring import Declared, declare
from tests.benchmarks.figures import Figure
from tests.benchmarks.stage import Program, Setting, Stage, Transport

HOLD: Final = 50
POSTS: Final = {"": 3, ", playbook": 4}
WORDS: Final = ("checkout", "payments", "cart", "basket", "card declined", "orders failing", "cannot pay")
"""Each of which has its playbook."""
CHANNEL_GOAL: Final = 10
ROOM_GOAL: Final = 25
TIER_2: Final = ("bookmarks.add", "conversations.create", "conversations.setTopic", "pins.add")


async def measure(bench: Bench) -> list[Figure]:
    figures: list[Figure] = []
    for transport in Transport:
        async with bench.both(Setting(transport=transport)) as stages:
            texts = {program: Texts() for program in stages}
            for program, stage in stages.items():
                await declare(stage, texts[program].next(", playbook"), 0, POSTS[", playbook"])
            for words in POSTS:
                figures += await _one_kind(bench, stages, transport, words, texts)
    return figures


class Texts:
    """Declarations that have nothing in common, so that none is told of earlier ones like it, which takes a post."""

    def __init__(self) -> None:
        self._made: dict[str, int] = defaultdict(int)

    def next(self, words: str) -> str:
        number = self._made[words]
        self._made[words] += 1
        if not words:
            return f"declare sev2 part{number} is slow{number}"
        return f"declare sev1 {WORDS[number % len(WORDS)]} fault{number}"


async def _one_kind(
    bench: Bench, stages: dict[Program, Stage], transport: Transport, words: str, texts: dict[Program, Texts]
) -> list[Figure]:
    found = await bench.turns(
        stages, lambda stage: declare(stage, texts[stage.program].next(words), HOLD, POSTS[words])
    )
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
