"""A server that stood still: what waited in its sockets is not done any more once somebody was told that it failed."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.incident.terms import IncidentId, RequestId, Version
from bot.ports import AlreadyHandled, Appended, TooLate, Unavailable
from bot.store.connection import ask
from bot.store.embedded import EmbeddedServer
from bot.store.redis_log import RedisLog
from bot.store.redis_outbox import RedisOutbox
from bot.store.redis_store import RedisStore, open_store
from bot.store.redis_timers import RedisTimers
from bot.store.server_clock import ServerClock
from tests.store.appends import an_append, pin, topic

ONE = IncidentId(1)
STILL = 0.3
"""Seconds."""


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[EmbeddedServer]:
    async with EmbeddedServer(tmp_path) as server:
        yield server


@pytest.fixture
async def store(server: EmbeddedServer) -> AsyncIterator[RedisStore]:
    store = await open_store(server.url, "T1")
    await store.warm_up()
    yield store
    await store.close()


@contextmanager
def standing_still(server: EmbeddedServer) -> Iterator[None]:
    os.kill(server.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.pid, signal.SIGCONT)


async def cut_short(work: object) -> None:
    """Given up while the server stands still; what was sent stays in its socket."""
    task = asyncio.ensure_future(work)  # type: ignore[call-overload]
    await asyncio.wait([task], timeout=0.05)
    task.cancel()
    await asyncio.wait([task])


def soon(seconds: float = 0.1) -> float:
    return time.monotonic() + seconds


async def test_an_append_that_was_given_up_is_not_done_on_waking(server: EmbeddedServer, store: RedisStore) -> None:
    await store.log.append(an_append())
    with standing_still(server):
        await cut_short(store.log.append(an_append(1, 1, request="slash:1", valid_until=soon())))
        await asyncio.sleep(0.2)
    assert await store.log.read(ONE, Version(1)) == []
    assert await store.log.handled(RequestId("slash:1")) is None


async def test_an_append_that_nobody_gave_up_is_done_on_waking(server: EmbeddedServer, store: RedisStore) -> None:
    await store.log.append(an_append())
    with standing_still(server):
        await cut_short(store.log.append(an_append(1, 1, valid_until=soon(30))))
    await asyncio.sleep(0.05)
    assert len(await store.log.read(ONE, Version(1))) == 1


async def test_a_repetition_after_the_deadline_finds_out_and_changes_nothing(store: RedisStore) -> None:
    await store.log.append(an_append())
    done = an_append(1, 1, request="slash:1", valid_until=soon())
    missed = an_append(1, 2, request="slash:2", valid_until=soon(-1))
    assert await store.log.append(done) == Appended(version=Version(2))
    await asyncio.sleep(0.15)
    assert await store.log.append(done) == AlreadyHandled(incident=ONE, version=Version(2))
    assert await store.log.append(missed) == TooLate()
    assert len(await store.log.read(ONE, Version(0))) == 2


async def test_a_lease_that_nobody_heard_of_hides_no_lane(server: EmbeddedServer, store: RedisStore) -> None:
    await store.log.append(an_append(effects=[pin(1), topic()]))
    clock = _Impatient(store.client)
    await clock.at(0)
    impatient = RedisOutbox(store.client, store.keys, clock=clock)
    with standing_still(server):
        await cut_short(impatient.lease(10))
        await asyncio.sleep(0.2)
    assert [(each.attempt, each.uncertain) for each in await store.outbox.lease(10)] == [(1, False), (1, False)]


async def test_a_server_whose_clock_was_set_forward_is_believed_and_asked_again(store: RedisStore) -> None:
    clock = ServerClock(store.client)
    log = RedisLog(store.client, store.keys, clock=clock)
    clock.heard(await _now(store) - 3_600_000, time.monotonic())
    assert await log.append(an_append(valid_until=soon(2))) == Appended(version=Version(1))
    assert abs(await clock.at(time.monotonic()) - await _now(store)) < 1000


async def test_lanes_are_served_again_after_a_servers_clock_was_set_forward(store: RedisStore) -> None:
    clock = ServerClock(store.client)
    outbox = RedisOutbox(store.client, store.keys, clock=clock)
    await store.log.append(an_append(effects=[pin(1)]))
    clock.heard(await _now(store) - 3_600_000, time.monotonic())
    assert await outbox.lease(10) == ()
    assert len(await outbox.lease(10)) == 1


async def test_due_timers_are_claimed_again_after_a_servers_clock_was_set_forward(store: RedisStore) -> None:
    clock = ServerClock(store.client)
    timers = RedisTimers(store.client, store.keys, clock=clock)
    clock.heard(await _now(store) - 3_600_000, time.monotonic())
    assert await timers.claim_due(10) == ()
    assert await timers.claim_due(10) == []


def test_a_guess_is_never_late_and_narrows() -> None:
    clock = ServerClock(None)  # type: ignore[arg-type]  # it need not ask
    now = time.monotonic()
    clock.heard(1_000_000, now - 1.5)
    slow = clock._ahead or 0
    clock.heard(1_000_000 + 5, now - 0.001)
    assert slow <= (clock._ahead or 0) <= 1_000_006 - now * 1000 + 1


async def test_a_set_back_clock_is_believed_too(store: RedisStore) -> None:
    clock = ServerClock(store.client)
    clock.heard(await _now(store) + 3_600_000, time.monotonic())
    clock.heard(await _now(store), time.monotonic() - 0.01)
    assert abs(await clock.at(time.monotonic()) - await _now(store)) < 1000


async def test_a_server_that_never_wakes_is_given_up(server: EmbeddedServer, store: RedisStore) -> None:
    with standing_still(server), pytest.raises(Unavailable) as mute:
        await store.log.append(an_append(valid_until=soon(0.1)))
    assert mute.value.unknown


async def test_a_question_that_is_not_answered_has_changed_nothing(server: EmbeddedServer, store: RedisStore) -> None:
    with standing_still(server), pytest.raises(Unavailable) as mute:
        await store.log.next_number()
    assert not mute.value.unknown


class _Impatient(ServerClock):
    """Waits for 0.1 s only."""

    async def patience_ends(self, patience: timedelta = timedelta(seconds=0.1)) -> int:
        return await super().patience_ends(patience)


async def _now(store: RedisStore) -> int:
    seconds, microseconds = await ask(store.client, "TIME")
    return int(seconds) * 1000 + int(microseconds) // 1000
