"""The workspace's clock, which a test or a demo may move on; it never reads any other clock of the
project.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

Result = TypeVar("Result")


class Clock:
    """Epoch seconds, moved on by `advance`. Whoever sleeps on it wakes when the moved time is reached."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._read = now
        self._ahead = 0.0
        self._moved = asyncio.Event()

    def now(self) -> float:
        return self._read() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds
        self._moved.set()
        self._moved = asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        until = self.now() + seconds
        while (left := until - self.now()) > 0:
            try:
                async with asyncio.timeout(left):
                    await self._moved.wait()
            except TimeoutError:
                continue

    async def within(self, seconds: float, work: Awaitable[Result]) -> Result:
        """What `work` returns. Raises TimeoutError, and cancels it, after that many seconds of this clock."""
        task = asyncio.ensure_future(work)
        alarm = asyncio.ensure_future(self.sleep(seconds))
        try:
            await asyncio.wait({task, alarm}, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            raise TimeoutError
        finally:
            task.cancel()
            alarm.cancel()
            await asyncio.gather(task, alarm, return_exceptions=True)
