"""Maintenance windows in Redis: those of today in a hash, every change of them in a log. It decides nothing."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError
from redis.asyncio import Redis

from bot.incident.effects import Effect
from bot.incident.maintenance import Quiet, QuietAlert, Turn, Window, WindowChange, WindowNumber
from bot.ports import Unavailable
from bot.store.codec import encode_effect
from bot.store.connection import WHAT, ask, look
from bot.store.keys import Keys
from bot.store.scripts import MAINTENANCE, QUIET

MOST_ALERTS: Final = 200
"""Different ones that are kept of a window; all others are counted together."""
KEPT_FOR: Final = timedelta(days=30)
_MORE: Final = "#more"


class RedisMaintenance:
    """The protocol maintenance_book.MaintenanceBook."""

    def __init__(self, client: Redis, keys: Keys) -> None:
        self._client = client
        self._keys = keys

    async def windows(self) -> Sequence[Window]:
        stored = await look(self._client, "HVALS", self._keys.maintenance)
        windows = [_read(Window, each.partition(" ")[2]) for each in stored]
        return sorted(windows, key=lambda each: (each.plan.begins_at, each.number))

    async def next_number(self) -> WindowNumber:
        return WindowNumber(int(await ask(self._client, "INCR", self._keys.maintenance_count)))

    async def write(self, change: WindowChange, effects: Iterable[Effect] = ()) -> WindowNumber | None:
        before = change.before
        window = replace(change.window, revision=before.revision + 1 if before else 1)
        after = "" if change.turn is Turn.FORGOTTEN else f"{window.revision} {_written(window)}"
        told = [part for effect in effects for part in (effect.lane, encode_effect(effect))]
        keys = (self._keys.maintenance, self._keys.maintenance_keys, self._keys.maintenance_log, self._keys.ready)
        seen = before.revision if before else 0
        how = (self._keys.prefix, window.number, window.plan.key, seen, after, _written(change))
        done = int(await MAINTENANCE.run(self._client, keys, *how, *told))
        return (window.number if done == 1 else WindowNumber(-done)) if done else None

    async def log(self) -> Sequence[WindowChange]:
        entries = await look(self._client, "XRANGE", self._keys.maintenance_log, "-", "+")
        return [_read(WindowChange, fields["data"]) for _, fields in entries]

    async def keep_quiet(self, window: WindowNumber, alerts: Sequence[QuietAlert]) -> None:
        keys = (self._keys.quiet_alerts(window), self._keys.quiet_counts(window))
        pairs = [part for alert in alerts for part in (alert.key, alert.entry, _written(alert))]
        await QUIET.run(self._client, keys, MOST_ALERTS, int(KEPT_FOR.total_seconds()), *pairs)

    async def quiet(self, window: WindowNumber) -> Quiet:
        alerts = await look(self._client, "HGETALL", self._keys.quiet_alerts(window))
        counts = await look(self._client, "HGETALL", self._keys.quiet_counts(window))
        kept = [(_read(QuietAlert, data), int(counts.get(key, 1))) for key, data in alerts.items()]
        return Quiet(alerts=tuple(kept), more=int(counts.get(_MORE, 0)))


def _read(kind: Any, data: str) -> Any:
    try:
        return _adapter(kind).validate_json(data)
    except ValidationError as error:
        raise Unavailable(WHAT, f"a {kind.__name__} in it does not read", retryable=False) from error


def _written(value: object) -> str:
    return _adapter(type(value)).dump_json(value).decode()


def _adapter(kind: Any) -> TypeAdapter[Any]:
    return _built(kind)  # apart, because mypy holds that a dataclass's type cannot be hashed


@cache
def _built(kind: type[Any]) -> TypeAdapter[Any]:
    return TypeAdapter(kind)
