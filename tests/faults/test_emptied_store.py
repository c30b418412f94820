"""The store is emptied or exchanged under Muster, or found empty: numbering never restarts, and advice is given."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.connection import ask, connect
from bot.store.embedded import EmbeddedServer
from bot.workspace.person import Person
from bot.workspace.server import Workspace
from tests.muster_process import muster_run, muster_says, settings_in, workspace_for_muster

DECLARE = "declare sev1 Checkout is down"


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with workspace_for_muster() as workspace:
        yield workspace


@pytest.fixture
async def store_url(tmp_path: Path) -> AsyncIterator[str]:
    """A server of the test's own, which it may empty."""
    async with EmbeddedServer(tmp_path / "store") as server:
        yield server.url


@pytest.fixture
def settings(workspace: Workspace, store_url: str) -> dict[str, str]:
    return settings_in(workspace, "socket mode", store_url)


async def flush(url: str) -> None:
    client = connect(url)
    await ask(client, "FLUSHALL")
    await client.aclose()
    await client.connection_pool.disconnect()


async def is_in_war_room(person: Person) -> bool:
    channel = await person.channel_named("inc-1")
    return channel is not None and person.name in channel.members


async def declares(workspace: Workspace, settings: dict[str, str], folder: Path, text: str = DECLARE) -> str:
    """Muster is started, Ada declares, the war room opens, Muster ends. What Ada was told."""
    async with muster_run(settings, folder, interpreter=()) as muster:
        await muster.until("muster_is_up")
        ada = workspace.person("ada")
        before = len(await ada.channels())
        answer = await ada.slash("/incident", text, channel="general")
        if text.startswith("declare"):

            async def opened() -> bool:
                return len(await ada.channels()) > before

            await ada.wait_until(opened)
        muster.terminate()
        assert await muster.ended() == 0, muster.log
    return str(answer.text)


async def test_a_store_emptied_under_muster_is_refused_at_once_with_advice(
    workspace: Workspace, settings: dict[str, str], store_url: str, tmp_path: Path
) -> None:
    ada = workspace.person("ada")
    async with muster_run(settings, tmp_path, interpreter=()) as muster:
        await muster.until("muster_is_up")
        assert "INC-1" in (await ada.slash("/incident", DECLARE, channel="general")).text
        await ada.wait_until(lambda: is_in_war_room(ada))
        await flush(store_url)
        for text in (DECLARE, "list", "note I was here"):
            said = (await ada.slash("/incident", text, channel="inc-1-checkout-is-down")).text
            assert "Not saved, and trying again will not help" in said, said
            assert "restore the store from its backup" in said
        assert "it was emptied while Muster ran" in await muster.answers("/readyz", 503)
        assert (await muster.get("/healthz"))[0] == 200
    assert [channel.name for channel in await ada.channels() if channel.name.startswith("inc-")] == [
        "inc-1-checkout-is-down"
    ]
    assert "Traceback" not in muster.log


@pytest.mark.long
async def test_an_empty_store_is_refused_where_muster_has_had_incidents_and_goes_on_only_on_purpose(
    workspace: Workspace, settings: dict[str, str], store_url: str, tmp_path: Path
) -> None:
    await declares(workspace, settings, tmp_path)
    assert "INC-2" in await declares(workspace, settings, tmp_path, "declare sev1 Payroll leaked --private")
    await workspace.person("ada").archive("inc-1-checkout-is-down")
    await flush(store_url)
    async with muster_run(settings, tmp_path, interpreter=()) as muster:
        assert await muster.ended() == 1
    assert "up to INC-2, and no number is given twice" in muster.log
    assert "muster begin --after 2" in muster.log
    status, said = await muster_says(settings, tmp_path, "begin", "--after", "2")
    assert (status, "The next incident will be INC-3" in said) == (0, True), said
    assert "INC-3" in await declares(workspace, settings, tmp_path)


@pytest.mark.long
async def test_after_a_restore_no_number_is_given_twice_that_slack_has_seen(
    workspace: Workspace, settings: dict[str, str], store_url: str, tmp_path: Path
) -> None:
    assert "INC-1" in await declares(workspace, settings, tmp_path)
    status, said = await muster_says(settings, tmp_path, "backup", str(tmp_path / "backup"))
    assert status == 0, said
    assert "INC-2" in await declares(workspace, settings, tmp_path, "declare sev1 Payroll leaked")
    await flush(store_url)
    status, said = await muster_says(settings, tmp_path, "restore", str(tmp_path / "backup"))
    assert status == 0, said
    assert "INC-3" in await declares(workspace, settings, tmp_path, "declare sev1 It is down again")


@pytest.mark.long
async def test_slack_is_asked_only_where_the_store_has_no_identity(
    workspace: Workspace, settings: dict[str, str], tmp_path: Path
) -> None:
    await declares(workspace, settings, tmp_path)
    looks = await _looks(workspace)
    await declares(workspace, settings, tmp_path)
    assert (looks, await _looks(workspace)) == (1, 1)


async def _looks(workspace: Workspace) -> int:
    calls = await workspace.client.calls("users.conversations")
    return len([call for call in calls if call["args"]["exclude_archived"] == "false"])
