"""Error budgets and notes: what burns is said in words, and what touches no customer calls nobody."""

from typing import Any

import pytest

from tests.scenarios import witness
from tests.scenarios.alarms import SECRETS, channel_of, send, told
from tests.scenarios.conftest import StartTeam
from tests.scenarios.team import Team

CALLING = ("chat.postMessage", "conversations.create", "conversations.invite", "conversations.open")


@pytest.fixture
async def alarmed(start_team: StartTeam) -> Team:
    return await start_team(alert_secrets=SECRETS)


def note(**labels: str) -> dict[str, Any]:
    """As grave as can be, but no customer feels it."""
    known = {"service": "checkout", "severity": "critical", "customer_impact": "none", "burn_rate": "20", **labels}
    return told("StagingBurns", fingerprint="n1", labels=known, summary="")


async def calls(team: Team) -> int:
    """Whatever calls or tells anybody."""
    return sum([len(await team.calls(method)) for method in CALLING])


async def test_a_budget_that_burns_says_so_in_words(alarmed: Team) -> None:
    labels = {"service": "checkout", "severity": "critical", "burn_rate": "14.4"}
    await send(alarmed, told("SLOBurn", labels=labels, summary="<no value>"))
    channel = await channel_of(alarmed)
    assert channel == "inc-1-the-error-budget-of-checkout-burns-14-times-too-fast"
    shown = await alarmed.says("ada", channel, "SEV1", "INC-1", "Command")
    why = "Opened as SEV1 because the error budget burns 14 times too fast; severity is critical"
    for part in ("*The error budget of checkout burns 14 times too fast*", why, "(rule “the error budget burns fast”)"):
        assert part in shown.rendered, part


async def test_a_note_opens_nothing_and_calls_nobody(alarmed: Team) -> None:
    before = await calls(alarmed)
    await send(alarmed, note())
    assert await alarmed.bot.store.log.listings(active=False) == []
    assert await calls(alarmed) == before
    (decided,) = await alarmed.bot.store.alerts.decisions(10)
    assert (decided.reason, decided.why) == ("RECORDED", "rule “no customer is touched”")


async def test_a_note_on_an_open_incident_changes_a_count_and_calls_nobody(alarmed: Team) -> None:
    channel = await alarmed.declare("sev3 Paying is slow")
    ada = alarmed.person("ada")
    await send(alarmed, told())
    room = next(each.name for each in await ada.channels() if each.name.startswith("inc-2"))
    await alarmed.type("ada", "INC-2 join", "general")
    await alarmed.settle()
    before = await calls(alarmed)
    await send(alarmed, note(), group="another")
    card = await alarmed.says("ada", room, "SEV1", "INC-2", "Command")
    await witness.edited_to(alarmed, card, room, "Alerts   2 firing", "1 of the same service")
    assert await calls(alarmed) == before
    assert "Alerts" not in (await alarmed.says("ada", channel, "SEV3", "INC-1", "Command")).rendered
