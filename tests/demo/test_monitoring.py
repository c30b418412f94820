"""The demo's monitoring: real deliveries to the bot's own door, and in a sentence what became of them."""

import json
import shlex
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.alerts import alertmanager
from bot.alerts.sources import READERS
from bot.demo.alarms import ALARMS, delivery, smallest
from bot.demo.monitoring import said
from bot.demo.world import Plan, World, world
from bot.incident.alert import AlertDecision, AlertState, Reason
from bot.incident.alert_policy import AlertPolicy
from bot.incident.terms import IncidentId
from bot.workspace.client import Refused
from tests.alerts.payload_files import PINGS_BLOCK
from tests.incident.given import NOON, after
from tests.scenarios.house_rules import playbooks

WATCHDOG = "watchdogs:\n  prometheus: {match: {alertname: Watchdog}, silent_after: 5m}\n"


@pytest.fixture
async def staged() -> AsyncIterator[World]:
    async with world(Plan(port=0)) as running:
        yield running


async def sent(staged: World, *names: str) -> list[str]:
    return [(await staged.workspace.client.send_alert(name))["said"] for name in names]


@pytest.mark.parametrize("alarm", ALARMS, ids=lambda alarm: alarm.name)
def test_an_alarm_is_told_as_alertmanager_tells_it(alarm: Any) -> None:
    fired, ended = (
        alertmanager.read("alertmanager", json.dumps(told).encode(), {})
        for told in (delivery(alarm, NOON), delivery(alarm, NOON, after(5)))
    )
    assert len({each.key for each in fired}) == len(alarm.members)
    assert [each.key for each in fired] == [each.key for each in ended]
    assert {(each.state, each.started_at, each.ended_at) for each in fired} == {(AlertState.FIRING, NOON, None)}
    assert {(each.state, each.ended_at) for each in ended} == {(AlertState.RESOLVED, after(5))}


def test_what_one_writes_by_hand_opens_an_incident() -> None:
    (alert,) = alertmanager.read("alertmanager", json.dumps(smallest("Mine")).encode(), {})
    assert AlertPolicy().rule_for(alert).action == "declare"


async def test_each_alert_does_what_it_says(staged: World) -> None:
    (disk,) = await sent(staged, "disk")
    assert (disk.startswith("Muster took 1 alert. 1 "), "INC" in disk) == (True, False)
    assert await sent(staged, "budget") == [
        "Muster took 1 alert. 1 PROPOSED (P1: rule “the error budget is exhausted”)."
    ]
    await staged.workspace.person("ada").wait_for_message("incidents", "Suggested   Freeze deploys")
    assert await sent(staged, "retries", "payments", "payments", "retries", "pods") == [
        "Muster took 1 alert. 1 RECORDED (rule “no customer is touched”).",
        "Muster took 1 alert. INC-1: 1 DECLARED_BY_RULE (rule “grave”).",
        "Muster took 1 alert and knew of it already: nothing has changed.",
        "Muster took 1 alert. INC-1: 1 ATTACHED_BY_DEPENDENCY (checkout needs payments).",
        "Muster took 40 alerts. INC-2: 1 DECLARED_BY_RULE (rule “grave”), 39 ATTACHED_SAME_GROUP (the same group).",
    ]
    assert await sent(staged, "resolve") == [
        "Muster took 44 alerts. INC-1: 2 resolved. INC-2: 40 resolved. 1 resolved."
    ]
    assert (await staged.workspace.client.alerts())["firing"] == []


async def test_it_leads_to_the_channel_of_what_it_opened_however_often_it_is_told(staged: World) -> None:
    first, again = [await staged.workspace.client.send_alert("payments") for _ in range(2)]
    found = await staged.workspace.person("ada").channel_named("inc-1-")
    assert found is not None
    assert (first["channel"], first["name"]) == (again["channel"], again["name"]) == (found.id, found.name)


async def test_once_all_of_it_has_resolved_somebody_is_asked_whether_it_is_mitigated(staged: World) -> None:
    opened = await staged.workspace.client.send_alert("payments")
    await sent(staged, "resolve")
    await staged.workspace.client.advance(150)
    await staged.workspace.person("ada").wait_for_message(opened["name"], "Is it mitigated?")


@pytest.mark.parametrize(("name", "sentence"), [("resolve", "Nothing fires now"), ("flood", "no alert named flood")])
async def test_what_cannot_be_sent_is_refused_in_a_sentence(staged: World, name: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        await staged.workspace.client.send_alert(name)


async def test_the_line_for_ones_own_alert_works_as_it_stands(staged: World) -> None:
    curl, _, header, _, body, address = shlex.split((await staged.workspace.client.alerts())["own"])
    name, _, value = header.partition(": ")
    async with aiohttp.ClientSession() as session, session.post(address, data=body, headers={name: value}) as answer:
        assert (curl, answer.status, await answer.text()) == ("curl", 200, "1 taken.\n")
    await staged.workspace.person("ada").wait_until(lambda: staged.workspace.person("ada").channel_named("inc-1-"))


async def test_every_source_has_a_door_in_the_demo_those_of_ones_own_policy_too(tmp_path: Path) -> None:
    async with world(Plan(port=0, playbooks=playbooks(tmp_path, PINGS_BLOCK))) as staged:
        address = f"http://127.0.0.1:{staged.bot.port}/alerts"
        async with aiohttp.ClientSession() as session:
            for source in (*READERS, "pings"):
                async with session.post(f"{address}/{source}", data=b"{}") as answer:
                    assert answer.status == 401, source
            async with session.post(f"{address}/another", data=b"{}") as answer:
                assert answer.status == 404


async def test_while_a_drill_is_played_alerts_are_recorded_and_watchdogs_are_heard(tmp_path: Path) -> None:
    async with world(Plan(port=0, playbooks=playbooks(tmp_path, WATCHDOG))) as staged:
        await staged.workspace.client.start_drill("pay-button", "ada")
        assert await sent(staged, "payments") == ["Muster took 1 alert. 1 RECORDED (a drill is being played)."]
        await _signal(staged)
        heard = staged.bot.store.watchdogs.last_heard
        await staged.workspace.person("ada").wait_until(heard)
        assert set(await heard()) == {"prometheus"}


async def _signal(staged: World) -> None:
    told = smallest("It beats")
    told["alerts"][0]["labels"] = {"alertname": "Watchdog"}
    _, _, header, _, _, address = shlex.split((await staged.workspace.client.alerts())["own"])
    name, _, value = header.partition(": ")
    async with aiohttp.ClientSession() as session, session.post(address, json=told, headers={name: value}) as answer:
        assert answer.status == 200


def decision(reason: Reason, why: str, incident: int | None, state: AlertState = AlertState.FIRING) -> AlertDecision:
    number = IncidentId(incident) if incident else None
    parts: dict[str, Any] = {"key": "k", "source": "alertmanager", "name": "n", "at": NOON, "incident": number}
    return AlertDecision(reason=reason, why=why, state=state, **parts)


def test_what_became_of_them_is_one_line() -> None:
    joined = decision(Reason.ATTACHED_SAME_GROUP, "the same group", 7)
    ended = decision(Reason.ATTACHED_SAME_GROUP, "the same group", 7, AlertState.RESOLVED)
    alone = decision(Reason.RECORDED, "rule “x”", None)
    assert said(4, [joined, ended, joined, alone]) == (
        "Muster took 4 alerts. INC-7: 2 ATTACHED_SAME_GROUP (the same group), 1 resolved. 1 RECORDED (rule “x”)."
    )
    assert said(1, None) == "Muster took 1 alert, and decides about it in a moment."
