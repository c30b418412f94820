"""The real Slack client library against the Web API: what works, and what is refused with Slack's own
words.
"""

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.install import ALL_SCOPES
from bot.workspace.person import Person
from bot.workspace.server import Workspace
from tests.workspace.dialogue import answer_of, refusal


async def test_auth_test_says_who_the_app_is_and_what_it_may(workspace: Workspace, slack: AsyncWebClient) -> None:
    answer = await slack.auth_test()
    assert answer["user_id"] == workspace.bot_user_id
    assert answer.headers["X-OAuth-Scopes"].split(",") == list(ALL_SCOPES)


async def test_a_call_without_token_is_not_authed(workspace: Workspace) -> None:
    assert await refusal(AsyncWebClient(base_url=workspace.api_url).auth_test()) == "not_authed"


async def test_an_unknown_token_is_refused(workspace: Workspace) -> None:
    stranger = AsyncWebClient(token="xoxb-other", base_url=workspace.api_url)
    assert await refusal(stranger.auth_test()) == "invalid_auth"


async def test_the_app_token_opens_only_connections(workspace: Workspace, slack: AsyncWebClient) -> None:
    with_app_token = AsyncWebClient(token=workspace.app_token, base_url=workspace.api_url)
    assert await refusal(with_app_token.auth_test()) == "not_allowed_token_type"
    assert await refusal(slack.apps_connections_open(app_token=workspace.bot_token)) == "not_allowed_token_type"


async def test_a_missing_scope_is_named() -> None:
    async with Workspace(scopes=("chat:write",)) as workspace:
        slack = AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url)
        answer = await answer_of(slack.users_info(user=workspace.user_id("ada")))
        assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")


async def test_a_method_it_does_not_speak_is_refused_and_journalled(
    workspace: Workspace, slack: AsyncWebClient
) -> None:
    assert await refusal(slack.api_call("canvases.create")) == "unknown_method"
    assert (await workspace.client.calls("canvases.create"))[0]["answer"]["error"] == "unknown_method"


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("", "invalid_name_required"),
        ("Upper", "invalid_name_specials"),
        ("a b", "invalid_name_specials"),
        ("x" * 81, "invalid_name_maxlength"),
        ("---", "invalid_name_punctuation"),
        ("general", "name_taken"),
    ],
)
async def test_channel_names_follow_slacks_rules(slack: AsyncWebClient, name: str, error: str) -> None:
    assert await refusal(slack.conversations_create(name=name)) == error


async def test_the_name_of_an_archived_channel_stays_taken(slack: AsyncWebClient) -> None:
    made = await slack.conversations_create(name="inc-1")
    await slack.conversations_archive(channel=made["channel"]["id"])
    assert await refusal(slack.conversations_create(name="inc-1")) == "name_taken"


async def test_nothing_is_posted_to_an_archived_channel(slack: AsyncWebClient) -> None:
    channel = (await slack.conversations_create(name="inc-1"))["channel"]["id"]
    await slack.conversations_archive(channel=channel)
    assert await refusal(slack.chat_postMessage(channel=channel, text="late")) == "is_archived"


async def test_an_invitation_is_all_or_nobody(workspace: Workspace, slack: AsyncWebClient) -> None:
    channel = (await slack.conversations_create(name="inc-1"))["channel"]["id"]
    ada = workspace.user_id("ada")
    assert await refusal(slack.conversations_invite(channel=channel, users=[ada, "U0NOBODY"])) == "user_not_found"
    assert (await slack.conversations_members(channel=channel))["members"] == [workspace.bot_user_id]


async def test_force_invites_whoever_can_be_invited(workspace: Workspace, slack: AsyncWebClient) -> None:
    channel = (await slack.conversations_create(name="inc-1"))["channel"]["id"]
    ada = workspace.user_id("ada")
    await slack.conversations_invite(channel=channel, users=[ada, "U0NOBODY"], force=True)
    assert ada in (await slack.conversations_members(channel=channel))["members"]


async def test_inviting_twice_or_oneself_is_refused(workspace: Workspace, slack: AsyncWebClient) -> None:
    channel = (await slack.conversations_create(name="inc-1"))["channel"]["id"]
    ada = workspace.user_id("ada")
    await slack.conversations_invite(channel=channel, users=ada)
    assert await refusal(slack.conversations_invite(channel=channel, users=ada)) == "already_in_channel"
    me = workspace.bot_user_id
    assert await refusal(slack.conversations_invite(channel=channel, users=me)) == "cant_invite_self"


async def test_a_private_channel_of_others_looks_like_none(
    workspace: Workspace, slack: AsyncWebClient, ada: Person
) -> None:
    secret = await ada.create_channel("secret", private=True)
    assert await refusal(slack.conversations_info(channel=secret)) == "channel_not_found"
    assert await refusal(slack.chat_postMessage(channel=secret, text="x")) == "channel_not_found"


async def test_posting_where_the_app_is_not_a_member_is_refused(workspace: Workspace, slack: AsyncWebClient) -> None:
    channel = workspace.channel_id("random")
    assert await refusal(slack.chat_postMessage(channel=channel, text="x")) == "not_in_channel"


