"""What is due starts in time, once, and by somebody, whoever dies or stands still meanwhile."""

import asyncio
import math
import random
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from bot.crash_point import CrashPoint
from bot.incident.events import CardPosted, UpdateReminded
from bot.incident.terms import IncidentId, Version
from tests.faults.conftest import StartFleet
from tests.faults.fleet import Fleet
from tests.faults.seeding import channel_name, channels_for, seed_incidents

P99_WITHIN = 2.0
FOR_A_BUSY_MACHINE = 1.0
"""Seconds more than promised, where other tests share the cores; what was measured is printed."""
LEASE = 20.0
OPEN_INCIDENTS = 1000
DUE_SOON = 100
FAR = timedelta(days=1)
ASKS = "the next update is due"
RESOLVED = "resolved"


def now() -> datetime:
    return datetime.now(tz=UTC)


async def reminded(fleet: Fleet, number: int) -> list[UpdateReminded]:
    events = await fleet.store.log.read(IncidentId(number), Version(0))
    return [event for event in events if isinstance(event, UpdateReminded)]


async def said(fleet: Fleet, channel: str) -> list[str]:
    """Every post of Muster's in the channel, oldest first, as Ada reads it; the draft of the postmortem is a file."""
    seen = await fleet.person("ada").messages(channel)
    return [
        message.rendered for message in seen if message.user == "muster" and not message.subtype and not message.files
    ]


async def asked_in(fleet: Fleet, number: int) -> int:
    return sum(ASKS in each for each in await said(fleet, channel_name(number)))


async def until_reminded(fleet: Fleet, numbers: Iterable[int], within: float) -> None:
    missing = set(numbers)

    async def all_of_them() -> bool:
        missing.difference_update([number for number in missing if await asked_in(fleet, number)])
        return not missing

    await fleet.workspace.client.wait_until(all_of_them, timeout=within)


def percentile(values: Sequence[float], share: float) -> float:
    return sorted(values)[math.ceil(share * len(values)) - 1]


async def posted_at(fleet: Fleet) -> dict[str, float]:
    """When each channel was first posted to."""
    calls = await fleet.workspace.client.calls("chat.postMessage")
    return {call["args"]["channel"]: call["time"] for call in reversed(calls)}


@pytest.mark.long
async def test_due_work_starts_within_2_s_with_1000_open_incidents(start_fleet: StartFleet, seed: int) -> None:
    first = OPEN_INCIDENTS - DUE_SOON + 1
    numbers = range(first, OPEN_INCIDENTS + 1)
    fleet = await start_fleet(channels=channels_for(DUE_SOON, first=first))
    chance = random.Random(seed)
    await seed_incidents(fleet, [now() + FAR] * (first - 1))
    begin = now() + timedelta(seconds=10)  # by then the rest are seeded and the process is up
    due = {number: begin + timedelta(seconds=chance.uniform(0, 10)) for number in numbers}
    await seed_incidents(fleet, list(due.values()), first=first)
    await fleet.start()
    assert now() < begin, "the machine is too slow for this test to say anything"
    await until_reminded(fleet, numbers, within=40)
    posts = await posted_at(fleet)
    decided = [((await reminded(fleet, n))[0].at - due[n]).total_seconds() for n in numbers]
    posted = [posts[fleet.workspace.channel_id(channel_name(n))] - due[n].timestamp() for n in numbers]
    for what, late in (("decided", decided), ("posted", posted)):
        shares = ", ".join(f"p{round(share * 100)} {percentile(late, share):.2f} s" for share in (0.5, 0.99))
        print(f"{what} after it was due, {OPEN_INCIDENTS} open incidents: {shares}")  # noqa: T201
    assert percentile(posted, 0.99) <= P99_WITHIN + FOR_A_BUSY_MACHINE
    assert min(decided) >= 0


@pytest.mark.long
async def test_due_work_of_the_dead_starts_within_their_lease_and_2_s(start_fleet: StartFleet) -> None:
    """One dies with a timer claimed and one with an effect leased; each is the only process at that time."""
    fleet = await start_fleet(channels=channels_for(2))
    await seed_incidents(fleet, [now() + timedelta(seconds=3), now() + timedelta(seconds=7)])
    died = []
    for moment in (CrashPoint.AFTER_CLAIM, CrashPoint.AFTER_LEASE):
        holder = await fleet.start(crash_at=moment)
        await holder.muster.ended()
        died.append(now())
    await fleet.start()
    await until_reminded(fleet, (1, 2), within=40)
    posts = await posted_at(fleet)
    for n in (1, 2):
        late = posts[fleet.workspace.channel_id(channel_name(n))] - died[n - 1].timestamp()
        print(f"INC-{n}: posted {late:.2f} s after the death of who held it")  # noqa: T201
        assert LEASE - 2 < late <= LEASE + P99_WITHIN


