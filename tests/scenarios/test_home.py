"""The ways in without a verb: App Home, the front door, and an incident's control panel."""

from bot.workspace.cast import CAST
from bot.workspace.seen import SeenView
from tests.scenarios.team import Team
from tests.scenarios.test_declare_modal import room


async def home_of(team: Team, name: str, *parts: str) -> SeenView:
    """The Home tab as opened now, once it shows all parts."""
    person = team.person(name)
    await person.open_home()

    async def drawn() -> SeenView | None:
        view = await person.home()
        return view if view and all(part in view.rendered for part in parts) else None

    found: SeenView = await person.wait_until(drawn)
    return found


async def test_home_shows_open_incidents_and_my_roles(team: Team) -> None:
    channel = await team.declare("sev1 Checkout is down", by="ada")
    await team.settle()
    await home_of(team, "ada", "1 incident is open.", "Checkout is down", f"incident commander of INC-1 in #{channel}")
    cleos = await home_of(team, "cleo", "Checkout is down", "@ada leads")
    assert "My roles" not in cleos.rendered


async def test_home_declares(team: Team) -> None:
    await home_of(team, "ada", "No incident is open.")
    ada = team.person("ada")
    assert (await ada.click("Declare incident", where="home")).ok
    await ada.wait_for_modal("Declare incident")
    assert (await ada.submit({"Title": "Search is slow"})).closed
    await team.says("ada", (await room(team)).name, "Search is slow")


async def test_home_lets_people_join(team: Team) -> None:
    channel = await team.declare("sev1 Checkout is down", by="ada")
    await team.settle()
    await home_of(team, "cleo", "Checkout is down")
    cleo = team.person("cleo")
    assert (await cleo.click("Join", where="home")).ok

    async def inside() -> bool:
        return "cleo" in await team.person("ada").members(channel)

    await cleo.wait_until(inside)


async def test_home_shows_the_worst_first_and_nothing_that_has_ended(team: Team) -> None:
    await team.declare("sev3 A small one")
    ended = await team.declare("sev2 One that ended")
    await team.declare("sev1 A big one")
    await team.type("ada", "resolve", ended)
    view = await home_of(team, "cleo", "2 incidents are open.")
    assert view.rendered.index("A big one") < view.rendered.index("A small one")
    assert "One that ended" not in view.rendered


async def test_a_guests_home_shows_no_incident(team: Team) -> None:
    await team.declare("sev1 Checkout is down")
    view = await home_of(team, "dee", "Guests of this workspace cannot act on incidents.")
    assert "Checkout" not in view.rendered


async def test_the_front_door_stands_in_every_other_channel(team: Team) -> None:
    await team.declare("sev1 Checkout is down", by="ada")
    answer = await team.person("ada").slash("/incident", "", channel="random")
    assert "1 incident is open." in answer.text
    assert "incident commander of INC-1" in answer.text
    assert answer.message is not None
    assert answer.message.buttons == ["Declare incident", "Show all", "Search", "Show services", "Show help"]


async def test_the_front_doors_buttons_work(team: Team) -> None:
    await team.declare("sev1 Checkout is down", by="ada")
    cleo = team.person("cleo")
    await cleo.slash("/incident", "", channel="general")
    await cleo.click("Show all", channel="general", where="ephemeral")
    await cleo.wait_for_ephemeral("Incidents: 1", channel="general")
    await cleo.click("Declare incident", channel="general", where="ephemeral")
    await cleo.wait_for_modal("Declare incident")


async def test_an_incident_channel_has_a_control_panel_for_one_alone(team: Team) -> None:
    channel = await team.declare("sev1 Checkout is down", by="ada")
    panel = await team.person("ada").slash("/incident", "", channel=channel)
    assert "you are incident commander" in panel.text
    assert panel.message is not None
    assert {"Post update", "Change status", "Resolve incident", "Show timeline"} <= set(panel.message.buttons)
    assert panel.message.ephemeral


async def test_the_control_panels_buttons_work(team: Team) -> None:
    channel = await team.declare("sev1 Checkout is down", by="ada")
    ada = team.person("ada")
    await ada.slash("/incident", "", channel=channel)
    assert (await ada.click("Change severity", channel=channel, where="ephemeral")).ok
    await ada.wait_for_modal("Change severity")
    assert (await ada.submit({"Severity": "SEV3", "Why": "Only the test shop"})).closed
    assert "SEV3" in await team.type("ada", "", channel)


async def test_home_shows_my_follow_ups_and_nobody_elses(team: Team) -> None:
    channel = await team.declare("sev1 Checkout is down", by="ada")
    await team.type("ada", "resolve", channel)
    cleo = next(each.id for each in CAST if each.name == "cleo")
    await team.type("ada", f"followup Alert earlier <@{cleo}>", channel)
    await team.settle()
    home = await home_of(team, "cleo", "My follow-ups: 1", "Alert earlier")
    assert "Show all of mine" in home.buttons
    assert "My follow-ups" not in (await home_of(team, "finn", "No incident is open.")).rendered
