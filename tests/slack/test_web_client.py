"""Calls over a real socket: what each way of failing means, and what is never logged."""

import asyncio
import logging
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
import structlog

from bot.ports import Unavailable
from bot.slack.limiter import Limiter
from bot.slack.message import Message
from bot.slack.outcome import SlackRefusal, rest
from bot.slack.web_client import WebClient, form, open_web_client
from tests.slack.scripted_slack import Say, ScriptedSlack, ok, refuse
from tests.slack.war_room import ROOM, US

PAGE = "<html>Bad gateway</html>"

OPEN_OUTCOMES = {
    "internal error": refuse("internal_error"),
    "fatal error": refuse("fatal_error"),
    "500 with JSON": Say(body={"ok": False, "error": "internal_error"}, status=500),
    "502 as a page": Say(text=PAGE, status=502, content_type="text/html"),
    "502 as plain text": Say(text="bad gateway", status=502, content_type="text/plain"),
    "200 as a page": Say(text=PAGE, content_type="text/html"),
    "200 as plain text": Say(text="hello", content_type="text/plain"),
    "empty body": Say(text=""),
    "half a body": Say(text='{"ok": tr'),
    "a list": Say(text="[1]"),
    "lost reply": Say(drop=True),
}


async def failing(client: WebClient, method: str = "pins.add") -> Unavailable:
    with pytest.raises(Unavailable) as raised:
        await client.call(method, channel=ROOM)
    return raised.value


@pytest.mark.parametrize("name", OPEN_OUTCOMES)
async def test_an_answer_that_says_nothing_leaves_the_outcome_open(
    name: str, slack: ScriptedSlack, client: WebClient
) -> None:
    slack.says("pins.add", OPEN_OUTCOMES[name])
    failure = await failing(client)
    assert (failure.unknown, failure.retryable, failure.after) == (True, True, None)


@pytest.mark.parametrize("name", OPEN_OUTCOMES)
async def test_a_call_is_sent_once_however_it_fails(name: str, slack: ScriptedSlack, client: WebClient) -> None:
    slack.says("pins.add", OPEN_OUTCOMES[name])
    await failing(client)
    assert len(slack.calls) == 1


async def test_no_answer_in_time_leaves_the_outcome_open(slack: ScriptedSlack, slack_url: str) -> None:
    slack.says("pins.add", Say(text="", status=200))
    within = timedelta(seconds=0.000001)
    async with open_web_client("t", base_url=f"{slack_url}/api/", answers_within=within) as client:
        with pytest.raises(Unavailable):
            await client.call("pins.add")


async def test_a_refused_connection_is_known_to_have_done_nothing() -> None:
    async with open_web_client("t", base_url="http://127.0.0.1:1/api/") as client:
        failure = await failing(client)
    assert (failure.unknown, failure.retryable) == (False, True)


async def test_a_429_is_waited_out_and_closes_the_method(slack: ScriptedSlack, client: WebClient) -> None:
    slack.says("pins.add", Say(body={"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": "7"}))
    first, second = await failing(client), await failing(client)
    assert (first.after, first.unknown) == (timedelta(seconds=7), False)
    assert second.after is not None
    assert len(slack.calls) == 1


@pytest.mark.parametrize("code", ["invalid_auth", "token_revoked", "account_inactive"])
async def test_a_bad_token_is_tried_again_for_an_operator_can_mend_it(
    code: str, slack: ScriptedSlack, client: WebClient
) -> None:
    slack.says("pins.add", refuse(code))
    with structlog.testing.capture_logs() as logs:
        failure = await failing(client)
    assert (failure.retryable, failure.after, failure.unknown) == (True, None, False)
    assert logs[0]["log_level"] == "error"
    assert client.pulse.token_problem == code


async def test_a_token_that_is_accepted_again_is_no_problem_any_more(slack: ScriptedSlack, client: WebClient) -> None:
    slack.says("auth.test", refuse("token_revoked"), ok())
    assert not await client.answers()
    assert await client.answers()
    assert client.pulse.token_problem == ""


