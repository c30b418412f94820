"""Is a part ready? Asked of all parts at once, each bounded, so that one that hangs cannot hang the answer."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final, Protocol

from bot.ports import Unavailable

PROBE_PATIENCE: Final = timedelta(seconds=2)


class Probe(Protocol):
    """One part that must be ready before we are, such as the store or the socket."""

    @property
    def name(self) -> str: ...

    async def check(self) -> str | None:
        """None when ready, else the sentence that says why not. May raise Unavailable or OSError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What each part said: None, or why it is not ready."""

    parts: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def ready(self) -> bool:
        return not any(self.parts.values())


async def ask(probes: Sequence[Probe], patience: timedelta = PROBE_PATIENCE) -> Readiness:
    async with asyncio.TaskGroup() as group:
        asked = {probe.name: group.create_task(_ask(probe, patience)) for probe in probes}
    return Readiness(parts={name: task.result() for name, task in asked.items()})


async def _ask(probe: Probe, patience: timedelta) -> str | None:
    try:
        async with asyncio.timeout(patience.total_seconds()):
            return await probe.check()
    except TimeoutError:
        return f"No answer within {patience.total_seconds():g} s."
    except (Unavailable, OSError) as failure:
        return str(failure)
