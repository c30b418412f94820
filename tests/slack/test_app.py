"""The Bolt app as Slack meets it: payloads in, acknowledgements out, over HTTP signed and over a socket's envelope."""

import json
import time
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.incident import commands as ask
from bot.ports import Unavailable
from bot.slack import action_ids as ids
from bot.slack.app import build_app
from bot.slack.transports import http_handler
from tests.slack.blocks.given import CHANNEL
from tests.slack.given_desk import ADA, BEN, MUSTER, Given, event, given, press, slash, submit

SECRET = "a signing secret"
NOWHERE = AsyncWebClient(token="xoxb-1", base_url="http://127.0.0.1:9/")


def app_of(here: Given) -> AsyncApp:
    return build_app(here.desk, client=NOWHERE, signing_secret=SECRET)


async def sent(here: Given, body: dict[str, Any]) -> BoltResponse:
    return await app_of(here).async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body, headers={}))


REACTION = event(
    "reaction_added",
    user=ADA,
    reaction="pushpin",
    item={"type": "message", "channel": CHANNEL, "ts": "1.2"},
    item_user=BEN,
    event_ts="1.3",
)


async def test_a_slash_command_is_answered_in_its_acknowledgement() -> None:
    answer = await sent(given(), slash("show"))
    assert answer.status == 200
    assert json.loads(answer.body)["response_type"] == "ephemeral"


async def test_a_button_is_acknowledged_with_nothing_once_it_is_stored() -> None:
    here = given()
    answer = await sent(here, press(ids.ACKNOWLEDGE, "42"))
    assert (answer.status, answer.body) == (200, "")
    assert isinstance(here.command, ask.Acknowledge)


async def test_a_button_of_an_older_version_is_answered_too() -> None:
    here = given()
    assert (await sent(here, press("button_of_1999", "42"))).status == 200
    assert "older version" in here.slack.answer


async def test_a_form_with_a_fault_stays_open_with_its_errors() -> None:
    body = submit(ids.SEVERITY_MODAL, "42", severity={"selected_option": {"value": "SEV99"}})
    answer = await sent(given(), body)
    assert json.loads(answer.body)["response_action"] == "errors"


async def test_a_form_that_is_done_closes() -> None:
    here = given()
    answer = await sent(here, submit(ids.RESOLVE_MODAL, "42", summary={"value": "well"}))
    assert (answer.status, answer.body) == (200, "")
    assert isinstance(here.command, ask.ResolveIncident)


async def test_a_shortcut_opens_its_form() -> None:
    here = given()
    body = {"type": "shortcut", "callback_id": ids.DECLARE_SHORTCUT, "trigger_id": "1.2", "user": {"id": ADA}}
    assert (await sent(here, body)).status == 200
    assert here.slack.view["callback_id"] == ids.DECLARE_MODAL


async def test_an_event_is_acknowledged_once_it_is_stored() -> None:
    here = given()
    assert (await sent(here, REACTION)).status == 200
    assert isinstance(here.command, ask.FlagMessage)


async def test_an_event_that_could_not_be_stored_is_not_acknowledged() -> None:
    here = given()
    here.door.raises = [Unavailable("the store", "refused")]
    assert (await sent(here, REACTION)).status != 200


async def test_what_the_bot_does_itself_is_not_heard() -> None:
    here = given()
    mine = {**REACTION, "event": {**REACTION["event"], "user": MUSTER}}
    assert (await sent(here, mine)).status == 200
    assert here.door.commands == []


@pytest.fixture
async def slack_at() -> AsyncIterator[tuple[Given, TestClient[web.Request, web.Application]]]:
    here, site = given(), web.Application()
    site.router.add_post("/slack/events", http_handler(app_of(here), SECRET))
    async with TestClient(TestServer(site)) as client:
        yield here, client


def signed(body: str, *, secret: str = SECRET, age: int = 0) -> dict[str, str]:
    timestamp = str(int(time.time()) - age)
    signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
    assert signature is not None
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": signature, **kind}


Served = tuple[Given, TestClient[web.Request, web.Application]]


async def test_over_http_a_signed_command_is_answered(slack_at: Served) -> None:
    _, client = slack_at
    body = urlencode(slash("show"))
    async with client.post("/slack/events", data=body, headers=signed(body)) as answer:
        assert answer.status == 200
        assert "INC-42" in (await answer.json())["text"]


@pytest.mark.parametrize("forged", [{"secret": "another"}, {"age": 600}])
async def test_over_http_a_wrong_or_old_signature_is_refused(slack_at: Served, forged: dict[str, Any]) -> None:
    here, client = slack_at
    body = urlencode(slash("ack"))
    async with client.post("/slack/events", data=body, headers=signed(body, **forged)) as answer:
        assert answer.status == 401
    assert here.door.commands == []


async def test_over_http_an_unreadable_body_is_a_bad_request(slack_at: Served) -> None:
    _, client = slack_at
    async with client.post("/slack/events", data="{", headers=signed("{")) as answer:
        assert answer.status == 400


@pytest.mark.parametrize(("secret", "status"), [(SECRET, 200), ("another", 401)])
async def test_over_http_an_event_that_nobody_hears_is_answered_only_if_it_is_signed(
    slack_at: Served, secret: str, status: int
) -> None:
    _, client = slack_at
    body = json.dumps(event("message", channel="C1", text="hello"))
    headers = {**signed(body, secret=secret), "Content-Type": "application/json"}
    async with client.post("/slack/events", data=body, headers=headers) as answer:
        assert answer.status == status


async def test_over_http_slack_can_verify_the_address(slack_at: Served) -> None:
    _, client = slack_at
    body = json.dumps({"type": "url_verification", "challenge": "c0ffee"})
    headers = {**signed(body), "Content-Type": "application/json"}
    async with client.post("/slack/events", data=body, headers=headers) as answer:
        assert "c0ffee" in await answer.text()


async def test_an_unsigned_request_never_reaches_a_listener(slack_at: Served) -> None:
    here, client = slack_at
    async with client.post("/slack/events", data=slash("ack")) as answer:
        assert answer.status == 401
    assert here.door.commands == []


async def test_an_event_that_nobody_listens_to_is_not_sent_again() -> None:
    assert (await sent(given(), event("channel_created", channel={"id": "C1"}))).status == 200
