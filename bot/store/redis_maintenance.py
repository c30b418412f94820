"""Maintenance windows in Redis: a register of them, and what each kept quiet. It decides nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from redis.asyncio import Redis

from bot.incident.effects import Effect
from bot.incident.maintenance import Quiet, QuietAlert, Turn, Window, WindowChange, WindowNumber
from bot.store.connection import look
from bot.store.keys import Keys
from bot.store.redis_register import Entry, RedisRegister, read, written
from bot.store.scripts import QUIET

MOST_ALERTS: Final = 200
"""Different ones that are kept of a window; all others are counted together."""
KEPT_FOR: Final = timedelta(days=30)
_MORE: Final = "#more"


class RedisMaintenance:
    """The protocol maintenance_book.MaintenanceBook."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys
        self._register = RedisRegister(client, keys, keys.maintenance, thing=Window, change=WindowChange)

    async def windows(self) -> Sequence[Window]:
        return sorted(await self._register.all(), key=lambda each: (each.plan.begins_at, each.number))

    async def next_number(self) -> WindowNumber:
        return WindowNumber(await self._register.next_number())

    async def write(self, change: WindowChange, effects: Iterable[Effect] = ()) -> WindowNumber | None:
        seen = change.before.revision if change.before else 0
        entry = Entry(
            number=change.window.number,
            key=change.window.plan.key,
            seen=seen,
            after=None if change.turn is Turn.FORGOTTEN else replace(change.window, revision=seen + 1),
            line=change,
        )
        number = await self._register.write(entry, effects)
        return None if number is None else WindowNumber(number)

    async def log(self) -> Sequence[WindowChange]:
        return await self._register.log()

    async def keep_quiet(self, window: WindowNumber, alerts: Sequence[QuietAlert]) -> None:
        keys = (self._keys.quiet_alerts(window), self._keys.quiet_counts(window))
        pairs = [part for alert in alerts for part in (alert.key, alert.entry, written(alert))]
        await QUIET.run(self._client, keys, MOST_ALERTS, int(KEPT_FOR.total_seconds()), *pairs)

    async def quiet(self, window: WindowNumber) -> Quiet:
        alerts = await look(self._client, "HGETALL", self._keys.quiet_alerts(window))
        counts = await look(self._client, "HGETALL", self._keys.quiet_counts(window))
        kept = [(read(QuietAlert, data), int(counts.get(key, 1))) for key, data in alerts.items()]
        return Quiet(alerts=tuple(kept), more=int(counts.get(_MORE, 0)))
