"""The journal: numbered, read part by part, without tokens, and clear about who broke a rule."""

from typing import Any

import pytest
from aiohttp import ClientSession
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.client import Refused
from bot.workspace.journal import KEPT, Numbered
from bot.workspace.person import Person
from bot.workspace.server import Workspace
from tests.workspace.dialogue import Connect, answer_of


async def test_entries_are_numbered_and_read_on_from_a_number(workspace: Workspace, slack: AsyncWebClient) -> None:
    for _ in range(5):
        await slack.auth_test()
    first = await workspace.client.calls(since=0, limit=2)
    rest = await workspace.client.calls(since=first[-1]["n"])
    assert [each["n"] for each in first + rest] == [1, 2, 3, 4, 5]


async def test_without_a_number_the_newest_are_read(workspace: Workspace, slack: AsyncWebClient) -> None:
    for _ in range(5):
        await slack.auth_test()
    assert [each["n"] for each in await workspace.client.calls(limit=2)] == [4, 5]


async def test_a_part_can_be_of_one_method_or_kind(workspace: Workspace, slack: AsyncWebClient, ada: Person) -> None:
    await slack.auth_test()
    await slack.team_info()
    await ada.say("general", "hello")
    assert [each["method"] for each in await workspace.client.calls("team.info", since=0)] == ["team.info"]
    assert {each["n"] for each in await workspace.client.deliveries("events_api", since=0, limit=1)} == {1}
    assert await workspace.client.deliveries("interactive", since=0) == []


async def test_a_number_that_is_none_is_refused(workspace: Workspace) -> None:
    with pytest.raises(Refused, match="invalid_arguments"):
        await workspace.client.get("calls", since="soon")


async def test_the_journal_stays_bounded_and_its_numbers_go_on() -> None:
    journal = Numbered()
    for number in range(KEPT + 10):
        journal.add({"method": "api.test", "at": number})
    assert len(journal) == KEPT
    assert [each["n"] for each in journal.part(None, KEPT + 8, 5)] == [KEPT + 9, KEPT + 10]


async def test_no_token_stands_in_the_journal(
    workspace: Workspace, app: AsyncApp, connect: Connect, browser: ClientSession, ada: Person
) -> None:
    @app.command("/incident")
    async def _(ack: Any) -> None:
        await ack()

    await connect(app)
    form = {"token": workspace.bot_token, "channel": workspace.channel_id("general")}
    form["text"] = f"mine is\n{workspace.bot_token}, theirs\nxoxp-1234-5678-abcdef"
    header = {"Authorization": f"Bearer {workspace.bot_token}"}
    for headers in ({}, header):
        async with browser.post(f"{workspace.api_url}chat.postMessage", data=form, headers=headers) as response:
            assert (await response.json())["ok"]
    await ada.slash("/incident", workspace.app_token)
    told = str([*await workspace.client.calls(), *await workspace.client.deliveries()])
    assert "chat.postMessage" in told
    assert "ticket=(hidden)" in told
    for secret in (workspace.bot_token, workspace.app_token, workspace.signing_secret, "xoxp-", "xoxb-", "xapp-"):
        assert secret not in told


async def test_what_comes_through_a_response_url_is_kept_with_whom_it_was_for(
    workspace: Workspace, app: AsyncApp, connect: Connect, ada: Person
) -> None:
    @app.command("/incident")
    async def _(ack: Any, respond: Any) -> None:
        await ack()
        await respond("done")
        await respond(blocks=[{"type": "nonsense"}])

    await connect(app)
    await ada.slash("/incident")
    await ada.wait_until(lambda: len(workspace.site.journal.answers) == 2)
    done, wrong = await workspace.client.answers()
    assert done["args"]["text"] == "done"
    assert done["to"] == {"user": workspace.user_id("ada"), "channel": workspace.channel_id("general")}
    assert [(each["answer"]["ok"], each["broke"]) for each in (done, wrong)] == [(True, False), (False, True)]


async def test_a_response_url_that_nobody_issued_is_kept_without_a_name(
    workspace: Workspace, browser: ClientSession
) -> None:
    url = f"{workspace.control_url.removesuffix('control')}commands/T/1/guess"
    async with browser.post(url, json={"text": "x"}) as response:
        assert response.status == 404
    assert [(each["to"], each["answer"]["error"]) for each in await workspace.client.answers()] == [
        (None, "invalid_url")
    ]


async def test_a_call_that_breaks_a_rule_is_told_from_one_that_is_merely_refused(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    general = workspace.channel_id("general")
    await answer_of(slack.chat_postMessage(channel=general, text="x", blocks=[{"type": "nonsense"}]))
    await answer_of(slack.api_call("chat.nonsense"))
    await answer_of(AsyncWebClient(token="xoxb-wrong", base_url=workspace.api_url).auth_test())
    await answer_of(slack.conversations_create(name="General!"))
    await answer_of(slack.conversations_create(name="general"))
    await answer_of(slack.chat_postMessage(channel="C999999999", text="x"))
    await answer_of(slack.chat_postMessage(channel=general, text="fine"))
    assert [call["broke"] for call in await workspace.client.calls()] == [True] * 4 + [False] * 3


async def test_a_missing_scope_is_a_broken_rule_and_a_fault_of_ours_is_none() -> None:
    async with Workspace(scopes=("chat:write",)) as workspace:
        slack = AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url)
        await answer_of(slack.users_info(user=workspace.user_id("ada")))
        await workspace.client.fault("auth.test", "refuse", error="invalid_auth")
        await answer_of(slack.auth_test())
        assert [call["broke"] for call in await workspace.client.calls()] == [True, False]
