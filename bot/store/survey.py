"""What waits in the store and how the server is, as facts for `muster doctor`. It judges nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from redis.asyncio import Redis

from bot.store.connection import ask
from bot.store.keys import Keys
from bot.store.scripts import SURVEY

MOST_LANES: Final = 500
"""Looked at, longest waiting first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A lane that holds something. `ready_at`: when it may be leased; of a leased one, when its lease ends.

    `begun_at`: the first attempt at its head, None before any. `reason`: why the last attempt failed, or empty.
    """

    name: str
    length: int
    head: str
    ready_at: datetime
    leased: bool
    attempt: int
    begun_at: datetime | None
    reason: str

    @property
    def incident(self) -> str:
        """Of its head, whose id begins with the number."""
        return f"INC-{self.head.partition('.')[0]}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """`lanes`: how many there are; `seen`: those that were looked at. Times are the server's own.

    `overdue`: timers that nobody has claimed although they are due; `oldest_timer`: 'INC-7' and when it was due.
    """

    now: datetime
    lanes: int
    seen: Sequence[Lane]
    overdue: int
    oldest_timer: tuple[str, datetime] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerHealth:
    """None: the server does not say. `memory`, `most_memory`: bytes; most 0: no bound of its own."""

    memory: int | None
    most_memory: int | None
    log_writes: str | None
    """Of the append-only file: 'ok' or not."""
    snapshots: str | None


async def survey(client: Redis, keys: Keys) -> Survey:
    """Raises Unavailable."""
    names = (keys.ready, keys.timers, keys.dead)
    now, lanes, seen, overdue, timer, due_at = await SURVEY.run(client, names, keys.prefix, MOST_LANES, 0)
    return Survey(
        now=_time(now),
        lanes=int(lanes),
        seen=[_lane(fields) for fields in seen],
        overdue=int(overdue),
        oldest_timer=(f"INC-{timer.partition(':')[0]}", _time(due_at)) if overdue else None,
    )


async def server_health(client: Redis) -> ServerHealth:
    """Raises Unavailable."""
    info: Mapping[str, Any] = await ask(client, "INFO")
    return ServerHealth(
        memory=_number(info, "used_memory"),
        most_memory=_number(info, "maxmemory"),
        log_writes=info.get("aof_last_write_status"),
        snapshots=info.get("rdb_last_bgsave_status"),
    )


def _lane(fields: Sequence[str]) -> Lane:
    name, ready_at, length, head, leased, attempt, begun, reason = fields
    return Lane(
        name=name,
        length=int(length),
        head=head,
        ready_at=_time(ready_at),
        leased=leased == "1",
        attempt=int(attempt),
        begun_at=_time(begun) if begun else None,
        reason=reason,
    )


def _number(info: Mapping[str, Any], name: str) -> int | None:
    return int(info[name]) if name in info else None


def _time(milliseconds: str | int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=float(milliseconds))
