"""The client for Redis, and the one place where its failures become Unavailable.

Nothing is ever sent twice by itself: redis-py's own retries are off, because a repeated append or pop is a lie.
"""

import asyncio
import builtins
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from redis.asyncio import ConnectionPool, Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    ConnectionError,  # noqa: A004 - redis-py's own, which is no OSError
    NoPermissionError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TimeoutError,  # noqa: A004 - as above
)

from bot.ports import Unavailable

CONNECT_WITHIN: Final = timedelta(seconds=1)
ANSWER_WITHIN: Final = timedelta(milliseconds=1800)
"""Together under the 3 s in which Slack must hear from us, so that a person is told 'not saved' in time."""
MOST_CONNECTIONS: Final = 32

WHAT: Final = "the store"


class NotSent(Exception):  # noqa: N818 - it names what is certain about the command
    """No connection was to be had, so the command never left. No RedisError: redis-py must not handle it."""


class _Pool(ConnectionPool):
    """A bounded pool that serves callers in turn and tells 'never sent' from 'sent and lost'.

    redis-py's own blocking pool does neither: with more callers than connections the busy ones starved others.
    `patience`: seconds for a turn and a working connection together.
    """

    def __init__(self, *, patience: float, **options: Any) -> None:
        super().__init__(**options)
        self._patience = patience
        self._turns = asyncio.Semaphore(self.max_connections)
        self._lent: set[AbstractConnection] = set()

    async def get_connection(
        self, command_name: str | None = None, *keys: object, **options: object
    ) -> AbstractConnection:
        try:
            async with asyncio.timeout(self._patience):
                return await self._lend()
        except (RedisError, OSError) as error:  # asyncio's TimeoutError is an OSError
            raise NotSent(str(error)) from error

    async def release(self, connection: AbstractConnection) -> None:
        """redis-py also releases what it could not connect; the turn of that one is given up in _lend."""
        try:
            await super().release(connection)
        finally:
            if connection in self._lent:
                self._lent.remove(connection)
                self._turns.release()

    async def _lend(self) -> AbstractConnection:
        await self._turns.acquire()
        try:
            connection: AbstractConnection = await super().get_connection()  # type: ignore[no-untyped-call]  # redis-py
        except BaseException:
            self._turns.release()
            raise
        self._lent.add(connection)
        return connection


def connect(
    url: str,
    *,
    connect_within: timedelta = CONNECT_WITHIN,
    answer_within: timedelta = ANSWER_WITHIN,
    most_connections: int = MOST_CONNECTIONS,
) -> Redis:
    """A client for redis://, rediss:// or unix://; it connects when first used. Raises Unavailable for another URL."""
    try:
        pool = _Pool.from_url(
            url,
            max_connections=most_connections,
            patience=connect_within.total_seconds(),
            socket_connect_timeout=connect_within.total_seconds(),
            socket_timeout=answer_within.total_seconds(),
            retry=Retry(NoBackoff(), 0),
            decode_responses=True,
            protocol=2,
        )
    except ValueError as error:  # its text may hold the URL, and the URL the password
        reason = "REDIS_URL must be redis://…, rediss://… or unix://…"
        raise Unavailable(WHAT, reason, retryable=False) from error
    return Redis.from_pool(pool)


async def ask(client: Redis, *command: str | int | float) -> Any:
    """One command, sent at most once. Raises Unavailable, `unknown` when it was sent but not answered."""
    try:
        return await client.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py
    except NotSent as error:
        raise _never_sent(error) from error
    except ResponseError as error:
        raise _refused(error) from error
    except RedisError as error:
        raise _unanswered(error) from error


async def look(client: Redis, *command: str | int | float) -> Any:
    """A question that changes nothing: where its answer is lost, nothing has happened. Raises Unavailable."""
    try:
        return await ask(client, *command)
    except Unavailable as failure:
        raise Unavailable(failure.what, failure.reason, retryable=failure.retryable) from failure


def _never_sent(error: NotSent) -> Unavailable:
    for cause in _causes(error):
        match cause:
            case AuthenticationError() | AuthorizationError() | BusyLoadingError():
                return _unanswered(cause)
            case TimeoutError() | builtins.TimeoutError():
                return Unavailable(WHAT, "it cannot be reached: no connection in time")
    return Unavailable(WHAT, "it cannot be reached")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """redis-py wraps what a handshake was answered, sometimes twice."""
    cause = error.__cause__
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _refused(error: ResponseError) -> Unavailable:
    """The server answered with an error before it changed anything."""
    match error:
        case OutOfMemoryError():
            return Unavailable(WHAT, "its memory is full, it takes no more writes")
        case ReadOnlyError():
            return Unavailable(WHAT, "it is a replica that takes no writes")
        case NoPermissionError():
            return Unavailable(WHAT, f"the user of REDIS_URL lacks a right: {error}", retryable=False)
        case _:
            code = str(error).partition(" ")[0]
            transient = code in {"MISCONF", "BUSY", "TRYAGAIN", "CLUSTERDOWN", "MASTERDOWN", "NOREPLICAS"}
            return Unavailable(WHAT, f"it refuses the command: {error}", retryable=transient)


def _unanswered(error: RedisError) -> Unavailable:
    match error:
        case AuthenticationError() | AuthorizationError():
            return Unavailable(WHAT, "it refuses the user or password of REDIS_URL", retryable=False)
        case BusyLoadingError():
            return Unavailable(WHAT, "it is still loading its data")
        case TimeoutError():
            return Unavailable(WHAT, "no answer in time", unknown=True)
        case ConnectionError():
            return Unavailable(WHAT, "the connection was lost before it answered", unknown=True)
        case _:
            return Unavailable(WHAT, f"an answer that makes no sense: {type(error).__name__}", unknown=True)
