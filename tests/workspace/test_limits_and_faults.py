"""Rate limits, asked-for faults, and the clock."""

import asyncio
from contextlib import suppress
from time import perf_counter

import pytest
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.message_acts import post
from bot.workspace.person import Person
from bot.workspace.server import Workspace
from bot.workspace.timepiece import Clock
from tests.workspace.dialogue import answer_of, refusal


@pytest.fixture
def patient(workspace: Workspace) -> AsyncWebClient:
    """A client that retries nothing."""
    return AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url, retry_handlers=[])


async def test_twenty_topics_a_minute_and_no_more(workspace: Workspace, patient: AsyncWebClient) -> None:
    await workspace.client.rate_limits(True)
    channel = workspace.channel_id("general")
    errors = [await refusal(patient.conversations_setTopic(channel=channel, topic=str(n))) for n in range(21)]
    assert errors == ["accepted"] * 20 + ["ratelimited"]
    await workspace.client.advance(60)
    assert (await answer_of(patient.conversations_setTopic(channel=channel, topic="later")))["ok"]


async def test_posts_are_limited_by_channel(workspace: Workspace, patient: AsyncWebClient) -> None:
    await workspace.client.rate_limits(True)
    general, incidents = workspace.channel_id("general"), workspace.channel_id("incidents")
    errors = [await refusal(patient.chat_postMessage(channel=general, text=str(n))) for n in range(7)]
    assert errors[-1] == "ratelimited"
    assert (await answer_of(patient.chat_postMessage(channel=incidents, text="x")))["ok"]


async def test_a_lost_reply_hides_that_the_message_was_posted(
    workspace: Workspace, patient: AsyncWebClient, ada: Person
) -> None:
    await workspace.client.fault("chat.postMessage", "lose_reply", count=1)
    with pytest.raises(ClientError):
        await patient.chat_postMessage(channel=workspace.channel_id("general"), text="sent")
    assert [each.text for each in await ada.messages("general")] == ["sent"]


async def test_an_internal_error_strikes_as_often_as_asked(workspace: Workspace, patient: AsyncWebClient) -> None:
    await workspace.client.fault("auth.test", "internal_error", count=1)
    assert [await refusal(patient.auth_test()), await refusal(patient.auth_test())] == [
        "internal_error",
        "accepted",
    ]


async def test_every_call_can_be_held_back(workspace: Workspace, patient: AsyncWebClient) -> None:
    await workspace.client.fault("*", "hold", seconds=0.05)
    started = perf_counter()
    await asyncio.gather(patient.auth_test(), patient.api_test())
    assert 0.05 <= perf_counter() - started < 0.5
    await workspace.client.clear_faults()


async def test_a_forced_429_says_how_long_to_wait(workspace: Workspace, patient: AsyncWebClient) -> None:
    await workspace.client.fault("auth.test", "ratelimited", count=1, seconds=7)
    assert await refusal(patient.auth_test()) == "ratelimited"
    assert (await workspace.client.calls("auth.test"))[0]["status"] == 429


async def test_sleepers_wake_when_the_clock_is_moved() -> None:
    clock = Clock(now=lambda: 100.0)
    sleeping = asyncio.create_task(clock.sleep(60))
    await asyncio.sleep(0)
    clock.advance(60)
    await asyncio.wait_for(sleeping, 1)
    assert clock.now() == 160.0


async def test_timestamps_rise_even_when_the_clock_stands_still() -> None:
    async with Workspace(clock=Clock(now=lambda: 1_700_000_000.0)) as workspace:
        ada = workspace.person("ada")
        assert await ada.say("general", "1") < await ada.say("general", "2")


async def test_a_bad_gateway_answers_with_html_and_does_nothing(
    workspace: Workspace, patient: AsyncWebClient, ada: Person
) -> None:
    await workspace.client.fault("chat.postMessage", "bad_gateway", count=1)
    with pytest.raises(SlackApiError):
        await patient.chat_postMessage(channel=workspace.channel_id("general"), text="lost")
    assert await ada.messages("general") == []


@pytest.mark.parametrize("kind", ["html_body", "empty_body"])
async def test_a_body_that_is_no_answer_comes_with_200(
    kind: str, workspace: Workspace, patient: AsyncWebClient, ada: Person
) -> None:
    await workspace.client.fault("chat.postMessage", kind, count=1, after=True)
    with pytest.raises((SlackApiError, AttributeError, ValueError)):
        await patient.chat_postMessage(channel=workspace.channel_id("general"), text="there")
    assert [seen.text for seen in await ada.messages("general")] == ["there"]
    assert [call["status"] for call in await workspace.client.calls("chat.postMessage")] == [200]


async def test_a_fault_strikes_only_the_calls_that_are_meant(
    workspace: Workspace, patient: AsyncWebClient, ada: Person
) -> None:
    await workspace.client.fault("chat.postMessage", "internal_error", where={"text": "poison"})
    channel = workspace.channel_id("general")
    assert await refusal(patient.chat_postMessage(channel=channel, text="a poisonous text")) == "internal_error"
    await patient.chat_postMessage(channel=channel, text="a harmless text")
    assert [seen.text for seen in await ada.messages("general")] == ["a harmless text"]


async def test_a_fault_may_strike_by_chance(workspace: Workspace, patient: AsyncWebClient) -> None:
    await workspace.client.fault("api.test", "internal_error", chance=0.5, seed=3)
    for _ in range(40):
        with suppress(SlackApiError):
            await patient.api_test()
    struck = sum(call["status"] == 500 for call in await workspace.client.calls("api.test"))
    assert 8 < struck < 32


async def test_an_error_after_the_effect_leaves_the_effect(
    workspace: Workspace, patient: AsyncWebClient, ada: Person
) -> None:
    await workspace.client.fault("chat.postMessage", "internal_error", count=1, after=True)
    assert (
        await refusal(patient.chat_postMessage(channel=workspace.channel_id("general"), text="there"))
        == "internal_error"
    )
    assert [each.text for each in await ada.messages("general")] == ["there"]


async def test_the_newest_of_ten_thousand_messages_are_read_at_once() -> None:
    async with Workspace(events=()) as workspace:
        general = workspace.site.team.channel(workspace.channel_id("general"))
        ada = workspace.site.team.account_named("ada")
        for number in range(10_000):
            post(workspace.site.team, general, ada, {"text": str(number)})
        slack = AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url)
        started = perf_counter()
        answer = await slack.conversations_history(channel=general.id, limit=2)
        assert [each["text"] for each in answer["messages"]] == ["9999", "9998"]
        assert perf_counter() - started < 0.5