@pytest.mark.parametrize(("channel", "limit"), [(ROOM, f"chat.postMessage {ROOM}"), ("", "chat.postMessage")])
async def test_a_429_names_the_limit_that_was_met(
    channel: str, limit: str, slack: ScriptedSlack, client: WebClient
) -> None:
    slack.says("chat.postMessage", Say(body={"ok": False}, status=429, headers={"Retry-After": "7"}))
    with pytest.raises(Unavailable) as raised:
        await client.call("chat.postMessage", channel=channel)
    assert raised.value.limit == limit


async def test_a_missing_scope_is_named(slack: ScriptedSlack, client: WebClient) -> None:
    slack.says("conversations.setTopic", refuse("missing_scope", needed="channels:manage", provided="chat:write"))
    with pytest.raises(SlackRefusal) as raised:
        await client.call("conversations.setTopic", channel=ROOM, topic="x")
    assert raised.value.step == "topic"
    assert raised.value.reason == "the app lacks channels:manage; muster check says how to add it"


async def test_twenty_calls_at_once_and_twenty_after_them_share_few_connections(
    slack: ScriptedSlack, client: WebClient
) -> None:
    for _ in range(20):
        await client.call("users.info", user="U1")
    assert len(slack.connections) == 1
    async with asyncio.TaskGroup() as tasks:
        for _ in range(20):
            tasks.create_task(client.call("users.info", user="U1"))
    assert len(slack.connections) <= 20


async def test_the_token_and_the_texts_are_never_logged(
    slack: ScriptedSlack, client: WebClient, caplog: pytest.LogCaptureFixture
) -> None:
    slack.says("chat.postMessage", Say(drop=True))
    with caplog.at_level(logging.DEBUG), structlog.testing.capture_logs() as logs, pytest.raises(Unavailable) as raised:
        await client.call("chat.postMessage", channel=ROOM, text="the secret plan", metadata={})
    told = f"{caplog.text} {logs} {raised.value}"
    assert "xoxb-secret" not in told
    assert "secret plan" not in told


async def test_identity_is_asked_of_slack(slack: ScriptedSlack, client: WebClient) -> None:
    slack.says("auth.test", ok(user_id="UMUSTER", bot_id="BMUSTER", team_id="TACME", url="https://acme.example/"))
    assert await client.identity() == US


async def test_an_expired_response_url_says_so(slack: ScriptedSlack, slack_url: str, client: WebClient) -> None:
    slack.says("response_url", Say(status=404, text="expired_url"))
    assert not await client.answer(f"{slack_url}/respond", Message(text="hello"))


def test_structured_arguments_become_json_in_a_form() -> None:
    args = {"a": "text", "b": True, "c": 5, "d": None, "e": [{"type": "divider"}]}
    assert dict(parse_qsl(form(args).decode())) == {"a": "text", "b": "true", "c": "5", "e": '[{"type":"divider"}]'}


def test_permalinks_are_built_as_slack_builds_them() -> None:
    thread = "1355517500.000001"
    assert US.permalink(ROOM, "1355517523.000005") == "https://acme.example/archives/CROOM/p1355517523000005"  # type: ignore[arg-type]
    assert US.permalink(ROOM, "1355517523.000005", thread).endswith(f"?thread_ts={thread}&cid=CROOM")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "seconds"), [("7", 7), ("0", 1), (None, 30), ("soon", 30), ("99999999999999999999", 3600), ("-5", 1)]
)
def test_retry_after_is_believed_within_reason(said: str | None, seconds: int) -> None:
    assert rest(said) == timedelta(seconds=seconds)


async def test_a_limiter_may_be_shared(slack_url: str) -> None:
    limiter = Limiter()
    limiter.closed("pins.add", "", timedelta(seconds=60))
    async with open_web_client("t", base_url=f"{slack_url}/api/", limiter=limiter) as client:
        assert (await failing(client)).after is not None
