"""Maintenance windows in the store: written once, in one step with what is to be told, and what they kept quiet."""

import asyncio
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.incident.maintenance import Planned, QuietAlert, Turn, Window, WindowChange, WindowNumber
from bot.incident.maintenance_effects import TellMaintenance
from bot.incident.terms import NO_INCIDENT
from bot.store.keys import Keys
from bot.store.redis_maintenance import MOST_ALERTS, RedisMaintenance
from bot.store.redis_outbox import RedisOutbox
from tests.incident.given import ADA, NOON, minutes

PLAN = Planned(key="slash:1", services=("checkout",), begins_at=NOON, ends_at=NOON + minutes(60), why="落ちた <b>")
TOLD = TellMaintenance(incident=NO_INCIDENT, window=1, began=True, place="#checkout")


@pytest.fixture
def book(client: Redis, keys: Keys) -> RedisMaintenance:
    return RedisMaintenance(client, keys)


def new(window: Window) -> WindowChange:
    return WindowChange(at=NOON, by=ADA.id, turn=Turn.BEGAN, window=window)


async def begun(book: RedisMaintenance) -> Window:
    window = Window(number=await book.next_number(), plan=PLAN, is_told=True)
    assert await book.write(new(window), [TOLD]) == window.number
    (kept,) = await book.windows()
    return kept


async def test_a_window_is_kept_with_its_log_and_what_is_to_be_told(
    book: RedisMaintenance, client: Redis, keys: Keys
) -> None:
    window = await begun(book)
    assert (window.plan, window.is_told, window.revision) == (PLAN, True, 1)
    (line,) = await book.log()
    assert (line.by, line.turn, line.window.plan.why) == (ADA.id, Turn.BEGAN, "落ちた <b>")
    (lease,) = await RedisOutbox(client, keys).lease(5)
    assert lease.effect == TOLD
    assert lease.version == 0


async def test_one_wish_makes_one_window(book: RedisMaintenance, client: Redis, keys: Keys) -> None:
    first = await begun(book)
    again = Window(number=await book.next_number(), plan=PLAN, is_told=True)
    assert await book.write(new(again), [TOLD]) == first.number
    assert len(await book.windows()) == 1
    assert len(await RedisOutbox(client, keys).lease(5)) == 1


async def test_of_two_who_change_one_window_one_does(book: RedisMaintenance) -> None:
    window = await begun(book)
    over = replace(window, ended_at=NOON + minutes(5), ended_by=ADA.id)
    change = WindowChange(at=NOON, by=ADA.id, turn=Turn.ENDED, window=over, before=window)
    done = await asyncio.gather(book.write(change, [TOLD]), book.write(change, [TOLD]))
    assert sorted(done, key=str) == [window.number, None]
    assert [each.turn for each in await book.log()] == [Turn.BEGAN, Turn.ENDED]


async def test_a_window_that_is_forgotten_leaves_its_log(book: RedisMaintenance) -> None:
    window = await begun(book)
    gone = WindowChange(at=NOON, by=ADA.id, turn=Turn.FORGOTTEN, window=window, before=window)
    assert await book.write(gone) == window.number
    assert await book.windows() == []
    assert [each.turn for each in await book.log()] == [Turn.BEGAN, Turn.FORGOTTEN]
    assert (await begun(book)).number == 2


async def test_what_was_kept_quiet_is_listed_once_with_its_count(book: RedisMaintenance) -> None:
    number = WindowNumber(7)
    lag = QuietAlert(key="lag", service="database", title="Replication lag")
    await book.keep_quiet(number, [lag])
    await book.keep_quiet(number, [lag, QuietAlert(key="disk", service="database", title="Disk full")])
    quiet = await book.quiet(number)
    assert {alert.title: times for alert, times in quiet.alerts} == {"Replication lag": 2, "Disk full": 1}
    assert quiet.count == 3


async def test_a_storm_in_a_window_is_counted_and_not_kept(book: RedisMaintenance) -> None:
    number = WindowNumber(7)
    storm = [QuietAlert(key=str(n), service="database", title=f"Alert {n}") for n in range(MOST_ALERTS + 50)]
    await book.keep_quiet(number, storm)
    quiet = await book.quiet(number)
    assert (len(quiet.alerts), quiet.more, quiet.count) == (MOST_ALERTS, 50, MOST_ALERTS + 50)


async def test_what_is_told_again_counts_once(book: RedisMaintenance) -> None:
    number = WindowNumber(7)
    lag = QuietAlert(key="lag", service="database", title="Replication lag", entry="1700000000000-9")
    batch = [lag, replace(lag, entry="1700000000000-10")]
    for _ in range(3):
        await book.keep_quiet(number, batch)
    assert (await book.quiet(number)).count == 2
    await book.keep_quiet(number, [replace(lag, entry="1700000000001-0")])
    assert (await book.quiet(number)).count == 3
