"""People who write all the time while the store's servers change places, and what must be true of it afterwards."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.incident.events import NoteAdded
from bot.incident.terms import IncidentId, Version
from bot.ports import Appended, Unavailable
from bot.store.redis_log import RedisLog
from tests.store.appends import an_append, note

WRITERS = 5
PAUSE = 0.002
"""Seconds between two notes of one writer, so that the logs stay short enough to be read."""


@dataclass(slots=True)
class Writers:
    """Each writes notes into an incident of its own, one after the other. Every note has a text of its own.

    `acknowledged`: in their order, by incident. `refused`: what was certainly not saved, and why.
    """

    log: RedisLog
    acknowledged: dict[IncidentId, list[str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    unknown: set[str] = field(default_factory=set)

    @property
    def count(self) -> int:
        return sum(len(texts) for texts in self.acknowledged.values())

    async def until_written(self, more: int, patience: float = 30.0) -> None:
        """Until so many more were acknowledged than now."""
        wanted = self.count + more
        async with asyncio.timeout(patience):
            while self.count < wanted:  # noqa: ASYNC110 - whoever counts also works
                await asyncio.sleep(0.01)

    async def write(self, incident: IncidentId) -> None:
        """For ever."""
        version = Version(1)
        for n in itertools.count():
            text = f"{incident}/{n}"
            try:
                answer = await self.log.append(an_append(incident, version, [note(text)], request=f"note:{text}"))
            except Unavailable as failure:
                self._failed(text, failure)
                version = await self._version_of(incident)
            else:
                assert isinstance(answer, Appended), answer
                version = answer.version
                self.acknowledged[incident].append(text)
                await asyncio.sleep(PAUSE)

    def _failed(self, text: str, failure: Unavailable) -> None:
        if failure.unknown:
            self.unknown.add(text)
        else:
            assert failure.retryable, failure
            self.refused[text] = failure.reason

    async def _version_of(self, incident: IncidentId) -> Version:
        while True:
            await asyncio.sleep(0.02)
            try:
                return Version(len(await self.log.read(incident, Version(0))))
            except Unavailable:
                continue

    async def disagreements(self) -> list[str]:
        """What was acknowledged stands in its log in its order, and what was refused stands nowhere."""
        found = []
        for incident, acknowledged in self.acknowledged.items():
            events = await self.log.read(incident, Version(0))
            kept = [event.text for event in events if isinstance(event, NoteAdded)]
            lost, told = set(acknowledged) - set(kept), set(acknowledged)
            found += [f"acknowledged and lost: {text}" for text in sorted(lost)]
            found += [f"refused and kept: {text}" for text in kept if text in self.refused]
            if len(set(kept)) < len(kept) or [text for text in kept if text in told] != acknowledged:
                found.append(f"INC-{incident} is out of order, or doubled")
        return found


@asynccontextmanager
async def writing(log: RedisLog) -> AsyncIterator[Writers]:
    """They stop with the block."""
    writers = Writers(log)
    for number in range(1, WRITERS + 1):
        await log.append(an_append(number))
        writers.acknowledged[IncidentId(number)] = []
    tasks = [asyncio.create_task(writers.write(incident)) for incident in writers.acknowledged]
    try:
        yield writers
    finally:
        for task in tasks:
            task.cancel()
        for ended in await asyncio.gather(*tasks, return_exceptions=True):
            if isinstance(ended, Exception):
                raise ended
