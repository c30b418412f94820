"""Two windows are two people, and each sees what the other does while they look on."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Open
from tests.scenarios.team import Team


async def test_what_one_says_the_other_sees_and_reacts_to(open_window: Open) -> None:
    ada, ben = await open_window("ada"), await open_window("ben")
    await ada.say("Is anybody else seeing *timeouts*?")
    await ben.act_on(ben.message("Is anybody else seeing timeouts?"), "React with :boom:")
    await expect(ada.reaction(ada.message("Is anybody else"), "boom")).to_be_visible()


async def test_a_thread_is_one_talk_in_both_windows(open_window: Open) -> None:
    ada, ben = await open_window("ada"), await open_window("ben")
    await ada.say("Search is slow.")
    await ada.act_on(ada.message("Search is slow."), "Reply in thread")
    await ada.say("Since when?", into=ada.thread.get_by_role("textbox", name="Reply in thread"))
    await ben.message("Search is slow.").get_by_role("button", name=re.compile(r"^1 reply")).click()
    await ben.say("Since noon.", into=ben.thread.get_by_role("textbox", name="Reply in thread"))
    await expect(ada.reply("Since noon.")).to_be_visible()
    await expect(ada.message("Since noon.")).to_have_count(0)


async def test_an_edit_and_a_deletion_reach_the_other(team: Team, open_window: Open) -> None:
    ada, ben = await open_window("ada"), await open_window("ben")
    ts = await team.person("ada").say("general", "It is the cach.")
    await expect(ben.message("It is the cach.")).to_be_visible()
    await team.person("ada").edit("general", ts, "It is the cache.")
    await expect(ben.message("It is the cache.", "edited")).to_be_visible()
    await team.person("ada").delete("general", ts)
    await expect(ben.message("It is the")).to_have_count(0)
    await expect(ada.message("It is the")).to_have_count(0)


async def test_what_is_said_elsewhere_is_marked_until_it_is_read(open_window: Open) -> None:
    ada, ben = await open_window("ada"), await open_window("ben")
    await expect(ben.message("I am at my desk until six")).to_be_visible()
    await ben.go("random")
    await ada.say("Two of us are on it.")
    await expect(ben.sidebar.get_by_role("link", name="# general, 1 unread")).to_be_visible()
    await ben.go("general")
    await expect(ben.sidebar.get_by_role("link", name="# general", exact=True)).to_be_visible()


async def test_one_window_may_become_another_person(open_window: Open) -> None:
    window = await open_window("ada")
    await window.say("I am Ada.")
    await window.become("ben")
    await expect(window.message("I am Ada.")).to_be_visible()
    await window.say("And I am Ben.")
    await expect(window.message("Ben Okri", "And I am Ben.")).to_be_visible()


@pytest.mark.parametrize(("name", "zone"), [("ada", "Europe/Berlin"), ("cleo", "Asia/Tokyo")])
async def test_times_are_those_of_the_person_and_not_of_the_machine(
    team: Team, open_window: Open, name: str, zone: str
) -> None:
    ts = await team.person("ada").say("general", "What time is it for you?")
    window = await open_window(name)
    there = f"{datetime.fromtimestamp(float(ts), ZoneInfo(zone)):%H:%M}"
    await expect(window.message("What time is it for you?").locator("time").first).to_have_text(there)


async def test_a_press_counts_though_the_message_changes_under_the_finger(team: Team, open_window: Open) -> None:
    """Cards are edited whenever something happens, so just as somebody presses, too."""
    ts = await team.person("ada").say("general", "Who takes it?")
    ada, ben = await open_window("ada"), await open_window("ben")
    await ben.act_on(ben.message("Who takes it?"), "React with :boom:")
    pressed = ada.reaction(ada.message("Who takes it?"), "boom")
    await pressed.hover()
    await ada.page.mouse.down()
    await team.person("ada").edit("general", ts, "Who takes it, please?")
    await expect(ben.message("Who takes it, please?")).to_be_visible()
    await ada.page.mouse.up()
    await expect(ben.message("Who takes it, please?").get_by_text("2", exact=True)).to_be_visible()
    await expect(ada.message("Who takes it, please?")).to_be_visible()
