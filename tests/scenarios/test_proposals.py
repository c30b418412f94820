"""Alerts of which people decide: a card that asks, and what becomes of each answer."""

import asyncio
from pathlib import Path

import aiohttp

from bot.incident.terms import IncidentId
from tests.scenarios import witness
from tests.scenarios.asking import (
    CRITICAL,
    ERROR,
    answers,
    asked,
    card,
    cards,
    fire,
    pass_by,
    press,
    reasons,
)
from tests.scenarios.conftest import StartTeam
from tests.scenarios.team import Team


async def incidents(team: Team) -> int:
    return len(await team.bot.store.log.listings(active=False))


async def metrics(team: Team) -> str:
    url = f"http://127.0.0.1:{team.bot.port}/metrics"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        return await answer.text()


async def test_people_are_asked_once_and_the_count_changes_on_the_card(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    await fire(team)
    await fire(team, "PodCrash", fingerprint="f2")
    await fire(team, "SlowQueries", fingerprint="f3", group="another of the same service")
    shown = await card(team, "Alerts   3 firing · HighErrorRate, PodCrash, SlowQueries")
    for part in ("*Checkout returns 500 for half of all customers*", "P1 · SEV2 because severity is error · since"):
        assert part in shown.rendered
    assert "Service   checkout (tier 2, owner @cleo, on call @ben)" in shown.rendered
    assert "Proposed by rule “errors”. Without an answer it expires at" in shown.rendered
    assert shown.buttons == ["Declare incident", "Attach to incident", "Ignore"]
    assert [name for name, _ in shown.links] == ["Runbook", "Source", "Silence"]
    assert await reasons(team) == ["PROPOSED"] * 3
    assert (await incidents(team), len(await team.calls("chat.postMessage"))) == (0, 1)
    await team.bot.count()
    assert "muster_proposals_open 1.0" in await metrics(team)


async def test_the_card_rings_nobody_when_it_is_posted(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    (posted,) = await team.calls("chat.postMessage")
    assert "U0CLEO0001" not in str(posted)
    assert "@cleo" in (await card(team)).rendered


async def test_one_press_declares_and_leads_to_the_war_room(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    await fire(team, "PodCrash", fingerprint="f2")
    await press(team, "Declare incident")
    await team.settle()
    found = await team.bot.handler.read(IncidentId(1))
    assert (found.commander, found.service, found.severity) == ("U0ADA00001", "checkout", "SEV2")
    assert {each.first for each in found.alerts.members.values()} == {
        "DECLARED_BY_PERSON",
        "ATTACHED_BY_PERSON",
    }
    await witness.until(team, lambda: _told(team, "INC-1 is open in #inc-1-checkout-returns-500"))
    await team.bot.count()
    assert 'muster_alerts_total{reason="DECLARED_BY_PERSON",source="alertmanager"} 1.0' in await metrics(team)
    shown = await card(team, "INC-1 is open for it, declared by @ada.", "2 alerts, proposed at")
    assert shown.buttons == ["Join"]
    await fire(team, "SlowQueries", fingerprint="f3")
    assert await reasons(team) == [
        *["PROPOSED"] * 2,
        "DECLARED_BY_PERSON",
        "ATTACHED_BY_PERSON",
        "ATTACHED_SAME_GROUP",
    ]


async def _told(team: Team, part: str, name: str = "ada") -> bool:
    return any(part in each for each in await answers(team, name))


async def test_of_two_who_press_at_once_one_declares_and_the_other_hears_of_it(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    shown = await card(team)
    presses = [team.person(name).click("Declare incident", channel="general", ts=shown.ts) for name in ("ada", "ben")]
    assert all(each.ok for each in await asyncio.gather(*presses))
    await team.settle()
    assert await incidents(team) == 1
    told = [*await answers(team), *await answers(team, "ben")]
    assert sum("has declared INC-1 for P1 already." in each for each in told) == 1
    assert sum("INC-1 is open in" in each for each in told) == 1


async def test_attached_alerts_belong_to_the_incident_that_was_chosen(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await team.declare("sev3 Search is slow", by="ben")
    await team.declare("sev3 Printers are out", by="ben")
    await team.type("ben", "drill sev1 Practice", "general")
    await fire(team)
    assert "INC-2 SEV3 Printers are out in #inc-2" in (await card(team)).rendered
    await press(team, "Attach to incident")
    form = await team.person("ada").wait_for_modal("Attach to incident")
    assert "Practice" not in str(form.raw)
    sent = await team.person("ada").submit({"Incident": "INC-1 SEV3 Search is slow"})
    assert "These alerts belong to INC-1 (Search is slow), in #inc-1-search-is-slow." in str(sent)
    await team.settle()
    found = await team.bot.handler.read(IncidentId(1))
    (member,) = found.alerts.members.values()
    assert (member.first, member.attached.why) == ("ATTACHED_BY_PERSON", "P1: ada said so")
    shown = await card(team, "It belongs to INC-1, says @ada.")
    assert shown.buttons == ["Join"]
    await fire(team, "PodCrash", fingerprint="f2")
    assert len((await team.bot.handler.read(IncidentId(1))).alerts.members) == 2


async def test_with_no_incident_open_there_is_nothing_to_attach_to(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    await press(team, "Attach to incident")
    await witness.until(team, lambda: _told(team, "No incident is open that these alerts could belong to."))


async def test_what_is_ignored_stays_quiet_until_it_fires_anew(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    await press(team, "Ignore")
    await team.person("ada").wait_for_modal("Ignore these alerts")
    assert (await team.person("ada").submit({"Why": "The import of *tonight*"})).closed
    await team.settle()
    shown = await card(team, "Ignored by @ada: The import of")
    assert shown.buttons == []
    await fire(team)
    await fire(team, "PodCrash", fingerprint="f2")
    assert await reasons(team) == ["PROPOSED", "IGNORED_BY_PERSON", "IGNORED_BY_PERSON"]
    assert len(await team.calls("chat.postMessage")) == 1
    await fire(team, resolved=True)
    await fire(team, "PodCrash", fingerprint="f2", resolved=True)
    await fire(team, again=True)
    assert "P2 · SEV2" in (await card(team, "[Declare incident]")).rendered


async def test_what_is_graver_than_what_was_ignored_is_proposed(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team, labels={**ERROR, "severity": "warning"})
    await press(team, "Ignore")
    await team.person("ada").wait_for_modal("Ignore these alerts")
    assert (await team.person("ada").submit({})).closed
    await fire(team, "PodCrash", fingerprint="f2")
    await fire(team, "PodCrash", fingerprint="f3")
    assert "Alerts   2 firing · PodCrash ×2" in (await card(team, "P2 · SEV2")).rendered


async def test_an_incident_that_opens_meanwhile_takes_the_proposal_up(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    await fire(team, "Outage", fingerprint="f9", labels=CRITICAL, group="another")
    await pass_by(team, 1)
    found = await team.bot.handler.read(IncidentId(1))
    assert sorted(each.first.value for each in found.alerts.members.values()) == [
        "ATTACHED_BY_SERVICE",
        "DECLARED_BY_RULE",
    ]
    await card(team, "It belongs to INC-1, which was opened meanwhile.")
    assert await incidents(team) == 1


async def test_whoever_presses_after_that_is_led_to_it(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    ben = team.person("ben")
    await ben.slash("/incident", "declare", channel="general")
    await ben.wait_for_modal("Declare incident")
    assert (await ben.submit({"Title": "Paying fails", "Severity": "SEV1", "What is affected": "checkout"})).closed
    await team.settle()
    if await cards(team, "general", "[Declare incident]"):
        await press(team, "Declare incident")
        await witness.until(team, lambda: _told(team, "INC-1"))
    await team.settle()
    assert await incidents(team) == 1
    await card(team, "It belongs to INC-1, which was opened meanwhile.")


async def test_a_proposing_alert_joins_what_is_open(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team, labels=CRITICAL)
    await fire(team, "SlowQueries", fingerprint="f3", group="another")
    assert await reasons(team) == ["DECLARED_BY_RULE", "ATTACHED_BY_SERVICE"]
    assert await cards(team) == []


async def test_in_maintenance_nobody_is_asked(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await team.type("ada", "maintenance checkout 30m new disks", "random")
    await fire(team)
    assert await reasons(team) == ["SUPPRESSED_MAINTENANCE"]
    assert await cards(team) == []


async def test_the_page_lists_what_waits_with_the_same_buttons(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    assert "1 proposal waits for an answer: `/incident alerts`." in await team.type("cleo", "", "random")
    page = await team.type("cleo", "alerts", "random")
    assert page.index("1 proposal waits for an answer:") < page.index("Alerts lately") < page.index("PROPOSED")
    assert (await team.person("cleo").click("Declare incident", channel="random", where="ephemeral")).ok
    await team.settle()
    await card(team, "INC-1 is open for it, declared by @cleo.")


async def test_a_private_incident_is_neither_offered_nor_told_of(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    ben = team.person("ben")
    await ben.slash("/incident", "declare", channel="general")
    await ben.wait_for_modal("Declare incident")
    form = {"Title": "Keys were seen outside", "Severity": "SEV1", "What is affected": "checkout", "Private": ["yes"]}
    assert (await ben.submit(form)).closed
    await team.settle()
    await fire(team)
    await pass_by(team, 1)
    assert "Open now" not in (await card(team, "[Declare incident]")).rendered
    await press(team, "Attach to incident")
    await witness.until(team, lambda: _told(team, "No incident is open that these alerts could belong to."))
    page = await team.type("ben", "alerts", "random")
    assert "Keys" not in page


async def test_what_became_of_proposals_is_part_of_how_good_their_rule_is(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await asked(start_team, tmp_path)
    await fire(team)
    await fire(team)
    await press(team, "Ignore")
    await team.person("ada").wait_for_modal("Ignore these alerts")
    assert (await team.person("ada").submit({})).closed
    await team.settle()
    page = await team.type("ada", "alerts quality", "random")
    assert "ignored 1 (1 not taken up), proposed 1" in page
    await fire(team, "PodCrash", fingerprint="f2", group="g2")
    await fire(team, "PodCrash", fingerprint="f3", group="g2")
    await press(team, "Declare incident")
    await team.settle()
    page = await team.type("ada", "alerts quality", "random")
    assert "2 rules fired 3 times and opened 1 incident" in page
