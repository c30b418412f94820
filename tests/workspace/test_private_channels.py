"""Nobody learns of a private channel that they are not in: not its name, not its id, not that anything happens there.
Each surface of the page's is asked by whoever is not in it.
"""

import pytest

from bot.workspace.channel_acts import remove_member
from bot.workspace.client import Refused
from bot.workspace.live import MOST_UNTOLD
from bot.workspace.message_acts import post
from bot.workspace.person import Person
from bot.workspace.server import Workspace
from tests.workspace.dialogue import Json, Page, Watch, seen

NAME = "inc-7-breach"
OUTSIDERS = ("cleo", "dee", "eve")
VERBS = ("say", "react", "pin", "unpin", "mark", "dismiss", "join", "message_shortcut", "click")


@pytest.fixture
async def secret(ada: Person) -> str:
    """The private channel's id. Ada, Ben and the app are in it; dee (a guest) and cleo are in #general."""
    await ada.invite("general", "dee")
    channel = await ada.create_channel(NAME, private=True)
    await ada.invite(NAME, "ben", "muster")
    return channel


@pytest.fixture
async def told(ada: Person, secret: str) -> str:
    """The ts of a message in it."""
    return await ada.say(NAME, "We were breached.")


@pytest.mark.parametrize("name", OUTSIDERS)
async def test_no_list_holds_it(workspace: Workspace, secret: str, told: str, name: str) -> None:
    outsider = workspace.person(name)
    for what in ("people", "sidebar", "front", "channels"):
        answer = str(await seen(outsider, what))
        assert (NAME in answer, secret in answer) == (False, False)


@pytest.mark.parametrize("what", ["history", "shown", "replies", "header", "channel", "messages", "pins", "bookmarks"])
@pytest.mark.parametrize("name", OUTSIDERS)
async def test_asking_for_it_is_answered_as_for_one_that_does_not_exist(
    workspace: Workspace, secret: str, told: str, what: str, name: str
) -> None:
    answers = []
    for channel in (secret, NAME, "no-such-channel"):
        with pytest.raises(Refused) as refused:
            await seen(workspace.person(name), what, channel=channel, ts=told)
        answers.append(refused.value.answer)
    assert answers == [{"ok": False, "error": "channel_not_found"}] * 3


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("name", OUTSIDERS)
async def test_acting_in_it_is_answered_as_in_one_that_does_not_exist(
    workspace: Workspace, secret: str, told: str, verb: str, name: str
) -> None:
    more = {"ts": told, "text": "hi", "emoji": "eyes", "callback_id": "note", "button": "go"}
    answers = []
    for channel in (secret, "C999999999"):
        with pytest.raises(Refused) as refused:
            await workspace.client.post("act", **{"as": name, "do": verb, "channel": channel, **more})
        answers.append(refused.value.answer)
    assert answers[0] == answers[1] == {"ok": False, "error": "channel_not_found"}


async def test_one_that_is_named_as_a_person_hides_no_direct_messages(ada: Person, cleo: Person) -> None:
    await ada.create_channel("ben", private=True)
    found = await seen(cleo, "header", channel="ben")
    assert (found["is_im"], found["is_private"]) == (True, False)


async def all_told(workspace: Workspace, page: Page) -> list[Json]:
    """Whatever is told up to now; the second move of the clock comes after the rest of the first telling."""
    news = []
    for _ in range(2):
        await workspace.client.advance(60)
        news += await page.told_until(lambda each: each["kind"] == "clock")
    return news


async def everything_happens(workspace: Workspace, secret: str, told: str) -> None:
    ada, ben, team = workspace.person("ada"), workspace.person("ben"), workspace.site.team
    await ben.say(NAME, "@cleo must not know")
    await ben.say(NAME, "a reply", thread_ts=told)
    await ben.react(NAME, told, "eyes")
    await ben.pin(NAME, told)
    await ada.edit(NAME, told, "We were breached, badly.")
    await ada.mark(NAME, told)
    workspace.site.ephemerals.show(workspace.user_id("ben"), secret, team.account_named("muster"), {"text": "psst"})
    await ada.rename(NAME, f"{NAME}-2")
    await ben.leave(f"{NAME}-2")
    await ada.archive(f"{NAME}-2")


