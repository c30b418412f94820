"""A channel is read in windows, as a page scrolls through it, with what only its reader sees among it."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.client import Refused
from bot.workspace.message_acts import post
from bot.workspace.person import Person
from bot.workspace.server import Workspace
from tests.workspace.dialogue import ROW, Connect, Json, section, seen

PICK = {
    "type": "static_select",
    "action_id": "pick",
    "options": [{"text": {"type": "plain_text", "text": each}, "value": each} for each in ("a", "b")],
}


@pytest.fixture
async def ten(ada: Person) -> list[str]:
    return [await ada.say("general", f"number {number}") for number in range(10)]


def order(answer: Json) -> list[str]:
    return [each["ts"] for each in answer["messages"]]


def ends(answer: Json) -> tuple[bool, bool]:
    return answer["more_before"], answer["more_after"]


async def test_the_newest_come_first_asked_and_oldest_first_shown(ada: Person, ten: list[str]) -> None:
    answer = await seen(ada, "history", channel="general", limit="3")
    assert (order(answer), ends(answer)) == (ten[7:], (True, False))


async def test_a_whole_channel_has_nothing_before_or_after(ada: Person, ten: list[str]) -> None:
    answer = await seen(ada, "history", channel="general")
    assert (order(answer), ends(answer)) == (ten, (False, False))


async def test_before_a_message_stand_those_just_before_it(ada: Person, ten: list[str]) -> None:
    answer = await seen(ada, "history", channel="general", before=ten[4], limit="3")
    assert (order(answer), ends(answer)) == (ten[1:4], (True, True))


async def test_after_a_message_stand_those_just_after_it(ada: Person, ten: list[str]) -> None:
    answer = await seen(ada, "history", channel="general", after=ten[7], limit="3")
    assert (order(answer), ends(answer)) == (ten[8:], (True, False))


async def test_around_a_message_it_stands_in_the_middle(ada: Person, ten: list[str]) -> None:
    answer = await seen(ada, "history", channel="general", around=ten[5], limit="4")
    assert (order(answer), ends(answer)) == (ten[3:7], (True, True))


async def test_around_a_reply_stands_what_it_replies_to(ada: Person, ten: list[str]) -> None:
    reply = await ada.say("general", "in the thread", thread_ts=ten[2])
    answer = await seen(ada, "history", channel="general", around=reply, limit="1")
    assert order(answer) == [ten[2]]


async def test_beyond_the_ends_there_is_nothing(ada: Person, ten: list[str]) -> None:
    assert order(await seen(ada, "history", channel="general", before=ten[0])) == []
    assert order(await seen(ada, "history", channel="general", after=ten[-1])) == []
    assert order(await seen(ada, "history", channel="general", around="9999999999.000000", limit="1")) == [ten[-1]]


async def test_an_empty_channel_has_an_empty_history(ada: Person) -> None:
    answer = await seen(ada, "history", channel="random", around="1.0")
    assert (order(answer), ends(answer), answer["read"]) == ([], (False, False), "")


async def test_a_limit_that_is_no_number_is_refused(ada: Person) -> None:
    with pytest.raises(Refused, match="invalid_arguments"):
        await seen(ada, "history", channel="general", limit="all")


class Counted(dict[str, Json]):
    """Messages that count how many of them were read one by one; nobody may walk through all of them."""

    read = 0

    def __getitem__(self, ts: str) -> Json:
        self.read += 1
        return super().__getitem__(ts)

    def __iter__(self) -> Iterator[str]:
        raise AssertionError("all messages of a channel were walked through")

    def values(self) -> Any:
        raise AssertionError("all messages of a channel were walked through")

    items = values


@pytest.mark.parametrize("part", [{}, {"before": 2500}, {"after": 2500}, {"around": 2500}])
async def test_fifty_of_five_thousand_cost_fifty(workspace: Workspace, ben: Person, part: dict[str, int]) -> None:
    team = workspace.site.team
    channel, cleo = team.channels[workspace.channel_id("random")], team.account_named("cleo")
    for number in range(5000):
        post(team, channel, cleo, {"text": f"number {number}"})
    channel.messages = Counted(channel.messages)
    query = {name: channel.top[at] for name, at in part.items()}
    assert len(order(await seen(ben, "history", channel="random", **query))) == 50
    listed = {each["name"]: each for each in (await seen(ben, "sidebar"))["channels"]}
    assert listed["random"]["unread"] == 5000
    assert channel.messages.read <= 51


async def test_what_only_its_reader_sees_stands_where_it_came(
    workspace: Workspace, slack: AsyncWebClient, ada: Person, ben: Person
) -> None:
    general = workspace.channel_id("general")
    first = await ada.say("general", "first")
    alone = await slack.chat_postEphemeral(channel=general, user=workspace.user_id("ada"), text="for ada")
    second = await ada.say("general", "second")
    answer = await seen(ada, "history", channel="general")
    assert order(answer) == [first, alone["message_ts"], second]
    assert [each["ephemeral"] for each in answer["messages"]] == [False, True, False]
    assert order(await seen(ben, "history", channel="general")) == [first, second]


async def test_windows_side_by_side_show_each_ephemeral_once(
    workspace: Workspace, slack: AsyncWebClient, ada: Person
) -> None:
    written = []
    for number in range(4):
        written.append(await ada.say("general", str(number)))
        alone = await slack.chat_postEphemeral(
            channel=workspace.channel_id("general"), user=workspace.user_id("ada"), text=f"after {number}"
        )
        written.append(alone["message_ts"])
    newest = order(await seen(ada, "history", channel="general", limit="2"))
    older = order(await seen(ada, "history", channel="general", before=newest[0], limit="2"))
    newer = order(await seen(ada, "history", channel="general", after=older[-1], limit="2"))
    assert (older + newest, newer) == (written, newest)


async def test_an_ephemeral_that_was_dismissed_is_gone(
    workspace: Workspace, slack: AsyncWebClient, ada: Person
) -> None:
    general = workspace.channel_id("general")
    alone = await slack.chat_postEphemeral(channel=general, user=workspace.user_id("ada"), text="for ada")
    await ada.dismiss("general", alone["message_ts"])
    assert order(await seen(ada, "history", channel="general")) == []
    assert await seen(ada, "shown", channel="general", ts=alone["message_ts"]) == []


async def test_nobody_dismisses_what_another_was_shown(
    workspace: Workspace, slack: AsyncWebClient, ada: Person, ben: Person
) -> None:
    general = workspace.channel_id("general")
    alone = await slack.chat_postEphemeral(channel=general, user=workspace.user_id("ada"), text="for ada")
    with pytest.raises(Refused, match="message_not_found"):
        await ben.dismiss("general", alone["message_ts"])
    with pytest.raises(Refused, match="message_not_found"):
        await ada.dismiss("incidents", alone["message_ts"])


async def test_single_messages_are_shown_without_those_that_are_gone(ada: Person, ten: list[str]) -> None:
    await ada.delete("general", ten[3])
    reply = await ada.say("general", "a reply", thread_ts=ten[1])
    answer = await seen(ada, "shown", channel="general", ts=",".join([ten[1], ten[3], reply, "1.0"]))
    assert [each["ts"] for each in answer] == [ten[1], reply]


async def test_a_thread_is_read_parent_first_also_when_a_reply_is_named(ada: Person, ten: list[str]) -> None:
    replies = [await ada.say("general", text, thread_ts=ten[1]) for text in ("one", "two")]
    for named in (ten[1], replies[1]):
        answer = await seen(ada, "replies", channel="general", ts=named)
        assert [each["ts"] for each in answer] == [ten[1], *replies]


async def test_what_only_its_reader_sees_in_a_thread_stands_there_and_not_in_the_channel(
    workspace: Workspace, slack: AsyncWebClient, ada: Person
) -> None:
    parent, general = await ada.say("general", "parent"), workspace.channel_id("general")
    alone = await slack.chat_postEphemeral(
        channel=general, user=workspace.user_id("ada"), text="for ada", thread_ts=parent
    )
    assert order(await seen(ada, "history", channel="general")) == [parent]
    found = await seen(ada, "replies", channel="general", ts=parent)
    assert [each["ts"] for each in found] == [parent, alone["message_ts"]]


async def test_a_message_says_who_wrote_it_and_what_became_of_it(
    workspace: Workspace, ada: Person, ben: Person
) -> None:
    ts = await ada.say("general", "hello")
    await ada.edit("general", ts, "hello again")
    await ben.react("general", ts, "eyes")
    await ben.say("general", "yes?", thread_ts=ts)
    await ben.pin("general", ts)
    shown = (await seen(ada, "shown", channel="general", ts=ts))[0]
    assert (shown["user"], shown["name"], shown["is_app"]) == (workspace.user_id("ada"), "Ada Lovelace", False)
    assert (shown["edited"], shown["pinned"], shown["reply_count"]) == (True, True, 1)
    assert shown["reactions"] == [{"name": "eyes", "users": [workspace.user_id("ben")]}]


async def test_a_message_of_the_app_is_told_apart(workspace: Workspace, slack: AsyncWebClient, ada: Person) -> None:
    await slack.chat_postMessage(channel=workspace.channel_id("general"), text="card", blocks=ROW)
    shown = (await seen(ada, "history", channel="general"))["messages"][0]
    assert (shown["is_app"], shown["is_bot"], shown["name"]) == (True, True, "Muster")
    assert shown["blocks"][0]["elements"][0]["action_id"] == "go"


async def test_what_a_person_chose_in_a_message_is_theirs_alone(
    workspace: Workspace, slack: AsyncWebClient, app: AsyncApp, connect: Connect, ada: Person
) -> None:
    @app.action("pick")
    async def _(ack: Any) -> None:
        await ack()

    await connect(app)
    blocks = [section("choose", block_id="choice", accessory=PICK)]
    posted = await slack.chat_postMessage(channel=workspace.channel_id("general"), text="choose", blocks=blocks)
    await ada.select("pick", "b", channel="general", ts=posted["ts"])
    mine = (await seen(ada, "shown", channel="general", ts=posted["ts"]))[0]["values"]
    assert mine["choice"]["pick"]["selected_option"]["value"] == "b"
    ben = workspace.person("ben")
    assert (await seen(ben, "shown", channel="general", ts=posted["ts"]))[0]["values"] == {}


async def test_of_two_buttons_with_one_name_the_one_in_the_named_block_is_pressed(
    workspace: Workspace, slack: AsyncWebClient, app: AsyncApp, connect: Connect, ada: Person
) -> None:
    pressed: list[str] = []

    @app.action("go")
    async def _(ack: Any, action: Json) -> None:
        pressed.append(action["block_id"])
        await ack()

    await connect(app)
    blocks = [{**ROW[0], "block_id": name} for name in ("upper", "lower")]
    posted = await slack.chat_postMessage(channel=workspace.channel_id("general"), text="card", blocks=blocks)
    for block in ("lower", "upper"):
        await ada.click("go", channel="general", ts=posted["ts"], block=block)
    assert pressed == ["lower", "upper"]
    with pytest.raises(Refused, match="no_such_element"):
        await ada.click("go", channel="general", ts=posted["ts"], block="none")


async def test_an_option_is_known_by_its_value_before_its_label(
    workspace: Workspace, slack: AsyncWebClient, app: AsyncApp, connect: Connect, ada: Person
) -> None:
    chosen: list[str] = []

    @app.action("pick")
    async def _(ack: Any, action: Json) -> None:
        chosen.append(action["selected_option"]["value"])
        await ack()

    await connect(app)
    swapped = [{"text": {"type": "plain_text", "text": a}, "value": b} for a, b in (("a", "b"), ("b", "a"))]
    blocks = [section("choose", block_id="choice", accessory={**PICK, "options": swapped})]
    await slack.chat_postMessage(channel=workspace.channel_id("general"), text="choose", blocks=blocks)
    await ada.select("pick", "a", channel="general")
    assert chosen == ["a"]
