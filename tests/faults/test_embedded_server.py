"""Muster's own server is killed, slowed and starved of space: what was acknowledged stays, nothing else is claimed."""

import asyncio
import os
import random
import resource
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bot.incident.terms import IncidentId, Version
from bot.ports import AlreadyHandled, Appended, Conflict, Unavailable
from bot.store.embedded import EmbeddedServer
from bot.store.redis_store import RedisStore, open_store
from bot.store.server_binary import find_server
from bot.workspace.server import Workspace
from tests.faults.notes import Notes, war_room
from tests.faults.slow_disk import SECONDS, slow_server
from tests.muster_process import MusterProcess, muster_run, settings_in, workspace_for_muster
from tests.store.appends import an_append, note
from tests.store.test_embedded import runs, watched

KILLS = 20


@pytest.fixture
async def workspace() -> AsyncIterator[Workspace]:
    async with workspace_for_muster() as workspace:
        yield workspace


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def settings(workspace: Workspace, data: Path) -> dict[str, str]:
    return {**settings_in(workspace, "socket mode", ""), "DATA_DIR": str(data)}


def server_of(data: Path) -> int:
    return int((data / "store.lock").read_text().split()[1])


def store_url(data: Path) -> str:
    return f"unix://{data}/store.sock"


async def back(muster: MusterProcess, times: int) -> None:
    """Until the server has been brought back so often."""
    async with asyncio.timeout(15):
        while muster.log.count("store_server_is_back") < times:  # noqa: ASYNC110 - it is another process
            await asyncio.sleep(0.01)


