"""The embedded server: what it acknowledged stays, it is alone on its folder, it does not outlive the bot."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.incident.terms import IncidentId, Version
from bot.ports import Unavailable
from bot.store.data_folder import DataFolder
from bot.store.embedded import EmbeddedServer
from bot.store.inspection import inspect_store
from bot.store.redis_store import open_store
from bot.store.server_binary import OLDEST, find_server, version_of
from tests.store.appends import an_append

ROOT = Path(__file__).parent.parent.parent

SERVE_FOR_EVER = """
import asyncio, sys
from pathlib import Path
from bot.store.embedded import EmbeddedServer

async def serve():
    async with EmbeddedServer(Path(sys.argv[1])) as server:
        print(server.pid, flush=True)
        await asyncio.Event().wait()

asyncio.run(serve())
"""

LEAVE_AN_ORPHAN = """
import asyncio, subprocess, sys
from pathlib import Path
from bot.store.data_folder import DataFolder

async def leave():
    folder = DataFolder(Path(sys.argv[1]))
    await folder.lock()
    child = subprocess.Popen(["sleep", "50"], pass_fds=[folder.descriptor], stdout=subprocess.DEVNULL)
    folder.note_server(child.pid)
    print(child.pid, flush=True)

asyncio.run(leave())
"""


async def run_python(code: str, folder: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, folder, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )


async def first_number(process: asyncio.subprocess.Process) -> int:
    assert process.stdout is not None
    return int(await process.stdout.readline())


def runs(process: int) -> bool:
    """Whether it does anything still: in a container without an init, the dead stay as zombies."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def environment_of(process: int) -> bytes:
    return Path(f"/proc/{process}/environ").read_bytes()


async def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as server:
        store = await open_store(server.url, "T1")
        for version in range(20):
            await store.log.append(an_append(1, version))
        os.kill(server.pid, signal.SIGKILL)
        await store.close()
    async with EmbeddedServer(tmp_path) as server:
        store = await open_store(server.url, "T1")
        assert len(await store.log.read(IncidentId(1), Version(0))) == 20
        await store.close()


@asynccontextmanager
async def watched(server: EmbeddedServer) -> AsyncIterator[None]:
    """It is brought back whenever it ends, for as long as the block lasts."""
    watching = asyncio.create_task(server.until_lost())
    yield
    watching.cancel()
    await asyncio.wait([watching])


async def back(server: EmbeddedServer, times: int) -> None:
    while server.brought_back < times:  # noqa: ASYNC110 - the test's time limit ends this
        await asyncio.sleep(0.01)


@pytest.mark.parametrize("folder", ["data", "long" * 30])
async def test_a_server_that_ends_by_itself_is_brought_back_under_the_same_address(tmp_path: Path, folder: str) -> None:
    async with EmbeddedServer(tmp_path / folder) as server, watched(server):
        store = await open_store(server.url, "T1")
        await store.log.append(an_append())
        for times in (1, 2):
            os.kill(server.pid, signal.SIGKILL)
            await back(server, times)
            assert len(await store.log.read(IncidentId(1), Version(0))) == 1
        await store.close()


async def test_a_server_that_cannot_be_brought_back_is_given_up_with_its_own_words(tmp_path: Path) -> None:
    program = tmp_path / "server"
    program.symlink_to(await find_server())
    async with EmbeddedServer(tmp_path / "data", program=program, most_failures=2) as server:
        program.unlink()
        program.write_text("#!/bin/sh\necho 'no such luck' >&2\nexit 3\n")
        program.chmod(0o755)
        os.kill(server.pid, signal.SIGKILL)
        with pytest.raises(Unavailable, match=r"in 2 attempts \(status 3, .*no such luck") as lost:
            await server.until_lost()
        assert not lost.value.retryable


async def test_a_server_that_served_and_ended_at_once_is_brought_back_and_its_log_not_called_damaged(
    tmp_path: Path,
) -> None:
    """On a full disk others may write to it, and so end it, before we have heard that it serves."""
    program, real = tmp_path / "server", await find_server()
    program.symlink_to(real)
    async with EmbeddedServer(tmp_path / "data", program=program) as server, watched(server):
        log = tmp_path / "data" / "store.log"
        program.unlink()
        program.write_text(
            f"""#!/bin/sh
            echo '* Ready to accept connections unix' >> '{log}'
            echo '# Can not recover from AOF write error. Exiting...' >> '{log}'
            ln -sf '{real}' '{program}'
            exit 1
            """
        )
        program.chmod(0o755)
        os.kill(server.pid, signal.SIGKILL)
        await back(server, 2)
        store = await open_store(server.url, "T1")
        await store.log.append(an_append())
        await store.close()


