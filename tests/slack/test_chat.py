"""Effects against a scripted server: what is called, what is recorded."""

from dataclasses import replace

import pytest

from bot.incident.commands import RecordJoined, RecordMessage
from bot.incident.effects import (
    AddBookmark,
    AnswerDeclarer,
    Effect,
    PinMessage,
    RefreshCard,
    RefreshTopic,
)
from bot.incident.state import PostedCard
from bot.incident.terms import (
    MUSTER_ITSELF,
    ChannelId,
    Person,
    UserId,
)
from bot.ports import Unavailable
from bot.slack.channels import TOPIC_ASKS_A_NAME, names
from bot.slack.chat import SlackChat
from bot.slack_ports import Refused
from tests.slack.chat_effects import INVITE, NOTICE, OPEN, SUMMARY, TS, opened, perform
from tests.slack.scripted_slack import Say, ScriptedSlack, ok, refuse
from tests.slack.war_room import (
    ADA,
    BEN,
    CLEO,
    FORTY_TWO,
    NEWS,
    ROOM,
    incident,
    lease,
)


async def test_a_channel_is_opened_and_recorded_with_who_waits(chat: SlackChat, slack: ScriptedSlack) -> None:
    assert await perform(chat, OPEN) == opened("inc-42-checkout")
    assert slack.asked("conversations.create") == [{"name": "inc-42-checkout", "is_private": "false"}]


