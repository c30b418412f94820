"""POST /api/incidents: the same key, the same incident, whatever is retried."""

import asyncio

import pytest

from bot.incident.terms import Severity
from tests.api.given import ADA_LOVELACE, DECLARER, DEE, DOWN, KEY, READER, Answer, Caller


async def test_a_program_declares(caller: Caller) -> None:
    answer = await caller.declare(
        {**DOWN, "severity": "SEV1", "service": "checkout", "link": "https://grafana.example/d"}
    )
    assert (answer.status, answer.headers["Location"]) == (201, "/api/incidents/1")
    assert (answer.said["reference"], answer.said["severity"], answer.said["source"]) == (
        "INC-1",
        "SEV1",
        "https://grafana.example/d",
    )


async def test_the_log_names_the_program(caller: Caller) -> None:
    await caller.declare()
    assert (await caller.door.read(next(iter(caller.log.logs)))).reporter_name == "monitor"


async def test_the_same_key_is_the_same_incident(caller: Caller) -> None:
    first, again = await caller.declare(), await caller.declare()
    assert (first.status, again.status) == (201, 200)
    assert (again.said["number"], len(caller.log.logs)) == (1, 1)


async def test_keys_that_race_declare_once(caller: Caller) -> None:
    answers: list[Answer] = await asyncio.gather(*(caller.declare() for _ in range(20)))
    assert sorted(answer.status for answer in answers) == [200] * 19 + [201]
    assert len(caller.log.logs) == 1


async def test_another_wish_under_the_same_key_is_refused(caller: Caller) -> None:
    await caller.declare()
    other = await caller.declare({"title": "Search is slow"})
    assert (other.status, other.said["field"], len(caller.log.logs)) == (422, "Idempotency-Key", 1)


async def test_another_key_is_another_incident(caller: Caller) -> None:
    await caller.declare()
    assert (await caller.declare(key={"Idempotency-Key": "alert-4712"})).said["number"] == 2


async def test_an_answer_that_was_lost_is_given_again(caller: Caller) -> None:
    caller.log.replies_to_lose = 99
    lost = await caller.declare()
    caller.log.replies_to_lose = 0
    found = await caller.declare()
    assert (lost.status, lost.headers["Retry-After"]) == (503, "2")
    assert (found.said["number"], len(caller.log.logs)) == (1, 1)


async def test_a_store_that_is_away_is_said_so(caller: Caller) -> None:
    caller.log.down = True
    answer = await caller.declare()
    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert "nothing was changed" in answer.said["detail"]


@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "short"}, {"Idempotency-Key": "x" * 201}])
async def test_without_a_key_nothing_is_declared(caller: Caller, key: dict[str, str]) -> None:
    answer = await caller.declare(key=key)
    assert (answer.status, answer.said["field"], caller.log.logs) == (400, "Idempotency-Key", {})


@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({}, "title"),
        ({"title": " "}, "title"),
        ({"title": "\u200b"}, "title"),
        ({"title": "x" * 301}, "title"),
        ({**DOWN, "severity": "SEV9"}, "severity"),
        ({**DOWN, "severity": "SEV5"}, "severity"),
        ({**DOWN, "link": "javascript:alert(1)"}, "link"),
        ({**DOWN, "impact_started_at": "2026-03-02T12:00:00"}, "impact_started_at"),
        ({**DOWN, "impact_started_at": "2026-03-02T13:00:00Z"}, "impact_started_at"),
        ({**DOWN, "titel": "x"}, "titel"),
        ({**DOWN, "private": True}, "commander"),
    ],
)
async def test_a_wish_that_cannot_be_names_the_field(caller: Caller, wish: dict[str, object], field: str) -> None:
    answer = await caller.declare(wish)
    assert (answer.status, answer.said["field"], caller.log.logs) == (422, field, {})


async def test_a_private_incident_has_who_leads_it(caller: Caller) -> None:
    answer = await caller.declare({**DOWN, "private": True, "commander": ADA_LOVELACE.id})
    assert (answer.status, answer.said["roles"]) == (201, {"incident_commander": ADA_LOVELACE.id})


async def test_what_it_declares_has_the_severity_of_the_policy_unless_said(caller: Caller) -> None:
    assert (await caller.declare()).said["severity"] == Severity.SEV2


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'"title"', b"\xff\xfe", b"[" * 20_000])
async def test_what_is_no_object_is_refused(caller: Caller, body: bytes) -> None:
    headers = {**KEY, "Content-Type": "application/json"}
    answer = await caller.send("POST", "/api/incidents", DECLARER, headers=headers, data=body)
    assert (answer.status in {400, 422}, caller.log.logs) == (True, {})


async def test_another_type_of_body_is_refused(caller: Caller) -> None:
    answer = await caller.send(
        "POST", "/api/incidents", DECLARER, headers={"Idempotency-Key": "k" * 8}, data=b"title=x"
    )
    assert answer.status == 415


async def test_a_body_that_is_too_large_is_refused(caller: Caller) -> None:
    answer = await caller.declare({**DOWN, "impact": "x" * 70_000})
    assert (answer.status, caller.log.logs) == (413, {})


async def test_who_may_only_read_declares_nothing(caller: Caller) -> None:
    answer = await caller.declare(secret=READER)
    assert (answer.status, answer.said["detail"]) == (403, "This token lacks the scope declare.")


async def test_a_guest_leads_nothing(caller: Caller) -> None:
    answer = await caller.declare({**DOWN, "commander": DEE.id})
    assert (answer.status, answer.said["field"], caller.log.logs) == (422, "commander", {})
