"""A beat of the monotonic clock, and by how much each came late: the loop was held up for so long.

It is a timer of the loop and no task, so it costs next to nothing; it decides nothing.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Final

BEAT: Final = timedelta(seconds=0.5)


class Heartbeat:
    """From `start` to `stop`, `on_beat` is called every half second with how late the beat was."""

    def __init__(self, on_beat: Callable[[timedelta], None], *, every: timedelta = BEAT) -> None:
        self._on_beat = on_beat
        self._every = every.total_seconds()
        self._next: asyncio.TimerHandle | None = None

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        planned = loop.time() + self._every
        self._next = loop.call_at(planned, self._beat, planned)

    def stop(self) -> None:
        if self._next:
            self._next.cancel()

    def _beat(self, planned: float) -> None:
        late = asyncio.get_running_loop().time() - planned
        self.start()
        self._on_beat(timedelta(seconds=max(0.0, late)))