async def test_a_taken_name_gets_a_suffix(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says(
        "conversations.create", refuse("name_taken"), refuse("name_taken"), ok(channel={"id": "CNEW", "name": "x-3"})
    )
    assert await perform(chat, OPEN) == opened("x-3")
    assert [each["name"][-2:] for each in slack.asked("conversations.create")] == ["ut", "-2", "-3"]


async def test_somebody_elses_channel_of_that_name_is_not_taken_for_ours(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says("users.conversations", ok(channels=[{"id": "CX", "name": "inc-42-checkout", "creator": CLEO}]))
    slack.says("conversations.create", refuse("name_taken"), ok(channel={"id": "CNEW", "name": "inc-42-checkout-2"}))
    assert await perform(chat, OPEN, uncertain=True) == opened("inc-42-checkout-2")


async def test_a_forbidden_channel_is_refused(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says("conversations.create", refuse("restricted_action"))
    with pytest.raises(Refused, match="an admin can allow it"):
        await perform(chat, OPEN)


def test_suffixed_names_keep_to_slacks_length() -> None:
    made = names("x" * 90)
    assert [len(next(made)) for _ in range(12)] == [80] * 12


async def test_everyone_but_the_bot_is_invited_in_one_call(chat: SlackChat, slack: ScriptedSlack) -> None:
    assert await perform(chat, INVITE) == RecordJoined(by=MUSTER_ITSELF, users=(ADA, BEN))
    assert slack.asked("conversations.invite") == [{"channel": ROOM, "users": "UADA,UBEN", "force": "true"}]


@pytest.mark.parametrize("named", [True, False])
async def test_whoever_is_in_already_is_no_failure(named: bool, chat: SlackChat, slack: ScriptedSlack) -> None:
    errors = [{"user": BEN, "error": "already_in_channel", "ok": False}] if named else []
    slack.says("conversations.invite", refuse("already_in_channel", errors=errors), ok())
    assert await perform(chat, INVITE) == RecordJoined(by=MUSTER_ITSELF, users=(ADA, BEN))


async def test_one_who_cannot_be_invited_does_not_keep_the_others_out(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says("conversations.invite", refuse("cant_invite", errors=[{"user": BEN, "error": "cant_invite"}]), ok())
    with pytest.raises(Refused, match=r"Ben \(cant_invite\) cannot be invited") as raised:
        await perform(chat, INVITE)
    assert raised.value.step == "invite"
    assert [each["users"] for each in slack.asked("conversations.invite")] == ["UADA,UBEN", "UADA"]


async def test_people_are_invited_a_hundred_at_a_time(chat: SlackChat, slack: ScriptedSlack) -> None:
    many = replace(INVITE, users=tuple(f"U{number}" for number in range(150)))  # type: ignore[misc]
    await perform(chat, many)
    assert [each["users"].count(",") + 1 for each in slack.asked("conversations.invite")] == [100, 50]


async def test_a_card_is_posted_and_recorded_at_its_version(chat: SlackChat, slack: ScriptedSlack) -> None:
    recorded = await perform(chat, SUMMARY)
    assert recorded == RecordMessage(by=MUSTER_ITSELF, card="summary", channel=ROOM, ts=TS, rendered=incident().version)
    assert slack.asked("chat.postMessage")[0]["unfurl_links"] == "false"


async def test_a_card_that_stands_already_is_not_posted_again(chat: SlackChat, slack: ScriptedSlack) -> None:
    standing = replace(incident(), cards={"summary": PostedCard(channel=ROOM, ts=TS)})
    assert await chat.perform(SUMMARY, standing, lease(SUMMARY)) is None
    assert slack.calls == []


async def test_a_notice_goes_under_its_card(chat: SlackChat, slack: ScriptedSlack) -> None:
    under = replace(NOTICE, channel=None, thread_of="announcement")
    standing = replace(incident(), cards={"announcement": PostedCard(channel=NEWS, ts=TS)})
    await chat.perform(under, standing, lease(under))
    assert [(each["channel"], each["thread_ts"]) for each in slack.posted] == [(NEWS, TS)]


@pytest.mark.parametrize("effect", [replace(SUMMARY, channel=None), replace(NOTICE, channel=None)])
async def test_nothing_of_a_private_incident_is_announced(
    effect: Effect, chat: SlackChat, slack: ScriptedSlack
) -> None:
    assert await chat.perform(effect, incident(private=True), lease(effect)) is None
    assert slack.calls == []


async def test_a_card_is_edited_where_it_stands(chat: SlackChat, slack: ScriptedSlack) -> None:
    refresh = RefreshCard(incident=FORTY_TWO, card="summary")
    standing = replace(incident(version=9), cards={"summary": PostedCard(channel=ROOM, ts=TS)})
    await chat.perform(refresh, standing, lease(refresh))
    assert slack.asked("chat.update") == [
        {"channel": ROOM, "ts": TS, "text": "summary at 9", "blocks": '[{"type":"divider"}]'}
    ]


async def test_a_card_that_is_not_posted_yet_is_not_edited(chat: SlackChat, slack: ScriptedSlack) -> None:
    await perform(chat, RefreshCard(incident=FORTY_TWO, card="summary"))
    assert slack.calls == []


async def test_a_topic_is_set_with_the_commanders_name(chat: SlackChat, slack: ScriptedSlack) -> None:
    await perform(chat, RefreshTopic(incident=FORTY_TWO, channel=ROOM))
    assert slack.asked("conversations.setTopic") == [{"channel": ROOM, "topic": "SEV1 · Ada leads"}]


class Nameless:
    """A directory that cannot say for now."""

    async def person(self, user: UserId) -> Person:
        raise Unavailable("Slack", "users.info: no answer")

    async def is_in(self, channel: ChannelId, user: UserId) -> bool:
        return True


@pytest.mark.parametrize("directory", [Nameless()])
async def test_a_topic_waits_for_the_commanders_name_but_not_for_ever(chat: SlackChat, slack: ScriptedSlack) -> None:
    topic = RefreshTopic(incident=FORTY_TWO, channel=ROOM)
    with pytest.raises(Unavailable):
        await chat.perform(topic, incident(), lease(topic))
    assert slack.calls == []
    await chat.perform(topic, incident(), lease(topic, attempt=TOPIC_ASKS_A_NAME))
    assert slack.asked("conversations.setTopic") == [{"channel": ROOM, "topic": "SEV1"}]


async def test_a_message_that_is_pinned_already_stays_pinned(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says("pins.add", refuse("already_pinned"))
    assert await perform(chat, PinMessage(incident=FORTY_TWO, channel=ROOM, ts=TS)) is None


async def test_a_bookmark_costs_one_call_and_a_doubtful_one_is_looked_for(
    chat: SlackChat, slack: ScriptedSlack
) -> None:
    bookmark = AddBookmark(incident=FORTY_TWO, channel=ROOM, ts=TS, title="Incident summary")
    await perform(chat, bookmark)
    link = slack.asked("bookmarks.add")[0]["link"]
    slack.says("bookmarks.list", ok(bookmarks=[{"id": "B1", "link": link}]))
    await perform(chat, bookmark, uncertain=True)
    assert [name for name, _ in slack.calls] == ["bookmarks.add", "bookmarks.list"]


async def test_the_declarer_is_answered_without_an_api_call(
    chat: SlackChat, slack: ScriptedSlack, slack_url: str
) -> None:
    await perform(chat, AnswerDeclarer(incident=FORTY_TWO, user=ADA, answer_url=f"{slack_url}/respond"))
    assert [name for name, _ in slack.calls] == ["response_url"]


async def test_an_expired_answer_becomes_a_direct_message(
    chat: SlackChat, slack: ScriptedSlack, slack_url: str
) -> None:
    slack.says("response_url", Say(status=404, text="expired_url"))
    await perform(chat, AnswerDeclarer(incident=FORTY_TWO, user=ADA, answer_url=f"{slack_url}/respond"))
    assert [each["text"] for each in slack.asked("chat.postMessage")] == ["declared"]
