"""A page is told what changed, at once and exactly, and no slow page ever holds up the workspace."""

import asyncio
import time

import pytest
from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.changes import Touched
from bot.workspace.live import MOST_UNTOLD
from bot.workspace.message_acts import post
from bot.workspace.person import Person
from bot.workspace.server import Workspace
from tests.workspace.dialogue import Json, Page, Watch, modal, section

SHOWN = {"messages": {}, "headers": [], "sidebar": False, "front": False, "drill": False, "people": False}


def shown(news: Json) -> Json:
    """What a page has to ask for, leaving the journal aside, which moves with every delivery."""
    return {name: news[name] for name in SHOWN}


async def only(page: Page, **wanted: object) -> None:
    """All that is told until these fields are as wanted says these fields and no other."""
    news = await page.told_until(lambda each: each["kind"] == "changed" and shown(each) != SHOWN)
    assert shown(news[-1]) == SHOWN | wanted


async def test_a_page_is_greeted_with_the_time_and_the_workspaces_name(
    workspace: Workspace, browser: ClientSession
) -> None:
    async with browser.ws_connect(f"{workspace.control_url}/live?as=ada") as socket:
        hello = await socket.receive_json()
    assert (hello["kind"], hello["workspace"]) == ("hello", workspace.site.id)
    assert hello["now"] == pytest.approx(time.time(), abs=5)


async def test_two_starts_are_two_workspaces() -> None:
    assert Workspace().site.id != Workspace().site.id


async def test_nobody_unknown_is_told_anything(workspace: Workspace, browser: ClientSession) -> None:
    async with browser.get(f"{workspace.control_url}/live?as=nobody") as response:
        assert (response.status, (await response.json())["error"]) == (409, "user_not_found")


async def test_a_new_message_is_told_by_its_channel_and_ts(workspace: Workspace, watch: Watch, ben: Person) -> None:
    page = await watch("ada")
    ts = await ben.say("general", "hello")
    await only(page, messages={workspace.channel_id("general"): [ts]}, sidebar=True)


async def test_a_reply_is_told_with_the_message_that_counts_it(workspace: Workspace, watch: Watch, ada: Person) -> None:
    parent = await ada.say("general", "parent")
    page = await watch("ada")
    reply = await ada.say("general", "reply", thread_ts=parent)
    await only(page, messages={workspace.channel_id("general"): [reply, parent]}, sidebar=True)


async def test_a_reaction_is_told_as_its_message_and_nothing_else(
    workspace: Workspace, watch: Watch, ada: Person
) -> None:
    ts = await ada.say("general", "hello")
    page = await watch("ada")
    await ada.react("general", ts, "eyes")
    await only(page, messages={workspace.channel_id("general"): [ts]})


async def test_a_deleted_message_is_told_too(workspace: Workspace, watch: Watch, ada: Person) -> None:
    ts = await ada.say("general", "hello")
    page = await watch("ada")
    await ada.delete("general", ts)
    general = workspace.channel_id("general")
    await only(page, messages={general: [ts]}, headers=[general], sidebar=True)


async def test_a_pin_and_an_edit_of_what_is_pinned_change_the_header(
    workspace: Workspace, watch: Watch, ada: Person
) -> None:
    ts, general = await ada.say("general", "hello"), workspace.channel_id("general")
    page = await watch("ada")
    await ada.pin("general", ts)
    await only(page, messages={general: [ts]}, headers=[general])
    await ada.edit("general", ts, "hello again")
    await only(page, messages={general: [ts]}, headers=[general], sidebar=True)


async def test_topic_and_bookmarks_change_the_header(workspace: Workspace, slack: AsyncWebClient, watch: Watch) -> None:
    page, general = await watch("ada"), workspace.channel_id("general")
    await slack.bookmarks_add(channel_id=general, title="Runbook", type="link", link="https://a.example")
    await only(page, headers=[general])
    await slack.conversations_setTopic(channel=general, topic="calm")
    assert general in (await page.told_until(lambda news: news["headers"]))[-1]["headers"]


async def test_a_join_changes_the_header_and_the_list(workspace: Workspace, watch: Watch, ada: Person) -> None:
    channel = await ada.create_channel("alpha")
    page = await watch("ada")
    await workspace.person("ben").join("alpha")
    news = (await page.told_until(lambda each: each["kind"] == "changed" and each["headers"]))[-1]
    assert (news["headers"], news["sidebar"]) == ([channel], True)


async def test_a_private_channel_that_somebody_makes_is_listed_at_once(watch: Watch, ada: Person) -> None:
    page = await watch("ada")
    await ada.create_channel("quiet", private=True)
    await only(page, sidebar=True)


async def test_what_only_one_person_sees_is_told_to_them_alone(
    workspace: Workspace, slack: AsyncWebClient, watch: Watch, ada: Person
) -> None:
    mine, hers = await watch("ada"), await watch("ben")
    general = workspace.channel_id("general")
    alone = await slack.chat_postEphemeral(channel=general, user=workspace.user_id("ada"), text="for ada")
    await only(mine, messages={general: [alone["message_ts"]]})
    last = await ada.say("general", "for all")
    assert alone["message_ts"] not in str(await hers.messages(last))


