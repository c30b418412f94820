"""What tests of delivery share: Muster in this process, at a brisk pace and in movable time; what Slack was asked."""

from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.clock import Clock
from bot.settings import Settings
from bot.store.connection import ask
from bot.store.redis_outbox import DeadLetter
from bot.workspace.cast import Account
from bot.workspace.channel_acts import remove_member
from bot.workspace.seen import SeenMessage
from bot.workspace.server import Workspace
from bot.workspace.timepiece import Clock as WorkspaceClock
from tests.muster_process import workspace_for_muster
from tests.scenarios.conftest import settings_for
from tests.scenarios.host import Host
from tests.scenarios.team import Team

DECLARE = "declare sev1 Checkout is down"

_HURRY = """
for _, lane in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if redis.call('HEXISTS', ARGV[1] .. 'lease:' .. lane, 'token') == 0 then redis.call('ZADD', KEYS[1], 0, lane) end
end
"""
"""In one step: a lane that is leased meanwhile must keep its lease."""


@asynccontextmanager
async def brisk_host(
    redis_url: str, folder: Path, more: Mapping[str, Any] | None = None, **workspace: Any
) -> AsyncIterator[Host]:
    """An empty workspace in which Muster can be started, once or several times. `more`: settings besides the usual."""
    clock = Clock()
    async with workspace_for_muster(clock=WorkspaceClock(now=lambda: clock.now().timestamp()), **workspace) as local:
        settings = Settings(**{**settings_for(local, "socket mode", redis_url, folder), **(more or {})})
        yield Host(workspace=local, settings=settings, clock=clock)


async def hurry(team: Team) -> None:
    """Lets no lane wait for its next attempt: as if the pauses had passed."""
    store = team.bot.store
    await ask(store.client, "EVAL", _HURRY, 1, store.keys.ready, store.keys.prefix)
    team.bot.runner.wake()


async def settle_in_haste(team: Team) -> None:
    """Until every effect is done or given up, without sitting through pauses."""

    async def is_over() -> bool:
        await hurry(team)
        return await team.bot.is_idle()

    await team.person("ada").wait_until(is_over, timeout=20)


async def letters(team: Team) -> list[DeadLetter]:
    return list(await team.bot.store.outbox.dead_letters())


def our_account(workspace: Workspace) -> Account:
    return workspace.site.team.account(workspace.bot_user_id)


def remove_muster(workspace: Workspace, channel: str) -> None:
    """Somebody takes the app out of the channel."""
    place = workspace.site.team.channels[workspace.channel_id(channel)]
    remove_member(workspace.site.team, place, our_account(workspace))


class Asked:
    """What Slack is asked from now on, by method; looking at what it was asked is no question."""

    def __init__(self, team: Team) -> None:
        self._calls = team.workspace.site.journal.calls
        self._before = len(self._calls)

    @property
    def calls(self) -> list[dict[str, Any]]:
        return list(self._calls)[self._before :]

    @property
    def methods(self) -> Counter[str]:
        return Counter(call["method"] for call in self.calls)


async def seen_in(team: Team, channel: str, part: str, *, by: str = "ada") -> list[SeenMessage]:
    """Every message in the channel and below its announcement cards that holds this part."""
    who = team.person(by)
    top = await who.messages(channel)
    threads = [reply for each in top if each.reply_count for reply in (await who.thread(channel, each.ts))[1:]]
    return [seen for seen in [*top, *threads] if part in seen.rendered]


async def move_in_steps(team: Team, span: timedelta, step: timedelta) -> None:
    """Time passes, and timers fall due as it does; nobody waits for Slack."""
    passed = timedelta()
    while passed < span:
        team.clock.move_on(step)
        passed += step
        await team.bot.tick()
