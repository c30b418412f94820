"""Alerts become incidents: one for what belongs together, with all that is known in the first second."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.alerts.sources import READERS
from bot.incident.state import Incident
from bot.incident.terms import IncidentId
from bot.workspace.seen import SeenMessage
from tests.alerts.payload_files import PINGS_BLOCK, delivered, names, read, source_of
from tests.scenarios import witness
from tests.scenarios.alarms import SECRETS, channel_of, notification, post, send, told
from tests.scenarios.conftest import StartTeam
from tests.scenarios.host import Host
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team

CALM = timedelta(minutes=2, seconds=1)


@pytest.fixture
async def alarmed(start_team: StartTeam) -> Team:
    return await start_team(alert_secrets=SECRETS)


async def card(team: Team, channel: str, *parts: str) -> SeenMessage:
    """The summary, once it shows all of the parts."""
    seen = await team.says("ada", channel, "SEV1", "INC-1", "Command")
    return await witness.edited_to(team, seen, channel, *parts)


async def posts(team: Team, channel: str) -> int:
    return len(await team.person("ada").messages(channel))


async def state(team: Team, number: int = 1) -> Incident:
    return await team.bot.handler.read(IncidentId(number))


async def asked_so_far(team: Team) -> list[SeenMessage]:
    return await witness.posts(team, "muster", "Is it mitigated?")


async def incidents(team: Team) -> int:
    return len(await team.bot.store.log.listings(active=False))


async def test_a_grave_alert_opens_an_incident_that_says_what_is_known(alarmed: Team) -> None:
    await send(alarmed, told(at=alarmed.clock.now() - timedelta(minutes=4)))
    channel = await channel_of(alarmed)
    assert "checkout-returns-500" in channel
    shown = await card(alarmed, channel, "*Checkout returns 500 for half of all customers*", "not known yet")
    for part in ("SEV1 · Triage", "Alerts   1 firing · HighErrorRate", "Opened as SEV1 because severity is critical"):
        assert part in shown.rendered
    assert [name for name, _ in shown.links] == ["Dashboard", "Runbook", "Source", "Silence"]
    assert "(tier 1, owner shop, on call The shop rota)" in shown.rendered
    timeline = await witness.timeline(alarmed, channel)
    for moment in ("Impact started", "Detected"):
        assert f"{moment} (says HighErrorRate (alertmanager))" in timeline
    assert "Alerts firing: HighErrorRate" in timeline


async def test_people_correct_what_the_alert_said(alarmed: Team) -> None:
    began = alarmed.clock.now() - timedelta(minutes=4)
    await send(alarmed, told(at=began))
    channel = await channel_of(alarmed)
    await card(alarmed, channel, "detected by an alert")
    earlier = (began - timedelta(minutes=6)).strftime("%H:%M UTC")
    await alarmed.type("ada", f"correct detected {earlier}", channel)
    await alarmed.settle()
    assert "detected by an alert" not in (await card(alarmed, channel)).rendered
    assert "corrected by @ada" in await witness.timeline(alarmed, channel)


async def test_the_playbook_that_fits_the_alert_is_there_at_once(alarmed: Team) -> None:
    await send(alarmed, told())
    await card(alarmed, await channel_of(alarmed), "Playbook: Checkout outage, step 1")


async def test_its_first_mitigations_are_suggested_until_somebody_begins_them(alarmed: Team) -> None:
    await send(alarmed, told())
    channel, ada = await channel_of(alarmed), alarmed.person("ada")
    await card(alarmed, channel, "Mitigate first   5. Move traffic off a bad provider (about 5 min) · 7. Give up")
    book = await alarmed.says("ada", channel, "Attached because it matches the label service=checkout")
    assert (await ada.select("step:switch-provider:menu", "Start", channel=channel, ts=book.ts)).ok
    shown = await card(alarmed, channel, "Mitigate first   7. Give up what is optional", "Now   Move traffic off a bad")
    assert f"/p{book.ts.replace('.', '')}" in dict(shown.links)["Checkout outage"]


async def test_the_same_delivery_again_changes_nothing(alarmed: Team) -> None:
    await send(alarmed, told())
    channel = await channel_of(alarmed)
    before = await posts(alarmed, channel)
    version = (await state(alarmed)).version
    await send(alarmed, told(), times=3)
    assert (await state(alarmed)).version == version
    assert (await posts(alarmed, channel), await incidents(alarmed)) == (before, 1)


async def test_further_alerts_change_a_count_on_the_card_and_not_the_channel(alarmed: Team) -> None:
    await send(alarmed, told())
    channel = await channel_of(alarmed)
    before = await posts(alarmed, channel)
    await send(alarmed, told(), told("PodCrash", fingerprint="f2"))
    await send(alarmed, told("SlowQueries", fingerprint="f3"), group="another group of the same service")
    await card(alarmed, channel, "Alerts   3 firing")
    assert (await posts(alarmed, channel), await incidents(alarmed)) == (before, 1)


async def test_members_resolve_one_by_one_and_the_commander_is_asked_about_the_rest(alarmed: Team) -> None:
    await send(alarmed, told(), told("PodCrash", fingerprint="f2"))
    channel = await channel_of(alarmed)
    await alarmed.type("ada", "claim commander", channel)
    await send(alarmed, told(resolved=True), told("PodCrash", fingerprint="f2"))
    await card(alarmed, channel, "Alerts   1 firing, 1 resolved · PodCrash")
    await alarmed.move_on(CALM)
    await send(alarmed, told("PodCrash", fingerprint="f2", resolved=True))
    await alarmed.move_on(CALM)
    asked = await witness.told(alarmed, "ada", "All 2 alerts of INC-1", "Is it mitigated?")
    await alarmed.person("ada").click("Mark as mitigated", channel="muster", ts=asked.ts)
    await card(alarmed, channel, "SEV1 · Mitigated")


async def test_not_yet_is_asked_again_only_after_alerts_have_fired_anew(alarmed: Team) -> None:
    await send(alarmed, told())
    channel = await channel_of(alarmed)
    await alarmed.type("ada", "claim commander", channel)
    await send(alarmed, told(resolved=True))
    await alarmed.move_on(CALM)
    asked = await witness.told(alarmed, "ada", "The alert of INC-1", "Is it mitigated?")
    await alarmed.person("ada").click("Not yet", channel="muster", ts=asked.ts)
    await alarmed.move_on(timedelta(minutes=40))
    assert len(await asked_so_far(alarmed)) == 1
    await witness.entry_once(alarmed, channel, "Not mitigated yet, says @ada")
    await send(alarmed, told(at=alarmed.clock.now()))
    await send(alarmed, told(resolved=True))
    await alarmed.move_on(CALM)
    await witness.until(alarmed, lambda: _told_twice(alarmed))


async def _told_twice(team: Team) -> bool:
    return len(await asked_so_far(team)) == 2


async def test_where_nobody_leads_the_channel_is_asked(alarmed: Team) -> None:
    await send(alarmed, told())
    channel = await channel_of(alarmed)
    await send(alarmed, told(resolved=True))
    await alarmed.move_on(CALM)
    asked = await alarmed.says("ada", channel, "The alert of INC-1", "Is it mitigated?")
    assert asked.buttons == ["Mark as mitigated", "Not yet"]


async def test_an_alert_joins_what_people_declared_for_its_service(alarmed: Team) -> None:
    ada = alarmed.person("ada")
    await ada.slash("/incident", "declare", channel="general")
    await ada.wait_for_modal("Declare incident")
    assert (await ada.submit({"Title": "Paying fails", "Severity": "SEV1", "What is affected": "checkout"})).closed
    await alarmed.settle()
    await send(alarmed, told())
    assert await incidents(alarmed) == 1
    found = await state(alarmed)
    assert [each.attached.reason for each in found.alerts.members.values()] == ["ATTACHED_BY_SERVICE"]


async def test_what_is_graver_than_the_open_incident_of_its_service_opens_its_own(alarmed: Team) -> None:
    ada = alarmed.person("ada")
    await ada.slash("/incident", "declare", channel="general")
    await ada.wait_for_modal("Declare incident")
    assert (await ada.submit({"Title": "Paying is slow", "Severity": "SEV3", "What is affected": "checkout"})).closed
    await alarmed.settle()
    await send(alarmed, told())
    assert await incidents(alarmed) == 2
    await send(alarmed, told("PodCrash", fingerprint="f2"), group="another group")
    assert (await state(alarmed, 2)).alerts.firing == 2


@pytest.mark.parametrize("kind", ["private", "drill"])
async def test_no_alert_joins_a_private_incident_or_a_drill(alarmed: Team, kind: str) -> None:
    ada = alarmed.person("ada")
    await ada.slash("/incident", "drill" if kind == "drill" else "declare", channel="general")
    await ada.wait_for_modal()
    form = {"Title": "Keys were seen outside", "Severity": "SEV1", "What is affected": "checkout"}
    private = {"Private": ["yes"]} if kind == "private" else {}
    assert (await ada.submit({**form, **private})).closed
    await alarmed.settle()
    await send(alarmed, told())
    assert await incidents(alarmed) == 2
    assert not (await state(alarmed)).alerts.members


async def test_what_no_rule_asks_for_is_recorded_and_nobody_hears_of_it(alarmed: Team) -> None:
    before = len(await alarmed.calls("chat.postMessage"))
    await send(alarmed, told("DiskFills", labels={"severity": "warning"}))
    assert await incidents(alarmed) == 0
    assert len(await alarmed.calls("chat.postMessage")) == before
    recorded, *_ = await alarmed.bot.store.alerts.decisions(10)
    assert (recorded.name, recorded.reason, recorded.why) == ("DiskFills", "RECORDED", "rule “everything else”")


async def test_what_flaps_is_shown_and_changes_the_card_no_more(alarmed: Team) -> None:
    await send(alarmed, told(), told("PodCrash", fingerprint="f2"))
    channel = await channel_of(alarmed)
    for _ in range(4):
        await send(alarmed, told("PodCrash", fingerprint="f2", resolved=True))
        await send(alarmed, told("PodCrash", fingerprint="f2", at=alarmed.clock.now()))
    await card(alarmed, channel, "1 flapping")
    edits = len(await alarmed.calls("chat.update"))
    await send(alarmed, told("PodCrash", fingerprint="f2", resolved=True))
    assert len(await alarmed.calls("chat.update")) == edits
    newest, *_ = await alarmed.bot.store.alerts.decisions(1)
    assert newest.reason == "DAMPED_FLAPPING"


async def test_what_has_fired_since_before_people_ended_it_opens_nothing_new(alarmed: Team) -> None:
    before = alarmed.clock.now() - timedelta(minutes=5)
    await send(alarmed, told(at=before))
    channel = await channel_of(alarmed)
    await alarmed.type("ada", "resolve Rolled back.", channel)
    await send(alarmed, told(at=before))
    assert await incidents(alarmed) == 1
    await send(alarmed, told(at=alarmed.clock.now() + timedelta(seconds=1)))
    assert await incidents(alarmed) == 2


async def test_the_page_says_of_each_alert_why_it_is_here(alarmed: Team) -> None:
    await send(alarmed, told())
    await send(alarmed, told("SlowQueries", fingerprint="f3"), group="another group")
    channel = await channel_of(alarmed)
    page = await alarmed.type("ada", "alerts", channel)
    assert "Alerts of INC-1: 2 firing" in page
    assert "opened this incident (rule “grave”)" in page
    assert "*SlowQueries* · firing since" in page
    assert "of the same service, checkout · `" in page
    assert "Opened as SEV1 because severity is critical (rule “grave”)" in page
    assert "severity=critical" in page
    await send(alarmed, told("SlowQueries", fingerprint="f3", resolved=True), group="another group")
    assert "of the same service · `" in await alarmed.type("ada", "alerts", channel)


async def test_what_would_read_alike_is_one_entry_of_the_page(alarmed: Team) -> None:
    await send(alarmed, *(told("PodCrash", fingerprint=f"p{number}") for number in range(40)))
    channel = await channel_of(alarmed)
    page = await alarmed.type("ada", "alerts", channel)
    assert "*PodCrash* ×39 · firing since" in page
    assert "and 34 more" in page
    assert "page 1 of" not in page
    assert "*PodCrash* ×39 · firing · INC-1" in await alarmed.type("ada", "alerts", "general")


async def test_outside_of_incidents_the_page_says_what_was_decided_lately(alarmed: Team) -> None:
    assert "Nothing was decided about alerts yet." in await alarmed.type("cleo", "alerts", "general")
    await send(alarmed, told())
    await send(alarmed, told("DiskFills", fingerprint="f2", labels={"severity": "warning"}), group="disks")
    page = await alarmed.type("cleo", "alerts", "general")
    assert "HighErrorRate* · firing · INC-1" in page
    assert "DECLARED_BY_RULE`: rule “grave”" in page
    assert page.index("DiskFills") < page.index("HighErrorRate")
    assert "RECORDED`: rule “everything else”" in page


@pytest.mark.parametrize("head", ["Alerts of INC-1", "Alerts lately"])
async def test_a_page_of_alerts_is_turned_by_its_button(alarmed: Team, head: str) -> None:
    await send(alarmed, *(told(f"Alert{number}", fingerprint=str(number)) for number in range(20)))
    place = "general" if head == "Alerts lately" else await channel_of(alarmed)
    assert head in await alarmed.type("ada", "alerts", place)
    assert (await alarmed.person("ada").click("Next", channel=place, where="ephemeral")).ok
    await witness.until(alarmed, lambda: _turned(alarmed, place, head))


async def _turned(team: Team, place: str, head: str) -> bool:
    seen = await team.person("ada").ephemerals(place)
    return any(head in each.rendered and "page 2 of 2" in each.rendered for each in seen)


async def test_foreign_text_neither_pings_nor_pretends(alarmed: Team) -> None:
    hostile = "<!channel> *Ada* <https://evil.example|Click> `x` \u202egnp"
    named = told(hostile, summary=hostile, labels={"severity": "critical", "service": hostile, "evil|label": hostile})
    await send(alarmed, named, group=hostile)
    channel = await channel_of(alarmed)
    seen = await alarmed.person("ada").messages(channel)
    assert not any(each.pings for each in seen if "has joined" not in each.rendered)
    assert "Click" not in {label for each in seen for label, _ in each.links}
    page = await alarmed.type("ada", "alerts", channel)
    assert "<!channel>" in page


async def test_many_failures_at_once_become_few_incidents(alarmed: Team) -> None:
    for number in range(12):
        alert = told(
            f"Down{number}", fingerprint=str(number), labels={"severity": "critical"}, summary=f"{number} down"
        )
        await send(alarmed, alert, group=f"group {number}")
    assert await incidents(alarmed) == 3
    last = await state(alarmed, 3)
    assert {each.attached.reason for each in last.alerts.members.values()} == {"DECLARED_BY_RULE", "ATTACHED_TO_STORM"}


async def test_a_storm_is_one_incident_whose_log_and_channel_stay_small(alarmed: Team) -> None:
    await send(alarmed, told(fingerprint="first"))
    channel = await channel_of(alarmed)
    before = await posts(alarmed, channel)
    deliveries = [notification(told(fingerprint=str(n)), group=f"group {n}") for n in range(400)]
    async with asyncio.TaskGroup() as tasks:
        for start in range(0, len(deliveries), 20):
            tasks.create_task(_deliver(alarmed, deliveries[start : start + 20]))
    await alarmed.settle()
    found = await state(alarmed)
    assert (await incidents(alarmed), found.alerts.firing) == (1, 401)
    assert await posts(alarmed, channel) == before
    assert found.version < 80
    await card(alarmed, channel, "Alerts   401 firing · HighErrorRate ×401")


async def _deliver(team: Team, deliveries: Sequence[object]) -> None:
    for each in deliveries:
        status, _ = await post(team, each)
        assert status == 200


async def test_every_source_comes_in_by_its_own_door_with_its_own_secret(start_team: StartTeam, tmp_path: Path) -> None:
    sources = [*READERS, "pings"]
    secrets = ",".join(f"{name}=the secret of {name}" for name in sources)
    team = await start_team(alert_secrets=secrets, playbooks_dir=playbooks(tmp_path, PINGS_BLOCK))
    for name in names():
        source = source_of(name)
        other = sources[sources.index(source) - 1]
        assert (await deliver(team, name, f"the secret of {other}"))[0] == 401
        assert (await deliver(team, name, f"the secret of {source}"))[0] == 200
    await team.settle()
    decided = {each.source: each.reason for each in await team.bot.store.alerts.decisions(100)}
    assert set(decided) == set(sources)
    assert decided["pagerduty"] == "RECORDED"


async def deliver(team: Team, name: str, secret: str) -> tuple[int, str]:
    """One of tests/payloads, with the headers that it came with."""
    headers, body = delivered(name)
    sent = [f"{header}: {value}" for header, value in headers.items()]
    return await post(team, body, source=source_of(name), secret=secret, headers=sent)


async def test_a_reminder_of_what_people_ended_opens_nothing_and_a_new_cycle_does(start_team: StartTeam) -> None:
    team = await start_team(alert_secrets="datadog=the secret of datadog")
    assert (await deliver(team, "datadog-triggered.json", "the secret of datadog"))[0] == 200
    await team.settle()
    channel = await channel_of(team)
    assert "disk-of-the-orders-database" in channel
    await team.type("ada", "resolve Made room.", channel)
    assert (await deliver(team, "datadog-renotify.json", "the secret of datadog"))[0] == 200
    await team.settle()
    newest, *_ = await team.bot.store.alerts.decisions(1)
    assert (await incidents(team), newest.reason) == (1, "ANSWERED_BEFORE")
    _, body = delivered("datadog-renotify.json")
    anew = {**json.loads(body), "cycle": "8812006733914420002"}
    assert (await post(team, anew, source="datadog", secret="the secret of datadog"))[0] == 200
    await team.settle()
    assert await incidents(team) == 2


async def test_what_was_taken_in_by_a_process_that_died_is_decided_by_the_next(host: Host) -> None:
    """Its desk never came to it; the inbox did not die with it."""
    settings = host.settings.model_copy(update={"alert_secrets": SecretStr(SECRETS)})
    shared = Host(workspace=host.workspace, settings=settings, clock=host.clock)
    async with shared.muster() as first:
        await first.bot.store.alerts.take(read("alertmanager-storm.json"), first.clock.now())
    async with shared.muster() as second:
        await second.settle()
        assert await incidents(second) == 1
        assert (await state(second)).alerts.firing == 1


async def test_an_alert_that_comes_while_slack_is_away_has_its_room_when_slack_is_back(alarmed: Team) -> None:
    await alarmed.workspace.client.fault("conversations.create", "bad_gateway", count=2)
    await send(alarmed, told())
    await card(alarmed, await channel_of(alarmed), "Alerts   1 firing")


async def test_two_processes_make_one_incident_of_what_both_are_sent(host: Host) -> None:
    settings = host.settings.model_copy(update={"alert_secrets": SecretStr(SECRETS)})
    shared = Host(workspace=host.workspace, settings=settings, clock=host.clock)
    async with shared.muster() as one, shared.muster() as other:
        for number in range(10):
            for team in (one, other):
                status, _ = await post(team, notification(told(fingerprint=str(number))))
                assert status == 200
        await one.settle()
        await other.settle()
        assert await incidents(one) == 1
        assert (await state(one)).alerts.firing == 10
        decided = [each.reason for each in await one.bot.store.alerts.decisions(100)]
        assert sorted(decided) == ["ATTACHED_SAME_GROUP"] * 9 + ["DECLARED_BY_RULE"]
