"""The first second of an incident that an alert opened, read as a frightened responder reads it: all that is known."""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final

from tests.scenarios import witness
from tests.scenarios.alarms import SECRETS, send, told
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team
from tests.scenarios.test_api import MONITOR, call

POLICY: Final = (
    "teams: {shop: [U0CLEO0001]}\nseverities: {SEV1: {rubric: Bad., invite: [U0ADA00001]}}\ndefault_severity: SEV1\n"
)
SERVICES: Final = """services:
  checkout:
    owner: shop
    on_call: [S0ONCALL01]
    tier: 1
    depends_on: [payments]
    dashboards: {Checkout overview: https://graphs.example/checkout}
  payments: {tier: 2}
"""
PLAYBOOK: Final = """---
labels: {namespace: shop}
---
# Checkout outage
Restore a way to pay.
- [ ] Size it
- [ ] Switch the provider *(5 min, mitigates)*
- [ ] Roll back *(mitigates)*
"""


async def staffed(start_team: StartTeam, folder: Path) -> Team:
    rules = playbooks(folder, POLICY, **{"checkout-outage": PLAYBOOK})
    (rules / "services.yaml").write_text(SERVICES, encoding="utf-8")
    tokens = f"deploys:changes:{MONITOR}"
    team = await start_team(playbooks_dir=rules, alert_secrets=SECRETS, api_tokens=tokens)
    await team.workspace.client.add_usergroup("S0ONCALL01", "ben", "grace")
    return team


async def deployed(team: Team, change: Mapping[str, str]) -> None:
    headers = {"Idempotency-Key": "deploy-1"}
    assert (await call(team, "POST", "/api/changes", MONITOR, json=dict(change), headers=headers))[0] == 201


async def alarmed(team: Team) -> None:
    labels = {"severity": "critical", "service": "checkout", "namespace": "shop"}
    summary = "[FIRING:1] HALF OF ALL PAYMENTS FAIL ON <no value>"
    began = team.clock.now() - timedelta(minutes=4)
    await send(team, told("PaymentsFail", labels=labels, summary=summary, at=began))


async def test_all_that_is_known_is_there_and_who_answers_for_it_is_called(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await staffed(start_team, tmp_path)
    earlier = await team.declare("sev1 Card payments were slow", by="ada")
    await deployed(team, {"service": "payments", "what": "Release 1.84", "by": "ci"})
    known = len(await team.calls())
    await alarmed(team)
    channel = "inc-2-half-of-all-payments-fail-checkout"
    assert set(await team.person("ada").members(channel)) >= {"ada", "ben", "cleo", "grace"}
    card = await team.says("ada", channel, "SEV1 · Triage · INC-2", "*Half of all payments fail (checkout)*")
    for part in (
        "Impact   checkout (tier 1, owner shop, on call ",
        "detected by an alert",
        "Opened as SEV1 because severity is critical (rule “grave”)",
        "Mitigate first   2. Switch the provider (about 5 min) · 3. Roll back",
        "Playbook: Checkout outage, step 1 of 3",
    ):
        assert part in card.rendered, part
    assert [name for name, _ in card.links] == ["Dashboard", "Runbook", "Source", "Silence"]
    await team.says("ada", channel, "Attached because it matches the label namespace=shop.")
    around = await team.says("ada", channel, "*Changed shortly before*", "Release 1.84", "*Nearby*", "open, too")
    assert f"INC-1 · Card payments were slow · #{earlier}" in around.rendered
    posts = sum(each["method"] == "chat.postMessage" for each in (await team.calls())[known:])
    assert posts == len(["summary", "announcement", "playbook", "what is known around it"])


async def test_where_nobody_leads_the_first_button_is_to_take_command(start_team: StartTeam, tmp_path: Path) -> None:
    team = await staffed(start_team, tmp_path)
    await alarmed(team)
    channel = "inc-1-half-of-all-payments-fail-checkout"
    card = await team.says("ben", channel, "Commander: nobody yet")
    assert card.buttons[:2] == ["Take command", "Post update"]
    assert (await team.person("ben").click("Take command", channel=channel, ts=card.ts)).ok
    led = await witness.edited_to(team, card, channel, "Commander @ben", by="ben")
    assert "Take command" not in led.buttons
