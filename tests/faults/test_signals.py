"""However often processes die: each target hears of each event, in order, and what it hears twice has one id."""

from collections.abc import AsyncIterator

import pytest

from bot.crash_point import CrashPoint
from tests.faults.fleet import KILLED, Fleet, Member
from tests.signals.receiver import SECRET, Receiver


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    async with Receiver() as receiver:
        yield receiver


async def start(fleet: Fleet, receiver: Receiver, crash_at: str = "") -> Member:
    settings = {"SIGNAL_TARGETS": f"siem:{receiver.url}:{SECRET}:private-address"}
    return await fleet.start(settings=settings, crash_at=crash_at)


async def typed(fleet: Fleet, text: str, channel: str) -> None:
    assert (await fleet.person("ada").slash("/incident", text, channel=channel)).ok


async def told_while_one_dies(fleet: Fleet, receiver: Receiver, point: CrashPoint) -> None:
    """The war room stands; of a note only the signal and a card follow when the next process dies."""
    first = await start(fleet, receiver)
    await typed(fleet, "declare sev2 Checkout is down", "general")
    await fleet.until_quiet()
    await fleet.kill(first)
    channel = (await fleet.incident()).channel
    assert channel is not None
    member = await start(fleet, receiver, crash_at=point)
    await typed(fleet, "note Errors fall", channel)
    await fleet.workspace.client.wait_until(lambda: not member.runs, timeout=20)
    assert await member.muster.ended() == KILLED, member.log
    await fleet.lapse()
    await start(fleet, receiver)
    await typed(fleet, "note Errors are gone", channel)
    await fleet.until_quiet()


@pytest.mark.parametrize("point", [CrashPoint.AFTER_LEASE, CrashPoint.AFTER_WORK])
async def test_each_event_is_heard_in_order_through_a_kill(fleet: Fleet, receiver: Receiver, point: CrashPoint) -> None:
    await told_while_one_dies(fleet, receiver, point)
    versions = [each.data["version"] for each in receiver.got]
    assert versions == sorted(versions)
    assert receiver.types[-2:] == ["note_added", "note_added"]
    bodies = {(each.id, str(each.envelope), str(each.data)) for each in receiver.got}
    assert len(bodies) == len({each.id for each in receiver.got})
