"""The client for Redis, and the one place where its failures become Unavailable.

Nothing that may have been executed is ever sent again: a repeated append or pop is a lie.
"""

import asyncio
import builtins
import time
from datetime import timedelta
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import (
    AskError,
    AuthenticationError,
    AuthorizationError,
    BusyLoadingError,
    ConnectionError,  # noqa: A004 - redis-py's own, which is no OSError
    MovedError,
    NoPermissionError,
    RedisError,
    ResponseError,
    TimeoutError,  # noqa: A004 - as above
    TryAgainError,
)

from bot.ports import Unavailable
from bot.store.cluster import ClusterFinder
from bot.store.moving_pool import MovingPool, Unfound
from bot.store.pool import ANSWER_WITHIN, CONNECT_WITHIN, MOST_CONNECTIONS, Limits, NotSent, Pool, causes_of, codes_of
from bot.store.sentinel import SentinelFinder
from bot.store.several_servers import Guide, SeveralServers, several_servers

FOLLOW_WITHIN: Final = timedelta(milliseconds=150)
"""A command goes on to another server only this soon, so that all together stays under 3 s."""
_MOST_SERVERS: Final = 4
"""That one command is sent to; two that each name the other must not hold it for long."""

WHAT: Final = "the store"


class _Client(Redis):
    """Sends a command once, within a time. redis-py's own way is made for retries and telemetry that are off here, and
    waits in asyncio.wait_for, which before Python 3.12 swallows a cancellation that comes at its end."""

    def __init__(self, pool: Pool, limits: Limits) -> None:
        super().__init__(connection_pool=pool)
        self._answer_within = limits.answer_within.total_seconds()
        self.auto_close_connection_pool = True

    async def execute_command(self, *command: Any, **options: Any) -> Any:
        """A connection that was not answered in time, or not in full, is closed by redis-py, not used again."""
        connection = await self.connection_pool.get_connection()  # type: ignore[no-untyped-call]  # redis-py
        try:
            async with asyncio.timeout(self._answer_within):
                await connection.send_command(*command)
                return await self.parse_response(connection, command[0], **options)
        except builtins.TimeoutError as error:
            raise TimeoutError("no answer in time") from error
        finally:
            await self.connection_pool.release(connection)


def connect(
    url: str,
    *,
    tag: str = "",
    connect_within: timedelta = CONNECT_WITHIN,
    answer_within: timedelta = ANSWER_WITHIN,
    most_connections: int = MOST_CONNECTIONS,
) -> Redis:
    """A client for any form of REDIS_URL; it connects when first used. Raises Unavailable for another URL.

    `tag`: the hash tag of the keys that it is for (Keys.team), which says where in a Cluster they are.
    """
    limits = Limits(connect_within=connect_within, answer_within=answer_within, most_connections=most_connections)
    try:
        several = several_servers(url)
        return _Client(_moving(several, tag, limits) if several else Pool.to(url, limits), limits)
    except ValueError as error:  # its text may hold the URL, and the URL the password
        reason = (
            "REDIS_URL must be redis://…, rediss://…, unix://…, redis+sentinel://host:26379,host:26379/mymaster "
            "or redis+cluster://host:6379,host:6379"
        )
        raise Unavailable(WHAT, reason, retryable=False) from error


def _moving(servers: SeveralServers, tag: str, limits: Limits) -> MovingPool:
    finder = SentinelFinder(servers) if servers.guide is Guide.SENTINEL else ClusterFinder(servers, tag)
    return MovingPool(finder, lambda address: Pool.to(servers.url_of_server(address), limits), limits)


async def ask(client: Redis, *command: str | int | float) -> Any:
    """One command, executed at most once. Raises Unavailable, `unknown` when it was sent but not answered."""
    until = time.monotonic() + FOLLOW_WITHIN.total_seconds()
    for _ in range(_MOST_SERVERS):
        try:
            return await client.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py
        except NotSent as error:
            raise _never_sent(error) from error
        except RedisError as error:
            if not _leads_on(client, error):
                raise (_refused(error) if isinstance(error, ResponseError) else _unanswered(error)) from error
        if time.monotonic() > until:
            break
    raise Unavailable(WHAT, "its servers do not agree on which of them takes the writes")


def _leads_on(client: Redis, failure: RedisError) -> bool:
    """Whether the command was certainly not executed, and another server is now known that may do it."""
    pool = client.connection_pool
    return isinstance(pool, Pool) and pool.leads_on(failure)


async def look(client: Redis, *command: str | int | float) -> Any:
    """A question that changes nothing: where its answer is lost, nothing has happened. Raises Unavailable."""
    try:
        return await ask(client, *command)
    except Unavailable as failure:
        raise Unavailable(failure.what, failure.reason, retryable=failure.retryable) from failure


def _never_sent(error: NotSent) -> Unavailable:
    if isinstance(error, Unfound):
        return Unavailable(WHAT, error.reason, retryable=error.retryable)
    for cause in causes_of(error):
        match cause:
            case AuthenticationError() | AuthorizationError() | BusyLoadingError():
                return _unanswered(cause)
            case TimeoutError() | builtins.TimeoutError():
                return Unavailable(WHAT, "it cannot be reached: no connection in time")
    return Unavailable(WHAT, "it cannot be reached")


_TRANSIENT: Final = frozenset({"MISCONF", "BUSY", "MASTERDOWN"})
_ON_THE_MOVE: Final = "it is moving its data to another of its servers, and takes writes again when that is done"


def _refused(error: ResponseError) -> Unavailable:
    """The server answered with an error before it changed anything."""
    match error:
        case NoPermissionError():
            return Unavailable(WHAT, f"the user of REDIS_URL lacks a right: {error}", retryable=False)
        case MovedError():
            reason = "it is a Cluster, so REDIS_URL must be redis+cluster://host:port,host:port"
            return Unavailable(WHAT, reason, retryable=False)
        case AskError() | TryAgainError():
            return Unavailable(WHAT, _ON_THE_MOVE)
    codes = codes_of(error)
    if "OOM" in codes:
        return Unavailable(WHAT, "its memory is full, it takes no more writes")
    if "READONLY" in codes:
        return Unavailable(WHAT, "it is a replica that takes no writes")
    if "NOREPLICAS" in codes:
        return Unavailable(WHAT, "too few of its replicas are connected, so it takes no writes")
    if "CLUSTERDOWN" in codes:
        return Unavailable(WHAT, "the Cluster cannot serve at the moment: too few of its servers are up")
    return Unavailable(WHAT, f"it refuses the command: {error}", retryable=not _TRANSIENT.isdisjoint(codes))


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
