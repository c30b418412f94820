"""The lists around the messages: people, channels with what is unread, headers, and what is open before a person."""

from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.cast import CAST, Account
from bot.workspace.message_acts import post
from bot.workspace.person import Person
from bot.workspace.server import Workspace
from tests.workspace.dialogue import Json, modal, section, seen


async def listed(person: Person, name: str) -> Json:
    channels = (await seen(person, "sidebar"))["channels"]
    return next(dict(each) for each in channels if each["name"] == name)


async def unread(person: Person, name: str) -> int:
    return int((await listed(person, name))["unread"])


async def test_one_can_be_any_person_of_the_workspace_but_no_bot_and_no_stranger(ada: Person) -> None:
    people = {each["name"]: each for each in await seen(ada, "people")}
    assert {name for name, each in people.items() if each["can_be"]} == {"ada", "ben", "cleo", "dee", "finn", "grace"}
    assert people["dee"]["is_guest"]
    assert people["eve"]["is_outsider"]
    assert people["muster"]["is_app"]
    assert people["pagerbot"]["is_bot"]


async def test_one_cannot_be_somebody_who_is_gone(workspace: Workspace, ada: Person) -> None:
    await workspace.client.change_person("finn", deleted=True)
    people = {each["name"]: each for each in await seen(ada, "people")}
    assert not people["finn"]["can_be"]


async def test_a_title_is_shown_to_people_and_told_to_the_app() -> None:
    lead = Account(id="U0LEAD0001", name="lea", real_name="Lea Lead", title="Communications lead")
    async with Workspace(people=(*CAST, lead)) as workspace:
        people = {each["name"]: each for each in await seen(workspace.person("ada"), "people")}
        slack = AsyncWebClient(token=workspace.bot_token, base_url=workspace.api_url)
        told = await slack.users_info(user=lead.id)
    assert people["lea"]["title"] == told["user"]["profile"]["title"] == "Communications lead"


async def test_channels_are_listed_by_name_public_ones_also_to_those_who_are_not_in(ada: Person, ben: Person) -> None:
    await ada.create_channel("alpha")
    await ada.create_channel("beta", private=True)
    names = [each["name"] for each in (await seen(ben, "sidebar"))["channels"]]
    assert names == ["alpha", "general", "incidents", "random"]
    assert not (await listed(ben, "alpha"))["is_member"]
    assert (await listed(ada, "beta"))["is_private"]


async def test_what_others_wrote_is_unread_until_it_is_marked(ada: Person, ben: Person) -> None:
    first = await ada.say("general", "one")
    last = await ada.say("general", "two")
    assert (await unread(ada, "general"), await unread(ben, "general")) == (0, 2)
    await ben.mark("general", first)
    assert await unread(ben, "general") == 1
    await ben.mark("general", last)
    assert await unread(ben, "general") == 0
    assert (await seen(ben, "history", channel="general"))["read"] == last


async def test_what_was_said_before_the_start_has_been_read() -> None:
    workspace = Workspace()
    team, general = workspace.site.team, workspace.channel_id("general")
    post(team, team.channels[general], team.account_named("ada"), {"text": "@ben long ago"})
    async with workspace:
        found = await listed(workspace.person("ben"), "general")
    assert (found["unread"], found["mentioned"]) == (0, False)


async def test_a_mark_never_goes_back_and_never_ahead_of_the_newest(ada: Person, ben: Person) -> None:
    first = await ada.say("general", "one")
    await ben.mark("general", "9999999999.000000")
    await ben.mark("general", first)
    await ada.say("general", "two")
    assert await unread(ben, "general") == 1


async def test_whoever_writes_has_read_what_was_before(ada: Person, ben: Person) -> None:
    await ada.say("general", "one")
    await ben.say("general", "two")
    assert (await unread(ada, "general"), await unread(ben, "general")) == (1, 0)


async def test_replies_joins_and_topics_leave_a_channel_read(
    workspace: Workspace, slack: AsyncWebClient, ada: Person, ben: Person, cleo: Person
) -> None:
    channel = await ada.create_channel("alpha")
    await ada.invite("alpha", "ben", "muster")
    parent = await ben.say("alpha", "parent")
    await ada.mark("alpha", parent)
    await cleo.join("alpha")
    await cleo.say("alpha", "a reply", thread_ts=parent)
    await slack.conversations_setTopic(channel=channel, topic="new")
    assert await unread(ada, "alpha") == 0


