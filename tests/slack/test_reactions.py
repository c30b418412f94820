"""Emoji, edits, deletions and comings and goings, as Slack reports them."""

from typing import Any

import pytest

from bot.incident import commands as ask
from bot.incident.terms import MUSTER_ITSELF, ChannelId, MessageTs, Rejected
from bot.ports import Unavailable
from bot.slack.event_table import EVENTS
from bot.slack.replies import attempt_event
from tests.slack.blocks.given import CHANNEL
from tests.slack.given_desk import ADA, BEN, DEE, MUSTER, Given, event, given, inc42

TS = MessageTs("1763647200.000100")


def reacted(emoji: str = "pushpin", *, type_: str = "reaction_added", **changes: Any) -> dict[str, Any]:
    item = {"type": "message", "channel": changes.pop("channel", CHANNEL), "ts": TS}
    fields = {"user": ADA, "reaction": emoji, "item": item, "item_user": BEN, "event_ts": "1763647300.000200"}
    return event(type_, **{**fields, **changes})


async def heard(here: Given, body: dict[str, Any]) -> None:
    await attempt_event(EVENTS[body["event"]["type"]].listener(here.desk, body))


async def test_an_emoji_of_the_policy_flags_the_message_without_a_call() -> None:
    here = given()
    await heard(here, reacted())
    assert here.command == ask.FlagMessage(
        by=here.command.by, channel=CHANNEL, ts=TS, emoji="pushpin", flagged_ts="1763647300.000200", author=BEN
    )
    assert here.door.requests == ["event:Ev1"]
    assert here.slack.calls == []


async def test_taking_an_emoji_off_unflags_the_message() -> None:
    here = given()
    await heard(here, reacted(type_="reaction_removed"))
    assert isinstance(here.command, ask.UnflagMessage)


async def test_a_skin_tone_is_no_other_emoji() -> None:
    here = given()
    await heard(here, reacted("bulb::skin-tone-3"))
    command = here.command
    assert isinstance(command, ask.FlagMessage)
    assert command.emoji == "bulb"


@pytest.mark.parametrize(
    "changes",
    [
        {"user": MUSTER},
        {"item_user": MUSTER},
        {"channel": ChannelId("C0GENERAL")},
        {"item": {"type": "file", "file": "F1"}},
    ],
)
async def test_an_emoji_elsewhere_or_of_the_bot_or_on_its_posts_does_nothing(changes: dict[str, Any]) -> None:
    here = given()
    await heard(here, reacted(**changes))
    await heard(here, reacted("tada"))
    assert here.door.commands == []


async def test_a_refused_emoji_is_nobodys_trouble() -> None:
    here = given()
    here.door.raises = [Rejected("Guests cannot act on incidents.")]
    await heard(here, reacted(user=DEE))
    assert here.slack.answered == []


async def test_an_emoji_that_could_not_be_stored_is_left_for_slack_to_send_again() -> None:
    here = given()
    here.door.raises = [Unavailable("the store", "refused")]
    with pytest.raises(Unavailable):
        await heard(here, reacted())


async def test_a_bug_in_an_event_is_not_met_again_and_again() -> None:
    here = given()
    here.door.raises = [KeyError("oops")]
    await heard(here, reacted())
    assert here.door.commands == []


def changed(before: str, after: str, **more: Any) -> dict[str, Any]:
    message = {"ts": TS, "user": BEN, "text": after, "edited": {"user": BEN, "ts": "1763647400.000000"}, **more}
    old = {"ts": TS, "user": BEN, "text": before}
    return event("message", subtype="message_changed", channel=CHANNEL, message=message, previous_message=old)


async def test_an_edit_is_recorded_with_its_time() -> None:
    here = given()
    await heard(here, changed("we roll back", "we rolled back"))
    assert here.command == ask.RecordMessageEdit(
        by=MUSTER_ITSELF, ts=TS, text="we rolled back", edited_ts="1763647400.000000"
    )


@pytest.mark.parametrize(
    "body",
    [
        changed("same", "same"),
        changed("card", "newer card", user=MUSTER),
        event("message", channel=CHANNEL, user=BEN, text="hello", ts=TS),
        event("message", subtype="channel_join", channel=CHANNEL, user=BEN, ts=TS),
    ],
)
async def test_what_is_no_edit_of_a_persons_words_does_nothing(body: dict[str, Any]) -> None:
    here = given()
    await heard(here, body)
    assert here.door.commands == []


@pytest.mark.parametrize(
    "body",
    [
        event("message", subtype="message_deleted", channel=CHANNEL, deleted_ts=TS, event_ts="1.2"),
        changed("we roll back", "This message was deleted.", subtype="tombstone"),
    ],
)
async def test_a_deletion_is_recorded_with_replies_or_without(body: dict[str, Any]) -> None:
    here = given()
    await heard(here, body)
    assert here.command == ask.RecordMessageDeletion(by=MUSTER_ITSELF, ts=TS)


async def test_who_comes_and_goes_is_recorded_but_not_the_bot() -> None:
    here = given()
    await heard(here, event("member_joined_channel", user=BEN, channel=CHANNEL))
    await heard(here, event("member_left_channel", user=BEN, channel=CHANNEL))
    await heard(here, event("member_joined_channel", user=MUSTER, channel=CHANNEL))
    assert here.door.commands == [
        ask.RecordJoined(by=MUSTER_ITSELF, users=(BEN,)),
        ask.RecordLeft(by=MUSTER_ITSELF, user=BEN),
    ]


async def test_somebody_who_changed_is_asked_for_anew() -> None:
    here = given()
    await heard(here, event("user_change", user={"id": BEN}))
    assert here.people.told == [BEN]


async def test_the_home_tab_is_drawn_for_whoever_opens_it() -> None:
    here = given(inc42(private=True))
    await heard(here, event("app_home_opened", user=ADA, tab="home"))
    method, arguments = here.slack.calls[0]
    assert (method, arguments["user_id"]) == ("views.publish", ADA)
    assert "INC-42" in str(here.slack.view)


async def test_the_home_tab_of_a_guest_names_no_incident() -> None:
    here = given()
    await heard(here, event("app_home_opened", user=DEE, tab="home"))
    await heard(here, event("app_home_opened", user=DEE, tab="messages"))
    assert len(here.slack.calls) == 1
    assert "INC-42" not in str(here.slack.view)
    assert "Guests of this workspace cannot act on incidents" in str(here.slack.view)
    assert "No incident is open" not in str(here.slack.view)
