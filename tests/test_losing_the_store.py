"""The store goes away while Muster runs: people hear the truth in time, and Muster goes on or ends loudly."""

import os
import signal
import time
from pathlib import Path

from bot.store.embedded import EmbeddedServer
from tests.muster_process import muster_run, settings_in, workspace_for_muster


def own_server(folder: Path) -> int:
    return int((folder / "data" / "store.lock").read_text().split()[1])


def damage(folder: Path) -> None:
    """Something that no server loads, before the last command."""
    file = next((folder / "data" / "appendonlydir").glob("*.incr.aof"))
    file.write_bytes(b"nonsense\r\n" + file.read_bytes())


async def test_muster_brings_its_own_server_back(tmp_path: Path) -> None:
    async with workspace_for_muster() as workspace:
        settings = {**settings_in(workspace, "socket mode", ""), "DATA_DIR": str(tmp_path / "data")}
        async with muster_run(settings, tmp_path) as muster:
            await muster.until("muster_is_up")
            os.kill(own_server(tmp_path), signal.SIGKILL)
            await muster.until("store_server_is_back")
            answer = await workspace.person("ada").slash("/incident", "declare sev1 It is down", channel="general")
            assert "INC-1" in answer.text
    assert "Traceback" not in muster.log


async def test_muster_ends_with_advice_when_its_own_server_cannot_be_brought_back(tmp_path: Path) -> None:
    async with workspace_for_muster() as workspace:
        settings = {**settings_in(workspace, "socket mode", ""), "DATA_DIR": str(tmp_path / "data")}
        async with muster_run(settings, tmp_path) as muster:
            await muster.until("muster_is_up")
            damage(tmp_path)
            os.kill(own_server(tmp_path), signal.SIGKILL)
            assert await muster.ended() == 1
    last = muster.log.splitlines()[-1]
    assert last.startswith("Muster ends: the store: its log ")
    assert "is damaged at byte 0" in last
    assert "restore the store from its backup" in last
    assert "Traceback" not in muster.log


async def test_a_store_that_hangs_is_told_within_three_seconds_and_missed_no_longer_than_it_hangs(
    tmp_path: Path,
) -> None:
    async with workspace_for_muster() as workspace, EmbeddedServer(tmp_path / "store") as store:
        ada = workspace.person("ada")
        async with muster_run(settings_in(workspace, "socket mode", store.url), tmp_path) as muster:
            await muster.until("muster_is_up")
            os.kill(store.pid, signal.SIGSTOP)
            asked_at = time.monotonic()
            answer = await ada.slash("/incident", "declare sev1 Checkout is down", channel="general")
            took = time.monotonic() - asked_at
            await muster.answers("/readyz", 503)
            assert (await muster.get("/healthz"))[0] == 200
            os.kill(store.pid, signal.SIGCONT)
            await muster.answers("/readyz", 200)
            assert (answer.ok, "Not saved" in answer.text, took < 3) == (True, True, True), (answer, took)
            again = await ada.slash("/incident", "declare sev1 Checkout is down", channel="general")
            assert "declared" in again.text
    assert "Traceback" not in muster.log