async def test_a_modal_or_home_is_told_to_its_person_alone(
    workspace: Workspace, slack: AsyncWebClient, watch: Watch, ada: Person
) -> None:
    mine, hers = await watch("ada"), await watch("ben")
    await slack.views_open(trigger_id=workspace.site.triggers.issue(workspace.user_id("ada")), view=modal())
    await only(mine, front=True)
    await slack.views_publish(user_id=workspace.user_id("ada"), view={"type": "home", "blocks": [section("welcome")]})
    await only(mine, front=True)
    last = await ada.say("general", "for all")
    assert not any(news["front"] for news in await hers.messages(last))


async def test_a_choice_in_a_message_is_told_to_who_made_it_alone(
    workspace: Workspace, slack: AsyncWebClient, watch: Watch
) -> None:
    general = workspace.channel_id("general")
    pick = {"type": "users_select", "action_id": "pick"}
    posted = await slack.chat_postMessage(channel=general, text="choose", blocks=[section("choose", accessory=pick)])
    mine, hers = await watch("ada"), await watch("ben")
    await workspace.person("ada").select("pick", "ben", channel="general", ts=posted["ts"])
    await only(mine, messages={general: [posted["ts"]]})
    last = await workspace.person("ben").say("general", "for all")
    assert posted["ts"] not in str(await hers.messages(last))


async def test_reading_is_told_to_who_read_alone(workspace: Workspace, watch: Watch, ada: Person) -> None:
    ts = await ada.say("general", "hello")
    hers = await watch("ben")
    await workspace.person("ben").mark("general", ts)
    await only(hers, sidebar=True)


async def test_changed_people_are_told(workspace: Workspace, watch: Watch) -> None:
    page = await watch("ada")
    await workspace.client.change_person("finn", is_restricted=True)
    await only(page, people=True, sidebar=True)


async def test_deliveries_and_calls_move_the_journal(slack: AsyncWebClient, watch: Watch) -> None:
    page = await watch("ada")
    await slack.auth_test()
    assert (await page.told())["journal"]


async def test_the_clock_is_told_at_each_move(workspace: Workspace, watch: Watch) -> None:
    page, before = await watch("ada"), workspace.clock.now()
    await workspace.client.advance(1800)
    news = await page.told()
    assert news["kind"] == "clock"
    assert news["now"] == pytest.approx(before + 1800, abs=5)


async def test_what_happens_together_is_told_together(workspace: Workspace, watch: Watch) -> None:
    page, team = await watch("ada"), workspace.site.team
    general, author = team.channels[workspace.channel_id("random")], team.account_named("ben")
    written = [post(team, general, author, {"text": str(number)})["ts"] for number in range(100)]
    news = await page.told()
    assert news["messages"] == {general.id: written}
    assert news["number"] == workspace.site.changes.number


async def test_one_message_that_changes_often_is_told_once(workspace: Workspace, watch: Watch) -> None:
    page = await watch("ada")
    for _ in range(10 * MOST_UNTOLD):
        workspace.site.changes.happened(Touched(channel=workspace.channel_id("general"), messages=("1.0",)))
    assert (await page.told())["messages"] == {workspace.channel_id("general"): ["1.0"]}


async def test_too_much_at_once_is_a_new_greeting_and_no_queue(workspace: Workspace, watch: Watch) -> None:
    page = await watch("ada")
    for number in range(10 * MOST_UNTOLD):
        workspace.site.changes.happened(Touched(channel=workspace.channel_id("general"), messages=(str(number),)))
    assert (await page.told())["kind"] == "hello"
    workspace.site.changes.happened(Touched(drill=True))
    await only(page, drill=True)


async def test_a_page_that_takes_in_nothing_holds_up_nobody_and_is_let_go(
    workspace: Workspace, watch: Watch, ada: Person
) -> None:
    live, general = workspace._live, workspace.channel_id("general")
    live.patience = 0.05
    await watch("ada")
    line = next(iter(live._open.values()))
    assert line
    line.get_protocol().pause_writing()  # what asyncio does where a socket is full

    def is_let_go() -> bool:
        for number in range(MOST_UNTOLD - 1):
            workspace.site.changes.happened(Touched(channel=general, messages=(f"{number:030}",)))
        return not live._open

    assert await ada.wait_until(is_let_go)
    assert await ada.say("general", "still here")


async def test_a_stopped_workspace_says_goodbye_to_its_pages(browser: ClientSession) -> None:
    async with Workspace() as workspace:
        socket = await browser.ws_connect(f"{workspace.control_url}/live?as=ada")
        await socket.receive_json()
        closing = asyncio.create_task(socket.receive())
    await closing
    assert socket.close_code == 1001


async def test_a_page_that_went_is_forgotten(workspace: Workspace, watch: Watch, ada: Person) -> None:
    page = await watch("ada")
    await page.socket.close()
    await ada.wait_until(lambda: not workspace.site.changes._listeners)
