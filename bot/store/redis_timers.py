"""Timers in Redis: when each is due by Redis's own clock, and who has claimed it."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from redis.asyncio import Redis

from bot.incident.terms import IncidentId, TimerName
from bot.ports import DueTimer
from bot.store.keys import Keys
from bot.store.scripts import CLAIM_DUE, RESTORE, milliseconds
from bot.store.server_clock import ServerClock

CLAIMED_FOR: Final = timedelta(seconds=20)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)

Told = Callable[[datetime, timedelta], None]
"""Hears what the store's clock shows, and how long the answer took there and back."""


class RedisTimers:
    """The protocol ports.Timers. `lease`: how long a claimed timer stays hidden if nothing comes of it.

    `offset`: how far Muster's clock was moved on from the server's; nought but in demo, practice and tests.
    `told` hears the server's time with every look.
    """

    def __init__(
        self,
        client: Redis,
        keys: Keys,
        *,
        lease: timedelta = CLAIMED_FOR,
        offset: Callable[[], timedelta] = timedelta,
        told: Told | None = None,
        clock: ServerClock | None = None,
    ) -> None:
        self._client = client
        self._clock = clock or ServerClock(client)
        self._keys = keys
        self._lease = milliseconds(lease)
        self._offset = offset
        self._told = told

    async def claim_due(self, most: int) -> Sequence[DueTimer]:
        until, asked_at = await self._clock.patience_ends(), time.monotonic()
        arguments = (self._keys.prefix, most, self._lease, milliseconds(self._offset()), until)
        answer = await CLAIM_DUE.run(self._client, (self._keys.timers,), *arguments)
        if isinstance(answer, int):  # too late: a claim that nobody hears of would hide what is due
            self._hear(answer, asked_at)
            return ()
        now, claimed = answer
        self._hear(now, asked_at)
        return [
            DueTimer(incident=IncidentId(int(incident)), name=TimerName(name), due_at=_EPOCH + int(due) * _MICROSECOND)
            for incident, name, due in claimed
        ]

    def _hear(self, now_ms: int, asked_at: float) -> None:
        self._clock.heard(now_ms, asked_at)
        if self._told:
            self._told(_EPOCH + timedelta(milliseconds=now_ms), timedelta(seconds=time.monotonic() - asked_at))

    async def look_at_the_clock(self) -> None:
        """Asks for the server's time without claiming anything. Raises Unavailable."""
        await self.claim_due(0)

    async def restore(self, incident: IncidentId, timers: Mapping[TimerName, datetime]) -> None:
        keys = (self._keys.timers, self._keys.timers_of(incident))
        await RESTORE.run(self._client, keys, self._keys.prefix, incident, *timer_arguments(timers))


def timer_arguments(timers: Mapping[TimerName, datetime]) -> Iterator[str | int]:
    """Name, due in ms (rounded up: never early) and the exact µs of each, as the scripts take them."""
    for name, due_at in timers.items():
        exact = (due_at - _EPOCH) // _MICROSECOND
        yield from (name, -(-exact // 1000), exact)
