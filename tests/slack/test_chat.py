"""Effects against a scripted server: what is called, what is recorded, what is never done twice."""

from dataclasses import replace

import pytest

from bot.incident.commands import RecordChannel, RecordJoined, RecordMessage, RecordMissed
from bot.incident.effects import (
    AddBookmark,
    AnswerDeclarer,
    Effect,
    InviteUsers,
    OpenChannel,
    PinMessage,
    PostCard,
    PostNotice,
    RefreshCard,
    RefreshTopic,
    TellPerson,
)
from bot.incident.events import Event, RoleReleased, SummaryScheduled, UpdateReminded
from bot.incident.state import PostedCard
from bot.incident.terms import (
    ANNOUNCING,
    INCIDENT_CHANNEL,
    INCIDENT_COMMANDER,
    MUSTER_ITSELF,
    ChannelId,
    MessageTs,
    Person,
    Status,
    UserId,
)
from bot.ports import Unavailable
from bot.slack.channels import TOPIC_ASKS_A_NAME, names
from bot.slack.chat import SlackChat
from bot.slack.outcome import SlackUnavailable
from bot.slack.pulse import Pulse
from bot.slack.web_client import WebClient
from bot.slack_ports import Blame, Refused
from tests.slack.scripted_slack import Say, ScriptedSlack, ok, refuse
from tests.slack.war_room import (
    ADA,
    BEN,
    CLEO,
    FORTY_TWO,
    NEWS,
    NOON,
    ROOM,
    US,
    incident,
    lease,
)

TS = MessageTs("1.000100")
OPEN = OpenChannel(incident=FORTY_TWO, name="inc-42-checkout", private=False, answer_url="https://answer")
SUMMARY = PostCard(incident=FORTY_TWO, card="summary", channel=ROOM)
REMINDER = PostCard(incident=FORTY_TWO, card="reminder:3", channel=ROOM)
RELEASED = RoleReleased(at=NOON, by=ADA, role=INCIDENT_COMMANDER, before=ADA)
REMINDED = UpdateReminded(at=NOON, by=ADA, due_at=NOON, stage=3, asked=None)
NOTICE = PostNotice(incident=FORTY_TWO, channel=ROOM, about=RELEASED)
TELL = TellPerson(incident=FORTY_TWO, user=ADA, about=RELEASED)
INVITE = InviteUsers(incident=FORTY_TWO, channel=ROOM, users=(ADA, BEN, US.user))


async def perform(chat: SlackChat, effect: Effect, *, uncertain: bool = False) -> object:
    return await chat.perform(effect, incident(), lease(effect, uncertain=uncertain))


async def lose(chat: SlackChat, slack: ScriptedSlack, effect: Effect) -> None:
    """The first attempt arrives, its reply does not."""
    slack.says("chat.postMessage", Say(drop=True))
    with pytest.raises(Unavailable) as raised:
        await perform(chat, effect)
    assert raised.value.unknown
    slack.script.clear()


def opened(name: str, channel: str = "CNEW") -> RecordChannel:
    return RecordChannel(by=MUSTER_ITSELF, channel=ChannelId(channel), name=name, answer_url="https://answer")


async def test_a_channel_is_opened_and_recorded_with_who_waits(chat: SlackChat, slack: ScriptedSlack) -> None:
    assert await perform(chat, OPEN) == opened("inc-42-checkout")
    assert slack.asked("conversations.create") == [{"name": "inc-42-checkout", "is_private": "false"}]


async def test_a_taken_name_gets_a_suffix(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says(
        "conversations.create", refuse("name_taken"), refuse("name_taken"), ok(channel={"id": "CNEW", "name": "x-3"})
    )
    assert await perform(chat, OPEN) == opened("x-3")
    assert [each["name"][-2:] for each in slack.asked("conversations.create")] == ["ut", "-2", "-3"]


async def test_a_channel_made_by_a_lost_call_is_found_and_not_made_again(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says(
        "users.conversations",
        ok(channels=[], response_metadata={"next_cursor": "more"}),
        ok(channels=[{"id": "COURS", "name": "inc-42-checkout", "creator": US.user}]),
    )
    assert await perform(chat, OPEN, uncertain=True) == opened("inc-42-checkout", "COURS")
    assert slack.asked("conversations.create") == []


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


OVERTAKEN = replace(REMINDER, card="reminder:2")
MISSED = RecordMissed(by=MUSTER_ITSELF, series="reminder:1", number=2)


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


async def test_a_notice_goes_under_its_card(chat: SlackChat, slack: ScriptedSlack) -> None:
    under = replace(NOTICE, channel=None, thread_of="announcement")
    standing = replace(incident(), cards={"announcement": PostedCard(channel=NEWS, ts=TS)})
    await chat.perform(under, standing, lease(under))
    assert [(each["channel"], each["thread_ts"]) for each in slack.posted] == [(NEWS, TS)]


async def test_a_lost_reply_in_a_thread_leaves_one_message(chat: SlackChat, slack: ScriptedSlack) -> None:
    under = replace(NOTICE, channel=None, thread_of="announcement")
    standing = replace(incident(), cards={"announcement": PostedCard(channel=NEWS, ts=TS)})
    await chat.perform(under, standing, lease(under))
    await chat.perform(under, standing, lease(under, uncertain=True))
    assert len(slack.posted) == 1
    assert slack.asked("conversations.replies")[0]["ts"] == TS


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
