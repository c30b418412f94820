"""What is wrong at the start is told in one line that says what to do, and leaves nothing behind."""

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.embedded import EmbeddedServer
from bot.workspace.server import Workspace
from tests.muster_process import muster_run, settings_in, workspace_for_muster


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with workspace_for_muster() as workspace:
        yield workspace


@pytest.fixture
def settings(workspace: Workspace, redis_url: str) -> dict[str, str]:
    return settings_in(workspace, "socket mode", redis_url)


async def refusal(settings: dict[str, str], folder: Path) -> str:
    """The one line with which it ends; python's development mode would tell of sessions and tasks left open."""
    async with muster_run(settings, folder) as muster:
        assert await muster.ended() == 1, muster.log
    lines = [line for line in muster.log.splitlines() if "Muster ends" in line or "policy.yaml" in line]
    assert len(lines) == 1, muster.log
    for trouble in ("Traceback", "Unclosed", "never retrieved", "never awaited", "ResourceWarning", "destroyed"):
        assert trouble not in muster.log, muster.log
    return lines[0]


async def test_a_port_that_is_taken(settings: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = await refusal({**settings, "PORT": str(port)}, tmp_path)
    assert f"another program listens on {port} already; stop it, or set PORT" in said


async def test_a_host_that_is_not_here(settings: dict[str, str], tmp_path: Path) -> None:
    assert "correct HOST or PORT" in await refusal({**settings, "HOST": "192.0.2.1"}, tmp_path)


async def test_a_store_that_cannot_be_reached(settings: dict[str, str], tmp_path: Path) -> None:
    said = await refusal({**settings, "REDIS_URL": "redis://:hunter2@127.0.0.1:1/0"}, tmp_path)
    assert "the store: it cannot be reached" in said
    assert "REDIS_URL" in said
    assert "hunter2" not in said


async def test_a_data_folder_that_another_bot_uses(settings: dict[str, str], tmp_path: Path) -> None:
    data = tmp_path / "data"
    async with EmbeddedServer(data):
        said = await refusal({**settings, "REDIS_URL": "", "DATA_DIR": str(data)}, tmp_path)
    assert "stop that Muster or set another DATA_DIR" in said


async def test_a_data_folder_that_is_a_file(settings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert "DATA_DIR" in await refusal({**settings, "REDIS_URL": ""}, tmp_path)


async def test_a_bot_token_that_slack_does_not_know(settings: dict[str, str], tmp_path: Path) -> None:
    said = await refusal({**settings, "SLACK_BOT_TOKEN": "xoxb-wrong"}, tmp_path)
    assert "the bot token is not accepted (invalid_auth)" in said
    assert "muster check" in said


async def test_an_app_token_that_slack_does_not_know(settings: dict[str, str], tmp_path: Path) -> None:
    said = await refusal({**settings, "SLACK_APP_TOKEN": "xapp-wrong"}, tmp_path)
    assert "SLACK_APP_TOKEN opens no socket (invalid_auth)" in said


async def test_slack_out_of_reach(settings: dict[str, str], tmp_path: Path) -> None:
    said = await refusal({**settings, "SLACK_API_URL": "http://127.0.0.1:1/api/"}, tmp_path)
    assert "Slack: auth.test: cannot be reached" in said
    assert "SLACK_API_URL" in said


async def test_a_policy_that_cannot_be_used(settings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("servity: 1\n")
    said = await refusal({**settings, "PLAYBOOKS_DIR": str(tmp_path)}, tmp_path)
    assert "policy.yaml:1: servity" in said


async def test_a_stop_while_it_starts_is_heeded(settings: dict[str, str], workspace: Workspace, tmp_path: Path) -> None:
    await workspace.client.fault("auth.test", "hold", seconds=30)
    async with muster_run(settings, tmp_path) as muster, asyncio.timeout(20):
        await muster.until("muster_is_starting")
        muster.terminate()
        assert await muster.ended() == 0
    assert "Traceback" not in muster.log
