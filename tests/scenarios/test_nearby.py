"""A new incident's channel hears once what else is open or was lately near it: never of what is private or a drill."""

from datetime import timedelta

import pytest

from bot.workspace.seen import SeenMessage
from tests.scenarios import witness
from tests.scenarios.alarms import SECRETS, channel_of, send, told
from tests.scenarios.conftest import StartTeam
from tests.scenarios.team import Team


@pytest.fixture
async def alarmed(start_team: StartTeam) -> Team:
    return await start_team(alert_secrets=SECRETS)


async def declared(team: Team, title: str, service: str, *, verb: str = "declare", private: bool = False) -> str:
    """The channel of the new incident."""
    ada = team.person("ada")
    before = {each.name for each in await ada.channels()}
    await ada.slash("/incident", verb, channel="general")
    await ada.wait_for_modal()
    form = {"Title": title, "Severity": "SEV3", "What is affected": service}
    assert (await ada.submit({**form, **({"Private": ["yes"]} if private else {})})).closed
    await team.settle()
    (channel,) = {each.name for each in await ada.channels()} - before
    return channel


async def around(team: Team, channel: str) -> list[SeenMessage]:
    return await witness.posts(team, channel, "*Nearby*")


async def test_what_is_open_or_was_lately_near_is_told_once_with_why(alarmed: Team) -> None:
    old = await declared(alarmed, "Paying by card was slow", "payments")
    await alarmed.type("ada", "resolve It has passed", old)
    await alarmed.move_on(timedelta(minutes=20))
    await declared(alarmed, "Replicas lag", "database")
    await declared(alarmed, "Searching is slow", "search")
    await send(alarmed, told(labels={"severity": "critical", "service": "checkout"}))
    await alarmed.type("ada", "INC-4 join", "general")
    await alarmed.settle()
    channel = next(each.name for each in await alarmed.person("ada").channels() if each.name.startswith("inc-4"))
    (said,) = await around(alarmed, channel)
    rows = [row for row in said.rendered.split("\n") if row.startswith("•")]
    assert [row.rpartition(" · ")[2] for row in rows] == [
        "checkout needs database",
        "open, too",
        "checkout needs payments",
    ]
    assert "SEV3 · Triage · INC-2 · Replicas lag · #inc-2-replicas-lag" in rows[0]
    assert "SEV3 · Resolved · INC-1 · Paying by card was slow" in rows[2]


async def test_whoever_declares_hears_of_it_too_and_changes_stand_in_the_same_message(alarmed: Team) -> None:
    await send(alarmed, told())
    await channel_of(alarmed)
    channel = await declared(alarmed, "Orders are lost", "checkout")
    (said,) = await around(alarmed, channel)
    assert "INC-1 · Checkout returns 500 for half of all customers" in said.rendered
    assert "the same service, checkout" in said.rendered


@pytest.mark.parametrize("kind", ["private", "drill"])
async def test_nothing_is_told_of_what_is_private_or_a_drill(alarmed: Team, kind: str) -> None:
    verb = "drill" if kind == "drill" else "declare"
    await declared(alarmed, "Keys were seen outside", "checkout", verb=verb, private=kind == "private")
    channel = await declared(alarmed, "Orders are lost", "checkout")
    assert await around(alarmed, channel) == []
    assert await witness.posts(alarmed, channel, "INC-1") == []


async def test_a_private_incident_and_a_drill_hear_as_they_did_before(alarmed: Team) -> None:
    """What is public may be told in a private room; a drill hears of no real incident."""
    await declared(alarmed, "Orders are lost", "checkout")
    private = await declared(alarmed, "Keys were seen outside", "checkout", private=True)
    assert len(await around(alarmed, private)) == 1
    drill = await declared(alarmed, "Practice", "checkout", verb="drill")
    assert await around(alarmed, drill) == []
