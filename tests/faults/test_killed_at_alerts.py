"""`kill -9` at each moment of an alert's way, and again while the next process recovers: each alert is decided about,
one incident is opened, and nobody hears of anything twice.

The source does what Alertmanager does: it sends the same again until somebody has answered 200.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import aiohttp
import pytest

from bot.crash_point import CrashPoint
from bot.incident.alert import Reason
from bot.incident.maintenance import WindowNumber
from tests.faults.agreement import assert_agreement
from tests.faults.fleet import KILLED, Fleet, Member
from tests.scenarios.alarms import SECRET, SECRETS, notification, told

WITHIN = 40.0
PATIENCE = aiohttp.ClientTimeout(total=2)
QUIET = {"severity": "critical", "service": "search"}
GRAVE = notification(*(told(f"Alarm {number}", fingerprint=f"f{number}") for number in range(3)), group="one")
MINOR = notification(told("Disk fills", fingerprint="info", labels={"severity": "info"}), group="three")
OF_SEARCH = notification(told("Index is stale", fingerprint="quiet", labels=QUIET), group="two")


async def send(member: Member, payload: Mapping[str, Any]) -> bool:
    """Whether it was answered with 200."""
    headers = {"Authorization": f"Bearer {SECRET}"}
    url = f"http://127.0.0.1:{member.muster.port}/alerts/alertmanager"
    try:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as session,
            session.post(url, json=payload, headers=headers) as answer,
        ):
            return answer.status == 200
    except (aiohttp.ClientError, TimeoutError):
        return False


async def start(fleet: Fleet, crash_at: str = "", freeze_at: str = "") -> Member:
    return await fleet.start(settings={"ALERT_SECRETS": SECRETS}, crash_at=crash_at, freeze_at=freeze_at)


async def with_search_in_maintenance(fleet: Fleet) -> None:
    first = await start(fleet)
    answer = await fleet.person("ada").slash("/incident", "maintenance search 2h new index", channel="general")
    assert answer.ok, answer
    await fleet.until_quiet()
    await fleet.kill(first)


async def is_over(fleet: Fleet) -> bool:
    return not await fleet.store.alerts.count() and await fleet.is_quiet()


async def until_over_or_dead(fleet: Fleet, member: Member, owed: list[Mapping[str, Any]]) -> bool:
    """False: it died first. What is `owed` is sent until it is answered."""
    async with asyncio.timeout(WITHIN):
        while member.runs:
            while owed and await send(member, owed[0]):
                owed.pop(0)
            if not owed and await is_over(fleet):
                return True
            await asyncio.sleep(0.02)
    assert await member.muster.ended() == KILLED, member.log
    return False


@pytest.mark.long
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "point",
    [
        CrashPoint.AFTER_INTAKE,
        CrashPoint.AFTER_TRIAGE,
        CrashPoint.AFTER_QUIET,
        CrashPoint.AFTER_SETTLE,
        CrashPoint.BEFORE_APPEND,
        CrashPoint.AFTER_APPEND,
        CrashPoint.AFTER_CREATE,
    ],
)
async def test_alerts_survive_two_kills_at_each_moment(fleet: Fleet, point: CrashPoint) -> None:
    await with_search_in_maintenance(fleet)
    owed: list[Mapping[str, Any]] = [OF_SEARCH, MINOR, GRAVE]
    ends = []
    for armed in (point, point, ""):
        ends.append(await until_over_or_dead(fleet, await start(fleet, armed), owed))
        await fleet.kill_all()
        await fleet.lapse()
    assert not ends[0], f"{point} was never reached"
    assert ends[-1]
    times = await assert_each_was_decided_about(fleet)
    assert times == 1 or point is CrashPoint.AFTER_INTAKE, "counted again, although it was taken in once"


@pytest.mark.long
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "point", [CrashPoint.AFTER_TRIAGE, CrashPoint.AFTER_QUIET, CrashPoint.AFTER_SETTLE, CrashPoint.BEFORE_APPEND]
)
async def test_who_stood_still_while_others_decided_does_nothing_of_it_later(fleet: Fleet, point: CrashPoint) -> None:
    await with_search_in_maintenance(fleet)
    slow = await start(fleet, freeze_at=point)
    owed: list[Mapping[str, Any]] = [each for each in (OF_SEARCH, MINOR, GRAVE) if not await send(slow, each)]
    await fleet.workspace.client.wait_until(lambda: stands_still(fleet, slow), timeout=WITHIN)
    quick = await start(fleet)
    assert await until_over_or_dead(fleet, quick, owed)
    fleet.thaw(slow)
    await slow.muster.answers("/healthz", 200)
    await fleet.until_quiet()
    await assert_each_was_decided_about(fleet)


async def stands_still(fleet: Fleet, member: Member) -> bool:
    return fleet.is_frozen(member)


async def assert_each_was_decided_about(fleet: Fleet) -> int:
    """And nobody heard of anything twice; how often the quiet one was counted."""
    incident = await fleet.incident()
    assert len(await fleet.store.log.listings(active=False)) == 1
    assert sorted(each.attached.name for each in incident.alerts.members.values()) == ["Alarm 0", "Alarm 1", "Alarm 2"]
    decided = {(each.name, each.reason) for each in await fleet.store.alerts.decisions(100)}
    assert ("Disk fills", Reason.RECORDED) in decided
    assert ("Index is stale", Reason.SUPPRESSED_MAINTENANCE) in decided
    ((kept, times),) = (await fleet.store.maintenance.quiet(WindowNumber(1))).alerts
    assert kept.service == "search"
    await assert_agreement(fleet)
    return times
