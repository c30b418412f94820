"""An incident is resolved while its reminder fires: whichever comes first, nothing is asked after "resolved"."""

import asyncio
import random
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.test_socket_mode import muster
from tests.scenarios.team import Team

DUE = timedelta(minutes=30, seconds=1)
ASKS = ("the next update is due", "No update is due", "This reminder is over")


async def raced(team: Team, chance: random.Random) -> list[str]:
    """Every message of Muster's in the channel of one incident that was resolved while it was reminded."""
    channel = await team.declare()
    await team.settle()
    team.clock.move_on(DUE)

    async def tick() -> None:
        await asyncio.sleep(chance.uniform(0, 0.02))
        await team.bot.tick()

    async def resolve() -> None:
        await asyncio.sleep(chance.uniform(0, 0.02))
        await team.type("ada", "resolve", channel)

    await asyncio.gather(tick(), resolve())
    await team.settle()
    await team.bot.tick()
    await team.settle()
    return [seen.rendered for seen in await team.person("ada").messages(channel) if seen.user == "muster"]


@pytest.mark.parametrize("races", [5, pytest.param(40, marks=pytest.mark.long)])
async def test_whichever_comes_first_nothing_is_asked_after_resolved(
    empty_redis: str, tmp_path: Path, seed: int, races: int
) -> None:
    chance, asked_before = random.Random(seed), 0
    async with muster(empty_redis, tmp_path) as team:
        for _ in range(races):
            said = await raced(team, chance)
            notice = next(
                n for n, text in enumerate(said) if "is resolved" in text and not text.startswith("No update")
            )
            assert not [text for text in said[notice:] if text.startswith(ASKS) or ASKS[0] in text], said
            asked_before += any(any(part in text for part in ASKS) for text in said[:notice])
    print(f"{asked_before} of {races} were asked before they were resolved")  # noqa: T201
