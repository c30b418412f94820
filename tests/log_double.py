"""An in-memory Log and Timers for tests of what stands on them: the same answers as the store, without a server.

It refuses what the store refuses, in the same order (handled before, lease lost, stale), and gives way to other
tasks before each answer, so that races between two handlers really happen. It is no store: nothing survives it.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from bot.incident.effects import Effect
from bot.incident.events import Event
from bot.incident.listing import Listing
from bot.incident.terms import ChannelId, IncidentId, RequestId, TimerName, Version
from bot.ports import AlreadyHandled, Append, Appended, Conflict, DueTimer, Lease, LeaseLost, TooLate, Unavailable

LEASE: Final = timedelta(seconds=20)


@dataclass(kw_only=True)
class LogDouble:
    """`now` is the store's own clock. `replies_to_lose`: so many of the next appends are answered by nothing.

    `effects` holds all that were appended, oldest first; `leases` what is leased at present, by lane.
    `appends` counts the attempts, `reads` the logs read, `restored` the timers set outside of an append.
    `diverged`: logs that somebody put another history into; the next append to each is refused for that.
    """

    now: datetime
    logs: dict[IncidentId, list[Event]] = field(default_factory=dict)
    listed: dict[IncidentId, Listing] = field(default_factory=dict)
    requests: dict[RequestId, AlreadyHandled] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    leases: dict[str, Lease] = field(default_factory=dict)
    timers: dict[IncidentId, dict[TimerName, datetime]] = field(default_factory=dict)
    claimed: dict[tuple[IncidentId, TimerName], datetime] = field(default_factory=dict)
    replies_to_lose: int = 0
    appends: int = 0
    reads: int = 0
    restored: int = 0
    diverged: set[IncidentId] = field(default_factory=set)
    down: bool = False
    down_after_a_lost_reply: bool = False
    down_for_writes: bool = False

    async def read(self, incident: IncidentId, after: Version) -> Sequence[Event]:
        await self._answer()
        self.reads += 1
        return tuple(self.logs.get(incident, ())[after:])

    async def append(self, append: Append) -> Appended | Conflict | AlreadyHandled | LeaseLost | TooLate:
        await self._answer()
        if self.down_for_writes:
            raise Unavailable("the store", "cannot be reached")
        self.appends += 1
        result = self._refusal(append) or self._write(append)
        if self.replies_to_lose:
            self.replies_to_lose -= 1
            self.down = self.down_after_a_lost_reply
            raise Unavailable("the store", "the reply was lost", unknown=True)
        return result

    async def handled(self, request: RequestId) -> AlreadyHandled | None:
        await self._answer()
        return self.requests.get(request)

    async def next_number(self) -> IncidentId:
        await self._answer()
        return IncidentId(len(self.logs) + 1)

    async def incident_of(self, channel: ChannelId) -> IncidentId | None:
        await self._answer()
        return next((number for number, listing in self.listed.items() if listing.channel == channel), None)

    async def listings(self, *, active: bool, most: int | None = None) -> Sequence[Listing]:
        await self._answer()
        shown = [number for number in sorted(self.listed, reverse=True) if self._shows(number, active)]
        return [self.listed[number] for number in shown[:most]]

    async def claim_due(self, most: int) -> Sequence[DueTimer]:
        await self._answer()
        due = [timer for timer in self._due() if self.claimed.get((timer.incident, timer.name), self.now) <= self.now]
        for timer in due[:most]:
            self.claimed[timer.incident, timer.name] = self.now + LEASE
        return due[:most]

    async def restore(self, incident: IncidentId, timers: Mapping[TimerName, datetime]) -> None:
        await self._answer()
        self.restored += 1
        self._set_timers(incident, timers)

    def lease(self, effect: Effect, token: str = "token") -> Lease:
        """The effect leased, as the effect runner would have it."""
        lease = Lease(lane=effect.lane, token=token, id=f"id:{effect.lane}", effect=effect, attempt=1, uncertain=False)
        self.leases[effect.lane] = lease
        return lease

    async def _answer(self) -> None:
        await asyncio.sleep(0)
        if self.down:
            raise Unavailable("the store", "cannot be reached")

    def _refusal(self, append: Append) -> AlreadyHandled | LeaseLost | TooLate | Conflict | None:
        if before := self.requests.get(append.request):
            return before
        if append.completes and self.leases.get(append.completes.lane) != append.completes:
            return LeaseLost()
        if append.incident in self.diverged:
            self.diverged.remove(append.incident)
            return Conflict(diverged=True)
        if append.valid_until is not None and append.valid_until < time.monotonic():
            return TooLate()
        is_next = append.expected > 0 or append.incident == len(self.logs) + 1
        is_fresh = append.expected == len(self.logs.get(append.incident, ()))
        return None if is_next and is_fresh else Conflict()

    def _write(self, append: Append) -> Appended:
        log = self.logs.setdefault(append.incident, [])
        log += append.events
        version = Version(len(log))
        self.requests[append.request] = AlreadyHandled(incident=append.incident, version=version)
        self.listed[append.incident] = append.listing
        self.effects += append.effects
        self._set_timers(append.incident, append.timers)
        if append.completes:
            del self.leases[append.completes.lane]
        return Appended(version=version)

    def _set_timers(self, incident: IncidentId, timers: Mapping[TimerName, datetime]) -> None:
        self.timers[incident] = dict(timers)
        self.claimed = {claim: until for claim, until in self.claimed.items() if claim[0] != incident}

    def _due(self) -> list[DueTimer]:
        due = [
            DueTimer(incident=incident, name=name, due_at=due_at)
            for incident, timers in self.timers.items()
            for name, due_at in timers.items()
            if due_at <= self.now
        ]
        return sorted(due, key=lambda timer: timer.due_at)

    async def listings_before(self, incident: IncidentId, most: int) -> Sequence[Listing]:
        await self._answer()
        numbers = range(incident - 1, max(incident - 1 - most, 0), -1)
        return [self.listed[number] for each in numbers if (number := IncidentId(each)) in self.listed]

    def _shows(self, incident: IncidentId, active: bool) -> bool:
        return self.listed[incident].active or not active