@pytest.mark.parametrize("name", OUTSIDERS)
async def test_nothing_that_happens_there_is_told_live(
    workspace: Workspace, watch: Watch, secret: str, told: str, name: str
) -> None:
    page = await watch(name)
    await everything_happens(workspace, secret, told)
    news = await all_told(workspace, page)
    assert secret not in str(news)
    assert not any(each.get(what) for each in news for what in ("sidebar", "headers", "messages", "front", "people"))


async def test_somebody_invited_is_told_from_then_on(
    workspace: Workspace, watch: Watch, ada: Person, secret: str, told: str
) -> None:
    page = await watch("cleo")
    await ada.invite(NAME, "cleo")
    news = (await page.told_until(lambda each: each["kind"] == "changed" and each["sidebar"]))[-1]
    assert secret in news["headers"]
    assert told not in str(news)


async def test_whoever_was_in_it_is_told_that_the_list_changed_and_no_more(
    workspace: Workspace, watch: Watch, ada: Person, secret: str, told: str
) -> None:
    ben, page = workspace.person("ben"), await watch("ben")
    await ben.leave(NAME)
    await ada.say(NAME, "he is gone")
    news = await all_told(workspace, page)
    assert any(each.get("sidebar") for each in news)
    assert secret not in str(news)
    assert NAME not in str(await seen(ben, "sidebar"))


async def test_what_was_not_told_yet_is_not_told_to_whoever_has_left(
    workspace: Workspace, watch: Watch, secret: str
) -> None:
    """Both within the time for which changes are gathered."""
    page, team = await watch("ben"), workspace.site.team
    channel, ben = team.channels[secret], team.account_named("ben")
    post(team, channel, team.account_named("ada"), {"text": "just before he left"})
    remove_member(team, channel, ben)
    news = await all_told(workspace, page)
    assert any(each.get("sidebar") for each in news)
    assert secret not in str(news)


async def test_however_much_happens_there_no_other_page_is_greeted_anew(
    workspace: Workspace, watch: Watch, secret: str
) -> None:
    page, team = await watch("cleo"), workspace.site.team
    for number in range(2 * MOST_UNTOLD):
        post(team, team.channels[secret], team.account_named("ada"), {"text": str(number)})
    assert {each["kind"] for each in await all_told(workspace, page)} <= {"clock", "changed"}


@pytest.mark.parametrize("name", OUTSIDERS)
async def test_a_link_to_it_keeps_no_name_for_those_who_are_not_in(
    workspace: Workspace, ada: Person, secret: str, name: str
) -> None:
    await ada.say("general", f"see #{NAME} and #general")
    mine = (await seen(ada, "history", channel="general"))["messages"][-1]
    assert f"<#{secret}|{NAME}>" in mine["text"]
    if name == "eve":
        return
    theirs = (await seen(workspace.person(name), "history", channel="general"))["messages"][-1]
    assert NAME not in str(theirs)
    assert f"<#{secret}>" in theirs["text"]


async def test_nor_does_a_link_in_blocks(workspace: Workspace, cleo: Person, secret: str) -> None:
    text = {"type": "mrkdwn", "text": f"see <#{secret}|{NAME}>"}
    team = workspace.site.team
    channel, app = team.channels[workspace.channel_id("general")], team.account_named("muster")
    post(team, channel, app, {"text": "card", "blocks": [{"type": "section", "block_id": "b", "text": text}]})
    assert NAME not in str(await seen(cleo, "history", channel="general"))


@pytest.mark.parametrize("name", ["dee", "eve"])
async def test_guests_and_strangers_know_of_public_channels_as_little(
    workspace: Workspace, watch: Watch, ada: Person, name: str
) -> None:
    outsider, page = workspace.person(name), await watch(name)
    ts = await ada.say("random", "not for guests")
    assert "random" not in str(await seen(outsider, "sidebar"))
    for what in ("history", "shown", "replies", "header"):
        with pytest.raises(Refused, match="channel_not_found"):
            await seen(outsider, what, channel="random", ts=ts)
    assert ts not in str(await all_told(workspace, page))


async def test_direct_messages_are_told_to_the_two_of_them(
    workspace: Workspace, watch: Watch, ada: Person, cleo: Person
) -> None:
    hers, page = await watch("ben"), await watch("cleo")
    ts = await ada.say("ben", "between us")
    await hers.messages(ts)
    last = await ada.say("general", "for all")
    assert ts not in str(await page.messages(last))
    assert (await seen(cleo, "sidebar"))["directs"] == []
