"""/api/freezes: whether a pipeline may deploy; and changes that come although it may not."""

from dataclasses import replace

import pytest

from bot.incident.catalogue import Service, drawn_up
from bot.incident.freeze import FreezeWish
from bot.incident.freeze_effects import PostFrozenChange
from bot.incident.policy import Policy
from bot.incident.terms import IncidentId
from tests.api.given import DEPLOYER, KEY, Answer, Caller
from tests.incident.given import ADA, NOON

WISH = FreezeWish(request="1", services=("checkout",), why="Budget is spent", incident=IncidentId(42))


async def asked(caller: Caller, service: str = "checkout", **headers: str) -> Answer:
    return await caller.get(f"/api/freezes?service={service}", **headers)


async def test_a_service_is_frozen_once_somebody_froze_it_until_somebody_ends_it(caller: Caller) -> None:
    assert (await asked(caller)).said == {"frozen": False, "freezes": []}
    await caller.freezes.begin(ADA, WISH)
    answer = await asked(caller, "Checkout")
    assert answer.said["frozen"]
    (freeze,) = answer.said["freezes"]
    assert (freeze["reference"], freeze["why"], freeze["by"], freeze["incident"]) == ("F1", WISH.why, ADA.id, "INC-42")
    assert freeze["until"] == "2026-03-03T12:00:00Z"
    await caller.freezes.end(ADA, "F1")
    assert not (await asked(caller)).said["frozen"]


async def test_what_a_shell_looks_for_stands_there_as_documented(caller: Caller) -> None:
    address = f"{caller.origin}/api/freezes?service=checkout"
    headers = {"Authorization": f"Bearer {'r' * 40}"}
    async with caller.session.get(address, headers=headers) as free:
        assert '"frozen":false' in await free.text()
    await caller.freezes.begin(ADA, WISH)
    async with caller.session.get(address, headers=headers) as frozen:
        assert '"frozen":true' in await frozen.text()


async def test_without_a_service_all_that_hold_are_told(caller: Caller) -> None:
    await caller.freezes.begin(ADA, WISH)
    await caller.freezes.begin(ADA, replace(WISH, request="2", services=("search", "cart")))
    answer = await caller.get("/api/freezes")
    assert [each["services"] for each in answer.said["freezes"]] == [["checkout"], ["search", "cart"]]


async def test_what_has_not_changed_is_answered_by_304(caller: Caller) -> None:
    await caller.freezes.begin(ADA, WISH)
    tag = (await asked(caller)).headers["ETag"]
    assert (await asked(caller, **{"If-None-Match": tag})).status == 304
    await caller.freezes.end(ADA, "F1")
    assert (await asked(caller, **{"If-None-Match": tag})).status == 200


async def test_a_slip_in_a_service_is_refused_and_never_answered_with_no(caller: Caller) -> None:
    caller.rules.policy = Policy(catalogue=drawn_up([Service(name="checkout", aliases=("till",))]))
    answer = await asked(caller, "chekout")
    assert (answer.status, answer.said["field"]) == (422, "service")
    assert "Did you mean checkout?" in answer.said["detail"]
    await caller.freezes.begin(ADA, WISH)
    assert (await asked(caller, "till")).said["frozen"]


@pytest.mark.parametrize("query", ["service=", "servce=checkout", "service=a&service=b", f"service={'x' * 101}"])
async def test_a_question_that_cannot_be_is_refused(caller: Caller, query: str) -> None:
    assert (await caller.get(f"/api/freezes?{query}")).status == 422


async def test_who_may_only_tell_changes_asks_nothing(caller: Caller) -> None:
    assert (await caller.get("/api/freezes", DEPLOYER)).status == 403


async def tell(caller: Caller, service: str = "checkout") -> Answer:
    change = {"service": service, "what": "v7", "at": NOON.isoformat()}
    return await caller.send("POST", "/api/changes", DEPLOYER, headers=KEY, json=change)


async def test_a_change_during_a_freeze_is_kept_and_its_answer_says_so(caller: Caller) -> None:
    await caller.freezes.begin(ADA, WISH)
    answer = await tell(caller, "CHECKOUT")
    assert (answer.status, answer.said["new"], answer.said["freeze"]["reference"]) == (201, True, "F1")
    (known,) = (await caller.get("/api/changes")).said["changes"]
    assert known["freeze"] == "F1"


async def test_the_incident_from_which_it_follows_is_told_once(caller: Caller) -> None:
    await caller.freezes.begin(ADA, WISH)
    for _ in range(2):
        await tell(caller)
    (effect,) = caller.changes.effects
    assert isinstance(effect, PostFrozenChange)
    assert (effect.incident, effect.change.what, effect.change.freeze) == (42, "v7", "F1")


async def test_of_a_service_that_is_not_frozen_nobody_is_told(caller: Caller) -> None:
    await caller.freezes.begin(ADA, WISH)
    assert (await tell(caller, "search")).said["freeze"] is None
    assert caller.changes.effects == []
