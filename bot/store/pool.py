"""A bounded pool of connections to one server. It sends nothing twice, and tells 'never sent' from 'sent and lost'."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any, Final, Self

from redis.asyncio import ConnectionPool
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.driver_info import DriverInfo
from redis.exceptions import (
    ClusterDownError,
    MasterDownError,
    MovedError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
)

CONNECT_WITHIN: Final = timedelta(seconds=1)
ANSWER_WITHIN: Final = timedelta(milliseconds=1800)
"""Together under the 3 s in which Slack must hear from us, so that a person is told 'not saved' in time."""
MOST_CONNECTIONS: Final = 32


class NotSent(Exception):  # noqa: N818 - it names what is certain about the command
    """No connection was to be had, so the command never left. No RedisError: redis-py must not handle it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long and how wide."""

    connect_within: timedelta = CONNECT_WITHIN
    answer_within: timedelta = ANSWER_WITHIN
    most_connections: int = MOST_CONNECTIONS


_CODE: Final = re.compile(r"(?:^|-)([A-Z]{3,})\b")
_CODE_OF_CLASS: Final = {
    OutOfMemoryError: "OOM",
    ReadOnlyError: "READONLY",
    MovedError: "MOVED",
    ClusterDownError: "CLUSTERDOWN",
    MasterDownError: "MASTERDOWN",
}
"""redis-py takes these off the text."""


def codes_of(refusal: ResponseError) -> frozenset[str]:
    """'READONLY', 'OOM' …, also where Redis 6.2 wraps what a script met: 'ERR Error running script …: -READONLY …'."""
    by_class = {code for kind, code in _CODE_OF_CLASS.items() if type(refusal) is kind}
    return frozenset(_CODE.findall(str(refusal))) | by_class


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """redis-py wraps what a handshake was answered, sometimes twice."""
    cause = error.__cause__
    while cause is not None:
        yield cause
        cause = cause.__cause__


@cache
def _named() -> DriverInfo:
    """As what a server lists our connections. redis-py would look its version up on disk anew for each, some 2 ms."""
    return DriverInfo()


class Pool(ConnectionPool):
    """Serves callers in turn.

    redis-py's own blocking pool does not: with more callers than connections the busy ones starved others.
    `patience`: seconds for a turn and a working connection together.
    """

    @classmethod
    def to(cls, url: str, limits: Limits) -> Self:
        """redis-py's own retries are off, because a repeated append or pop is a lie. Raises ValueError for no URL."""
        return cls.from_url(
            url,
            max_connections=limits.most_connections,
            patience=limits.connect_within.total_seconds(),
            socket_connect_timeout=limits.connect_within.total_seconds(),
            socket_timeout=None,  # whoever sends sets one time for sending and reading together
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
            protocol=2,
            driver_info=_named(),
        )

    def __init__(self, *, patience: float, **options: Any) -> None:
        super().__init__(**options)
        self._patience = patience
        self._turns = asyncio.Semaphore(self.max_connections)

    async def get_connection(
        self, command_name: str | None = None, *keys: object, **options: object
    ) -> AbstractConnection:
        try:
            async with asyncio.timeout(self._patience):
                return await self._lend()
        except (RedisError, OSError) as error:  # asyncio's TimeoutError is an OSError
            raise NotSent(str(error)) from error

    async def release(self, connection: AbstractConnection) -> None:
        """As redis-py does it, but for its lock and telemetry, which nobody needs here."""
        self._in_use_connections.remove(connection)
        self._available_connections.append(connection)
        self._turns.release()

    async def drop_idle(self) -> None:
        """Closes what nobody uses. It waits for nothing, so that whoever is cancelled leaves no connection open."""
        for connection in list(self._available_connections):
            await connection.disconnect(nowait=True)

    def leads_on(self, failure: RedisError) -> bool:
        """Whether the command, which was certainly not executed, should be sent again: there is one server only."""
        return False

    async def _lend(self) -> AbstractConnection:
        await self._turns.acquire()
        connection: AbstractConnection = self.get_available_connection()  # type: ignore[no-untyped-call]  # redis-py
        try:
            await self.ensure_connection(connection)
        except BaseException:
            await Pool.release(self, connection)
            raise
        return connection
