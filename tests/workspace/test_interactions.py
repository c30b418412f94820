"""People use an app that runs on the real Bolt over Socket Mode, as they would in Slack."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.workspace.client import Refused
from bot.workspace.person import Person
from bot.workspace.server import Workspace
from tests.workspace.dialogue import BUTTON, ROW, Connect, Json, modal, plain, refusal, section


async def open_form(body: Json, ack: Any, client: AsyncWebClient) -> None:
    await ack()
    await client.views_open(trigger_id=body["trigger_id"], view=modal())


async def test_a_slash_commands_acknowledgement_is_seen_by_the_person_alone(
    app: AsyncApp, connect: Connect, ada: Person, ben: Person
) -> None:
    @app.command("/incident")
    async def _(ack: Any, command: Json) -> None:
        await ack(f"you said {command['text']}")

    await connect(app)
    answer = await ada.slash("/incident", "assign @ben in #general")
    assert answer.text == "you said assign @ben in #general"
    assert [each.rendered for each in await ada.ephemerals("general")] == [answer.text]
    assert await ben.ephemerals() == []


async def test_a_command_nobody_acknowledges_times_out_after_three_seconds(
    workspace: Workspace, app: AsyncApp, connect: Connect, ada: Person
) -> None:
    asked = asyncio.Event()

    @app.command("/incident")
    async def _(ack: Any) -> None:
        asked.set()

    await connect(app)
    waiting = asyncio.create_task(ada.slash("/incident"))
    await asked.wait()
    await workspace.client.advance(3)
    assert (await waiting).error == "operation_timeout"


async def test_without_a_connection_a_command_fails(ada: Person) -> None:
    assert (await ada.slash("/incident")).error == "dispatch_failed"


async def test_a_button_reaches_the_app_with_its_message(
    workspace: Workspace, app: AsyncApp, connect: Connect, slack: AsyncWebClient, ada: Person
) -> None:
    seen: list[Json] = []

    @app.action("go")
    async def _(ack: Any, body: Json, respond: Any) -> None:
        await ack()
        seen.append(body)
        await respond(text="done", replace_original=True)

    await connect(app)
    await slack.chat_postMessage(channel=workspace.channel_id("general"), text="card", blocks=ROW)
    assert (await ada.click("Go on")).ok
    await ada.wait_for_message("general", "done")
    assert seen[0]["actions"][0]["value"] == "7"
    assert seen[0]["message"]["text"] == "card"
    assert seen[0]["container"]["channel_id"] == workspace.channel_id("general")


async def test_a_form_keeps_its_errors_then_closes(app: AsyncApp, connect: Connect, ada: Person) -> None:
    app.command("/incident")(open_form)

    @app.view("form")
    async def _(ack: Any, view: Json) -> None:
        title = view["state"]["values"]["title"]["text"]["value"]
        if title == "bad":
            await ack(response_action="errors", errors={"title": "Not that one."})
        else:
            await ack()

    await connect(app)
    await ada.slash("/incident")
    await ada.wait_for_modal("Form")
    refused = await ada.submit({"Title": "bad"})
    assert (refused.errors, refused.closed) == ({"title": "Not that one."}, False)
    assert (await ada.submit({"Title": "good"})).closed
    assert await ada.modal() is None


async def test_slack_itself_asks_for_required_fields(app: AsyncApp, connect: Connect, ada: Person) -> None:
    app.command("/incident")(open_form)
    await connect(app)
    await ada.slash("/incident")
    await ada.wait_for_modal()
    assert (await ada.submit()).errors == {"title": "Please complete this required field."}


async def test_a_trigger_dies_after_three_seconds(
    workspace: Workspace, app: AsyncApp, connect: Connect, slack: AsyncWebClient, ada: Person
) -> None:
    triggers: list[str] = []

    @app.command("/incident")
    async def _(ack: Any, command: Json) -> None:
        triggers.append(command["trigger_id"])
        await ack()

    await connect(app)
    await ada.slash("/incident")
    workspace.clock.advance(3.1)
    assert await refusal(slack.views_open(trigger_id=triggers[0], view=modal())) == "expired_trigger_id"


async def test_a_trigger_works_once(
    workspace: Workspace, app: AsyncApp, connect: Connect, slack: AsyncWebClient, ada: Person
) -> None:
    app.shortcut("open")(open_form)
    await connect(app)
    await ada.shortcut("open")
    await ada.wait_for_modal()
    trigger = (await workspace.client.deliveries("interactive"))[0]["payload"]["trigger_id"]
    assert await refusal(slack.views_open(trigger_id=trigger, view=modal())) == "exchanged_trigger_id"


async def test_a_response_url_works_five_times(
    workspace: Workspace, app: AsyncApp, connect: Connect, ada: Person
) -> None:
    statuses: list[int] = []

    @app.command("/incident")
    async def _(ack: Any, respond: Any) -> None:
        await ack()
        statuses.extend([(await respond(f"answer {number}")).status_code for number in range(6)])

    await connect(app)
    await ada.slash("/incident")
    await ada.wait_until(lambda: len(statuses) == 6)
    assert statuses == [200] * 5 + [404]
    assert len(await ada.ephemerals()) == 5


async def test_a_response_url_dies_after_thirty_minutes(
    workspace: Workspace, app: AsyncApp, connect: Connect, ada: Person
) -> None:
    @app.command("/incident")
    async def _(ack: Any) -> None:
        await ack()

    await connect(app)
    await ada.slash("/incident")
    url = (await workspace.client.deliveries("slash_commands"))[0]["payload"]["response_url"]
    await workspace.client.advance(30 * 60 + 1)
    answer = await AsyncWebhookClient(url).send(text="late")
    assert (answer.status_code, "expired_url" in answer.body) == (404, True)


async def test_an_ephemeral_button_is_sent_without_its_message(
    workspace: Workspace, app: AsyncApp, connect: Connect, slack: AsyncWebClient, ada: Person
) -> None:
    bodies: list[Json] = []

    @app.action("go")
    async def _(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    await connect(app)
    channel = workspace.channel_id("general")
    await slack.chat_postEphemeral(channel=channel, user=workspace.user_id("ada"), text="psst", blocks=ROW)
    await ada.click("go", where="ephemeral")
    assert bodies[0]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[0]


async def test_the_home_tab_is_published_when_it_is_opened(
    app: AsyncApp, connect: Connect, slack: AsyncWebClient, ada: Person
) -> None:
    @app.event("app_home_opened")
    async def _(event: Json) -> None:
        await slack.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Welcome")]})

    await connect(app)
    await ada.open_home()
    home = await ada.wait_until(ada.home)
    assert home.rendered == "Welcome"


async def test_a_choice_in_a_message_reaches_the_app(
    workspace: Workspace, app: AsyncApp, connect: Connect, slack: AsyncWebClient, ada: Person
) -> None:
    chosen: list[str] = []

    @app.action("who")
    async def _(ack: Any, action: Json) -> None:
        chosen.append(action["selected_user"])
        await ack()

    await connect(app)
    picker = {"type": "users_select", "action_id": "who", "placeholder": plain("Who commands?")}
    blocks = [section("Roles", accessory=picker)]
    await slack.chat_postMessage(channel=workspace.channel_id("general"), text="roles", blocks=blocks)
    await ada.select("Who commands?", "ben")
    assert chosen == [workspace.user_id("ben")]


async def test_a_message_shortcut_carries_the_message(
    workspace: Workspace, app: AsyncApp, connect: Connect, ada: Person
) -> None:
    texts: list[str] = []

    @app.shortcut("declare_from_message")
    async def _(ack: Any, shortcut: Json) -> None:
        texts.append(shortcut["message"]["text"])
        await ack()

    await connect(app)
    ts = await ada.say("general", "all is on fire")
    assert (await ada.message_shortcut("declare_from_message", "general", ts)).ok
    assert texts == ["all is on fire"]


async def test_a_command_outside_ones_channels_is_refused_by_the_workspace(workspace: Workspace) -> None:
    with pytest.raises(Refused) as refused:
        await workspace.person("dee").slash("/incident", "declare", channel="general")
    assert refused.value.error == "not_in_channel"


async def test_a_forged_command_is_delivered_unchecked(workspace: Workspace, app: AsyncApp, connect: Connect) -> None:
    @app.command("/incident")
    async def _(ack: Any, command: Json) -> None:
        await ack(f"from {command['user_id']} in {command['channel_id']}")

    await connect(app)
    forged = {"command": "/incident", "text": "list", "user_id": "U0EVE00001", "channel_id": "C0ELSEWHERE"}
    answer = await workspace.client.forge("slash", forged)
    assert answer.raw["answer"]["text"] == "from U0EVE00001 in C0ELSEWHERE"


async def test_a_refreshed_connection_is_replaced(
    workspace: Workspace, app: AsyncApp, connect: Connect, ada: Person
) -> None:
    @app.command("/incident")
    async def _(ack: Any) -> None:
        await ack("still here")

    await connect(app)
    opened = len(await workspace.client.calls("apps.connections.open"))
    await workspace.client.refresh_sockets()

    async def is_reconnected() -> bool:
        return len(await workspace.client.calls("apps.connections.open")) > opened

    await workspace.client.wait_until(is_reconnected)
    await workspace.client.connected()
    assert (await ada.slash("/incident")).text == "still here"


async def test_a_form_submitted_twice_at_once_reaches_the_app_twice(
    app: AsyncApp, connect: Connect, ada: Person
) -> None:
    hashes: list[str] = []
    app.shortcut("open")(open_form)

    @app.view("form")
    async def _(ack: Any, view: Json) -> None:
        hashes.append(view["hash"])
        await ack()

    await connect(app)
    await ada.shortcut("open")
    await ada.wait_for_modal()
    await asyncio.gather(ada.submit({"Title": "x"}), ada.submit({"Title": "x"}))
    assert len(hashes) == 2
    assert len(set(hashes)) == 1


async def test_an_overflow_choice_carries_its_option(
    workspace: Workspace, app: AsyncApp, connect: Connect, slack: AsyncWebClient, ada: Person
) -> None:
    chosen: list[str] = []

    @app.action("more")
    async def _(ack: Any, action: Json) -> None:
        chosen.append(action["selected_option"]["value"])
        await ack()

    await connect(app)
    menu = {"type": "overflow", "action_id": "more", "options": [{"text": plain("Cancel"), "value": "cancel"}]}
    blocks = [section("Card", accessory=menu)]
    await slack.chat_postMessage(channel=workspace.channel_id("general"), text="card", blocks=blocks)
    await ada.select("more", "Cancel")
    assert chosen == ["cancel"]


async def test_a_view_can_be_updated_and_stacked_by_the_answer_to_a_form(
    app: AsyncApp, connect: Connect, ada: Person
) -> None:
    app.shortcut("open")(open_form)

    @app.view("form")
    async def _(ack: Any) -> None:
        await ack(response_action="push", view=modal(title=plain("Second"), callback_id="second"))

    @app.view("second")
    async def _(ack: Any) -> None:
        await ack(response_action="clear")

    await connect(app)
    await ada.shortcut("open")
    await ada.wait_for_modal("Form")
    pushed = await ada.submit({"Title": "x"})
    assert (pushed.closed, pushed.view and pushed.view.title) == (False, "Second")
    assert (await ada.submit({"Title": "y"})).closed


async def test_an_update_of_an_old_view_is_a_hash_conflict(
    app: AsyncApp, connect: Connect, slack: AsyncWebClient, ada: Person
) -> None:
    app.shortcut("open")(open_form)
    await connect(app)
    await ada.shortcut("open")
    view = await ada.wait_for_modal()
    await slack.views_update(view_id=view.id, view=modal(title=plain("New")), hash=view.raw["hash"])
    late = slack.views_update(view_id=view.id, view=modal(), hash=view.raw["hash"])
    assert await refusal(late) == "hash_conflict"


async def test_a_button_in_the_home_tab_carries_the_view(
    app: AsyncApp, connect: Connect, slack: AsyncWebClient, workspace: Workspace, ada: Person
) -> None:
    bodies: list[Json] = []

    @app.action("go")
    async def _(ack: Any, body: Json) -> None:
        bodies.append(body)
        await ack()

    await connect(app)
    await slack.views_publish(user_id=workspace.user_id("ada"), view={"type": "home", "blocks": ROW})
    await ada.click("Go on", where="home")
    assert bodies[0]["view"]["type"] == "home"
    assert bodies[0]["container"]["type"] == "view"


async def test_a_button_in_an_ephemeral_answer_can_be_pressed(app: AsyncApp, connect: Connect, ada: Person) -> None:
    pressed: list[Json] = []

    @app.command("/incident")
    async def _(ack: Any) -> None:
        await ack(text="Here", blocks=[{"type": "actions", "elements": [BUTTON]}])

    @app.action("go")
    async def _(ack: Any, body: Json) -> None:
        pressed.append(body)
        await ack()

    await connect(app)
    await ada.slash("/incident")
    assert (await ada.click("Go on", where="ephemeral")).ok
    assert pressed[0]["actions"][0]["block_id"]