@pytest.mark.long
async def test_a_server_killed_twenty_times_during_writes_loses_nothing_that_was_acknowledged(
    workspace: Workspace, settings: dict[str, str], data: Path, tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    async with muster_run(settings, tmp_path, interpreter=()) as muster:
        await muster.until("muster_is_up")
        ada = workspace.person("ada")
        notes = Notes(by=ada, channel=await war_room(ada))
        taking = asyncio.create_task(_take_until_cancelled(notes))
        for kill in range(KILLS):
            await asyncio.sleep(chance.uniform(0.3, 0.8))
            os.kill(server_of(data), signal.SIGKILL)
            await back(muster, kill + 1)
        taking.cancel()
        await asyncio.wait([taking])
        assert "Not saved" not in await notes.take()
        assert await notes.disagreements(store_url(data), workspace.team_id) == []
        assert "Traceback" not in muster.log
    print(f"saved {len(notes.saved)}, refused {len(notes.refused)}, unknown {len(notes.unknown)}")  # noqa: T201


async def _take_until_cancelled(notes: Notes) -> None:
    while True:
        await notes.take()
        await asyncio.sleep(0.01)


@pytest.mark.long
async def test_on_a_disk_that_takes_half_a_second_a_killed_server_loses_nothing_that_was_acknowledged(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    program = slow_server(await find_server(), tmp_path)
    async with EmbeddedServer(tmp_path / "data", program=program) as server, watched(server):
        store = await open_store(server.url, "T1")
        began = time.monotonic()
        writers = [Writer(store, number) for number in range(1, 5)]
        for writer in writers:
            await writer.declare()
        assert time.monotonic() - began > SECONDS * len(writers)
        writing = [asyncio.create_task(writer.write_on()) for writer in writers]
        for kill in range(KILLS):
            await asyncio.sleep(chance.uniform(0.3, 0.9))
            os.kill(server.pid, signal.SIGKILL)
            async with asyncio.timeout(15):
                while server.brought_back <= kill:  # noqa: ASYNC110 - nothing tells of it
                    await asyncio.sleep(0.01)
        for task in writing:
            task.cancel()
        await asyncio.wait(writing)
        await asyncio.sleep(2 * SECONDS)
        assert [await writer.disagreements() for writer in writers] == [[]] * len(writers)
        assert sum(len(writer.saved) for writer in writers) > 4
        await store.close()


class Writer:
    """Appends to one incident, and asks again with the same request where an answer was lost."""

    def __init__(self, store: RedisStore, number: int) -> None:
        self._store = store
        self._number = IncidentId(number)
        self.saved: list[str] = []

    async def declare(self) -> None:
        assert isinstance(await self._store.log.append(an_append(self._number)), Appended)

    async def write_on(self) -> None:
        for turn in range(1_000_000):
            await self._save(f"{self._number}.{turn}")

    async def _save(self, text: str) -> None:
        while True:
            try:
                version = len(await self._store.log.read(self._number, Version(0)))
                append = an_append(self._number, version, [note(text)], request=text)
                answer = await self._store.log.append(append)
            except Unavailable:
                await asyncio.sleep(0.02)
                continue
            if isinstance(answer, Appended | AlreadyHandled):
                self.saved.append(text)
                return
            assert isinstance(answer, Conflict)

    async def disagreements(self) -> list[str]:
        texts = [getattr(event, "text", "") for event in await self._store.log.read(self._number, Version(1))]
        lost = [f"{text} was acknowledged and is gone" for text in self.saved if text not in texts]
        return lost + [f"{text} is there twice" for text in set(texts) if texts.count(text) > 1]


@contextmanager
def full_disk(data: Path, *processes: int) -> Iterator[None]:
    """No file may grow beyond what the log is now, as on a disk without room: a limit of these processes, so it needs
    no root. Servers that they start inherit it."""
    room = max(file.stat().st_size for file in (data / "appendonlydir").glob("*.aof")) + 200
    free = resource.getrlimit(resource.RLIMIT_FSIZE)
    for process in (*processes, server_of(data)):
        resource.prlimit(process, resource.RLIMIT_FSIZE, (room, free[1]))
    try:
        yield
    finally:
        for process in processes:
            resource.prlimit(process, resource.RLIMIT_FSIZE, free)
        _free(server_of(data), free)


def _free(server: int, limit: tuple[int, int]) -> None:
    """The one that runs now, if one does: a later one inherits what the bot has again."""
    try:
        resource.prlimit(server, resource.RLIMIT_FSIZE, limit)
    except ProcessLookupError:
        return


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one MiB. Skips the test where it cannot be mounted."""
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "muster", place], check=False)
    if mounted.returncode:
        pytest.skip("did not run: needs root, to mount a small file system")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)


def fill(place: Path) -> None:
    """To the last byte."""
    with (place / "filling").open("wb", buffering=0) as file:
        for size in (65536, 4096, 1):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass


@pytest.mark.long
async def test_on_a_real_full_disk_it_is_the_same(
    workspace: Workspace, settings: dict[str, str], small_disk: Path, tmp_path: Path
) -> None:
    data = small_disk / "data"
    async with muster_run({**settings, "DATA_DIR": str(data)}, tmp_path, interpreter=()) as muster:
        await muster.until("muster_is_up")
        ada = workspace.person("ada")
        notes = Notes(by=ada, channel=await war_room(ada))
        assert "Not saved" not in await notes.take()
        fill(small_disk)
        while "Not saved" not in await notes.take():
            pass  # into what room the last block still had
        for _ in range(4):
            assert "Not saved" in await notes.take()
        await muster.answers("/readyz", 503)
        (small_disk / "filling").unlink()
        await muster.answers("/readyz", 200)
        assert "Not saved" not in await notes.take()
        assert await notes.disagreements(store_url(data), workspace.team_id) == []
        muster.terminate()
        assert await muster.ended() == 0
    assert "Traceback" not in muster.log


@pytest.mark.long
async def test_with_the_disk_full_nothing_is_claimed_to_be_saved_and_with_room_again_it_goes_on(
    workspace: Workspace, settings: dict[str, str], data: Path, tmp_path: Path
) -> None:
    async with muster_run(settings, tmp_path, interpreter=()) as muster:
        await muster.until("muster_is_up")
        ada = workspace.person("ada")
        notes = Notes(by=ada, channel=await war_room(ada))
        assert "Not saved" not in await notes.take()
        await asyncio.sleep(0.5)  # the war room's own entries are written
        with full_disk(data, muster.process.pid):
            for _ in range(4):
                assert "Not saved" in await notes.take()
            await muster.answers("/readyz", 503)
            assert (await muster.get("/healthz"))[0] == 200
        await muster.answers("/readyz", 200)
        assert "Not saved" not in await notes.take()
        assert await notes.disagreements(store_url(data), workspace.team_id) == []
    assert "AOF write error" in (data / "store.log").read_text()
    assert "Traceback" not in muster.log


@pytest.mark.long
async def test_a_bot_that_is_killed_and_started_at_once_leaves_no_orphan_server(
    workspace: Workspace, settings: dict[str, str], data: Path, tmp_path: Path
) -> None:
    servers = []
    for _ in range(4):
        async with muster_run(settings, tmp_path, interpreter=()) as muster:
            await muster.until("muster_is_up")
            servers.append(server_of(data))
            assert [server for server in servers[:-1] if runs(server)] == []
            muster.send(signal.SIGKILL)
    async with asyncio.timeout(5):
        while runs(servers[-1]):  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
    assert len(set(servers)) == len(servers)


async def test_a_second_bot_on_one_data_folder_ends_and_names_the_first(
    workspace: Workspace, settings: dict[str, str], data: Path, tmp_path: Path
) -> None:
    async with muster_run(settings, tmp_path, interpreter=()) as first:
        await first.until("muster_is_up")
        async with muster_run(settings, tmp_path, interpreter=()) as second:
            assert await second.ended() == 1
        assert f"process {first.process.pid} uses the data folder {data}" in second.log
        assert "stop that Muster or set another DATA_DIR" in second.log
        await first.answers("/readyz", 200)
