"""Deploy freezes as they are lived: told of at the beginning, before the end and at the end, and over restarts once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.workspace.seen import SeenMessage
from tests.scenarios import alarms, witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.host import Host
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team
from tests.scenarios.test_api import call
from tests.scenarios.test_declare_modal import at_the_form, room

SERVICES = 'services:\n  checkout: {channels: ["#general"], aliases: [till], tier: 1}\n  search: {tier: 2}\n'
HOUR = timedelta(hours=1)
PIPELINE = "p" * 40
BUDGET = """
alerts:
  rules: [{name: spent, match: {budget: "<=0"}, then: declare, suggest: Deploy nothing of it., freeze: true}]
"""


def rules_in(folder: Path, policy: str = "") -> Path:
    rules = playbooks(folder, policy)
    (rules / "services.yaml").write_text(SERVICES, encoding="utf-8")
    return rules


async def later(team: Team, by: timedelta) -> None:
    """Two looks, as of two processes; what was to be done before is done."""
    await team.settle()
    team.clock.move_on(by)
    for _ in range(2):
        await team.bot.look_at_freezes()
    await team.settle()


async def told(team: Team, part: str, channel: str = "general") -> list[SeenMessage]:
    await team.settle()
    return await witness.posts(team, channel, part)


async def test_it_begins_asks_before_its_end_and_ends_by_itself(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=rules_in(tmp_path))
    assert "Deploys of checkout are frozen by" in await team.type("ada", "freeze till budget is spent", "random")
    (begun,) = await told(team, "Deploys of checkout are frozen until")
    assert "Frozen by @ada." in begun.rendered
    assert "budget is spent" in begun.rendered
    await later(team, 23 * HOUR)
    (asked,) = await told(team, "ends at")
    assert "@ada, the freeze of checkout" in asked.rendered
    await later(team, HOUR)
    (over,) = await told(team, "may be deployed again")
    assert "after 24 h (F1)" in over.rendered
    assert "No deploys are frozen." in await team.type("ben", "freeze", "general")


async def test_whoever_is_asked_keeps_it_and_somebody_ends_it(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=rules_in(tmp_path, "freezes: {lasts: 8h, remind_before: 30m}"))
    await team.type("ada", "freeze search", "random")
    await later(team, 7 * HOUR + timedelta(minutes=30))
    (asked,) = await told(team, "ends at", "incidents")
    ben = team.person("ben")
    for _ in range(2):
        assert (await ben.click("Keep it 8 h more", channel="incidents", ts=asked.ts)).ok
    assert len(await told(team, "stay frozen until", "incidents")) == 1
    await later(team, HOUR)
    assert await told(team, "may be deployed again", "incidents") == []
    assert "has ended (F1)" in await team.type("ben", "freeze end search", "random")
    (over,) = await told(team, "may be deployed again", "incidents")
    assert "ended by @ben" in over.rendered
    await later(team, 24 * HOUR)
    assert len(await told(team, "(F1", "incidents")) == 4


async def test_over_restarts_each_word_is_said_once(host: Host, tmp_path: Path) -> None:
    host = replace(host, settings=host.settings.model_copy(update={"playbooks_dir": rules_in(tmp_path)}))
    async with host.muster() as team:
        await team.type("ada", "freeze checkout 4h", "random")
    host.clock.move_on(3 * HOUR + timedelta(minutes=30))
    async with host.muster() as team, host.muster() as other:
        for bot in (team.bot, other.bot, team.bot):
            await bot.look_at_freezes()
        assert len(await told(team, "ends at")) == 1
    host.clock.move_on(HOUR)
    async with host.muster() as team:
        await later(team, timedelta(0))
        assert len(await told(team, "Deploys of checkout are frozen until")) == 1
        assert len(await told(team, "may be deployed again")) == 1


async def test_after_hours_without_slack_only_what_is_still_true_is_told(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=rules_in(tmp_path))
    await team.workspace.client.fault("chat.postMessage", "bad_gateway", count=4)
    await team.type("ada", "freeze checkout 1h", "random")
    team.clock.move_on(2 * HOUR)
    await team.bot.look_at_freezes()
    await team.says("ada", "general", "may be deployed again")
    assert len(await told(team, "(F1")) == 1


async def test_a_pipeline_asks_and_one_that_deploys_all_the_same_is_told_of(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await start_team(playbooks_dir=rules_in(tmp_path), api_tokens=f"ci:read+changes:{PIPELINE}")
    assert (await call(team, "GET", "/api/freezes?service=checkout", PIPELINE))[1] == {"frozen": False, "freezes": []}
    channel = await team.declare("sev1 Payments hang")
    await team.type("ada", "freeze checkout until we know more", channel)
    status, answer = await call(team, "GET", "/api/freezes?service=till", PIPELINE)
    assert (status, answer["frozen"], answer["freezes"][0]["incident"]) == (200, True, "INC-1")
    deployed = {"service": "till", "what": "v7 <!channel>", "by": "Ben"}
    for _ in range(2):
        headers = {"Idempotency-Key": "deploy-7"}
        _, heard = await call(team, "POST", "/api/changes", PIPELINE, json=deployed, headers=headers)
        assert heard["freeze"]["reference"] == "F1"
    await team.settle()
    (said,) = await witness.posts(team, channel, "was changed although its deploys are frozen (F1)")
    assert "v7 &lt;!channel&gt;" in said.text
    second = await team.declare("sev2 Checkout is slow")
    assert "during freeze F1" in (await team.says("ada", second, "Changed shortly before")).rendered


async def test_an_exhausted_budget_suggests_a_freeze_that_one_press_makes(
    start_team: StartTeam, tmp_path: Path
) -> None:
    rules = rules_in(tmp_path, BUDGET)
    team = await start_team(playbooks_dir=rules, alert_secrets=alarms.SECRETS)
    spent = alarms.told("Budget", labels={"severity": "critical", "service": "till", "budget": "0"})
    await alarms.send(team, spent)
    channel = await alarms.channel_of(team)
    card = await team.says("ada", channel, "Suggested   Deploy nothing of it.")
    ada = team.person("ada")
    assert (await ada.click("Freeze deploys", channel=channel, ts=card.ts)).ok
    await ada.wait_for_ephemeral("Deploys of checkout are frozen by", channel=channel)
    card = await witness.edited_to(team, card, channel, "Deploys of checkout are frozen by @ada since", "(F1)")
    assert "Suggested" not in card.rendered
    assert len(await told(team, "because of INC-1")) == 1
    noted = await witness.entry_once(team, channel, "Deploys of checkout are frozen (F1): Checkout returns 500")
    assert "@ada" in noted
    await team.type("ben", "freeze end F1", "random")
    await witness.edited_to(team, card, channel, "Suggested   Deploy nothing of it.")
    assert "@ben" in await witness.entry_once(team, channel, "Deploys of checkout are no longer frozen (F1)")


async def test_the_card_of_an_incident_on_a_frozen_service_says_so_as_long_as_it_is(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await start_team(playbooks_dir=rules_in(tmp_path))
    await team.type("ada", "freeze search 2h", "random")
    ben = await at_the_form(team, "ben")
    await ben.submit({"Title": "Nothing is found", "What is affected": "search"})
    channel = (await room(team, "ben")).name
    card = await team.says("ben", channel, "Deploys of search are frozen by @ada")
    await later(team, 3 * HOUR)
    (shown,) = [each for each in await ben.messages(channel) if each.ts == card.ts]
    assert "frozen" not in shown.rendered


async def test_nothing_is_frozen_in_the_channel_of_a_drill(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=rules_in(tmp_path))
    drill = await team.declare("sev1 Practice", verb="drill")
    assert "A drill freezes nothing" in await team.type("ada", "freeze checkout", drill)
    assert "No deploys are frozen." in await team.type("ada", "freeze", "random")


async def test_an_exhausted_budget_is_proposed_and_settled_by_a_freeze(start_team: StartTeam, tmp_path: Path) -> None:
    rules = rules_in(tmp_path)
    team = await start_team(playbooks_dir=rules, alert_secrets=alarms.SECRETS, triage_channel="#incidents")
    spent = alarms.told("Budget", labels={"severity": "critical", "service": "till", "budget_remaining": "-0.1"})
    await alarms.send(team, spent)
    card = await team.says("ada", "incidents", "P1 ·", "Suggested   Freeze deploys of this service")
    assert card.buttons == ["Declare incident", "Attach to incident", "Freeze deploys", "Ignore"]
    assert (await team.person("ada").click("Freeze deploys", channel="incidents", ts=card.ts)).ok
    card = await witness.edited_to(team, card, "incidents", "Deploys are frozen, says @ada (F1).")
    assert card.buttons == []
    (begun,) = await told(team, "Deploys of checkout are frozen until")
    assert "Checkout returns 500" in begun.rendered
    await alarms.send(team, {**spent, "fingerprint": "f2"})
    assert len(await witness.posts(team, "incidents", "P1")) == 1
    assert await team.bot.store.log.listings(active=False) == []
    decided = await team.bot.store.alerts.decisions(10)
    assert [each.reason for each in reversed(decided)] == ["PROPOSED", "FROZEN_BY_PERSON", "FROZEN_BY_PERSON"]
