"""Events reach the app at least once, by Socket Mode or by signed HTTP, and only those it may hear."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.http_delivery import RefusedByApp
from bot.workspace.person import Person
from bot.workspace.server import Workspace
from tests.workspace.dialogue import ROW, Connect, Json

Inbox = list[web.Request]


class Listener:
    """An app that keeps what it is sent and answers with `status`."""

    def __init__(self, secret: str) -> None:
        self.url, self.status, self.received = "", 200, list[Json]()
        self._verifier = SignatureVerifier(secret)

    async def receive(self, request: web.Request) -> web.Response:
        body = await request.text()
        valid = self._verifier.is_valid_request(body, dict(request.headers))
        self.received.append({"body": body, "valid": valid, "headers": request.headers})
        if "url_verification" in body:
            return web.json_response({"challenge": (await request.json())["challenge"]})
        return web.Response(status=self.status)


@pytest.fixture
async def listener(workspace: Workspace) -> AsyncIterator[Listener]:
    found = Listener(workspace.signing_secret)
    application = web.Application()
    application.add_routes([web.post("/slack/events", found.receive)])
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    found.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield found
    await runner.cleanup()


async def test_a_reaction_is_told_with_its_message_and_author(
    workspace: Workspace, app: AsyncApp, connect: Connect, ada: Person, ben: Person
) -> None:
    events: list[Json] = []

    @app.event("reaction_added")
    async def _(event: Json) -> None:
        events.append(event)

    await connect(app)
    ts = await ada.say("general", "a decision")
    await ben.react("general", ts, "scales")
    await ada.wait_until(lambda: events)
    assert (events[0]["item"]["ts"], events[0]["item_user"]) == (ts, workspace.user_id("ada"))


async def test_nothing_is_told_of_channels_the_app_is_not_in(workspace: Workspace, ada: Person) -> None:
    await ada.say("random", "not for apps")
    assert await workspace.client.deliveries("message") == []


async def test_an_event_is_only_sent_if_subscribed() -> None:
    async with Workspace(events=("reaction_added",)) as workspace:
        await workspace.person("ada").say("general", "hello")
        assert await workspace.client.deliveries() == []


async def test_edits_and_deletions_are_message_events(workspace: Workspace, ada: Person) -> None:
    ts = await ada.say("general", "first")
    await ada.edit("general", ts, "second")
    await ada.delete("general", ts)

    async def subtypes() -> list[str]:
        sent = {each["payload"]["event_id"]: each["payload"]["event"] for each in await workspace.client.deliveries()}
        found = [event.get("subtype", "") for event in sent.values()]
        return found if len(found) == 3 else []

    assert await ada.wait_until(subtypes) == ["", "message_changed", "message_deleted"]


async def test_an_unanswered_event_is_retried_at_once_then_after_one_and_five_minutes(
    workspace: Workspace, ada: Person
) -> None:
    await ada.say("general", "nobody listens")
    for expected, wait in ((2, 0), (3, 60), (4, 300)):
        await workspace.client.advance(wait)

        async def tried(expected: int = expected) -> bool:
            return len(await workspace.client.deliveries("message")) == expected

        await ada.wait_until(tried)
    assert [each["attempt"] for each in await workspace.client.deliveries("message")] == [0, 1, 2, 3]


async def test_a_delivery_fault_sends_an_event_four_times(
    workspace: Workspace, app: AsyncApp, connect: Connect, ada: Person
) -> None:
    ids: list[str] = []

    @app.event("message")
    async def _(body: Json) -> None:
        ids.append(body["event_id"])

    await connect(app)
    await workspace.client.delivery_fault("repeat", times=4)
    await ada.say("general", "once")
    await ada.wait_until(lambda: len(ids) == 4)
    assert len(set(ids)) == 1


async def test_a_clock_that_was_moved_on_does_not_age_signatures(
    workspace: Workspace, listener: Listener, ada: Person
) -> None:
    await workspace.deliver_over_http(listener.url)
    await workspace.client.advance(3600)
    await ada.slash("/incident")
    assert all(each["valid"] for each in listener.received)


async def test_requests_over_http_are_signed(workspace: Workspace, listener: Listener, ada: Person) -> None:
    await workspace.deliver_over_http(listener.url)
    assert (await ada.slash("/incident", "list")).ok
    assert [each["valid"] for each in listener.received] == [True, True]
    assert "command=%2Fincident" in listener.received[1]["body"]


async def test_interactivity_over_http_is_a_form_with_a_payload(
    workspace: Workspace, listener: Listener, slack: AsyncWebClient, ada: Person
) -> None:
    await workspace.deliver_over_http(listener.url)
    await slack.chat_postMessage(channel=workspace.channel_id("general"), text="card", blocks=ROW)
    await ada.click("Go on")
    assert listener.received[-1]["body"].startswith("payload=%7B")


async def test_an_app_that_does_not_answer_the_challenge_is_not_used(workspace: Workspace) -> None:
    with pytest.raises(RefusedByApp):
        await workspace.deliver_over_http("http://127.0.0.1:9/slack/events")


async def test_a_retry_over_http_says_its_number_and_reason(
    workspace: Workspace, listener: Listener, ada: Person
) -> None:
    await workspace.deliver_over_http(listener.url)
    listener.status = 500
    await ada.say("general", "hello")
    await ada.wait_until(lambda: len(listener.received) == 3)
    headers: Any = listener.received[2]["headers"]
    assert (headers["X-Slack-Retry-Num"], headers["X-Slack-Retry-Reason"]) == ("1", "http_error")


async def test_bolt_accepts_what_is_delivered_over_http(workspace: Workspace, app: AsyncApp, ada: Person) -> None:
    @app.command("/incident")
    async def _(ack: Any) -> None:
        await ack("over http")

    runner = web.AppRunner(app.server(port=0, host="127.0.0.1").web_app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await workspace.deliver_over_http(f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    assert (await ada.slash("/incident")).text == "over http"
    await runner.cleanup()


async def test_a_deleted_parent_of_replies_becomes_a_tombstone(workspace: Workspace, ada: Person) -> None:
    parent = await ada.say("general", "parent")
    await ada.say("general", "reply", thread_ts=parent)
    await ada.delete("general", parent)

    async def changes() -> list[Json]:
        events = [each["payload"]["event"] for each in await workspace.client.deliveries("message")]
        return [event for event in events if event.get("subtype") == "message_changed"]

    assert (await ada.wait_until(changes))[0]["message"]["subtype"] == "tombstone"
    assert (await ada.messages("general"))[0].deleted


async def test_naming_the_app_is_told_as_a_mention(workspace: Workspace, ada: Person) -> None:
    await ada.say("general", "@muster are you there?")

    async def mentions() -> list[Json]:
        return await workspace.client.deliveries("app_mention")

    event = (await ada.wait_until(mentions))[0]["payload"]["event"]
    assert event["text"] == f"<@{workspace.bot_user_id}> are you there?"


async def test_an_envelope_goes_to_one_of_several_connections(
    workspace: Workspace, app: AsyncApp, connect: Connect, ada: Person
) -> None:
    heard: list[str] = []

    @app.command("/incident")
    async def _(ack: Any, command: Json) -> None:
        heard.append(command["text"])
        await ack()

    await connect(app)
    await connect(app)
    assert (await workspace.client.about())["connections"] == 2
    for text in ("one", "two", "three"):
        await ada.slash("/incident", text)
    assert heard == ["one", "two", "three"]
