"""Clocks that jump by an hour, the process's own and the store's: nothing stops, and nothing comes in a burst."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from bot.clock import Clock
from bot.command_handler import CommandHandler
from bot.incident.commands import DeclareIncident, PostUpdate, RecordJoined
from bot.incident.events import UpdateReminded
from bot.incident.terms import MUSTER_ITSELF, IncidentId, Person, RequestId, Severity, UserId, Version
from bot.schedule.ticker import Ticker
from bot.store.keys import Keys
from bot.store.redis_log import RedisLog
from bot.store.redis_timers import RedisTimers
from tests.faults.conftest import StartFleet
from tests.faults.fleet import Fleet
from tests.faults.seeding import CADENCE, PlainRules, channels_for, seed_incidents
from tests.faults.test_due_work import FOR_A_BUSY_MACHINE, P99_WITHIN, asked_in, now, reminded, until_reminded
from tests.muster_process import ROOT
from tests.store.shifted_server import ShiftedServer

HOUR: Final = timedelta(hours=1)
SHIM: Final = Path(__file__).parent / "wall_clock"
ADA: Final = Person(id=UserId("UADA"), name="ada")
COUNT: Final = 20


@pytest.mark.long
@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_wall_clock_that_jumps_stops_nothing_and_reminds_nobody_early(
    empty_redis: str, tmp_path: Path, hours: int
) -> None:
    wall_clock = tmp_path / "wall_clock"
    _set(wall_clock, hours=0)
    async with Fleet(tmp_path, empty_redis, channels=channels_for(3)) as fleet:
        await _jump(fleet, wall_clock, hours)


def _set(wall_clock: Path, *, hours: int) -> None:
    wall_clock.write_text(str(hours * 3600))


async def _jump(fleet: Fleet, wall_clock: Path, hours: int) -> None:
    due = now() + timedelta(seconds=12)
    # The first falls due after the jump; the second would, and the third has, if the wall clock were believed.
    await seed_incidents(fleet, [due, due + HOUR / 2, due + HOUR - timedelta(seconds=10)])
    shim = {"PYTHONPATH": f"{SHIM}:{ROOT}", "TEST_WALL_CLOCK": str(wall_clock)}
    member = await fleet.start(settings=shim)
    _set(wall_clock, hours=hours)
    assert now() < due, "the machine is too slow for this test to say anything"

    async def is_reminded() -> bool:
        return bool(await asked_in(fleet, 1))

    await fleet.workspace.client.wait_until(is_reminded, timeout=30)
    late = (now() - due).total_seconds()
    assert late <= P99_WITHIN + 1.0 + FOR_A_BUSY_MACHINE, "a second of them is for the jump to be noticed"
    assert (await fleet.person("ada").slash("/incident", "update Half of it is back.", channel="inc-1-seeded")).ok
    promised = (await fleet.incident()).clock.due_at
    assert promised is not None
    assert abs(promised - now() - CADENCE) < timedelta(seconds=5)
    assert [len(await reminded(fleet, number)) for number in (1, 2, 3)] == [1, 0, 0]
    await member.muster.answers("/readyz", 200)


@pytest.mark.parametrize("hours", [-1, 1])
async def test_a_process_whose_machine_is_an_hour_off_reminds_by_the_stores_clock(
    start_fleet: StartFleet, hours: int
) -> None:
    fleet = await start_fleet(channels=channels_for(1))
    due = now() + timedelta(seconds=1)
    await seed_incidents(fleet, [due])
    await fleet.start(error=HOUR * hours)
    await until_reminded(fleet, (1,), within=15)
    await fleet.until_quiet()
    [event] = await reminded(fleet, 1)
    assert timedelta() <= event.at - due < timedelta(minutes=1)
    assert await asked_in(fleet, 1) == 1


class Store:
    """Log, timers and the door to them, on a server whose clock can be set, and a ticker that is ticked by hand."""

    def __init__(self, server: ShiftedServer) -> None:
        keys = Keys(team="T1")
        self.server, self.clock = server, Clock()
        self.log = RedisLog(server, keys)
        timers = RedisTimers(server, keys, told=self.clock.follow)
        self.handler = CommandHandler(self.log, timers, PlainRules(), self.clock, on_append=lambda: None)
        self._ticker = Ticker(timers, self.handler.fire)

    async def declare(self, number: int) -> None:
        declare = DeclareIncident(by=ADA, title=f"Checkout {number}", severity=Severity.SEV1)
        await self.handler.declare(declare, request=RequestId(f"declare {number}"))
        joined = RecordJoined(by=MUSTER_ITSELF, users=(ADA.id,))
        await self.handler.handle(IncidentId(number), joined, request=RequestId(f"join {number}"))

    async def update(self, number: int) -> None:
        update = PostUpdate(by=ADA, known="It is back.")
        await self.handler.handle(IncidentId(number), update, request=RequestId(f"update {number}"))

    async def set_clock(self, shift: timedelta) -> None:
        """And a few ticks pass, of which the first may only learn of it."""
        self.server.shift = shift
        for _ in range(4):
            await self._ticker.tick()

    async def reminders(self) -> list[int]:
        logs = [await self.log.read(IncidentId(number), Version(0)) for number in range(1, COUNT + 1)]
        return [sum(isinstance(event, UpdateReminded) for event in events) for events in logs]


@pytest.fixture
async def store(empty_redis: str) -> AsyncIterator[Store]:
    server = ShiftedServer.at(empty_redis, "T1")
    yield Store(server)
    await server.aclose()
    await server.connection_pool.disconnect()


async def test_a_store_whose_clock_is_set_forward_reminds_once_each(store: Store) -> None:
    for number in range(1, COUNT + 1):
        await store.declare(number)
    await store.set_clock(HOUR)
    assert await store.reminders() == [1] * COUNT
    await store.set_clock(HOUR + timedelta(minutes=1))
    assert await store.reminders() == [1] * COUNT


async def test_a_store_whose_clock_is_set_back_reminds_when_it_said_it_would(store: Store) -> None:
    for number in range(1, COUNT + 1):
        await store.declare(number)
    await store.set_clock(-HOUR)
    assert await store.reminders() == [0] * COUNT
    await store.update(1)
    await store.set_clock(-HOUR + CADENCE + timedelta(seconds=1))
    assert await store.reminders() == [1] + [0] * (COUNT - 1)


async def test_a_store_whose_clock_was_wrong_for_a_while_goes_on_when_it_is_right_again(store: Store) -> None:
    for number in range(1, COUNT + 1):
        await store.declare(number)
    await store.set_clock(HOUR)
    await store.set_clock(timedelta())
    assert await store.reminders() == [1] * COUNT
    for number in range(1, COUNT + 1):
        await store.update(number)
    await store.set_clock(CADENCE + timedelta(seconds=1))
    assert await store.reminders() == [2] * COUNT
