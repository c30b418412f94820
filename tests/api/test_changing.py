"""/api/changes: a deployment tells of itself, once a key."""

from datetime import timedelta

import pytest

from tests.api.given import DEPLOYER, KEY, READER, Answer, Caller
from tests.incident.given import NOON

V2 = {"service": "checkout", "what": "v2.31 to all regions"}


async def tell(caller: Caller, change: object = V2, secret: str = DEPLOYER) -> Answer:
    return await caller.send("POST", "/api/changes", secret, headers=KEY, json=change)


async def test_a_deployment_is_told_and_read(caller: Caller) -> None:
    answer = await tell(caller, {**V2, "by": "Ben", "link": "https://ci.example/17"})
    assert (answer.status, answer.said) == (201, {"new": True, "freeze": None})
    (known,) = (await caller.get("/api/changes")).said["changes"]
    assert (known["what"], known["kind"], known["by"], known["told_by"]) == (V2["what"], "deploy", "Ben", "deploys")


async def test_a_key_is_told_once(caller: Caller) -> None:
    first, again = await tell(caller), await tell(caller)
    assert (first.status, again.status, again.said) == (201, 200, {"new": False, "freeze": None})
    assert len((await caller.get("/api/changes")).said["changes"]) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"service": ""}, "service"),
        ({"what": "x" * 301}, "what"),
        ({"kind": "magic"}, "kind"),
        ({"link": "file:///etc/passwd"}, "link"),
        ({"at": (NOON + timedelta(minutes=6)).isoformat()}, "at"),
        ({"at": (NOON - timedelta(days=8)).isoformat()}, "at"),
    ],
)
async def test_a_change_that_cannot_be_names_the_field(caller: Caller, wrong: dict[str, str], field: str) -> None:
    answer = await tell(caller, {**V2, **wrong})
    assert (answer.status, answer.said["field"]) == (422, field)


async def test_who_may_only_read_tells_nothing(caller: Caller) -> None:
    assert (await tell(caller, secret=READER)).status == 403
