"""Effects against a server whose answers are lost or refused: what is never done twice, and who is told."""

from dataclasses import replace

import pytest

from bot.incident.commands import RecordMessage, RecordMissed
from bot.incident.effects import (
    AddBookmark,
    Effect,
    RefreshTopic,
)
from bot.incident.events import Event, SummaryScheduled
from bot.incident.state import PostedCard
from bot.incident.terms import (
    ANNOUNCING,
    INCIDENT_CHANNEL,
    MUSTER_ITSELF,
    Status,
)
from bot.ports import Unavailable
from bot.slack.chat import SlackChat
from bot.slack.outcome import SlackUnavailable
from bot.slack.pulse import Pulse
from bot.slack.web_client import WebClient
from bot.slack_ports import Blame, Refused
from tests.slack.chat_effects import (
    INVITE,
    MISSED,
    NOTICE,
    OPEN,
    OVERTAKEN,
    REMINDED,
    REMINDER,
    SUMMARY,
    TELL,
    TS,
    lose,
    opened,
    perform,
)
from tests.slack.scripted_slack import Say, ScriptedSlack, ok, refuse
from tests.slack.war_room import (
    ADA,
    CLEO,
    FORTY_TWO,
    NEWS,
    NOON,
    ROOM,
    US,
    incident,
    lease,
)


