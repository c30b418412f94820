"""Declaring, as the workspace's journal has it: calls, rounds, and the time until the war room is complete."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from tests.benchmarks.rounds import Span, chain, span_of
from tests.benchmarks.stage import PATIENCE, Stage

FURNISHED: Final = (
    "conversations.create",
    "conversations.invite",
    "conversations.setTopic",
    "pins.add",
    "bookmarks.add",
)
_QUIET: Final = 0.25
"""Seconds without a call after which nothing more will come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """`times` in ms from the command's arrival; `rounds` the methods of the longest chain."""

    methods: tuple[str, ...]
    rounds: tuple[str, ...]
    acknowledged: float
    channel: float
    complete: float
    new_connections: int = 0

    @property
    def calls(self) -> int:
        return len(self.methods)


async def declare(stage: Stage, text: str, hold_ms: int, posts: int) -> Declared:
    """One incident, with every call held back by `hold_ms`. `posts`: how many messages Muster makes of it."""
    await stage.hold(hold_ms)
    known = {call["connection"] for call in await stage.client.calls()}
    await stage.mark()
    answer = await stage.client.person("ada").slash("/incident", text)
    assert answer.ok, answer
    calls = await _until_complete(stage, posts, hold_ms)
    delivery = (await stage.client.deliveries("slash_commands"))[-1]
    new = {call["connection"] for call in calls} - known
    return replace(measured(delivery, [span_of(call) for call in calls]), new_connections=len(new))


async def _until_complete(stage: Stage, posts: int, hold_ms: int) -> list[dict[str, Any]]:
    """Looks seldom, so that looking costs the workspace little while it is being measured."""
    async with asyncio.timeout(PATIENCE):
        await asyncio.sleep(3 * hold_ms / 1000)
        while True:
            await asyncio.sleep(hold_ms / 1000 + _QUIET)
            calls = await stage.new_calls()
            if _complete([call["method"] for call in calls if "duration_ms" in call], posts - 1):
                await asyncio.sleep(hold_ms / 1000 + _QUIET)
                return await stage.new_calls()


def _complete(methods: Sequence[str], posts: int) -> bool:
    return methods.count("chat.postMessage") >= posts and all(each in methods for each in FURNISHED)


def measured(delivery: dict[str, Any], spans: list[Span]) -> Declared:
    arrived = float(delivery["time"])
    created = next(each for each in spans if each.method == "conversations.create")
    return Declared(
        methods=tuple(sorted(each.method for each in spans)),
        rounds=tuple(each.method for each in chain(spans)),
        acknowledged=float(delivery["duration_ms"]),
        channel=(created.end - arrived) * 1000,
        complete=(max(each.end for each in spans) - arrived) * 1000,
    )
