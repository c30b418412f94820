"""The store stops, stands still or loses what it was about to say: people hear the truth in time, and nothing happens
later by surprise."""

import asyncio
import os
import signal
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.incident.events import NoteAdded
from bot.incident.terms import IncidentId, Version
from bot.store.connection import ask
from bot.store.embedded import EmbeddedServer
from bot.store.scripts import APPEND
from tests.faults.agreement import assert_agreement
from tests.faults.fleet import Fleet, Member
from tests.faults.notes import Notes, war_room
from tests.faults.proxy import Fault, Proxy
from tests.muster_process import MusterProcess

TOLD_WITHIN = 3.0
"""Seconds: Slack's own patience, and the promise."""
PAUSE = 10.0
LAG = 0.1


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedServer]:
    """Of the test's own, which it may stop."""
    async with EmbeddedServer(tmp_path / "store") as server:
        yield server


@pytest.fixture
async def own_fleet(server: EmbeddedServer, tmp_path: Path) -> AsyncIterator[Fleet]:
    async with Fleet(tmp_path, server.url) as fleet:
        yield fleet


async def timed(notes: Notes) -> str:
    """What she is told, which is in time."""
    began = time.monotonic()
    told = await notes.take()
    assert time.monotonic() - began < TOLD_WITHIN, told
    return told


@asynccontextmanager
async def measured_lag(muster: MusterProcess) -> AsyncIterator[list[float]]:
    """How long /healthz takes to be answered: it asks nobody, so this is how long the loop was busy otherwise. Asked
    every 50 ms, whether or not the last has answered, so that a second of silence counts twenty times."""
    lags: list[float] = []

    async def ask_health() -> None:
        began = time.monotonic()
        assert (await muster.get("/healthz"))[0] == 200
        lags.append(time.monotonic() - began)

    async def measure() -> None:
        async with asyncio.TaskGroup() as group:
            while True:
                group.create_task(ask_health())
                await asyncio.sleep(0.05)

    measuring = asyncio.create_task(measure())
    yield lags
    measuring.cancel()
    await asyncio.wait([measuring])


def assert_responsive(lags: list[float]) -> None:
    """Nineteen of twenty: the machine may be busy now and then, but a loop that waits for the store is so often."""
    assert statistics.quantiles(lags, n=20)[-1] < LAG, sorted(lags)[-10:]


def stop(server: EmbeddedServer) -> None:
    os.kill(server.pid, signal.SIGSTOP)


def go_on(server: EmbeddedServer) -> None:
    os.kill(server.pid, signal.SIGCONT)


async def noted(fleet: Fleet) -> list[str]:
    events = await fleet.store.log.read(IncidentId(1), Version(0))
    return [event.text for event in events if isinstance(event, NoteAdded)]


async def started(fleet: Fleet, redis: Proxy | None = None) -> tuple[Member, Notes]:
    """One process and a war room that is complete."""
    member = await fleet.start(redis=redis)
    ada = fleet.person("ada")
    notes = Notes(by=ada, channel=await war_room(ada))
    await fleet.until_quiet()
    return member, notes


@pytest.mark.long
async def test_what_was_told_not_saved_while_the_store_stood_still_is_not_done_when_it_wakes(
    own_fleet: Fleet, server: EmbeddedServer
) -> None:
    member, notes = await started(own_fleet)
    assert "Not saved" not in await timed(notes)
    stop(server)
    ends = time.monotonic() + PAUSE
    async with measured_lag(member.muster) as lags:
        # The number is known, so this is written at once, into the socket of a server that stands still.
        told = await own_fleet.person("ada").slash("/incident", "declare sev1 Payroll leaked", channel="general")
        assert "Not saved" in told.text
        while time.monotonic() < ends:
            assert "Not saved" in await timed(notes)
        assert (await member.muster.get("/readyz"))[0] == 503
        go_on(server)
    assert_responsive(lags)
    await member.muster.answers("/readyz", 200)
    assert "Not saved" not in await timed(notes)
    await own_fleet.until_quiet()
    assert await noted(own_fleet) == notes.saved
    assert [listing.incident for listing in await own_fleet.store.log.listings(active=False)] == [1]
    await assert_agreement(own_fleet)


@pytest.mark.long
async def test_a_war_room_that_was_half_made_when_the_store_stood_still_is_completed_once(
    own_fleet: Fleet, server: EmbeddedServer
) -> None:
    member = await own_fleet.start()
    answer = await own_fleet.person("ada").slash("/incident", "declare sev1 Checkout is down", channel="general")
    assert "INC-1" in answer.text
    await own_fleet.person("ada").wait_until(lambda: own_fleet.workspace.client.calls("chat.postMessage"))
    stop(server)
    again = await own_fleet.person("ada").slash("/incident", "declare sev1 Payroll leaked", channel="general")
    assert "Not saved" in again.text
    await asyncio.sleep(PAUSE - 3)
    go_on(server)
    await member.muster.answers("/readyz", 200)
    await own_fleet.until_quiet()
    assert len(await own_fleet.store.log.listings(active=False)) == 1
    await assert_agreement(own_fleet)


@pytest.mark.long
async def test_a_store_that_is_gone_is_told_at_once_and_missed_no_longer_than_it_is_gone(
    own_fleet: Fleet, server: EmbeddedServer, tmp_path: Path
) -> None:
    member, notes = await started(own_fleet)
    await server.__aexit__(None, None, None)
    async with measured_lag(member.muster) as lags:
        for _ in range(20):
            assert "Not saved: the store cannot be reached" in await timed(notes)
            await asyncio.sleep(0.1)
        assert (await member.muster.get("/readyz"))[0] == 503
    assert_responsive(lags)
    async with EmbeddedServer(tmp_path / "store"):
        await member.muster.answers("/readyz", 200)
        assert "Not saved" not in await timed(notes)
        await own_fleet.until_quiet()
        assert await noted(own_fleet) == notes.saved
        await assert_agreement(own_fleet)
        await own_fleet.stop(member)


@pytest.mark.long
@pytest.mark.parametrize("fault", [Fault.LOSE_REPLY, Fault.LOSE_REPLY_SILENTLY, Fault.RESET])
async def test_an_append_whose_reply_is_lost_is_applied_once_and_told_as_done(fleet: Fleet, fault: Fault) -> None:
    async with Proxy(fleet.redis_url) as proxy:
        member, notes = await started(fleet, proxy)
        proxy.next(fault, within=APPEND.sha.encode())
        assert "Not saved" not in await timed(notes)
        assert proxy.struck[fault] == 1
        await fleet.until_quiet()
        assert await noted(fleet) == ["Note 1."]
        await assert_agreement(fleet)
        await fleet.stop(member)


@pytest.mark.long
async def test_a_store_that_forgot_the_scripts_is_taught_them(fleet: Fleet) -> None:
    _, notes = await started(fleet)
    for _ in range(3):
        await ask(fleet.store.client, "SCRIPT", "FLUSH")
        assert "Not saved" not in await timed(notes)
    await fleet.until_quiet()
    assert await noted(fleet) == notes.saved
    await assert_agreement(fleet)
