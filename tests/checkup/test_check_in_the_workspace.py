"""`muster check` as the operator runs it, against the local workspace and a real store."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.slack.scopes import NEEDED_SCOPES
from bot.slack.web_client import open_web_client
from bot.store.connection import ask, connect
from bot.store.keys import Keys
from bot.workspace.server import Workspace
from tests.muster_process import ROOT, settings_in

LETTER = '{"id":"7.4.1","lane":"x","reason":"post: Slack says msg_too_long","attempts":2,"at_ms":0,"effect":"{}"}'


@asynccontextmanager
async def workspace_with(scopes: Iterable[str]) -> AsyncIterator[Workspace]:
    async with Workspace(scopes=tuple(scopes)) as workspace:
        yield workspace


async def check(settings: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **settings}
    command = [sys.executable, "-m", "bot", "check"]
    return await asyncio.to_thread(
        subprocess.run, command, cwd=folder, env=environment, capture_output=True, text=True, timeout=30, check=False
    )


async def test_a_good_set_up_has_nothing_to_mend(empty_redis: str, tmp_path: Path) -> None:
    async with workspace_with(NEEDED_SCOPES) as workspace:
        sealed = {"AUDIT_KEY": "k" * 32, "AUDIT_CHANNEL": "#incidents"}
        ended = await check({**settings_in(workspace, "socket mode", empty_redis), **sealed}, tmp_path)
    assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
    assert "The head of the log is posted in #incidents once a day." in ended.stdout
    assert ended.stdout.endswith("All is well: muster run\n"), ended.stdout
    assert "Nothing that was to be posted or sent was given up." in ended.stdout


async def test_every_fault_is_named_at_once_with_what_to_do(empty_redis: str, tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("servity: 1\n")
    async with workspace_with(sorted(NEEDED_SCOPES)[1:]) as workspace:
        async with connect(empty_redis, tag=workspace.team_id) as client:
            await ask(client, "LPUSH", Keys(team=workspace.team_id).dead, LETTER)
        settings = settings_in(workspace, "socket mode", empty_redis)
        faulty = {**settings, "ANNOUNCEMENT_CHANNEL": "#nowhere", "PLAYBOOKS_DIR": str(tmp_path)}
        ended = await check(faulty, tmp_path)
    assert ended.returncode == 1
    assert f"The app lacks {min(NEEDED_SCOPES)}." in ended.stdout
    assert "There is no channel #nowhere that Muster can see." in ended.stdout
    assert "policy.yaml:1: servity" in ended.stdout
    assert "INC-7 at 1970-01-01 00:00 UTC, attempt 2: post: Slack says msg_too_long" in ended.stdout


async def test_an_emptied_store_is_told_with_the_ways_on(empty_redis: str, tmp_path: Path) -> None:
    async with workspace_with(NEEDED_SCOPES) as workspace:
        settings = settings_in(workspace, "socket mode", empty_redis)
        async with open_web_client(workspace.bot_token, base_url=workspace.api_url) as muster:
            await muster.call("conversations.create", name="inc-42-checkout-is-down", is_private=True)
        ended = await check(settings, tmp_path)
    assert ended.returncode == 1
    assert "The store is empty, but Muster made channels in this workspace up to INC-42" in ended.stdout
    assert "muster begin --after 42" in ended.stdout


@pytest.mark.parametrize(("name", "part"), [("SLACK_BOT_TOKEN", "xoxb"), ("SLACK_APP_TOKEN", "xapp")])
async def test_a_wrong_token_is_named_and_nothing_is_said_of_the_rest(
    name: str, part: str, empty_redis: str, tmp_path: Path
) -> None:
    async with workspace_with(NEEDED_SCOPES) as workspace:
        settings = settings_in(workspace, "socket mode", empty_redis)
        ended = await check({**settings, name: f"{part}-wrong"}, tmp_path)
    assert ended.returncode == 1
    assert name in ended.stdout
    assert "invalid_auth" in ended.stdout
    assert "Traceback" not in ended.stderr
