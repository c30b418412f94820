"""What every section of the bench is given, and how Muster and the floor take turns in it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from tests.benchmarks.stage import Program, Setting, Stage, staged

Found = TypeVar("Found")
Samples = dict[Program, list[Found]]

PAIR: Final = (Program.UNLIMITED, Program.FLOOR)
"""Neither knows Slack's rates: 20 channels a minute would hide what the machine can do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """`runs`: samples of each figure. `server_pid`: the Redis-compatible server behind `redis_url`."""

    runs: int
    redis_url: str
    server_pid: int

    @asynccontextmanager
    async def both(self, setting: Setting | None = None) -> AsyncIterator[dict[Program, Stage]]:
        """Muster and the floor, each in a workspace and a database of its own."""
        async with AsyncExitStack() as stack:
            yield {
                program: await stack.enter_async_context(staged(program, self.placed(setting or Setting(), number)))
                for number, program in enumerate(PAIR)
            }

    def placed(self, setting: Setting, database: int = 0) -> Setting:
        return replace(setting, redis_url=f"{self.redis_url}?db={database}")

    async def turns(self, stages: dict[Program, Stage], measure: Callable[[Stage], Awaitable[Found]]) -> Samples[Found]:
        """By turns, so that a busy moment of the machine strikes both."""
        samples: Samples[Found] = {program: [] for program in stages}
        for _ in range(self.runs):
            for program, stage in stages.items():
                samples[program].append(await measure(stage))
        return samples
