"""What `muster check` wants to know of the store, as facts. What to think of them is not decided here."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from redis.asyncio import Redis

from bot.clock import wall_clock
from bot.ports import Unavailable
from bot.store.connection import ask
from bot.store.keys import Keys


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreFacts:
    """None: the server does not say (hosts often forbid CONFIG).

    `server` 'valkey' or 'redis'; `version` is the Redis version that it is compatible with; `refusal`: why writing
    failed, empty when it works; `ping`: one round trip; `ahead`: by how much its clock is ahead of this machine's.
    `replicas`: how many are connected; `replicas_to_write`: with fewer than so many it takes no writes.
    """

    server: str
    version: tuple[int, ...]
    ping: timedelta
    appendonly: bool | None
    appendfsync: str | None
    maxmemory_policy: str | None
    refusal: str
    ahead: timedelta = timedelta()
    replicas: int = 0
    replicas_to_write: int | None = None

    @property
    def writable(self) -> bool:
        return not self.refusal


async def inspect_store(client: Redis, keys: Keys) -> StoreFacts:
    """Raises Unavailable when the store cannot be asked at all."""
    ping = await _ping(client)
    info: dict[str, Any] = await ask(client, "INFO")
    return StoreFacts(
        server="valkey" if "valkey_version" in info else "redis",
        version=tuple(int(part) for part in str(info["redis_version"]).split(".") if part.isdecimal()),
        ping=ping,
        appendonly=bool(int(info["aof_enabled"])) if "aof_enabled" in info else None,
        appendfsync=await _setting(client, "appendfsync"),
        maxmemory_policy=info.get("maxmemory_policy"),
        refusal=await _refusal(client, keys),
        ahead=await _ahead(client),
        replicas=int(info.get("connected_slaves", 0)),
        replicas_to_write=_number(await _setting(client, "min-replicas-to-write")),
    )


async def _ping(client: Redis) -> timedelta:
    await ask(client, "PING")  # the first one also connects
    started = time.monotonic()
    await ask(client, "PING")
    return timedelta(seconds=time.monotonic() - started)


async def _ahead(client: Redis) -> timedelta:
    """Give or take half a round trip."""
    asked_at = wall_clock()
    seconds, microseconds = await ask(client, "TIME")
    told = datetime.fromtimestamp(int(seconds), tz=UTC) + timedelta(microseconds=int(microseconds))
    return told - (asked_at + (wall_clock() - asked_at) / 2)


async def _setting(client: Redis, name: str) -> str | None:
    try:
        answer: dict[str, str] = await ask(client, "CONFIG GET", name)
    except Unavailable:
        return None
    return answer.get(name)


def _number(setting: str | None) -> int | None:
    return int(setting) if setting and setting.isdecimal() else None


async def _refusal(client: Redis, keys: Keys) -> str:
    try:
        await ask(client, "SET", keys.probe, "1", "EX", 60)
    except Unavailable as error:
        return error.reason
    return ""
