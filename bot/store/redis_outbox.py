"""The outbox in Redis: lanes of effects, leased head by head. Effects enter it only by an append."""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from redis.asyncio import Redis

from bot.clock import new_token
from bot.incident.terms import IncidentId, Version
from bot.ports import Completion, GivenUp, Lease
from bot.store.codec import Unreadable, decode_effect
from bot.store.connection import ask
from bot.store.drills import drills_among
from bot.store.keys import Keys
from bot.store.scripts import BURY, COMPLETE, LEASE, NEXT_READY, RETRY, REVIVE, milliseconds
from bot.store.server_clock import ServerClock

LEASED_FOR: Final = timedelta(seconds=20)
MOST_DEAD_LETTERS: Final = 1000
UNREADABLE_FOR: Final = timedelta(seconds=10)
UNREADABLE_ATTEMPTS: Final = 30
"""An effect that a newer process wrote waits five minutes for one that can read it, then it is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """An effect that was given up: `effect` as stored JSON, `reason` as the last attempt had it."""

    id: str
    lane: str
    reason: str
    attempts: int
    at: datetime
    effect: str


def unheeded(_limit: str, _left: timedelta) -> None:
    """Nobody heeds the limits that other processes met."""


class RedisOutbox:
    """The protocol ports.Outbox, and what was given up. `lease`: how long a head is ours without a word.

    `heed` is told of every rate limit that some process has met, and how long it still holds, before what was leased
    is begun.
    """

    def __init__(
        self,
        client: Redis,
        keys: Keys,
        *,
        lease: timedelta = LEASED_FOR,
        heed: Callable[[str, timedelta], None] = unheeded,
        clock: ServerClock | None = None,
    ) -> None:
        self._client = client
        self._keys = keys
        self._clock = clock or ServerClock(client)
        self._lease = milliseconds(lease)
        self._heed = heed

    async def lease(self, most: int) -> Sequence[Lease]:
        token, until, asked_at = new_token(), await self._clock.patience_ends(), time.monotonic()
        keys = (self._keys.ready, self._keys.limits)
        found = await LEASE.run(self._client, keys, self._keys.prefix, most, token, self._lease, until)
        if isinstance(found, int):  # too late: a lease that nobody hears of would hide its lane until it lapses
            self._clock.heard(found, asked_at)
            return ()
        heads, limits = found
        for limit, left in zip(limits[::2], limits[1::2], strict=True):
            self._heed(limit, timedelta(milliseconds=int(left)))
        leases = [await self._read(token, each) for each in heads]
        return sorted((lease for lease in leases if lease), key=_place)

    async def complete(self, lease: Lease, ready_in: timedelta) -> Completion:
        done = await COMPLETE.run(self._client, (self._keys.ready,), *self._held(lease), milliseconds(ready_in))
        return Completion(done)

    async def retry(
        self, lease: Lease, after: timedelta, *, reason: str, uncertain: bool, counts: bool = True, limit: str = ""
    ) -> bool:
        keys = (self._keys.ready, self._keys.limits)
        how = (milliseconds(after), int(uncertain), reason, int(counts), limit)
        return bool(await RETRY.run(self._client, keys, *self._held(lease), *how))

    async def bury(self, lease: Lease, reason: str) -> bool:
        return await self._bury(lease.lane, lease.token, lease.id, reason)

    async def next_ready_in(self) -> timedelta | None:
        wait = await NEXT_READY.run(self._client, (self._keys.ready,))
        return None if wait is None else timedelta(milliseconds=wait)

    async def dead_letters(self, most: int = 100) -> Sequence[DeadLetter]:
        """The effects that were given up, newest first; at most 1000 are kept. Raises Unavailable."""
        return [_letter(stored) for stored in await ask(self._client, "LRANGE", self._keys.dead, 0, most - 1)]

    async def given_up(self) -> GivenUp | None:
        """The protocol ports.DeadLetterBox."""
        for newest in await self.dead_letters(1):
            count = await self.dead_letter_count()
            incident = IncidentId(int(newest.id.partition(".")[0]))
            drills = await drills_among(self._client, self._keys, {incident})
            return GivenUp(count=count, newest_of=incident, newest_at=newest.at, drill=incident in drills)
        return None

    async def revive(self, id_: str) -> bool:
        """A dead letter goes back to the end of its lane, as something that may have happened. False: there is none."""
        keys = (self._keys.ready, self._keys.dead)
        return bool(await REVIVE.run(self._client, keys, self._keys.prefix, id_))

    async def lanes_waiting(self) -> int:
        """How many lanes hold effects, those at work included."""
        return int(await ask(self._client, "ZCARD", self._keys.ready))

    async def dead_letter_count(self) -> int:
        return int(await ask(self._client, "LLEN", self._keys.dead))

    async def _read(self, token: str, found: tuple[str, str, int, str, str, str, str]) -> Lease | None:
        lane, entry, attempt, uncertain, version, failures, begun = found
        id_, _, data = entry.partition(" ")
        try:
            effect = decode_effect(data)
        except Unreadable as error:
            await self._set_aside(lane, token, id_, attempt, str(error))
            return None
        return Lease(
            lane=lane,
            token=token,
            id=id_,
            effect=effect,
            attempt=attempt,
            uncertain=uncertain == "1",
            failures=int(failures),
            begun_at=datetime.fromtimestamp(int(begun) / 1000, tz=UTC),
            version=Version(int(version)),
        )

    async def _set_aside(self, lane: str, token: str, id_: str, attempt: int, reason: str) -> None:
        if attempt < UNREADABLE_ATTEMPTS:
            held = (self._keys.prefix, lane, token, id_)
            how = (milliseconds(UNREADABLE_FOR), 0, reason, 0, "")
            await RETRY.run(self._client, (self._keys.ready, self._keys.limits), *held, *how)
        else:
            await self._bury(lane, token, id_, reason)

    async def _bury(self, lane: str, token: str, id_: str, reason: str) -> bool:
        held = (self._keys.prefix, lane, token, id_)
        keys = (self._keys.ready, self._keys.dead)
        return bool(await BURY.run(self._client, keys, *held, reason, MOST_DEAD_LETTERS))

    def _held(self, lease: Lease) -> tuple[str, str, str, str]:
        return self._keys.prefix, lease.lane, lease.token, lease.id


def _place(lease: Lease) -> tuple[int, ...]:
    """What one append wants done is begun in the order in which it wants it; ids are numbers that append.lua made."""
    return tuple(int(part) for part in lease.id.split("."))


def _letter(stored: str) -> DeadLetter:
    fields = json.loads(stored)
    at = datetime.fromtimestamp(fields.pop("at_ms") / 1000, tz=UTC)
    return DeadLetter(at=at, **fields)
