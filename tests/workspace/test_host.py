"""What the page can ask of whoever runs the workspace: the clock, a fresh start, a drill."""

import asyncio
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientSession

from bot.workspace.client import Refused
from bot.workspace.host import Host, Powers
from bot.workspace.refusal import Json, Refusal
from bot.workspace.server import Workspace
from bot.workspace.timepiece import Clock
from tests.workspace.dialogue import Page

COMMAND = {"command": "/incident", "description": "Declare and run an incident", "should_escape": True}
SHORTCUT = {"callback_id": "note", "name": "Add to timeline", "type": "message", "description": "keeps it"}
MANIFEST: Json = {
    "features": {
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [COMMAND],
        "shortcuts": [SHORTCUT],
    }
}


@dataclass
class Stage:
    """A host of one drill. The workspace's clock reads from this one's."""

    powers: Powers = field(default_factory=lambda: Powers(reset=True, drills=True, move_clock=True, alerts=True))
    now: float = 1_700_000_000.0
    player: str = ""
    fresh: asyncio.Event = field(default_factory=asyncio.Event)

    async def move_clock(self, seconds: float) -> None:
        if seconds < 0:
            raise Refusal("Time only goes on.")
        self.now += seconds

    async def reset(self) -> None:
        self.fresh.set()

    def drills(self) -> list[Json]:
        return [{"name": "bad-deploy", "title": "A bad deploy", "minutes": 30, "brief": "Checkout fails."}]

    def playing(self) -> Json | None:
        return {"name": "bad-deploy", "by": self.player} if self.player else None

    async def start_drill(self, name: str, by: str) -> None:
        if name != "bad-deploy":
            raise Refusal("There is no such drill.")
        self.player = by

    async def stop_drill(self) -> None:
        self.player = ""

    def alerts(self) -> Json:
        return {
            "alerts": [{"name": "disk", "title": "A disk is full", "about": "Critical."}],
            "firing": [],
            "own": "curl",
        }

    async def send_alert(self, name: str) -> Json:
        if name != "disk":
            raise Refusal("There is no such alert.")
        return {"said": "Taken.", "channel": "", "name": ""}


def hosted(stage: Host, clock: Clock | None = None) -> Workspace:
    return Workspace(host=stage, clock=clock, manifest=MANIFEST)


async def test_what_the_page_learns_of_the_app_stands_in_its_manifest() -> None:
    hints = {"/incident": [("declare [sev1] [title]", "open one")]}
    async with Workspace(manifest=MANIFEST, hints=hints, reactions=["pushpin"]) as workspace:
        app = await workspace.client.get("app")
    assert app["commands"] == [
        {
            "command": "/incident",
            "description": "Declare and run an incident",
            "verbs": [{"usage": "declare [sev1] [title]", "does": "open one"}],
        }
    ]
    assert app["shortcuts"] == [SHORTCUT]
    assert (app["reactions"], app["name"], app["user_id"]) == (["pushpin"], "Muster", workspace.bot_user_id)
    assert app["team"] == {"name": "Harbour", "domain": "harbour"}


async def test_only_the_commands_of_the_manifest_exist() -> None:
    async with Workspace(manifest=MANIFEST) as workspace:
        with pytest.raises(Refused, match="unknown_command"):
            await workspace.person("ada").slash("/weather")


async def test_an_app_without_a_home_offers_none() -> None:
    async with Workspace(manifest={"features": {}}) as workspace:
        sidebar = await workspace.person("ada")._see("sidebar")
    assert not sidebar["app"]["has_home"]


async def test_a_workspace_alone_offers_nothing_and_moves_its_own_clock(workspace: Workspace) -> None:
    can = (await workspace.client.get("app"))["can"]
    assert can == {"reset": False, "drills": False, "move_clock": False, "alerts": False}
    assert await workspace.client.drills() == {"drills": [], "playing": None}
    assert (await workspace.client.alerts())["alerts"] == []
    for act in (workspace.client.reset, workspace.client.stop_drill, lambda: workspace.client.send_alert("disk")):
        with pytest.raises(Refused, match="not_offered"):
            await act()
    before = await workspace.client.now()
    await workspace.client.advance(1800)
    assert await workspace.client.now() == pytest.approx(before + 1800, abs=5)


async def test_the_hosts_clock_is_moved_once_and_the_workspaces_reads_from_it() -> None:
    stage = Stage()
    async with hosted(stage, Clock(now=lambda: stage.now)) as workspace:
        sleeper = asyncio.create_task(workspace.clock.sleep(1800))
        await asyncio.sleep(0)
        await workspace.client.advance(1800)
        await asyncio.wait_for(sleeper, 1)
        assert await workspace.client.now() == stage.now == 1_700_001_800.0


async def test_what_the_host_refuses_is_said_to_the_page() -> None:
    async with hosted(Stage()) as workspace:
        with pytest.raises(Refused, match="Time only goes on"):
            await workspace.client.advance(-1)
        with pytest.raises(Refused, match="no such drill"):
            await workspace.client.start_drill("none", "ada")
        with pytest.raises(Refused, match="user_not_found"):
            await workspace.client.start_drill("bad-deploy", "nobody")


async def test_an_alert_is_sent_by_the_host_which_says_what_became_of_it() -> None:
    async with hosted(Stage()) as workspace:
        assert [each["name"] for each in (await workspace.client.alerts())["alerts"]] == ["disk"]
        assert (await workspace.client.send_alert("disk"))["said"] == "Taken."
        with pytest.raises(Refused, match="no such alert"):
            await workspace.client.send_alert("none")


async def test_a_drill_is_started_for_somebody_and_every_page_hears_of_it(browser: ClientSession) -> None:
    stage = Stage()
    async with hosted(stage) as workspace:
        page = Page(await browser.ws_connect(f"{workspace.control_url}/live?as=ben"))
        await workspace.client.start_drill("bad-deploy", workspace.user_id("ada"))
        assert (await page.told_until(lambda news: news.get("drill")))[-1]["kind"] == "changed"
        assert (await workspace.client.drills())["playing"] == {"name": "bad-deploy", "by": "ada"}
        await workspace.client.stop_drill()
        assert (await workspace.client.drills())["playing"] is None
        workspace.drill_changed()
        await page.told_until(lambda news: news.get("drill"))


async def test_a_reset_is_answered_and_then_another_workspace_stands_on_the_same_port(browser: ClientSession) -> None:
    stage = Stage()
    first = await hosted(stage).start()
    try:
        page = Page(await browser.ws_connect(f"{first.control_url}/live?as=ada"))
        before = await page.told()
        await first.person("ada").say("general", "soon forgotten")
        await first.client.reset()
        await asyncio.wait_for(stage.fresh.wait(), 1)
    finally:
        closing = asyncio.create_task(page.socket.receive())
        await first.stop()
    await closing
    async with Workspace(port=port_of(first), host=stage) as second:
        again = Page(await browser.ws_connect(f"{first.control_url}/live?as=ada"))
        assert (await again.told())["workspace"] != before["workspace"]
        assert await second.person("ada").messages("general") == []


def port_of(workspace: Workspace) -> int:
    return int(workspace.page_url.rstrip("/").rpartition(":")[2])
