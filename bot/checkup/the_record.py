"""What each command on a record begins with: the store, whose record it is, and the keys that verify it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from redis.asyncio import Redis

from bot.checkup.slack_check import team_of
from bot.ports import Unavailable
from bot.settings import Settings
from bot.store.audit_key import known_keys
from bot.store.connection import WHAT
from bot.store.keys import Keys
from bot.store.reach import connected, reached, teams_in
from bot.store.seal import Seals


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The store of one workspace. `seals` None: no key is known."""

    client: Redis = field(repr=False)
    keys: Keys
    seals: Seals | None = field(repr=False)


@asynccontextmanager
async def the_record(settings: Settings, team: str = "", *, ask_slack: bool = True) -> AsyncIterator[Record]:
    """`team`: Slack's id of the workspace; empty: Slack is asked, else the store. Raises Unavailable."""
    given = settings.redis_url.get_secret_value() if settings.redis_url else None
    async with reached(given, settings.data_dir) as url:
        team = team or (await team_of(settings) if ask_slack else "") or await _only_team(url)
        async with connected(url, tag=team) as client:
            yield Record(client=client, keys=Keys(team=team), seals=seals_of(settings, team))


def seals_of(settings: Settings, team: str, beside: Path | None = None) -> Seals | None:
    """`beside`: another data folder that may hold a key. Raises Unavailable where a key is there but unreadable."""
    known = known_keys(settings.audit_keys, None if settings.redis_url else settings.data_dir)
    known = known_keys(known, beside)
    return Seals(team, known) if known else None


async def _only_team(url: str) -> str:
    async with connected(url) as client:
        teams = await teams_in(client)
    if len(teams) == 1:
        return teams.pop()
    held = "no incidents" if not teams else f"incidents of {', '.join(sorted(teams))}"
    reason = f"Slack does not say which workspace this is, and the store holds {held}; add --team T0123"
    raise Unavailable(WHAT, reason, retryable=False)