async def test_a_channel_made_by_a_lost_call_is_found_and_not_made_again(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says(
        "users.conversations",
        ok(channels=[], response_metadata={"next_cursor": "more"}),
        ok(channels=[{"id": "COURS", "name": "inc-42-checkout", "creator": US.user}]),
    )
    assert await perform(chat, OPEN, uncertain=True) == opened("inc-42-checkout", "COURS")
    assert slack.asked("conversations.create") == []


@pytest.mark.parametrize("effect", [SUMMARY, REMINDER, NOTICE, TELL], ids=["card", "reminder", "notice", "person"])
async def test_a_lost_reply_leaves_one_message(effect: Effect, chat: SlackChat, slack: ScriptedSlack) -> None:
    await lose(chat, slack, effect)
    await perform(chat, effect, uncertain=True)
    assert len(slack.posted) == 1


async def test_the_card_of_a_lost_reply_is_recorded_where_it_stands(chat: SlackChat, slack: ScriptedSlack) -> None:
    await lose(chat, slack, SUMMARY)
    recorded = await perform(chat, SUMMARY, uncertain=True)
    assert isinstance(recorded, RecordMessage)
    assert recorded.ts == TS


@pytest.mark.parametrize("effect", [SUMMARY, NOTICE, TELL], ids=["card", "notice", "person"])
async def test_what_never_arrived_is_posted(effect: Effect, chat: SlackChat, slack: ScriptedSlack) -> None:
    await perform(chat, effect, uncertain=True)
    assert len(slack.posted) == 1


@pytest.mark.parametrize("effect", [SUMMARY, NOTICE], ids=["card", "notice"])
async def test_with_no_history_to_read_updates_repeat(effect: Effect, chat: SlackChat, slack: ScriptedSlack) -> None:
    await lose(chat, slack, effect)
    slack.says("conversations.history", refuse("missing_scope", needed="channels:history"))
    await perform(chat, effect, uncertain=True)
    assert len(slack.posted) == 2


@pytest.mark.parametrize(
    "effect", [REMINDER, replace(NOTICE, about=REMINDED), TELL], ids=["reminder", "escalation", "person"]
)
async def test_with_no_history_to_read_pings_are_given_up_with_the_reason(
    effect: Effect, chat: SlackChat, slack: ScriptedSlack
) -> None:
    await lose(chat, slack, effect)
    slack.says("conversations.history", refuse("missing_scope", needed="channels:history"))
    with pytest.raises(
        Unavailable, match=r"cannot be looked up \(the app lacks channels:history; muster check"
    ) as raised:
        await perform(chat, effect, uncertain=True)
    assert not raised.value.retryable
    assert len(slack.posted) == 1


async def test_a_lost_post_is_looked_for_as_far_back_as_its_first_attempt(
    chat: SlackChat, slack: ScriptedSlack
) -> None:
    """However much has been said in the channel since."""
    first, second = (NOON.timestamp() + 60, NOON.timestamp() + 1)
    chatter = {"ts": f"{first:.6f}", "text": "and another thing"}
    ours = {"ts": f"{second:.6f}", "metadata": {"event_type": "muster_effect", "event_payload": {"effect": "42.3.1"}}}
    slack.says(
        "conversations.history",
        ok(messages=[chatter] * 200, response_metadata={"next_cursor": "more"}),
        ok(messages=[ours], response_metadata={"next_cursor": "more"}),
    )
    await chat.perform(NOTICE, incident(), replace(lease(NOTICE, uncertain=True), begun_at=NOON))
    assert slack.asked("chat.postMessage") == []


async def test_nobody_looks_further_back_than_the_first_attempt(chat: SlackChat, slack: ScriptedSlack) -> None:
    long_ago = {"ts": f"{NOON.timestamp() - 3600:.6f}", "text": "good morning"}
    slack.says("conversations.history", ok(messages=[long_ago], response_metadata={"next_cursor": "more"}))
    await chat.perform(NOTICE, incident(), replace(lease(NOTICE, uncertain=True), begun_at=NOON))
    assert (len(slack.asked("conversations.history")), len(slack.posted)) == (1, 1)


@pytest.mark.parametrize("effect", [SUMMARY, NOTICE, TELL], ids=["card", "notice", "person"])
async def test_of_two_posts_of_one_effect_ours_is_withdrawn(
    effect: Effect, chat: SlackChat, slack: ScriptedSlack
) -> None:
    theirs, ours = lease(effect, token="theirs"), lease(effect, token="ours")
    for each in (theirs, ours):
        await chat.perform(effect, incident(), each)
    await chat.withdraw(effect, incident(), ours, None)
    assert [each["metadata"]["event_payload"]["lease"] for each in slack.posted] == ["theirs"]


@pytest.mark.parametrize("effect", [SUMMARY, NOTICE, TELL], ids=["card", "notice", "person"])
async def test_the_only_post_of_an_effect_is_never_withdrawn(
    effect: Effect, chat: SlackChat, slack: ScriptedSlack
) -> None:
    await perform(chat, effect)
    await chat.withdraw(effect, incident(), lease(effect), None)
    assert (len(slack.posted), slack.asked("chat.delete")) == (1, [])


async def test_the_card_that_is_recorded_is_never_withdrawn(chat: SlackChat, slack: ScriptedSlack) -> None:
    for token in ("ours", "theirs"):
        await chat.perform(SUMMARY, incident(), lease(SUMMARY, token=token))
    recorded = replace(incident(), cards={"summary": PostedCard(channel=ROOM, ts=TS)})
    await chat.withdraw(SUMMARY, recorded, lease(SUMMARY, token="ours"), None)
    assert len(slack.posted) == 2


async def test_where_nobody_can_look_both_posts_stay(chat: SlackChat, slack: ScriptedSlack) -> None:
    await perform(chat, NOTICE)
    slack.says("conversations.history", refuse("missing_scope", needed="channels:history"))
    await chat.withdraw(NOTICE, incident(), lease(NOTICE), None)
    assert slack.asked("chat.delete") == []


@pytest.mark.parametrize(("members", "archived"), [([US.user], ["CSECOND"]), ([US.user, CLEO], []), ([], ["CSECOND"])])
async def test_a_second_channel_is_archived_as_long_as_nobody_else_is_in_it(
    members: list[str], archived: list[str], chat: SlackChat, slack: ScriptedSlack
) -> None:
    slack.says("conversations.members", ok(members=members))
    await chat.withdraw(OPEN, incident(), lease(OPEN), opened("inc-42-checkout-2", "CSECOND"))
    assert [each["channel"] for each in slack.asked("conversations.archive")] == archived


@pytest.mark.parametrize(("links", "removed"), [(2, ["B1"]), (1, []), (0, [])])
async def test_of_two_bookmarks_one_is_removed(
    links: int, removed: list[str], chat: SlackChat, slack: ScriptedSlack
) -> None:
    bookmark = AddBookmark(incident=FORTY_TWO, channel=ROOM, ts=TS, title="Incident summary")
    link = US.permalink(ROOM, TS)
    standing = [{"id": f"B{number}", "link": link} for number in range(links)]
    slack.says("bookmarks.list", ok(bookmarks=[{"id": "BX", "link": "https://example.com"}, *standing]))
    await chat.withdraw(bookmark, incident(), lease(bookmark), None)
    assert [each["bookmark_id"] for each in slack.asked("bookmarks.remove")] == removed


async def test_the_incidents_own_channel_is_never_archived(chat: SlackChat, slack: ScriptedSlack) -> None:
    await chat.withdraw(OPEN, incident(), lease(OPEN), opened("inc-42-checkout", ROOM))
    assert slack.calls == []


@pytest.mark.parametrize(
    ("probe", "works", "blame"),
    [
        (Say(status=503), "chat.postMessage", Blame.SLACK),
        (refuse("token_revoked"), "chat.postMessage", Blame.SLACK),
        (ok(), "chat.postMessage", Blame.EFFECT),
        (ok(), "chat.update", Blame.KIND),
        (Say(status=429, headers={"Retry-After": "30"}), "chat.update", Blame.KIND),
    ],
)
async def test_whose_fault_a_failure_is(
    probe: Say, works: str, blame: Blame, chat: SlackChat, slack: ScriptedSlack
) -> None:
    now = 0.0
    pulse = chat._client.pulse = Pulse(now=lambda: now)
    pulse.worked(works)
    now = 10.0
    slack.says("auth.test", probe)
    assert await chat.blame(SlackUnavailable("chat.postMessage", "reset", unknown=True)) is blame


async def test_slack_is_not_asked_what_it_has_just_answered(
    client: WebClient, chat: SlackChat, slack: ScriptedSlack
) -> None:
    await client.call("chat.update")
    assert await chat.blame(SlackUnavailable("chat.postMessage", "reset")) is Blame.KIND
    assert slack.asked("auth.test") == []


async def test_an_overtaken_reminder_is_not_posted_but_counted(chat: SlackChat, slack: ScriptedSlack) -> None:
    assert await perform(chat, OVERTAKEN) == MISSED
    assert slack.calls == []


async def test_an_overtaken_reminder_that_had_arrived_after_all_is_recorded(
    chat: SlackChat, slack: ScriptedSlack
) -> None:
    await lose(chat, slack, REMINDER)
    newer = replace(incident(), clock=replace(incident().clock, reminders=4))
    recorded = await chat.perform(REMINDER, newer, lease(REMINDER, uncertain=True))
    assert isinstance(recorded, RecordMessage)
    assert len(slack.posted) == 1


@pytest.mark.parametrize(
    ("about", "missed"),
    [
        (replace(REMINDED, number=1), RecordMissed(by=MUSTER_ITSELF, series="reminder:3", number=1)),
        (SummaryScheduled(at=NOON, by=ADA, number=1), RecordMissed(by=MUSTER_ITSELF, series="summary", number=1)),
    ],
)
async def test_an_overtaken_notice_is_not_posted_but_counted(
    about: Event, missed: RecordMissed, chat: SlackChat, slack: ScriptedSlack
) -> None:
    for effect in (replace(NOTICE, channel=None, about=about), replace(TELL, about=about)):
        assert await chat.perform(effect, incident(), lease(effect)) == missed
    assert slack.calls == []


@pytest.mark.parametrize("effect", [SUMMARY, NOTICE, INVITE, RefreshTopic(incident=FORTY_TWO, channel=ROOM)])
async def test_whatever_fails_by_an_archived_channel_is_told_as_one(
    effect: Effect, chat: SlackChat, slack: ScriptedSlack
) -> None:
    for method in ("chat.postMessage", "conversations.invite", "conversations.setTopic"):
        slack.says(method, refuse("is_archived"))
    with pytest.raises(Refused) as raised:
        await perform(chat, effect)
    reason = "the channel is archived; unarchive it to go on (is_archived)"
    assert (raised.value.step, raised.value.reason) == (INCIDENT_CHANNEL, reason)


async def test_an_announcement_channel_that_is_lost_is_another_matter(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says("chat.postMessage", refuse("not_in_channel"))
    with pytest.raises(Refused) as raised:
        await perform(chat, replace(SUMMARY, channel=None))
    assert raised.value.step == ANNOUNCING


async def test_nobody_is_bothered_about_a_channel_that_was_archived_after_the_end(
    chat: SlackChat, slack: ScriptedSlack
) -> None:
    slack.says("chat.postMessage", refuse("is_archived"))
    assert await chat.perform(NOTICE, replace(incident(), status=Status.RESOLVED), lease(NOTICE)) is None


async def test_a_lost_reply_in_a_thread_leaves_one_message(chat: SlackChat, slack: ScriptedSlack) -> None:
    under = replace(NOTICE, channel=None, thread_of="announcement")
    standing = replace(incident(), cards={"announcement": PostedCard(channel=NEWS, ts=TS)})
    await chat.perform(under, standing, lease(under))
    await chat.perform(under, standing, lease(under, uncertain=True))
    assert len(slack.posted) == 1
    assert slack.asked("conversations.replies")[0]["ts"] == TS
