"""The catalogue of services at work: shown, offered by tier, its people invited, its incidents found."""

from pathlib import Path

from bot.incident.terms import IncidentId, Severity
from bot.slack.scopes import NEEDED_SCOPES
from tests.scenarios import witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team
from tests.scenarios.test_declare_modal import at_the_form, room

POLICY = "teams: {shop: [U0CLEO0001]}\nservices: {fax: [U0FINN0001]}\n"
SERVICES = """services:
  checkout:
    about: Turns a cart into an order.
    owner: shop
    on_call: [S0ONCALL01, The rota]
    tier: 1
    depends_on: [payments]
  payments: {owner: U0FINN0001, tier: 2, aliases: [till]}
  website: {tier: 1, depends_on: [checkout]}
"""


async def staffed(start_team: StartTeam, folder: Path, services: str = SERVICES) -> Team:
    rules = playbooks(folder, POLICY)
    (rules / "services.yaml").write_text(services, encoding="utf-8")
    team = await start_team(playbooks_dir=rules)
    await team.workspace.client.add_usergroup("S0ONCALL01", "ben", "grace")
    return team


async def test_a_service_is_looked_up_and_declared_for(start_team: StartTeam, tmp_path: Path) -> None:
    team = await staffed(start_team, tmp_path)
    ada = team.person("ada")
    said = await team.type("ada", "service Checkout", "general")
    for part in ("tier 1", "Turns a cart", "shop (@cleo)", "Needs   payments", "Needed by   website"):
        assert part in said, part
    assert (await ada.click("Declare for checkout", where="ephemeral")).ok
    form = await ada.wait_for_modal("Declare incident")
    assert "checkout is tier 1: the rubric suggests SEV1." in form.rendered
    assert (await ada.submit({"Title": "Nobody can pay"})).closed
    channel = (await room(team)).name
    await team.settle()
    assert set(await ada.members(channel)) >= {"ada", "ben", "cleo", "grace"}
    assert "finn" not in await ada.members(channel)
    await team.says("ada", channel, "SEV2", "checkout (tier 1, owner shop, on call ")
    told = await ada.wait_for_ephemeral("INC-1 is open in", channel="general")
    assert "checkout is tier 1: the rubric suggests SEV1." in told.rendered
    listed = await team.type("cleo", "service checkout", "general")
    assert "Nobody can pay" in listed
    assert "Declare for checkout" in (await team.person("cleo").ephemerals("general"))[-1].buttons


async def test_choosing_in_the_form_shows_the_suggestion_and_never_overrides_a_choice(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await staffed(start_team, tmp_path)
    ada = await at_the_form(team)
    await ada.select("Severity", "SEV3", where="modal")
    await ada.select("What is affected", "checkout", where="modal")
    form = await ada.wait_for_modal("Declare incident")
    assert "checkout is tier 1: the rubric suggests SEV1." in form.rendered
    assert (await ada.submit({"Title": "Slow to pay"})).closed
    channel = (await room(team)).name
    incident = await team.bot.handler.read(IncidentId(1))
    assert (incident.severity, incident.service) == (Severity.SEV3, "checkout")
    assert "the rubric suggests SEV1" in await team.type("ada", "severity sev2 more reports", channel)
    assert "suggests" not in await team.type("ada", "severity sev1 nobody can pay", channel)


async def test_an_unknown_service_brings_the_nearest_and_none_brings_all(start_team: StartTeam, tmp_path: Path) -> None:
    team = await staffed(start_team, tmp_path)
    assert "Did you mean checkout?" in await team.type("ada", "service chekout", "general")
    assert "tier 2" in await team.type("ada", "service till", "general")
    ada = team.person("ada")
    assert "Services: 3" in await team.type("ada", "services", "general")
    assert (await ada.click("show_service:website", where="ephemeral")).ok
    await ada.wait_for_ephemeral("Needs   checkout, payments (over checkout)", channel="general")


async def test_a_changed_catalogue_is_in_use_and_a_broken_one_is_not(start_team: StartTeam, tmp_path: Path) -> None:
    team = await staffed(start_team, tmp_path)
    file = tmp_path / "rules" / "services.yaml"
    file.write_text(SERVICES + "  search: {tier: 3}\n", encoding="utf-8")
    await team.bot.look_at_playbooks()
    assert "tier 3" in await team.type("ada", "service search", "general")
    file.write_text("servces: {}\n", encoding="utf-8")
    await team.bot.look_at_playbooks()
    assert "tier 3" in await team.type("ada", "service search", "general")


async def test_a_drill_and_a_private_incident_call_nobody_who_owns_it(start_team: StartTeam, tmp_path: Path) -> None:
    team = await staffed(start_team, tmp_path)
    for fields in ({"Drill": ["yes"]}, {"Private": ["yes"]}):
        ada = await at_the_form(team)
        assert (await ada.submit({"Title": "Nobody can pay", "What is affected": "checkout", **fields})).closed
        await team.settle()
    for channel in await team.person("ada").channels():
        if channel.name.startswith("inc-"):
            assert set(channel.members) == {"ada", "muster"}, channel


async def test_incidents_that_one_may_not_see_are_not_told_by_their_service(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await staffed(start_team, tmp_path)
    before = await team.type("cleo", "service checkout", "general")
    ada = await at_the_form(team)
    await ada.submit({"Title": "Somebody takes money", "What is affected": "checkout", "Private": ["yes"]})
    await team.settle()
    assert await team.type("cleo", "service checkout", "general") == before
    assert "Somebody takes money" in await team.type("ada", "service checkout", "general")


async def test_without_the_scope_the_commander_is_told_which_one(start_team: StartTeam, tmp_path: Path) -> None:
    team = await staffed(start_team, tmp_path)
    team.workspace.site.install.scopes = tuple(sorted(NEEDED_SCOPES - {"usergroups:read"}))
    ada = await at_the_form(team)
    await ada.submit({"Title": "Nobody can pay", "What is affected": "checkout"})
    channel = (await room(team)).name
    told = await witness.told(team, "ada", "usergroups:read")
    assert "S0ONCALL01" in told.rendered
    await team.settle()
    assert "cleo" in await ada.members(channel)