async def test_a_topic_has_250_characters(workspace: Workspace, slack: AsyncWebClient, ada: Person) -> None:
    channel = workspace.channel_id("general")
    await slack.conversations_setTopic(channel=channel, topic="x" * 250)
    assert await ada.topic("general") == "x" * 250
    assert await refusal(slack.conversations_setTopic(channel=channel, topic="x" * 251)) == "too_long"


async def test_a_message_to_a_user_opens_the_dm(workspace: Workspace, slack: AsyncWebClient, ada: Person) -> None:
    await slack.chat_postMessage(channel=workspace.user_id("ada"), text="hello")
    assert [each.text for each in await ada.messages("muster")] == ["hello"]


async def test_metadata_is_shown_on_request(workspace: Workspace, slack: AsyncWebClient) -> None:
    channel = workspace.channel_id("general")
    metadata = {"event_type": "card", "event_payload": {"effect": "e1"}}
    await slack.chat_postMessage(channel=channel, text="card", metadata=metadata)
    plain = await slack.conversations_history(channel=channel)
    full = await slack.conversations_history(channel=channel, include_all_metadata=True)
    assert "metadata" not in plain["messages"][0]
    assert full["messages"][0]["metadata"] == metadata


async def test_only_the_author_edits(workspace: Workspace, slack: AsyncWebClient, ada: Person) -> None:
    ts = await ada.say("general", "mine")
    channel = workspace.channel_id("general")
    assert await refusal(slack.chat_update(channel=channel, ts=ts, text="x")) == "cant_update_message"


async def test_an_edit_with_text_alone_takes_the_blocks_away(
    workspace: Workspace, slack: AsyncWebClient, ada: Person
) -> None:
    channel = workspace.channel_id("general")
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "old"}}]
    sent = await slack.chat_postMessage(channel=channel, text="old", blocks=blocks)
    await slack.chat_update(channel=channel, ts=sent["ts"], text="new")
    assert (await ada.messages("general"))[-1].rendered == "new"


async def test_no_text_and_too_much_text_are_refused(workspace: Workspace, slack: AsyncWebClient) -> None:
    channel = workspace.channel_id("general")
    assert await refusal(slack.api_call("chat.postMessage", json={"channel": channel})) == "no_text"
    assert await refusal(slack.chat_postMessage(channel=channel, text="x" * 40_001)) == "msg_too_long"


async def test_pins_are_added_once(workspace: Workspace, slack: AsyncWebClient, ada: Person) -> None:
    channel, ts = workspace.channel_id("general"), await ada.say("general", "keep")
    await slack.pins_add(channel=channel, timestamp=ts)
    assert await refusal(slack.pins_add(channel=channel, timestamp=ts)) == "already_pinned"
    assert [each.text for each in await ada.pins("general")] == ["keep"]


async def test_reactions_are_added_and_removed_once(workspace: Workspace, slack: AsyncWebClient, ada: Person) -> None:
    item = {"channel": workspace.channel_id("general"), "timestamp": await ada.say("general", "hi")}
    await slack.reactions_add(name="pushpin", **item)
    assert await refusal(slack.reactions_add(name="pushpin", **item)) == "already_reacted"
    await slack.reactions_remove(name="pushpin", **item)
    assert await refusal(slack.reactions_remove(name="pushpin", **item)) == "no_reaction"
    assert await refusal(slack.reactions_add(name="no_such_emoji", **item)) == "invalid_name"


async def test_bookmarks_are_added_edited_and_removed(workspace: Workspace, slack: AsyncWebClient, ada: Person) -> None:
    channel = workspace.channel_id("general")
    link = "https://example.org/1"
    made = await slack.bookmarks_add(channel_id=channel, title="Summary", type="link", link=link)
    bookmark_id = made["bookmark"]["id"]
    await slack.bookmarks_edit(channel_id=channel, bookmark_id=bookmark_id, title="Card")
    assert [each["title"] for each in await ada.bookmarks("general")] == ["Card"]
    await slack.bookmarks_remove(channel_id=channel, bookmark_id=bookmark_id)
    assert await ada.bookmarks("general") == []


async def test_guests_and_strangers_are_told_apart(workspace: Workspace, slack: AsyncWebClient) -> None:
    dee = (await slack.users_info(user=workspace.user_id("dee")))["user"]
    eve = (await slack.users_info(user=workspace.user_id("eve")))["user"]
    assert dee["is_restricted"]
    assert eve["is_stranger"]
    assert eve["team_id"] != workspace.team_id


async def test_history_is_paged_newest_first(workspace: Workspace, slack: AsyncWebClient, ada: Person) -> None:
    for number in range(5):
        await ada.say("general", str(number))
    channel = workspace.channel_id("general")
    first = await slack.conversations_history(channel=channel, limit=3)
    cursor = first["response_metadata"]["next_cursor"]
    rest = await slack.conversations_history(channel=channel, limit=3, cursor=cursor)
    assert [each["text"] for each in [*first["messages"], *rest["messages"]]] == ["4", "3", "2", "1", "0"]


async def test_a_thread_is_read_parent_first(workspace: Workspace, slack: AsyncWebClient, ada: Person) -> None:
    parent = await ada.say("general", "parent")
    await ada.say("general", "reply", thread_ts=parent)
    answer = await slack.conversations_replies(channel=workspace.channel_id("general"), ts=parent)
    assert [each["text"] for each in answer["messages"]] == ["parent", "reply"]
    assert [each.text for each in await ada.messages("general")] == ["parent"]
