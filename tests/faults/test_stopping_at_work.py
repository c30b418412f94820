"""SIGTERM in the thick of it: what is in flight is acknowledged, what is left is finished by the next, and soon."""

import asyncio
import time

import pytest

from bot.workspace.seen import Answer
from tests.faults.agreement import assert_agreement
from tests.faults.conftest import StartFleet
from tests.faults.fleet import Fleet, Member

BOTH = pytest.mark.parametrize("transport", ["socket mode", "http"])
PEOPLE = ("ada", "ben", "cleo", "finn", "grace")
REQUESTS = 10
GONE_WITHIN = 15.0


async def _ask(fleet: Fleet, number: int) -> Answer:
    who = fleet.person(PEOPLE[number % len(PEOPLE)])
    return await who.slash("/incident", f"declare sev2 Case {number}", channel="general")


async def _in_flight(fleet: Fleet) -> list["asyncio.Task[Answer]"]:
    """Ten requests, each of which the bot has and has not answered."""
    asked = [asyncio.create_task(_ask(fleet, number)) for number in range(REQUESTS)]

    async def have_come() -> bool:
        come = await fleet.workspace.client.deliveries("slash_commands")
        waiting = {call["args"].get("user") for call in await fleet.workspace.client.calls("users.info")}
        return len(come) == REQUESTS and len(waiting) == len(PEOPLE)

    await fleet.person("ada").wait_until(have_come)
    assert not any(each.done() for each in asked)
    return asked


async def _stopped(fleet: Fleet, member: Member) -> None:
    started = time.monotonic()
    assert await fleet.stop(member) == 0
    assert time.monotonic() - started < GONE_WITHIN
    assert "Traceback" not in member.log


@pytest.mark.long
@BOTH
async def test_ten_requests_in_flight_are_acknowledged_and_finished(start_fleet: StartFleet, transport: str) -> None:
    fleet = await start_fleet(transport=transport)
    member = await fleet.start()
    await fleet.workspace.client.fault("users.info", "hold", seconds=1.5)
    asked = await _in_flight(fleet)
    await _stopped(fleet, member)
    answers = await asyncio.gather(*asked)
    assert [answer.ok and "is declared as SEV2" in answer.text for answer in answers] == [True] * REQUESTS, answers
    await fleet.workspace.client.clear_faults()
    await _finished_by_the_next(fleet)


@pytest.mark.long
@BOTH
async def test_it_is_gone_in_time_though_slack_hangs(start_fleet: StartFleet, transport: str) -> None:
    """Every call of the war rooms is held far longer than anybody waits."""
    fleet = await start_fleet(transport=transport)
    member = await fleet.start()
    answers = await asyncio.gather(*(_ask(fleet, number) for number in range(len(PEOPLE))))
    assert all(answer.ok for answer in answers)
    await fleet.until_quiet()
    await fleet.workspace.client.fault("*", "hold", seconds=60.0)
    asked = [asyncio.create_task(_ask(fleet, number)) for number in range(len(PEOPLE), REQUESTS + len(PEOPLE))]
    await asyncio.sleep(0.2)
    await _stopped(fleet, member)
    assert all(answer.ok and "is declared as SEV2" in answer.text for answer in await asyncio.gather(*asked))
    await fleet.workspace.client.clear_faults()
    await fleet.lapse()
    await _finished_by_the_next(fleet, incidents=REQUESTS + len(PEOPLE))


async def _finished_by_the_next(fleet: Fleet, incidents: int = REQUESTS) -> None:
    await fleet.start()
    await fleet.until_quiet()
    assert len(await fleet.store.log.listings(active=True)) == incidents
    await assert_agreement(fleet)
