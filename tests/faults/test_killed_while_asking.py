"""`kill -9` at each moment of a proposal's way, and again while the next process recovers: people are asked by one
card, and a press opens one incident, however often it is repeated and whoever dies meanwhile.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.crash_point import CrashPoint
from bot.incident.alert import Reason
from bot.incident.proposal import Proposal, ProposalNumber, ProposalState
from bot.workspace.client import Refused
from bot.workspace.seen import SeenMessage
from tests.faults.fleet import KILLED, Fleet, Member
from tests.faults.test_killed_at_alerts import WITHIN, is_over, send
from tests.scenarios.alarms import SECRETS, notification, told
from tests.scenarios.asking import ERROR, rules

ASKED = notification(*(told(f"Alarm {n}", fingerprint=f"f{n}", labels=ERROR) for n in range(3)), group="g1")


async def start(fleet: Fleet, folder: Path, crash_at: str) -> Member:
    settings = {"ALERT_SECRETS": SECRETS, "PLAYBOOKS_DIR": str(folder), "TRIAGE_CHANNEL": "#general"}
    return await fleet.start(settings=settings, crash_at=crash_at)


async def cards(fleet: Fleet) -> list[SeenMessage]:
    return [each for each in await fleet.person("ada").messages("general") if "P1 ·" in each.rendered]


async def proposal(fleet: Fleet) -> Proposal | None:
    return (await fleet.store.proposals.proposals([ProposalNumber(1)])).get(ProposalNumber(1))


async def press_once(fleet: Fleet) -> None:
    """If it can be pressed now; whoever is dead hears nothing."""
    for card in await cards(fleet):
        if "Declare incident" in card.buttons:
            try:
                await fleet.person("ada").click("Declare incident", channel="general", ts=card.ts)
            except Refused:
                return


async def until_answered_or_dead(fleet: Fleet, member: Member, owed: list[Mapping[str, Any]]) -> bool:
    """False: it died first. What is `owed` is sent, and the button pressed, until it has worked."""
    async with asyncio.timeout(WITHIN):
        while member.runs:
            while owed and await send(member, owed[0]):
                owed.pop(0)
            known = await proposal(fleet)
            if known and not known.is_open and await is_over(fleet):
                return True
            if known and known.is_open:
                await press_once(fleet)
            await asyncio.sleep(0.05)
    assert await member.muster.ended() == KILLED, member.log
    return False


@pytest.mark.long
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "point",
    [
        CrashPoint.AFTER_INTAKE,
        CrashPoint.AFTER_TRIAGE,
        CrashPoint.AFTER_PROPOSAL,
        CrashPoint.AFTER_POST,
        CrashPoint.AFTER_WORK,
        CrashPoint.BEFORE_APPEND,
        CrashPoint.AFTER_APPEND,
        CrashPoint.AFTER_UPDATE,
    ],
)
async def test_people_are_asked_and_heard_once(fleet: Fleet, tmp_path: Path, point: CrashPoint) -> None:
    folder = rules(tmp_path)
    owed: list[Mapping[str, Any]] = [ASKED]
    ends = []
    for armed in (point, point, ""):
        ends.append(await until_answered_or_dead(fleet, await start(fleet, folder, armed), owed))
        await fleet.kill_all()
        await fleet.lapse()
    assert not ends[0], f"{point} was never reached"
    assert ends[-1]
    found = await proposal(fleet)
    assert found is not None
    assert (found.state, found.incident) == (ProposalState.DECLARED, 1)
    (card,) = await cards(fleet)
    assert "INC-1 is open for it, declared by @ada." in card.rendered
    assert len(await fleet.store.log.listings(active=False)) == 1
    decided = [each.reason for each in await fleet.store.alerts.decisions(100)]
    answer = [Reason.ATTACHED_BY_PERSON] * 2 + [Reason.DECLARED_BY_PERSON]
    assert decided == answer + [Reason.PROPOSED] * 3
