"""A pool whose server may change: it lends connections to the one that takes our writes now.

All keys of a workspace share one slot, so behind Sentinel and on a Cluster there is one such server at a time. What
was sent stays sent: only a command that was certainly not executed goes on to the next server.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from datetime import timedelta
from typing import Any, Final, Protocol, TypeVar

from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import MovedError, RedisError, ResponseError

from bot.store.pool import Limits, NotSent, Pool, codes_of
from bot.store.several_servers import Address

_T = TypeVar("_T")

UNANSWERED: Final = (NotSent, RedisError, OSError)
ASKED_FOR: Final = timedelta(milliseconds=500)
"""How long one Sentinel or node may take to say where the master is; half of the patience for a connection."""

_SPEAK_OF_THE_PLACE: Final = frozenset({"MOVED", "CLUSTERDOWN", "MASTERDOWN", "NOREPLICAS"})
"""Refusals after which another server may be the one to ask; any other is about the command."""


class Unfound(NotSent):
    """Nobody says which server takes our writes. `reason`: for the person who waits."""

    def __init__(self, reason: str, *, retryable: bool = True) -> None:
        super().__init__(reason)
        self.reason = reason
        self.retryable = retryable


class Finder(Protocol):
    """Whoever knows which server takes our writes."""

    slot: int | None
    """Of a Cluster: where our keys are."""

    async def find(self) -> Address:
        """Raises NotSent, or Unfound where the reason is known."""


class MovingPool(Pool):
    """`open_pool`: to one server; each has connections of its own."""

    def __init__(self, finder: Finder, open_pool: Callable[[Address], Pool], limits: Limits) -> None:
        super().__init__(patience=limits.connect_within.total_seconds(), decode_responses=True, protocol=2)
        self._finder = finder
        self._open_pool = open_pool
        self._address: Address | None = None
        self._now: Pool | None = None
        self._doubted = True
        self._finding = asyncio.Lock()
        self._former: list[Pool] = []
        self._lenders: dict[AbstractConnection, Pool] = {}

    def leads_on(self, failure: RedisError) -> bool:
        """Learns from every failure, even where nothing is to be repeated.

        ASK is not followed: the keys of a slot that moves are in two places, and a script that finds only half of
        them would take the other half for gone.
        """
        match failure:
            case MovedError() if self._address and failure.slot_id == self._finder.slot:
                self._turn_to(Address(failure.host or self._address.host, failure.port))
                return True
            case ResponseError() if "READONLY" in codes_of(failure):
                self._doubted = True
                return True
            case ResponseError() if codes_of(failure).isdisjoint(_SPEAK_OF_THE_PLACE):
                return False
            case _:
                self._doubted = True
                return False

    async def release(self, connection: AbstractConnection) -> None:
        """A connection to a former server is of no more use."""
        lender = self._lenders.pop(connection)
        if lender is not self._now:
            await connection.disconnect(nowait=True)
        await lender.release(connection)

    async def disconnect(self, inuse_connections: bool = True) -> None:
        for pool in [*self._former, *([self._now] if self._now else [])]:
            await pool.disconnect(inuse_connections)

    async def _lend(self) -> AbstractConnection:
        """Where the server cannot be reached, nothing was sent: whoever took its place is asked for and tried."""
        pool = await self._sure()
        try:
            return await self._lend_from(pool)
        except NotSent:
            self._doubted = self._doubted or pool is self._now
        return await self._lend_from(await self._sure())

    async def _lend_from(self, pool: Pool) -> AbstractConnection:
        try:
            connection = await pool.get_connection()
        except asyncio.CancelledError:  # perhaps our own patience: a host that swallows what it is sent
            self._doubted = self._doubted or pool is self._now
            raise
        self._lenders[connection] = pool
        return connection

    async def _sure(self) -> Pool:
        """One caller asks for all."""
        while self._now is None or self._doubted:
            async with self._finding:
                if self._now is None or self._doubted:
                    self._turn_to(await self._finder.find())
        former, self._former = self._former, []
        for pool in former:
            await pool.drop_idle()
        return self._now

    def _turn_to(self, address: Address) -> None:
        if self._now is None or address != self._address:
            self._former += [self._now] if self._now else []
            self._address, self._now = address, self._open_pool(address)
        self._doubted = False


async def all_at_once(questions: Iterable[Coroutine[Any, Any, _T]]) -> list[_T]:
    """The answers in the same order. Whoever is cancelled meanwhile leaves no connection behind."""
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(question) for question in questions]
    return [task.result() for task in tasks]


async def asked(url: str, *command: str) -> Any:
    """One server's answer, on a connection of its own. Raises one of UNANSWERED, also when it takes too long."""
    limits = Limits(connect_within=ASKED_FOR, answer_within=ASKED_FOR, most_connections=1)
    pool = Pool.to(url, limits)
    try:
        async with asyncio.timeout(ASKED_FOR.total_seconds()):
            return await Redis(connection_pool=pool).execute_command(*command)  # type: ignore[no-untyped-call]
    finally:
        await pool.drop_idle()
