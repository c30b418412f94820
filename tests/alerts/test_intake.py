"""The door: who may come in, what they are told, and that nothing is answered before it is written down."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest
from structlog.testing import capture_logs

from bot.alerts.intake import Answer, Intake
from bot.incident.alert import Alert
from bot.incident.policy import Policy
from tests.alerts.sending import BEARER, SECRET, Counting, InboxDouble, notification
from tests.incident.given import NOON

BODY = json.dumps(notification()).encode()


@pytest.fixture
def inbox() -> InboxDouble:
    return InboxDouble()


@pytest.fixture
def counting() -> Counting:
    return Counting()


async def sent(
    inbox: InboxDouble,
    body: bytes = BODY,
    *,
    headers: Mapping[str, str] = BEARER,
    source: str = "alertmanager",
    counting: Counting | None = None,
) -> Answer:
    secrets = {"alertmanager": ("the old secret of it", SECRET), "unmapped": (SECRET,)}
    intake = Intake(inbox, secrets, Policy, now=lambda: NOON, woken=lambda: None, observer=counting or Counting())
    return await intake.receive(source, headers, body)


def signed(body: bytes, secret: str = SECRET) -> dict[str, str]:
    return {"x-hub-signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}


async def test_a_delivery_is_taken_and_then_answered(inbox: InboxDouble, counting: Counting) -> None:
    assert (await sent(inbox, counting=counting)).status == 200
    assert [alert.name for alert in inbox.taken] == ["HighErrorRate"]
    assert counting.seen == {("alertmanager", "taken"): 1}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"authorization": "Bearer"},
        {"authorization": "Bearer "},
        {"authorization": f"Bearer {SECRET}x"},
        {"authorization": f"Basic {SECRET}"},
        {"authorization": "Bearer ünïcode"},
        {"x-hub-signature-256": ""},
        {"x-hub-signature-256": "sha256="},
        signed(BODY, "another secret"),
        signed(b"another body"),
    ],
)
async def test_whoever_does_not_know_the_secret_is_refused(inbox: InboxDouble, headers: Mapping[str, str]) -> None:
    assert (await sent(inbox, headers=headers)).status == 401
    assert not inbox.taken


async def test_a_signed_body_is_as_good_as_a_token(inbox: InboxDouble) -> None:
    assert (await sent(inbox, headers=signed(BODY))).status == 200


async def test_two_secrets_of_a_source_let_it_in_while_one_is_replaced(inbox: InboxDouble) -> None:
    assert (await sent(inbox, headers={"authorization": "bearer the old secret of it"})).status == 200


async def test_a_source_without_a_secret_has_no_door(inbox: InboxDouble) -> None:
    assert (await sent(inbox, source="grafana")).status == 404


async def test_a_source_that_the_policy_does_not_describe_is_told_so(inbox: InboxDouble) -> None:
    answer = await sent(inbox, source="unmapped")
    assert (answer.status, "policy" in answer.text) == (404, True)


async def test_what_does_not_read_is_refused_in_a_sentence(inbox: InboxDouble) -> None:
    answer = await sent(inbox, b"{}")
    assert (answer.status, answer.text) == (400, "The payload does not read: version: Field required.\n")


async def test_a_large_delivery_is_read_while_others_are_answered(inbox: InboxDouble) -> None:
    (alert,) = notification()["alerts"]
    many = json.dumps(notification(alerts=[{**alert, "fingerprint": str(number)} for number in range(4000)]))
    turns = 0

    async def others() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    waiting = asyncio.create_task(others())
    assert (await sent(inbox, many.encode())).status == 200
    waiting.cancel()
    assert (len(inbox.taken), turns > 10) == (4000, True)


@pytest.mark.parametrize("item", [b"{}", b"[]", b"0", b'{"status":"firing"}'])
async def test_what_holds_too_much_to_be_read_in_time_is_refused_unread(inbox: InboxDouble, item: bytes) -> None:
    body = b'{"version":"4","groupKey":"g","alerts":[' + b",".join([item] * 100_000) + b"]}"
    answer = await sent(inbox, body)
    assert (answer.status, "too many values" in answer.text) == (400, True)
    assert not inbox.taken


def glance(source: str, **headers: str) -> tuple[int, bool]:
    intake = Intake(
        InboxDouble(), {"alertmanager": (SECRET,)}, Policy, now=lambda: NOON, woken=lambda: None, observer=Counting()
    )
    found = intake.glance(source, headers)
    return found.refused.status if found.refused else 0, found.known


def test_the_head_alone_tells_a_stranger() -> None:
    assert glance("nobody", **BEARER) == (404, False)
    assert glance("alertmanager") == (401, False)
    assert glance("alertmanager", authorization="Bearer x") == (401, False)
    assert glance("alertmanager", **signed(BODY)) == (0, False)
    assert glance("alertmanager", **BEARER) == (0, True)


async def test_a_store_that_is_away_asks_for_the_same_again(inbox: InboxDouble) -> None:
    inbox.away = True
    assert (await sent(inbox)).status == 503


async def test_a_full_inbox_asks_for_the_same_again(inbox: InboxDouble) -> None:
    inbox.full = True
    assert (await sent(inbox)).status == 503
    assert not inbox.taken


async def test_a_delivery_without_alerts_is_no_mistake(inbox: InboxDouble) -> None:
    assert (await sent(inbox, json.dumps(notification(alerts=[])).encode())).status == 200


async def test_what_max_alerts_left_out_is_told_in_the_log(inbox: InboxDouble) -> None:
    with capture_logs() as logged:
        assert (await sent(inbox, json.dumps(notification(truncatedAlerts=3)).encode())).status == 200
    assert [(each["event"], each["alerts"]) for each in logged] == [("alerts_left_out", 3)]


async def test_whatever_becomes_of_a_delivery_is_counted(counting: Counting) -> None:
    class Broken(InboxDouble):
        async def take(self, alerts: Sequence[Alert], at: datetime) -> bool:
            raise ZeroDivisionError

    for inbox in (InboxDouble(full=True), InboxDouble(away=True)):
        await sent(inbox, counting=counting)
    await sent(InboxDouble(), b"{", counting=counting)
    await sent(InboxDouble(), source="unmapped", counting=counting)
    with pytest.raises(ZeroDivisionError):
        await sent(Broken(), counting=counting)
    told = {"put off": 2, "malformed": 1, "bug": 1}
    assert counting.seen == {("unmapped", "refused"): 1, **{("alertmanager", each): n for each, n in told.items()}}


@pytest.mark.parametrize(("status", "outcome"), [(408, "too slow"), (413, "too large"), (503, "put off")])
def test_what_is_turned_away_before_it_is_read_is_counted(counting: Counting, status: int, outcome: str) -> None:
    intake = Intake(InboxDouble(), {}, Policy, now=lambda: NOON, woken=lambda: None, observer=counting)
    intake.turned_away("alertmanager", status, timedelta(seconds=10))
    assert counting.seen == {("alertmanager", outcome): 1}