async def test_a_store_whose_server_died_is_unavailable_at_once(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as server:
        store = await open_store(server.url, "T1")
        os.kill(server.pid, signal.SIGKILL)
        while runs(server.pid):  # noqa: ASYNC110 - the test's time limit ends this
            await asyncio.sleep(0.01)
        with pytest.raises(Unavailable, match=r"cannot be reached|connection was lost"):
            await store.log.append(an_append())
        await store.close()


async def test_a_second_bot_on_the_folder_is_told_who_has_it(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path):
        with pytest.raises(Unavailable, match=f"process {os.getpid()} uses the data folder"):
            await EmbeddedServer(tmp_path).__aenter__()


async def test_the_folder_is_free_again_after_a_stop(tmp_path: Path) -> None:
    for _ in range(2):
        async with EmbeddedServer(tmp_path) as server:
            pid = server.pid
        assert not runs(pid)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the next start ends the orphan, tested below")
async def test_the_server_dies_with_a_killed_bot(tmp_path: Path) -> None:
    bot = await run_python(SERVE_FOR_EVER, tmp_path)
    server = await first_number(bot)
    bot.kill()
    await bot.wait()
    while runs(server):  # noqa: ASYNC110 - nothing tells of a grandchild's end; the test's time limit ends this
        await asyncio.sleep(0.01)


async def test_a_killed_bot_is_followed_by_the_next(tmp_path: Path) -> None:
    bot = await run_python(SERVE_FOR_EVER, tmp_path)
    await first_number(bot)
    bot.kill()
    await bot.wait()
    async with EmbeddedServer(tmp_path) as server:
        assert server.url


async def test_an_orphan_that_still_has_the_folder_is_ended(tmp_path: Path) -> None:
    bot = await run_python(LEAVE_AN_ORPHAN, tmp_path)
    orphan = await first_number(bot)
    await bot.wait()
    folder = DataFolder(tmp_path)
    await folder.lock()
    assert not runs(orphan)
    folder.unlock()


async def test_a_stranger_with_the_noted_process_id_is_left_alone(tmp_path: Path) -> None:
    stranger = await asyncio.create_subprocess_exec("sleep", "50")
    gone = await asyncio.create_subprocess_exec("true")
    await gone.wait()
    (tmp_path / "store.lock").write_text(f"{gone.pid} {stranger.pid}\n")
    folder = DataFolder(tmp_path)
    folder._open()
    folder._refuse_or_end_orphan()
    assert runs(stranger.pid)
    folder.unlock()
    stranger.kill()
    await stranger.wait()


async def test_a_folder_with_a_long_path_gets_a_short_socket(tmp_path: Path) -> None:
    folder = tmp_path / ("long" * 30)
    async with EmbeddedServer(folder) as server:
        assert len(server.url) < 100
    assert (folder / "store.log").exists()
    assert not Path(server.url.removeprefix("unix://")).parent.exists()


async def test_a_folder_with_odd_characters_serves(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path / "a b'\"c%20?#") as server:
        store = await open_store(server.url, "T1")
        assert (await inspect_store(store.client, store.keys)).appendonly
        await store.close()


async def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Unavailable, match="set DATA_DIR to one that can"):
        await EmbeddedServer(tmp_path / "file" / "data").__aenter__()


async def test_a_damaged_log_is_told_with_the_servers_own_words(tmp_path: Path) -> None:
    (tmp_path / "appendonlydir").mkdir()
    (tmp_path / "appendonlydir" / "appendonly.aof.manifest").write_text("nonsense\n")
    with pytest.raises(Unavailable, match=r"does not start .*restore the store from its backup"):
        await EmbeddedServer(tmp_path).__aenter__()


async def test_a_damaged_snapshot_is_told_with_what_to_do(tmp_path: Path) -> None:
    async with EmbeddedServer(tmp_path) as server:
        store = await open_store(server.url, "T1")
        await store.log.append(an_append())
        await store.close()
    spoil(max((tmp_path / "appendonlydir").glob("*.base.rdb")))
    with pytest.raises(Unavailable, match=r"does not start .*restore the store from its backup"):
        await EmbeddedServer(tmp_path).__aenter__()


def spoil(file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[:-20] + b"X" + data[-19:])


async def test_a_program_that_cannot_run_is_told_in_its_own_words(tmp_path: Path) -> None:
    program = tmp_path / "broken-server"
    program.write_text("#!/bin/sh\necho 'wrong kind of machine' >&2\nexit 3\n")
    program.chmod(0o755)
    with pytest.raises(Unavailable, match=r"\(status 3, .*wrong kind of machine"):
        await EmbeddedServer(tmp_path / "data", program=program).__aenter__()


@pytest.mark.skipif(sys.platform != "linux", reason="only /proc shows another process's environment")
async def test_the_server_knows_none_of_the_bots_secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    async with EmbeddedServer(tmp_path) as server:
        assert b"xoxb" not in environment_of(server.pid)


async def test_the_server_that_is_found_is_new_enough() -> None:
    assert await version_of(await find_server()) >= OLDEST
