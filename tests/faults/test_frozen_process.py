"""A process that is frozen past its lease and then goes on: its acknowledgement is refused, and what it did a second
time is taken back."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from bot.crash_point import CrashPoint
from tests.faults.agreement import assert_agreement
from tests.faults.conftest import StartFleet
from tests.faults.fleet import Fleet, Member

LEASE_AND_SOME = 25.0
"""Seconds. A lease is 20 s long."""

Frozen = Callable[[Fleet, Member], Awaitable[None]]


async def _is_frozen(member: Member) -> None:
    """Until it stands still: state T of /proc."""
    async with asyncio.timeout(20):
        while _state(member.muster.process.pid) != "T":  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.02)


def _state(pid: int) -> str:
    return (Path("/proc") / str(pid) / "stat").read_text().rpartition(") ")[2][:1]


async def _past_its_lease(fleet: Fleet, frozen: Member) -> None:
    await fleet.lapse()


async def _for_25_seconds(fleet: Fleet, frozen: Member) -> None:
    await asyncio.sleep(LEASE_AND_SOME)


TAKEN_BACK = {
    CrashPoint.BEFORE_POST: "second_post_withdrawn",
    CrashPoint.BEFORE_CREATE: "second_channel_archived",
    CrashPoint.BEFORE_BOOKMARK: "second_bookmark_removed",
}
"""What was not done before the freeze is done after it, a second time; what was done before is found by the other."""

FROZEN_AT = [
    *((point, _past_its_lease) for point in (CrashPoint.BEFORE_POST, CrashPoint.AFTER_POST)),
    *((point, _past_its_lease) for point in (CrashPoint.BEFORE_CREATE, CrashPoint.AFTER_CREATE)),
    (CrashPoint.BEFORE_BOOKMARK, _past_its_lease),
    pytest.param(CrashPoint.BEFORE_POST, _for_25_seconds, marks=pytest.mark.long),
]
"""All but the last are still at work as they wake; the last finds its time for it over."""


async def _declared_by_one_that_freezes(fleet: Fleet, point: CrashPoint, frozen_for: Frozen) -> Member:
    """Another process does what the frozen one held; then the frozen one goes on."""
    sleeper = await fleet.start(freeze_at=point)
    answer = await fleet.person("ada").slash("/incident", "declare sev1 Checkout is down", channel="general")
    assert answer.ok, answer
    await _is_frozen(sleeper)
    await fleet.start()
    await frozen_for(fleet, sleeper)
    await fleet.until_quiet()
    fleet.thaw(sleeper)
    return sleeper


@pytest.mark.parametrize(("point", "frozen_for"), FROZEN_AT)
async def test_what_a_process_does_after_its_lease_is_taken_back(
    start_fleet: StartFleet, point: CrashPoint, frozen_for: Frozen
) -> None:
    fleet = await start_fleet()
    sleeper = await _declared_by_one_that_freezes(fleet, point, frozen_for)
    await sleeper.muster.until("effect_")
    await asyncio.sleep(0.5)
    await fleet.until_quiet()
    await assert_agreement(fleet)
    if frozen_for is _past_its_lease and point in TAKEN_BACK:
        assert TAKEN_BACK[point] in sleeper.log
    open_channels = [
        each.name
        for each in fleet.workspace.site.team.channels.values()
        if each.name.startswith("inc-1") and not each.is_archived
    ]
    assert open_channels == [(await fleet.incident()).channel_name]
