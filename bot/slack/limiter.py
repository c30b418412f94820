"""Waits before Slack would say 429: each method's published tier, and one post a second a channel.

The arithmetic is pure (TokenBucket); around it stands a thin shell that sleeps and lets the urgent go first.
"""

import asyncio
import heapq
import itertools
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from enum import IntEnum
from typing import Final

from bot.ports import Unavailable

A_MINUTE: Final[Mapping[int, float]] = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute that Slack promises to each tier, per method and workspace."""

TIERS: Final = {
    "bookmarks.add": 2,
    "bookmarks.list": 3,
    "bookmarks.remove": 2,
    "canvases.edit": 3,
    "canvases.sections.lookup": 3,
    "chat.delete": 3,
    "chat.update": 3,
    "conversations.archive": 2,
    "conversations.canvases.create": 2,
    "conversations.create": 2,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.invite": 3,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "conversations.setTopic": 2,
    "files.completeUploadExternal": 4,
    "files.delete": 3,
    "files.getUploadURLExternal": 4,
    "pins.add": 2,
    "reactions.add": 3,
    "reactions.get": 3,
    "reactions.remove": 2,
    "usergroups.users.list": 2,
    "users.conversations": 3,
    "users.info": 4,
    "views.open": 4,
    "views.publish": 4,
    "views.update": 4,
}
"""The methods that we call and that have a tier; the others are limited otherwise or hardly at all."""

POST: Final = "chat.postMessage"
POSTS_A_SECOND: Final = 1.0
POST_BURST: Final = 4
"""About one a second a channel with short bursts: a summary and its playbook may follow each other at once."""

MOST_CHANNELS: Final = 2000
"""Channels whose buckets are remembered; the least recently used is forgotten, and was full long ago."""


class Urgency(IntEnum):
    """Who goes first when calls wait for one another: people wait for these, nobody for those."""

    FIRST = 0
    USUAL = 1
    LAST = 2


_URGENCY: Final = {
    "views.open": Urgency.FIRST,
    "views.update": Urgency.FIRST,
    "users.info": Urgency.FIRST,
    "conversations.create": Urgency.FIRST,
    "conversations.invite": Urgency.FIRST,
    "usergroups.users.list": Urgency.FIRST,
    POST: Urgency.FIRST,
    "conversations.setTopic": Urgency.LAST,
    "bookmarks.add": Urgency.LAST,
    "bookmarks.remove": Urgency.LAST,
    "pins.add": Urgency.LAST,
    "reactions.add": Urgency.LAST,
    "reactions.remove": Urgency.LAST,
    "canvases.edit": Urgency.LAST,
    "canvases.sections.lookup": Urgency.LAST,
    "conversations.archive": Urgency.LAST,
    "conversations.canvases.create": Urgency.LAST,
    "files.completeUploadExternal": Urgency.LAST,
    "files.getUploadURLExternal": Urgency.LAST,
    "files.delete": Urgency.LAST,
}


def limit_name(method: str, channel: str) -> str:
    """Which limit a call stands under: of posts each channel has its own, else each method has one."""
    return f"{method} {channel}" if method == POST and channel else method


class TokenBucket:
    """Up to `burst` calls at once, then `per_second`. All times are seconds of one monotonic clock."""

    __slots__ = ("_at", "_burst", "_closed_until", "_level", "_per_second")

    def __init__(self, per_second: float, burst: float, now: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._level = burst
        self._at = now
        self._closed_until = now

    def wait(self, now: float) -> float:
        """Seconds until the next call may go."""
        for_token = (1 - self._filled(now)) / self._per_second
        return max(0.0, for_token, self.closed_for(now))

    def reserve(self, now: float) -> float:
        """Takes the next token, even one of the future, and says how many seconds away it is."""
        wait = self.wait(now)
        self._level = self._filled(now) - 1
        self._at = now
        return wait

    def close(self, now: float, seconds: float) -> None:
        """Slack said Retry-After: nothing goes for so long, and nothing is saved up meanwhile."""
        if now + seconds <= self._closed_until:
            return
        self._closed_until = now + seconds
        self._level = 0.0
        self._at = self._closed_until - 1 / self._per_second

    def closed_for(self, now: float) -> float:
        return max(0.0, self._closed_until - now)

    def _filled(self, now: float) -> float:
        return min(self._burst, self._level + (now - self._at) * self._per_second)


class Gate:
    """At most so many calls under way; of those that wait, the most urgent goes first, then the oldest."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        self._order = itertools.count()

    async def enter(self, urgency: Urgency) -> None:
        if self._free > 0:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (urgency, next(self._order), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                self.leave()
            raise

    def leave(self) -> None:
        while self._waiting:
            turn = heapq.heappop(self._waiting)[2]
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


class Limiter:
    """One for every client of a token. `patience`: who would wait longer is told to come back instead.

    Waiting longer than that would outlast an effect's lease; the outbox is the better place to wait.
    """

    def __init__(
        self,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        patience: timedelta = timedelta(seconds=3),
        at_once: int = 32,
        posts_a_second: float = POSTS_A_SECOND,
        a_minute: Mapping[int, float] = A_MINUTE,
    ) -> None:
        self._now = now
        self._sleep = sleep
        self._patience = patience.total_seconds()
        self._gate = Gate(at_once)
        self._posts_a_second = posts_a_second
        self._a_minute = a_minute
        self._methods: dict[str, TokenBucket] = {}
        self._channels: OrderedDict[str, TokenBucket] = OrderedDict()

    @asynccontextmanager
    async def turn(self, method: str, channel: str = "") -> AsyncIterator[None]:
        """The time in which one call may be made. Raises Unavailable(after=…) where patience ends."""
        bucket = self._bucket(method, channel)
        if bucket:
            await self._wait(bucket, method)
        await self._gate.enter(_URGENCY.get(method, Urgency.USUAL))
        try:
            yield
        finally:
            self._gate.leave()

    def closed(self, method: str, channel: str, after: timedelta) -> None:
        """Slack answered 429: this method (for posts, this channel) rests for so long."""
        now = self._now()
        bucket = self._bucket(method, channel) or self._methods.setdefault(method, TokenBucket(1.0, 1.0, now))
        bucket.close(now, after.total_seconds())

    def heed(self, limit: str, left: timedelta) -> None:
        """Another process met this limit (limit_name), and it still holds for so long."""
        method, _, channel = limit.partition(" ")
        self.closed(method, channel, left)

    async def _wait(self, bucket: TokenBucket, method: str) -> None:
        wait = bucket.wait(self._now())
        self._allow(wait, method)
        if bucket.reserve(self._now()) > 0:
            await self._sleep(wait)
        # Meanwhile a 429 may have closed it for all who slept.
        while (closed := bucket.closed_for(self._now())) > 0:
            self._allow(closed, method)
            await self._sleep(closed)

    def _allow(self, wait: float, method: str) -> None:
        if wait > self._patience:
            raise Unavailable("Slack", f"{method} is at its rate limit", after=timedelta(seconds=wait))

    def _bucket(self, method: str, channel: str) -> TokenBucket | None:
        if method == POST and channel:
            return self._channel_bucket(channel)
        if method not in self._methods and method in TIERS:
            calls = self._a_minute[TIERS[method]]
            self._methods[method] = TokenBucket(calls / 60, calls, self._now())
        return self._methods.get(method)

    def _channel_bucket(self, channel: str) -> TokenBucket:
        if channel not in self._channels:
            self._channels[channel] = TokenBucket(self._posts_a_second, POST_BURST, self._now())
        self._channels.move_to_end(channel)
        if len(self._channels) > MOST_CHANNELS:
            self._channels.popitem(last=False)
        return self._channels[channel]
