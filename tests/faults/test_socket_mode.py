"""Whatever befalls the socket: it is opened again, nothing comes twice, nothing that Slack delivers again is lost."""

import asyncio
import random
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bot.assemble import Bot, assembled
from bot.clock import Clock
from bot.incident.events import MessageFlagged
from bot.incident.terms import IncidentId
from bot.ports import Unavailable
from bot.settings import Settings
from bot.slack.limiter import A_MINUTE
from bot.workspace.client import WorkspaceClient
from bot.workspace.timepiece import Clock as WorkspaceClock
from tests.faults.conftest import StartFleet
from tests.faults.fleet import Fleet
from tests.muster_process import workspace_for_muster
from tests.scenarios.conftest import settings_for
from tests.scenarios.host import BRISK
from tests.scenarios.team import Team

PING = 0.1
REACTIONS = 30
RETRIES = (61, 301, 61)
"""Seconds after which Slack has delivered an event for the second, third and last time."""

Act = Callable[[WorkspaceClient], Awaitable[None]]


@asynccontextmanager
async def muster(redis_url: str, folder: Path, *, lost_after: timedelta = timedelta(minutes=15)) -> AsyncIterator[Team]:
    """In this process, so that its socket may be pinged ten times a second."""
    clock = Clock()
    async with workspace_for_muster(clock=WorkspaceClock(now=lambda: clock.now().timestamp())) as workspace:
        settings = Settings(**settings_for(workspace, "socket mode", redis_url, folder))
        pace = replace(BRISK, calls_a_minute=dict.fromkeys(A_MINUTE, 6000.0), ping=PING, lost_after=lost_after)
        async with assembled(settings, clock=clock, pace=pace) as bot:
            yield Team(workspace=workspace, bot=bot, clock=clock)


async def readiness(bot: Bot) -> int:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{bot.port}/readyz") as answer:
        return answer.status


async def until_ready(team: Team, status: int) -> None:
    async def ready() -> bool:
        return await readiness(team.bot) == status

    await team.workspace.client.wait_until(ready)


async def flagged(team: Team) -> list[MessageFlagged]:
    history = await team.bot.handler.history(IncidentId(1))
    return [event for event in history if isinstance(event, MessageFlagged)]


async def _refuse_for_a_moment(client: WorkspaceClient) -> None:
    await client.fault("apps.connections.open", "bad_gateway", count=2)
    await client.reset_sockets()


MISHAPS: tuple[Act, ...] = (
    WorkspaceClient.refresh_sockets,
    WorkspaceClient.reset_sockets,
    WorkspaceClient.silence_sockets,
    _refuse_for_a_moment,
)


async def _mishaps(client: WorkspaceClient, seed: int) -> None:
    chance = random.Random(seed)
    while True:
        await asyncio.sleep(chance.uniform(0.02, 0.15))
        await chance.choice(MISHAPS)(client)


async def test_whatever_befalls_the_socket_each_event_has_one_effect(
    empty_redis: str, tmp_path: Path, seed: int
) -> None:
    async with muster(empty_redis, tmp_path) as team:
        channel, ada = await team.declare(), team.person("ada")
        chaos = asyncio.create_task(_mishaps(team.workspace.client, seed))
        messages = [await ada.say(channel, f"Observation {n}") for n in range(REACTIONS)]
        for ts in messages:
            await ada.react(channel, ts, "pushpin")
            await asyncio.sleep(0.02)
        chaos.cancel()
        await until_ready(team, 200)
        for seconds in RETRIES:
            await team.workspace.client.advance(seconds)
            await asyncio.sleep(0.2)

        async def all_flagged() -> bool:
            return len(await flagged(team)) >= REACTIONS

        await team.workspace.client.wait_until(all_flagged)
        assert sorted(event.ts for event in await flagged(team)) == sorted(messages)


async def test_a_command_at_work_while_its_socket_breaks_is_answered_on_the_next(
    empty_redis: str, tmp_path: Path
) -> None:
    async with muster(empty_redis, tmp_path) as team:
        await team.workspace.client.fault("users.info", "hold", count=1, seconds=0.4)
        asked = asyncio.create_task(team.person("ada").slash("/incident", "declare Checkout", channel="general"))
        await team.workspace.client.wait_until(lambda: team.calls("users.info"))
        await team.workspace.client.reset_sockets()
        answer = await asked
        assert answer.ok, answer
        assert "INC-1 is declared" in answer.text
        assert len(await team.bot.store.log.listings(active=True)) == 1


async def test_readiness_is_red_while_no_socket_can_be_had_and_green_once_it_can(
    empty_redis: str, tmp_path: Path
) -> None:
    async with muster(empty_redis, tmp_path) as team:
        await until_ready(team, 200)
        await team.workspace.client.fault("apps.connections.open", "bad_gateway")
        await team.workspace.client.reset_sockets()
        await until_ready(team, 503)
        channel_made = team.person("ada").slash("/incident", "declare Checkout", channel="general")
        assert not (await channel_made).ok
        await team.workspace.client.clear_faults()
        await until_ready(team, 200)
        assert await team.bot.store.log.listings(active=True) == []
        await team.declare()


async def test_a_socket_that_cannot_heal_ends_the_process_while_slack_answers(empty_redis: str, tmp_path: Path) -> None:
    async with muster(empty_redis, tmp_path, lost_after=timedelta(seconds=0.5)) as team:
        await team.workspace.client.fault("apps.connections.open", "refuse", error="invalid_auth")
        await team.workspace.client.reset_sockets()
        async with asyncio.timeout(10):
            with pytest.raises(Unavailable, match=r"SLACK_APP_TOKEN opens no socket .* although Slack answers"):
                await team.bot.until_lost()


async def test_slack_away_altogether_does_not_end_the_process(empty_redis: str, tmp_path: Path) -> None:
    async with muster(empty_redis, tmp_path, lost_after=timedelta(seconds=0.2)) as team:
        await team.workspace.client.fault("*", "bad_gateway")
        await team.workspace.client.reset_sockets()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1.5):
                await team.bot.until_lost()
        await team.workspace.client.clear_faults()
        await until_ready(team, 200)


@pytest.mark.long
async def test_a_real_process_heals_from_each_of_them_without_a_storm_of_lines(start_fleet: StartFleet) -> None:
    """As it runs at an operator's: pings every 5 s, so that a silent peer is known after 7.5 s."""
    fleet = await start_fleet()
    client = fleet.workspace.client
    member = await fleet.start()
    for act in (client.refresh_sockets, client.reset_sockets, client.silence_sockets):
        before = list(fleet.workspace.site.socket_mode.connections)
        await act()
        await client.wait_until(partial(_replaced, fleet, before), timeout=15)
        await member.muster.answers("/readyz", 200)
    await client.fault("apps.connections.open", "bad_gateway")
    await client.reset_sockets()
    await member.muster.answers("/readyz", 503)
    spent = _cpu(member.muster.process.pid)
    await asyncio.sleep(4)
    spent = _cpu(member.muster.process.pid) - spent
    await client.clear_faults()
    await member.muster.answers("/readyz", 200)
    assert (await fleet.person("ada").slash("/incident", "declare Checkout", channel="general")).ok
    assert len(re.findall("socket_down", member.log)) == 1
    assert spent < 1.0, f"{spent} s of CPU in 4 s without Slack"


def _replaced(fleet: Fleet, before: list[web.WebSocketResponse]) -> bool:
    now = fleet.workspace.site.socket_mode.connections
    return bool(now) and not set(now) & set(before)


def _cpu(process: int) -> float:
    """Seconds of CPU that the process has spent."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / 100
