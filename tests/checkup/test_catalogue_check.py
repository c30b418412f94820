"""`muster check` on services.yaml: what leads nowhere, goes round in a ring or is out of date, and what to do."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.checkup.examination import judge_proposals, judge_watchdogs
from bot.checkup.finding import Finding, Level
from bot.checkup.people_check import check_people
from bot.checkup.playbook_check import check_playbooks
from bot.playbook.policy_file import parse_policy
from bot.playbook.services_file import parse_services
from bot.settings import Settings

TODAY = date(2026, 11, 21)
OWNED = "services:\n  checkout:\n    owner: shop\n"


def findings(folder: Path, services: str, policy: str = "teams: {shop: []}\n", **others: str) -> list[Finding]:
    for name, text in {"services.yaml": services, "policy.yaml": policy, "x.md": "# X\n- [ ] Look\n", **others}.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [each for each in check_playbooks(folder, TODAY) if each.part == "services"]


def test_a_catalogue_that_hangs_together_says_so(tmp_path: Path) -> None:
    (found,) = findings(tmp_path, OWNED)
    assert (found.level, found.sentence) == (Level.OK, "1 services hang together.")


def test_a_folder_without_a_catalogue_is_told_nothing(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_text("---\nservices: [checkout]\n---\n# X\n- [ ] Look\n")
    assert [each for each in check_playbooks(tmp_path, TODAY) if each.part == "services"] == []


@pytest.mark.parametrize(
    ("services", "said", "advice"),
    [
        ("services:\n  a: {tier: 1}\n", "services.yaml:2: a has no owner.", "Give it one"),
        ("services:\n  a:\n    owner: shp\n", "3: shp, the owner of a, is no team of policy.yaml; did you mean", "Add"),
        (
            OWNED + "    depends_on:\n      - chekout\n",
            "5: checkout depends on chekout, which is not in the cat",
            "Add",
        ),
        (OWNED + "    depends_on: checkout\n", "in a ring: checkout > checkout.", "Cut it"),
        (OWNED + "    runbooks: [y]\n", "4: y, a runbook of checkout, is no playbook here", "by its id"),
        (
            OWNED + "    contacts:\n      - {who: Sales, how: x, checked: 2026-05-01}\n",
            "5: Sales, a contact of checkout, was last checked 204 days ago.",
            "Ask whether",
        ),
    ],
)
def test_each_doubt_is_told_with_its_line_and_what_to_do(tmp_path: Path, services: str, said: str, advice: str) -> None:
    (found,) = findings(tmp_path, services)
    assert said in found.sentence
    assert (found.level, advice in found.advice) == (Level.WARN, True)


def test_a_longer_span_of_the_policy_lets_contacts_be_older(tmp_path: Path) -> None:
    services = OWNED + "    contacts: [{who: Sales, how: x, checked: 2026-05-01}]\n"
    (found,) = findings(tmp_path, services, "teams: {shop: []}\ncontacts_stale_after: 365d\n")
    assert found.level is Level.OK


def test_what_policy_and_playbooks_name_should_be_in_the_catalogue(tmp_path: Path) -> None:
    book = "---\nservices: [till, Check-Out]\n---\n# Y\n- [ ] Look\n"
    policy = "teams: {shop: []}\nservices: {checkout: [], fax: []}\n"
    found = findings(tmp_path, OWNED.replace("checkout", "check out"), policy, **{"y.md": book})
    said = [each.sentence for each in found]
    assert any("policy.yaml names the service fax" in each for each in said)
    assert any("y.md is for the service till" in each for each in said)
    assert len([each for each in said if "heckout" not in each]) == 2


def test_the_catalogue_that_comes_along_hangs_together() -> None:
    shipped = Path(__file__).parents[2] / "playbooks"
    (found,) = [each for each in check_playbooks(shipped, TODAY) if each.part == "services"]
    assert found.level is Level.OK


class Known:
    """Slack, as far as it knows one person, one group and no channel."""

    async def ask(self, method: str, arguments: Mapping[str, str]) -> Mapping[str, Any]:
        match method, *arguments.values():
            case "users.info", "U0ADA0001":
                return {"ok": True, "user": {"id": "U0ADA0001"}}
            case "users.info", "U0DEE0001":
                return {"ok": True, "user": {"id": "U0DEE0001", "is_restricted": True}}
            case "users.info", "U0GONE001":
                return {"ok": True, "user": {"id": "U0GONE001", "deleted": True}}
            case "usergroups.users.list", "S0ONCALL1":
                return {"ok": True, "users": []}
            case "usergroups.users.list", _:
                raise SlackApiError("no", {"ok": False, "error": "no_such_subteam"})  # type: ignore[no-untyped-call]
        raise SlackApiError("no", {"ok": False, "error": "user_not_found"})  # type: ignore[no-untyped-call]

    async def find_channel(self, wanted: str) -> Mapping[str, Any] | None:
        return {"#in": {"is_member": True}, "#out": {}, "#old": {"is_archived": True}}.get(wanted)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("on_call: [U0ADA0001, S0ONCALL1]", ""),
        ("owner: U0NOBODY1", "Slack knows nobody by the id U0NOBODY1, who answers for checkout."),
        ("owner: gang", "Slack knows nobody by the id U0LOST001, who answers for checkout."),
        ("on_call: [U0DEE0001]", "U0DEE0001, who answers for checkout, is a guest"),
        ("on_call: [U0GONE001]", "U0GONE001, who answers for checkout, has left the workspace."),
        ("on_call: [S0NOBODY1]", "Slack shows no user group S0NOBODY1"),
        ('channels: ["#in"]', ""),
        ('channels: ["#nowhere"]', "There is no channel #nowhere, which checkout names"),
        ('channels: ["#out"]', "Muster is not in #out, a channel of checkout."),
        ('channels: ["#old"]', "#old, a channel of checkout, is archived."),
    ],
)
async def test_slack_is_asked_for_whoever_is_named(line: str, said: str) -> None:
    catalogue, _ = parse_services(f"services:\n  checkout:\n    {line}\n")
    policy = parse_policy("teams: {gang: [U0LOST001]}")
    found = await check_people(replace(policy, catalogue=catalogue), Known().ask, Known().find_channel)
    assert [each.sentence[: len(said)] for each in found] == ([said] if said else [])
    assert all(each.advice for each in found)


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("review: {facilitators: [U0ADA0001]}", ""),
        ("review: {facilitators: [U0NOBODY1]}", "Slack knows nobody by the id U0NOBODY1, who leads reviews by turns."),
        ("review: {sponsors: [U0GONE001]}", "U0GONE001, who is told of overdue reviews, has left the workspace."),
        ("review: {functions: {legal: [U0DEE0001]}}", "U0DEE0001, whom reviews invite as legal, is a guest"),
        ("review: {functions: {legal: [S0NOBODY1]}}", "Slack shows no user group S0NOBODY1, which reviews invite"),
        ("services: {till: [U0NOBODY1]}", "Slack knows nobody by the id U0NOBODY1, whom incidents of till invite."),
    ],
)
async def test_slack_is_asked_for_whoever_the_policy_names(policy: str, said: str) -> None:
    found = await check_people(parse_policy(policy), Known().ask, Known().find_channel)
    assert [each.sentence[: len(said)] for each in found] == ([said] if said else [])
    assert all(each.advice == "Correct it in policy.yaml." or "guest" in each.sentence for each in found)


def test_events_of_the_calendar_that_keep_nothing_quiet_are_named(tmp_path: Path) -> None:
    event = (
        "BEGIN:VEVENT",
        "UID:1",
        "SUMMARY:Spring cleaning",
        "DTSTART:20261002T220000Z",
        "DURATION:PT1H",
        "END:VEVENT",
    )
    text = "\r\n".join(("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//", *event, "END:VCALENDAR", ""))
    policy = "teams: {shop: []}\nmaintenance_calendar: m.ics\n"
    assert findings(tmp_path, OWNED, policy, **{"m.ics": text})[0].level is Level.OK
    (found,) = [each for each in check_playbooks(tmp_path, TODAY) if each.part == "maintenance"]
    assert found.sentence == "m.ics: “Spring cleaning” names no service of the catalogue."


def test_the_service_of_a_watchdog_should_be_in_the_catalogue(tmp_path: Path) -> None:
    policy = "teams: {shop: []}\nwatchdogs:\n  p: {match: {a: b}, silent_after: 5m, service: monitor}\n"
    (found,) = findings(tmp_path, OWNED, policy)
    assert found.sentence == "The watchdog p is of monitor, which services.yaml does not have."


def test_the_service_that_a_rule_about_alerts_sets_should_be_in_the_catalogue(tmp_path: Path) -> None:
    policy = "teams: {shop: []}\nalerts:\n  rules: [{name: paying, then: declare, service: chekout}]\n"
    (found,) = findings(tmp_path, OWNED, policy)
    assert found.sentence == "The rule “paying” about alerts is for chekout, which services.yaml does not have."


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "no source may send alerts"),
        ({"alert_secrets": "alertmanager=" + "s" * 20}, "is told nowhere"),
        ({"alert_secrets": "alertmanager=" + "s" * 20, "triage_channel": "#triage"}, ""),
    ],
)
def test_a_watchdog_must_be_heard_and_its_silence_told(settings: dict[str, str], said: str) -> None:
    policy = parse_policy("watchdogs:\n  p: {match: {a: b}, silent_after: 5m}\n")
    given = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", **settings}
    found = judge_watchdogs(Settings.model_validate(given), policy)
    assert [said in each.sentence for each in found] == ([True] if said else [])


@pytest.mark.parametrize(
    ("settings", "said"),
    [({}, ["nobody is asked"]), ({"triage_channel": "#triage"}, []), ({"announcement_channel": "#incidents"}, [])],
)
def test_where_rules_propose_people_can_be_asked(settings: dict[str, str], said: list[str]) -> None:
    policy = parse_policy("alerts:\n  rules: [{name: a, then: propose}]\n")
    given = {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1", "alert_secrets": f"pings={'s' * 20}", **settings}
    found = judge_proposals(Settings.model_validate(given), policy)
    assert [part in each.sentence for part, each in zip(said, found, strict=True)] == [True] * len(said)
    records = parse_policy("alerts:\n  rules: [{name: a, then: record}]\n")
    assert judge_proposals(Settings.model_validate(given), records) == []
    assert judge_proposals(Settings.model_validate({**given, "alert_secrets": ""}), policy) == []
