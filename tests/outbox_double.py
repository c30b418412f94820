"""An outbox in memory, for tests of what serves it: lanes, leases and dead letters as ports.Outbox says them.

It has a clock of its own that moves only when told to. `down` makes every method raise Unavailable,
`completions_fail` so many completions; `leases_after`: seconds of real time that a lease takes.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.incident.effects import Effect
from bot.ports import Completion, Lease, Unavailable


@dataclass(slots=True)
class Waiting:
    id: str
    effect: Effect
    attempt: int = 0
    failures: int = 0
    uncertain: bool = False


@dataclass(slots=True)
class Lane:
    waiting: list[Waiting] = field(default_factory=list)
    ready_at: timedelta = timedelta(0)
    token: str = ""


class OutboxDouble:
    """`retries` and `buried` keep what the runner decided, as (effect id, reason)."""

    def __init__(self, on_change: Callable[[], None] = lambda: None) -> None:
        self.lanes: dict[str, Lane] = {}
        self.now = timedelta(0)
        self.down = False
        self.completions_fail = 0
        self.leases_after = 0.0
        self.done: list[str] = []
        self.retries: list[tuple[str, str]] = []
        self.uncertain: list[bool] = []
        self.limits: list[str] = []
        self.buried: list[tuple[str, str]] = []
        self.on_change = on_change
        self._made = 0

    def put(self, *effects: Effect, uncertain: bool = False) -> None:
        for effect in effects:
            self._made += 1
            waiting = Waiting(f"e{self._made}", effect, uncertain=uncertain)
            self.lanes.setdefault(effect.lane, Lane()).waiting.append(waiting)
        self.on_change()

    def advance(self, span: timedelta) -> None:
        self.now += span
        self.on_change()

    async def lease(self, most: int) -> Sequence[Lease]:
        self._check()
        await asyncio.sleep(self.leases_after)
        ready = [name for name, lane in self.lanes.items() if lane.waiting and self._is_ready(lane)]
        return [self._leased(name) for name in ready[:most]]

    async def complete(self, lease: Lease, ready_in: timedelta) -> Completion:
        if self.completions_fail:
            self.completions_fail -= 1
            raise Unavailable("the store", "connection refused")
        if not self._leave(lease, ready_in, self.done):
            return Completion.LOST
        return Completion.LANE_HOLDS_MORE if self.lanes[lease.lane].waiting else Completion.LANE_EMPTY

    async def retry(
        self, lease: Lease, after: timedelta, *, reason: str, uncertain: bool, counts: bool = True, limit: str = ""
    ) -> bool:
        self._check()
        lane = self.lanes[lease.lane]
        if lane.token != lease.token:
            return False
        lane.waiting[0].uncertain = uncertain
        lane.waiting[0].failures += int(counts)
        self.limits.append(limit)
        lane.token, lane.ready_at = "", self.now + after
        self.retries.append((lease.id, reason))
        self.uncertain.append(uncertain)
        return True

    async def bury(self, lease: Lease, reason: str) -> bool:
        left = self._leave(lease, timedelta(0), [])
        self.buried.append((lease.id, reason))
        return left

    async def next_ready_in(self) -> timedelta | None:
        self._check()
        waits = [lane.ready_at - self.now for lane in self.lanes.values() if lane.waiting and not lane.token]
        return max(min(waits), timedelta(0)) if waits else None

    @property
    def is_empty(self) -> bool:
        return not any(lane.waiting for lane in self.lanes.values())

    def _check(self) -> None:
        if self.down:
            raise Unavailable("the store", "connection refused")

    def _is_ready(self, lane: Lane) -> bool:
        return not lane.token and lane.ready_at <= self.now

    def _leased(self, name: str) -> Lease:
        lane = self.lanes[name]
        head = lane.waiting[0]
        head.attempt += 1
        lane.token = f"token of {head.id}.{head.attempt}"
        return Lease(
            lane=name,
            token=lane.token,
            id=head.id,
            effect=head.effect,
            attempt=head.attempt,
            failures=head.failures,
            uncertain=head.uncertain,
        )

    def _leave(self, lease: Lease, ready_in: timedelta, kept: list[str]) -> bool:
        self._check()
        lane = self.lanes[lease.lane]
        if lane.token != lease.token:
            return False
        lane.waiting.pop(0)
        lane.token, lane.ready_at = "", self.now + ready_in
        kept.append(lease.id)
        return True
