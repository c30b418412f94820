"""What the page may ask of the demo: its clock, a fresh start, drills; and what it is told where that cannot be."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest
from aiohttp import ClientSession

from bot.demo.people import OUTSIDER, PEOPLE
from bot.demo.world import SHIPPED_PLAYBOOKS, Plan, World, world
from bot.playbook.drill_script import BOT_PLACES, CHANNELS
from bot.playbook.drill_script import PEOPLE as SPEAKERS
from bot.workspace.client import Refused


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A team's own playbooks, to be changed."""
    shutil.copytree(SHIPPED_PLAYBOOKS, tmp_path / "playbooks")
    return tmp_path / "playbooks"


@pytest.fixture
async def staged() -> AsyncIterator[World]:
    async with world(Plan(port=0)) as running:
        yield running


async def asked(staged: World, rule: str, **more: object) -> str:
    """The refusal, or nothing."""
    try:
        await staged.workspace.client.post("rule", do=rule, **more)
    except Refused as refused:
        return refused.error
    return ""


async def test_the_page_is_served_and_knows_the_app(staged: World) -> None:
    async with ClientSession() as session, session.get(staged.workspace.page_url) as page:
        assert (page.status, page.content_type) == (200, "text/html")
    app = await staged.workspace.client.get("app")
    assert app["can"] == {"reset": True, "drills": True, "move_clock": True, "alerts": True}
    assert (app["commands"][0]["command"], app["reactions"][0]) == ("/incident", "pushpin")
    assert any(verb["usage"].startswith("declare") for verb in app["commands"][0]["verbs"])


async def test_six_people_with_titles_in_zones_of_their_own_can_be_chosen(staged: World) -> None:
    people = await staged.workspace.client.get("see", **{"as": "ada", "what": "people"})
    chosen = [each for each in people if each["can_be"]]
    assert [each["name"] for each in chosen] == [account.name for account in PEOPLE]
    assert len({each["tz"] for each in chosen}) == 6
    assert all(each["title"] for each in chosen)


async def test_the_place_is_not_empty_and_the_bot_was_told_of_none_of_it(staged: World) -> None:
    ada = staged.workspace.person("ada")
    for channel in CHANNELS:
        assert await ada.messages(channel), channel
        assert await ada.topic(channel)
    assert await staged.workspace.client.deliveries("message") == []


async def test_what_was_said_before_is_read(staged: World) -> None:
    sidebar = await staged.workspace.client.get("see", **{"as": "ben", "what": "sidebar"})
    assert {channel["unread"] for channel in sidebar["channels"]} == {0}


async def test_a_script_may_use_the_people_and_channels_that_there_are(staged: World) -> None:
    accounts = staged.workspace.site.team.accounts.values()
    assert {*SPEAKERS, *BOT_PLACES} == {account.name for account in accounts} - {"muster"}
    assert set(CHANNELS) == {channel.name for channel in await staged.workspace.person("ada").channels()}


async def test_the_clock_of_workspace_and_bot_is_moved_in_one_place(staged: World) -> None:
    before = staged.workspace.clock.now()
    await staged.workspace.client.advance(1800)
    assert 1800 <= staged.workspace.clock.now() - before < 1810
    assert staged.clock.offset == timedelta(seconds=1800)


async def test_a_reminder_comes_when_the_clock_is_moved_on(staged: World) -> None:
    ada = staged.workspace.person("ada")
    await ada.slash("/incident", "declare sev1 Checkout is down", channel="general")
    await ada.wait_until(lambda: ada.channel_named("inc-1-"))
    await staged.workspace.client.advance(1801)
    found = await ada.channel_named("inc-1-")
    assert found is not None
    await ada.wait_for_message(found.name, "the next update is due now")


@pytest.mark.parametrize("seconds", [-60, 10_000_000])
async def test_the_clock_moves_by_a_month_at_most_and_never_back(staged: World, seconds: float) -> None:
    assert "never back" in await asked(staged, "advance", seconds=seconds)
    assert staged.clock.offset == timedelta()


async def test_an_outsider_of_sales_sees_nothing_of_a_private_incident(staged: World) -> None:
    ada, outsider = staged.workspace.person("ada"), staged.workspace.person(OUTSIDER)
    await ada.slash("/incident", "declare", channel="general")
    await ada.wait_for_modal("Declare")
    await ada.submit({"title": "Data leak", "private": ["yes"]})
    await ada.wait_until(lambda: ada.channel_named("inc-1"))
    assert await outsider.channel_named("inc-1") is None


async def test_a_drill_is_offered_without_giving_it_away(staged: World) -> None:
    drills = (await staged.workspace.client.get("drills"))["drills"]
    assert [drill["name"] for drill in drills] == ["pay-button", "strange-export", "night-ferry"]
    assert set(drills[0]) == {"name", "title", "minutes", "brief", "goals", "players"}


async def test_one_drill_is_played_at_a_time(staged: World) -> None:
    assert await asked(staged, "start_drill", name="pay-button", **{"as": "ada"}) == ""
    assert "end it first" in await asked(staged, "start_drill", name="night-ferry", **{"as": "ada"})
    assert await asked(staged, "stop_drill") == ""
    assert await asked(staged, "start_drill", name="night-ferry", **{"as": "ben"}) == ""
    assert (await staged.workspace.client.get("drills"))["playing"]["by"] == "ben"


async def test_of_two_who_start_one_at_once_one_does(staged: World) -> None:
    asking = (asked(staged, "start_drill", name="pay-button", **{"as": name}) for name in ("ada", "ben"))
    assert sorted(await asyncio.gather(*asking)) == ["", "A drill is being played; end it first."]


async def test_a_drill_that_there_is_not_is_refused(staged: World) -> None:
    assert "no drill named it" in await asked(staged, "start_drill", name="it", **{"as": "ada"})


async def test_a_second_fresh_start_while_one_is_under_way_is_refused_kindly(staged: World) -> None:
    assert await asked(staged, "reset") == ""
    assert "already" in await asked(staged, "reset")


async def test_a_team_plays_its_own_drills_and_a_change_of_one_is_read(folder: Path) -> None:
    for name in ("night-ferry", "strange-export"):
        (folder / "drills" / f"{name}.md").unlink()
    async with world(Plan(port=0, playbooks=folder)) as staged:
        assert [drill["name"] for drill in staged.host.drills()] == ["pay-button"]
        file = folder / "drills" / "pay-button.md"
        file.write_text(file.read_text().replace("title: The pay button", "title: Another name"))
        assert staged.host.drills()[0]["title"] == "Another name"


async def test_a_folder_without_drills_has_those_that_come_along(folder: Path) -> None:
    shutil.rmtree(folder / "drills")
    async with world(Plan(port=0, playbooks=folder)) as staged:
        assert len(staged.host.drills()) == 3


Spoil = Callable[[Path], object]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "policy.yaml").write_text("servity: 1\n"),
        lambda folder: (folder / "drills" / "pay-button.md").write_text("nothing\n"),
    ],
)
async def test_a_fresh_start_that_could_not_succeed_is_refused_and_nothing_is_lost(folder: Path, spoil: Spoil) -> None:
    async with world(Plan(port=0, playbooks=folder)) as staged:
        spoil(folder)
        assert "Not started afresh: playbooks/" in await asked(staged, "reset")
        assert len(staged.host.drills()) == 3
