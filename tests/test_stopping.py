"""SIGTERM in the midst of work: what was begun is answered, what is left is done by the next start."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.workspace.server import Workspace
from tests.muster_process import MusterProcess, muster_run, settings_in, workspace_for_muster

BOTH = pytest.mark.parametrize("transport", ["socket mode", "http"])


@asynccontextmanager
async def muster_in(workspace: Workspace, settings: dict[str, str], folder: Path) -> AsyncIterator[MusterProcess]:
    """Up, and reached by the workspace."""
    async with muster_run(settings, folder) as muster:
        await muster.until("muster_is_up")
        if "SLACK_SIGNING_SECRET" in settings:
            await workspace.deliver_over_http(f"http://127.0.0.1:{muster.port}/slack/events")
        yield muster


@BOTH
async def test_a_request_in_flight_is_answered_and_the_process_ends(
    transport: str, empty_redis: str, tmp_path: Path
) -> None:
    async with workspace_for_muster() as workspace:
        settings = settings_in(workspace, transport, empty_redis)
        async with muster_in(workspace, settings, tmp_path) as muster, asyncio.timeout(15):
            await workspace.client.fault("users.info", "hold", seconds=1.0, count=1)
            ada = workspace.person("ada")
            asked = asyncio.create_task(ada.slash("/incident", "declare sev1 Checkout is down", channel="general"))
            await asyncio.sleep(0.2)
            muster.terminate()
            await muster.until("muster_is_stopping")
            assert not asked.done()
            answer = await asked
            assert (answer.ok, "INC-1" in answer.text) == (True, True), answer
            assert await muster.ended() == 0
    assert "Traceback" not in muster.log
    assert "Unclosed" not in muster.log


@BOTH
async def test_what_was_left_at_the_stop_is_done_by_the_next_start(
    transport: str, empty_redis: str, tmp_path: Path
) -> None:
    async with workspace_for_muster() as workspace:
        settings = settings_in(workspace, transport, empty_redis)
        ada = workspace.person("ada")
        await workspace.client.fault("conversations.create", "internal_error")
        async with muster_in(workspace, settings, tmp_path) as muster:
            assert (await ada.slash("/incident", "declare sev1 Checkout is down", channel="general")).ok
            muster.terminate()
            assert await muster.ended() == 0
        await workspace.client.clear_faults()
        async with muster_in(workspace, settings, tmp_path):
            channel = await ada.wait_until(lambda: ada.channel_named("inc-1"))
            assert channel.name == "inc-1-checkout-is-down"


async def test_a_second_signal_does_not_cut_the_first_one_short(empty_redis: str, tmp_path: Path) -> None:
    async with workspace_for_muster() as workspace:
        settings = settings_in(workspace, "socket mode", empty_redis)
        async with muster_in(workspace, settings, tmp_path) as muster:
            await workspace.client.fault("users.info", "hold", seconds=0.5, count=1)
            asked = asyncio.create_task(workspace.person("ada").slash("/incident", "list", channel="general"))
            await asyncio.sleep(0.1)
            muster.terminate()
            await muster.until("muster_is_stopping")
            muster.terminate()
            assert (await asked).ok
            assert await muster.ended() == 0
