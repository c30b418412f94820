"""A drill is played by the workspace's people, on its clock, which may be moved on."""

import asyncio
from itertools import pairwise

from bot.demo.drill_player import BREATH
from tests.demo.conftest import Play
from tests.demo.playing import room


async def test_people_write_reply_and_react_where_the_script_says(play: Play) -> None:
    scene = play(
        "- at 1 min, Grace in #support: It hangs",
        "  - 20 s later, Cleo replies: Which browser?",
        "  - Finn reacts :eyes:",
    )
    await scene.until_said(3)
    (message,) = await scene.workspace.person("ada").messages("support")
    assert (message.user, message.text, message.reactions) == ("grace", "It hangs", {"eyes": ["finn"]})
    thread = await scene.workspace.person("ada").thread("support", message.ts)
    assert [(seen.user, seen.text) for seen in thread[1:]] == [("cleo", "Which browser?")]


async def test_a_clock_that_is_moved_on_brings_everything_in_order_and_no_flood(play: Play) -> None:
    scene = play(*(f"- at {minute} min, Grace in #support: {minute}" for minute in range(1, 6)))
    scene.workspace.clock.advance(3600)
    await scene.workspace.person("ada").wait_for_message("support", "1")
    assert await scene.texts("support") == ["1"]
    await scene.until_said(5)
    stamps = [float(seen.ts) for seen in await scene.workspace.person("ada").messages("support")]
    assert await scene.texts("support") == ["1", "2", "3", "4", "5"]
    assert all(later - earlier >= BREATH for earlier, later in pairwise(stamps))


async def test_whoever_speaks_in_a_public_war_room_comes_in(play: Play) -> None:
    scene = play("- at 0 min, Finn in the war room: Here")
    channel = await scene.workspace.person("ada").create_channel("inc-1")
    scene.learns(room(channel))
    assert (await scene.workspace.person("ada").wait_for_message("inc-1", "Here")).user == "finn"


async def test_a_word_for_the_commander_reaches_them_alone(play: Play) -> None:
    scene = play("- at 0 min, Sam to the commander: Were we hacked?")
    scene.learns(room("C1", commander=scene.workspace.user_id("ada")))
    assert (await scene.workspace.person("ada").wait_for_message("sam", "hacked")).user == "sam"


async def test_it_ends_when_the_incident_is_over_and_says_no_more(play: Play) -> None:
    scene = play("- at 1 min, Grace in #support: one", "- at 2 min, Grace in #support: two")
    await scene.until_said(1)
    scene.learns(room("C1", over=True))
    await scene.workspace.client.wait_until(lambda: scene.player.ended)
    scene.workspace.clock.advance(3600)
    state = scene.player.state()
    assert (state["ended"], state["next_at"], state["waits_for"]) == (True, None, "")
    assert await scene.texts("support") == ["one"]


async def test_what_to_talk_about_is_told_when_it_is_over_and_not_before(play: Play) -> None:
    scene = play("- at 1 min, Grace in #support: one", "", "## Debrief", "", "- What were you waiting for?")
    await scene.until_said(1)
    assert scene.player.state()["debrief"] == ""
    scene.learns(room("C1", over=True))
    await scene.workspace.client.wait_until(lambda: scene.player.ended)
    assert "What were you waiting for?" in scene.player.state()["debrief"]


async def test_its_state_says_how_far_it_is(play: Play) -> None:
    scene = play("- at 1 min, Grace in #support: one", "- at 5 min, unless declared, Grace in #support: two")
    await scene.until_said(1)
    state = scene.player.state()
    assert (state["name"], state["by"], state["of"]) == ("it", "ada", 2)
    assert state["next_at"] == state["started"] + 300
    scene.learns(room("C1"))
    scene.workspace.clock.advance(300)
    await scene.workspace.client.wait_until(lambda: scene.player.state()["of"] == 1)


async def test_what_the_workspace_refuses_is_left_out(play: Play) -> None:
    scene = play(
        "- at 0 min, Grace in #support: one", "  - Cleo reacts :no_such_emoji:", "- at 1 min, Grace in #support: two"
    )
    await scene.until_said(2)
    assert await scene.texts("support") == ["one", "two"]


async def test_it_waits_without_being_busy(play: Play) -> None:
    scene = play("- at 0 min, Finn in the war room: Here")
    await scene.workspace.client.wait_until(lambda: scene.player.state()["waits_for"] != "")
    before = scene.workspace.site.changes.number
    await asyncio.sleep(0.1)
    assert scene.workspace.site.changes.number == before