@pytest.mark.long
async def test_200_reminders_due_at_one_instant_come_once_each_from_three_processes(start_fleet: StartFleet) -> None:
    fleet = await start_fleet(channels=channels_for(200))
    due = now() + timedelta(seconds=12)
    await seed_incidents(fleet, [due] * 200)
    await fleet.start_many(3)
    assert now() < due, "the machine is too slow for this test to say anything"
    await asyncio.sleep((due - now()).total_seconds())
    await until_reminded(fleet, range(1, 201), within=40)
    print(f"200 reminders from three processes in {(now() - due).total_seconds():.1f} s")  # noqa: T201
    await fleet.until_quiet()
    assert [len(await reminded(fleet, number)) for number in range(1, 201)] == [1] * 200
    assert [await asked_in(fleet, number) for number in range(1, 201)] == [1] * 200
    fired = [member.log.count("timer_failed") for member in fleet.members]
    assert fired == [0, 0, 0]


async def test_a_process_frozen_with_a_timer_claimed_reminds_nobody_twice(start_fleet: StartFleet) -> None:
    fleet = await start_fleet(channels=channels_for(1))
    await seed_incidents(fleet, [now() + timedelta(seconds=1)])
    frozen = await fleet.start(freeze_at=CrashPoint.AFTER_CLAIM)
    await fleet.workspace.client.wait_until(lambda: fleet.is_frozen(frozen), timeout=15)
    await fleet.lapse()
    await fleet.start()
    await until_reminded(fleet, (1,), within=15)
    await fleet.until_quiet()
    fleet.thaw(frozen)
    await until_answers(fleet)
    assert len(await reminded(fleet, 1)) == 1
    assert await asked_in(fleet, 1) == 1


async def test_a_stale_acknowledgement_of_a_thawed_process_is_refused(start_fleet: StartFleet) -> None:
    """It had posted and was about to say so; meanwhile another found the post and said so."""
    fleet = await start_fleet(channels=channels_for(1))
    await seed_incidents(fleet, [now() + timedelta(seconds=1)])
    frozen = await fleet.start(freeze_at=CrashPoint.AFTER_WORK)
    await fleet.workspace.client.wait_until(lambda: fleet.is_frozen(frozen), timeout=15)
    await fleet.lapse()
    await fleet.start()
    await fleet.until_quiet()
    before = await fleet.incident()
    fleet.thaw(frozen)
    await until_answers(fleet)
    events = await fleet.store.log.read(IncidentId(1), Version(0))
    assert sum(isinstance(event, CardPosted) for event in events) == 1
    assert (await fleet.incident()).version == before.version
    assert await asked_in(fleet, 1) == 1


async def until_answers(fleet: Fleet) -> None:
    """Whoever was thawed has done what it was about to do: its loop turns, its timers have fired."""
    for member in fleet.running:
        await member.muster.answers("/healthz", 200)
    await asyncio.sleep(0.2)
    await fleet.until_quiet()


async def test_nothing_is_asked_after_resolved_by_one_who_had_claimed_the_timer(start_fleet: StartFleet) -> None:
    fleet = await start_fleet(transport="http", channels=channels_for(1))
    await seed_incidents(fleet, [now() + timedelta(seconds=1)])
    frozen = await fleet.start(freeze_at=CrashPoint.AFTER_CLAIM)
    await fleet.workspace.client.wait_until(lambda: fleet.is_frozen(frozen), timeout=15)
    await fleet.start()
    assert (await fleet.person("ada").slash("/incident", "resolve", channel=channel_name(1))).ok
    fleet.thaw(frozen)
    await until_answers(fleet)
    await fleet.lapse()
    await fleet.until_quiet()
    assert await reminded(fleet, 1) == []
    [notice] = await said(fleet, channel_name(1))
    assert RESOLVED in notice.casefold()


async def test_a_reminder_that_waits_in_its_lane_is_not_posted_after_resolved(start_fleet: StartFleet) -> None:
    fleet = await start_fleet(channels=channels_for(1))
    await fleet.workspace.client.fault("chat.postMessage", "ratelimited", count=1, seconds=2)
    await seed_incidents(fleet, [now()])
    await fleet.start()
    await fleet.workspace.client.wait_until(lambda: is_reminded(fleet), timeout=15)
    assert (await fleet.person("ada").slash("/incident", "resolve", channel=channel_name(1))).ok
    await fleet.until_quiet()
    [notice] = await said(fleet, channel_name(1))
    assert RESOLVED in notice.casefold()


async def is_reminded(fleet: Fleet) -> bool:
    return bool(await reminded(fleet, 1))
