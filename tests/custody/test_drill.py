"""The drill that operators are told to do: back up while Muster runs, lose everything, restore, go on."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.clock import Clock
from bot.settings import Settings
from bot.store.audit_key import FILE
from bot.store.connection import ask
from bot.store.keys import Keys
from bot.workspace.server import Workspace
from bot.workspace.timepiece import Clock as WorkspaceClock
from tests.muster_process import ROOT, muster_says, settings_in, workspace_for_muster
from tests.scenarios import witness
from tests.scenarios.host import Host
from tests.scenarios.team import Team

MONTHS = timedelta(days=60)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def workspace(clock: Clock) -> AsyncIterator[Workspace]:
    async with workspace_for_muster(clock=WorkspaceClock(now=lambda: clock.now().timestamp())) as workspace:
        yield workspace


class Site:
    """One workspace, and data folders that come and go."""

    def __init__(self, workspace: Workspace, clock: Clock, folder: Path) -> None:
        self.workspace = workspace
        self.clock = clock
        self.folder = folder

    def host(self, data: str) -> Host:
        settings = Settings.model_validate(
            {
                "slack_bot_token": self.workspace.bot_token,
                "slack_app_token": self.workspace.app_token,
                "slack_api_url": self.workspace.api_url,
                "announcement_channel": "#incidents",
                "playbooks_dir": ROOT / "playbooks",
                "data_dir": self.folder / data,
                "port": 0,
            }
        )
        return Host(workspace=self.workspace, settings=settings, clock=self.clock)

    async def muster(self, data: str, *arguments: str) -> tuple[int, str]:
        settings = settings_in(self.workspace, "socket mode", "") | {"DATA_DIR": str(self.folder / data)}
        return await muster_says(settings, self.folder, *arguments)

    def carry_key(self, before: str, after: str) -> None:
        (self.folder / after).mkdir(mode=0o700)
        (self.folder / after / FILE).write_bytes((self.folder / before / FILE).read_bytes())


@pytest.fixture
def site(workspace: Workspace, clock: Clock, tmp_path: Path) -> Site:
    return Site(workspace, clock, tmp_path)


async def views(team: Team) -> dict[str, Any]:
    """All that is made from logs."""
    client, keys = team.bot.store.client, Keys(team=team.bot.identity.team)
    held = {
        name: await ask(client, "HGETALL", name) for name in (keys.listings, keys.channels, f"{keys.prefix}timers:1")
    }
    scores = {name: await ask(client, "ZRANGE", name, 0, -1, "WITHSCORES") for name in (keys.open, keys.timers)}
    return {**held, **scores, keys.counter: await ask(client, "GET", keys.counter)}


async def test_backed_up_while_it_runs_and_restored_elsewhere_all_is_as_it_was_and_nothing_is_posted(
    site: Site,
) -> None:
    async with site.host("first").muster() as team:
        channel = await team.declare()
        await team.type("ada", "update We are rolling back. next 30m", channel)
        await team.settle()
        before = await views(team)
        status, said = await site.muster("first", "backup", "b.jsonl")
        assert (status, said.startswith("Saved 1 incidents with ")) == (0, True), said
    site.carry_key("first", "second")
    status, said = await site.muster("second", "restore", "b.jsonl")
    assert status == 0, said
    assert "all of them sealed" in said
    posted = len(await site.workspace.client.calls("chat.postMessage"))
    async with site.host("second").muster() as team:
        assert await views(team) == before
        await team.bot.tick()
        await team.settle()
        assert len(await team.calls("chat.postMessage")) == posted
        await team.declare("sev2 Search is slow")
        await team.says("ada", "incidents", "INC-2", "Search is slow")


async def test_reminders_that_fell_due_while_nothing_ran_come_once(site: Site) -> None:
    async with site.host("first").muster() as team:
        channel = await team.declare()
        await team.type("ada", "update We are rolling back. next 30m", channel)
        await team.settle()
        await site.muster("first", "backup", "b.jsonl")
    await site.muster("second", "restore", "b.jsonl")
    site.clock.move_on(MONTHS)
    async with site.host("second").muster() as team:
        await team.move_on(timedelta())
        assert len(await witness.posts(team, channel, "the next update is due now")) == 1


async def test_a_folder_that_a_running_muster_uses_is_not_restored_into(site: Site) -> None:
    async with site.host("first").muster() as team:
        await team.declare()
        await site.muster("first", "backup", "b.jsonl")
        status, said = await site.muster("first", "restore", "b.jsonl")
    assert status == 1
    assert "uses the data folder" in said


async def test_a_store_that_is_not_empty_is_not_restored_into(site: Site) -> None:
    async with site.host("first").muster() as team:
        await team.declare()
        await site.muster("first", "backup", "b.jsonl")
    status, said = await site.muster("first", "restore", "b.jsonl")
    assert status == 1
    assert "into an empty one only" in said
    status, said = await site.muster("first", "audit")
    assert (status, "Nothing was changed or removed" in said) == (0, True)


async def test_a_stopped_musters_store_is_backed_up_and_audited_too_even_without_slack(site: Site) -> None:
    async with site.host("first").muster() as team:
        await team.declare()
    await site.workspace.client.fault("auth.test", "internal_error", count=9)
    assert (await site.muster("first", "backup", "b.jsonl"))[0] == 0
    assert (await site.muster("first", "audit"))[0] == 0
