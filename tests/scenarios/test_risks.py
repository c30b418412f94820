"""The risk register: open factors over incidents, closed by what is done, or accepted until somebody is asked."""

from datetime import timedelta

from tests.scenarios import forged, witness
from tests.scenarios.host import Host
from tests.scenarios.team import Team
from tests.scenarios.test_private_incidents import declare_privately, seen_by


async def over(team: Team, *factors: str, title: str = "sev2 Checkout is down") -> str:
    """Declared and resolved by Ada, with these factors; answers with the channel."""
    channel = await team.declare(title)
    await team.type("ada", "resolve Rolled back.", channel)
    for text in factors:
        await team.type("ada", f"factor {text}", channel)
    await team.settle()
    return channel


async def register(team: Team, text: str = "risks", *, by: str = "cleo") -> str:
    """With the lines on the screen."""
    answer = await team.type(by, text, "general")
    ephemerals = await team.person(by).ephemerals()
    return f"{answer}\n{ephemerals[-1].rendered}"


async def test_it_lists_each_open_factor_with_incident_action_owner_and_date(team: Team) -> None:
    channel = await over(team, "process: Nobody reviews kestrel flags")
    shown = await register(team)
    for part in ("1 contributing factor open", "INC-1 CF1", "Nobody reviews kestrel flags", "No follow-up addresses"):
        assert part in shown, part
    await team.type("ada", "factor CF1", channel)
    await witness.opens(team, "ada", "Add follow-up", channel)
    due = (team.clock.now() + timedelta(days=7)).date()
    filled = {"What is to be done": "Review flags weekly", "Technical owner": "ben", "Deadline": due.isoformat()}
    await witness.fills(team, "ada", **filled)
    await team.settle()
    assert f"F1 Review flags weekly · open · @ben · due {due.day} " in await register(team)
    await team.move_on(timedelta(days=9))
    assert "overdue since" in await register(team)


async def test_a_factor_is_closed_when_its_actions_are_done_and_open_again_with_them(team: Team) -> None:
    channel = await over(team, "process: Nobody reviews kestrel flags")
    await team.type("ada", "factor CF1", channel)
    await witness.opens(team, "ada", "Add follow-up", channel)
    await witness.fills(team, "ada", **{"What is to be done": "Review flags"})
    await team.settle()
    card = await team.says("ada", channel, "F1", "Review flags")
    ada = team.person("ada")
    await ada.click("Done", channel=channel, ts=card.ts)
    await ada.wait_for_modal("Done")
    assert (await ada.submit({"What shows it": "https://example.com/1"})).closed
    assert "Risks: no contributing factor is open" in await register(team)
    await team.says("ada", channel, "F1", "Done")
    assert (await ada.click("Open again", channel=channel, ts=card.ts)).ok
    assert "Risks: 1 contributing factor open" in await register(team)


async def test_a_risk_that_is_accepted_comes_back_on_its_day_and_is_asked_about_once(team: Team) -> None:
    channel = await over(team, "technology: The vendor's kestrel has no limit")
    said = await team.type("ada", "factor accept CF1 until 30 days because the vendor mends it", channel)
    assert "The risk of CF1 is accepted until" in said
    assert "Risks: no contributing factor is open" in await register(team)
    accepted = await register(team, "risks accepted")
    assert "Accepted by @ada until" in accepted
    assert "the vendor mends it" in accepted
    assert "Risk of CF1 accepted by @ada" in await witness.timeline(team, channel)
    await team.move_on(timedelta(days=36))
    asked = await witness.told(team, "ada", "INC-1 CF1", "Look again, please.", "the vendor mends it")
    assert "which has come: look again" in await register(team)
    await team.move_on(timedelta(days=30))
    messages = await team.person("ada").messages("muster")
    assert sum("Look again, please." in each.rendered for each in messages) == 1
    ada = team.person("ada")
    await ada.click("Accept again", channel="muster", ts=asked.ts)
    await ada.wait_for_modal("Accept risk")
    assert (await ada.submit({})).closed
    assert "Risks: no contributing factor is open" in await register(team)
    await team.type("ada", "factor reopen CF1 they will not", channel)
    assert "Risks: 1 contributing factor open" in await register(team)


async def test_an_acceptance_without_a_reason_or_a_day_is_asked_for_both(team: Team) -> None:
    channel = await over(team, "technology: No limit")
    ada = team.person("ada")
    assert (await ada.slash("/incident", "factor accept CF1", channel=channel)).ok
    await ada.wait_for_modal("Accept risk")
    yesterday = (team.clock.now() - timedelta(days=1)).date().isoformat()
    sent = await ada.submit({"Why it may stay as it is": "rare", "Look again on": yesterday})
    assert "Choose a day that is still to come" in sent.errors["look_again_on"]


async def test_factors_of_one_theme_stand_together_and_pages_are_turned(team: Team) -> None:
    for number in range(3):
        await over(team, "load: Peak of the kestrel sale", f"process: Reason {number} of its own kind{number}")
    await over(team, *(f"process: osprey{number} merlin{number}" for number in range(4)))
    shown = await register(team)
    assert "“load”: 3 incidents" in shown
    assert "page 1 of 2" in shown
    cleo = team.person("cleo")
    assert (await cleo.click("Next")).ok
    await cleo.wait_for_ephemeral("page 2 of 2", "general")


async def test_a_private_incidents_risks_are_its_members_alone(team: Team) -> None:
    channel = await declare_privately(team)
    await team.type("ada", "factor process: Nobody rolls kestrel keys", channel)
    await team.settle()
    assert "Nobody rolls kestrel keys" in await register(team, by="ada")
    assert "Risks: no contributing factor is open" in await register(team)
    page = await forged.pressed(team, "cleo", "show_risks", "0|1|open")
    assert "Risks: no contributing factor" in page
    for action in ("accept_risk", "reopen_risk", "address_factor"):
        pressed = [await forged.pressed(team, "cleo", action, f"{number}|1") for number in (1, 77)]
        assert pressed[0] == pressed[1].replace("INC-77", "INC-1"), action
    assert "kestrel" not in await seen_by(team, "cleo")


async def test_a_drills_factors_are_in_no_register(team: Team) -> None:
    channel = await team.declare(verb="drill")
    await team.type("ada", "factor process: Practised", channel)
    await team.settle()
    assert "Risks: no contributing factor is open" in await register(team, by="ada")


async def test_the_register_survives_a_restart(host: Host) -> None:
    async with host.muster() as team:
        await over(team, "process: Nobody reviews kestrel flags")
    async with host.muster() as team:
        assert "INC-1 CF1" in await register(team)
