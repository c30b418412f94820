"""The server's clock as its answers have told it, so that a command can say until when it is wanted.

A server that stood still reads its sockets when it wakes, and would do what people were told had failed.
"""

import time
from datetime import timedelta

from redis.asyncio import Redis

from bot.store.connection import ask
from bot.store.pool import ANSWER_WITHIN


class ServerClock:
    """Guesses are always early: what has run out by our clock has run out by the server's.

    The guess is an interval, since the server looked at its clock somewhere between question and answer. A clock
    that was set back or forward lies outside of it, and is believed.
    """

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._ahead: float | None = None  # ms by which the server's clock is ahead of time.monotonic, at least

    async def at(self, moment: float) -> int:
        """The server's time in ms at a moment of time.monotonic, or earlier. Asks only if nothing was heard yet."""
        if self._ahead is None:
            asked_at = time.monotonic()
            seconds, microseconds = await ask(self._client, "TIME")
            self.heard(int(seconds) * 1000 + int(microseconds) // 1000, asked_at)
        assert self._ahead is not None
        return int(self._ahead + moment * 1000)

    async def patience_ends(self, patience: timedelta = ANSWER_WITHIN) -> int:
        """The server's time in ms when nobody here waits any more for a question asked now."""
        return await self.at(time.monotonic() + patience.total_seconds())

    def heard(self, now_ms: int, asked_at: float) -> None:
        """An answer that came just now says what time it was at the server. `asked_at`: by time.monotonic."""
        least, most = now_ms - time.monotonic() * 1000, now_ms + 1 - asked_at * 1000
        within = self._ahead is not None and least <= self._ahead <= most
        self._ahead = self._ahead if within else least