async def test_a_deleted_message_is_unread_no_more(ada: Person, ben: Person) -> None:
    ts = await ada.say("general", "@ben never mind")
    await ada.delete("general", ts)
    found = await listed(ben, "general")
    assert (found["unread"], found["mentioned"]) == (0, False)


async def test_somebody_new_has_nothing_unread_from_before(ada: Person, ben: Person) -> None:
    await ada.create_channel("alpha")
    await ada.say("alpha", "before")
    assert await unread(ben, "alpha") == 0
    await ben.join("alpha")
    assert await unread(ben, "alpha") == 0
    await ada.say("alpha", "after")
    assert await unread(ben, "alpha") == 1


async def test_who_is_named_or_all_of_the_channel_is_mentioned(ada: Person, ben: Person, cleo: Person) -> None:
    ts = await ada.say("general", "@ben please look")
    assert ((await listed(ben, "general"))["mentioned"], (await listed(cleo, "general"))["mentioned"]) == (True, False)
    await ben.mark("general", ts)
    assert not (await listed(ben, "general"))["mentioned"]
    await ada.say("general", "@here all of you")
    assert (await listed(cleo, "general"))["mentioned"]


async def test_direct_messages_name_the_other_and_the_apps_own_stand_apart(
    workspace: Workspace, slack: AsyncWebClient, ada: Person, ben: Person
) -> None:
    assert (await seen(ben, "sidebar"))["app"] == {"channel": None, "unread": 0, "has_home": True}
    await ada.say("ben", "between us")
    posted = await slack.chat_postMessage(channel=workspace.user_id("ben"), text="from the app")
    found = await seen(ben, "sidebar")
    assert [(each["user"], each["unread"]) for each in found["directs"]] == [(workspace.user_id("ada"), 1)]
    assert (found["app"]["channel"], found["app"]["unread"]) == (posted["channel"], 1)


async def test_a_header_holds_topic_members_pins_and_bookmarks(
    workspace: Workspace, slack: AsyncWebClient, ada: Person
) -> None:
    general = workspace.channel_id("general")
    await slack.conversations_setTopic(channel=general, topic="calm")
    await slack.bookmarks_add(
        channel_id=general, title="Runbook", type="link", link="https://a.example", emoji=":book:"
    )
    ts = await ada.say("general", "keep this")
    await ada.pin("general", ts)
    found = await seen(ada, "header", channel="general")
    assert (found["topic"], found["is_member"], found["is_im"]) == ("calm", True, False)
    assert [each["ts"] for each in found["pins"]] == [ts]
    assert found["bookmarks"] == [{"title": "Runbook", "link": "https://a.example", "emoji": ":book:"}]
    assert workspace.user_id("ben") in found["members"]
    await ada.unpin("general", ts)
    assert (await seen(ada, "header", channel="general"))["pins"] == []


async def test_the_header_of_a_direct_message_says_with_whom(workspace: Workspace, ada: Person, ben: Person) -> None:
    await ada.say("ben", "between us")
    for person, channel, other in ((ada, "ben", "ben"), (ben, "ada", "ada")):
        found = await seen(person, "header", channel=channel)
        assert (found["is_im"], found["with"]) == (True, workspace.user_id(other))


async def test_before_a_person_stand_their_own_modals_and_home(
    workspace: Workspace, slack: AsyncWebClient, ada: Person, ben: Person
) -> None:
    assert await seen(ada, "front") == {"modal": None, "home": None, "depth": 0}
    trigger = workspace.site.triggers.issue(workspace.user_id("ada"))
    await slack.views_open(trigger_id=trigger, view=modal())
    home = {"type": "home", "blocks": [section("welcome")]}
    await slack.views_publish(user_id=workspace.user_id("ada"), view=home)
    found = await seen(ada, "front")
    assert (found["modal"]["callback_id"], found["depth"], found["home"]["type"]) == ("form", 1, "home")
    assert found["modal"]["state"]["values"] == {"title": {"text": {"type": "plain_text_input", "value": None}}}
    assert await seen(ben, "front") == {"modal": None, "home": None, "depth": 0}
