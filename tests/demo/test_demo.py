"""`muster demo` as people meet it: one link, up until Ctrl-C, afresh on the same port, and nothing left behind."""

import asyncio
import os
import re
import signal
import socket
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.workspace.client import WorkspaceClient

ROOT = Path(__file__).parents[2]
PATIENCE = 20.0


@dataclass(slots=True, kw_only=True)
class Demo:
    """A running `muster demo`, in a process group of its own, as a terminal has it."""

    process: asyncio.subprocess.Process
    printed: str = ""

    async def link(self) -> str:
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            while not (found := re.search(r"http://127\.0\.0\.1:(\d+)/#as=ada", self.printed)):
                line = await self.process.stdout.readline()
                assert line, self.printed
                self.printed += line.decode()
        return found[0]

    async def end(self, number: int = signal.SIGINT) -> int:
        """As Ctrl-C does: to all of the group."""
        if self.process.returncode is None:
            os.killpg(self.process.pid, number)
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            self.printed += (await self.process.stdout.read()).decode()
            return await self.process.wait()


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator["Start"]:
    starter = Start(tmp_path)
    yield starter
    for demo in starter.started:
        await demo.end(signal.SIGKILL)


class Start:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[Demo] = []

    async def __call__(self, *arguments: str) -> Demo:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "demo", *arguments),
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "TMPDIR": str(self.folder)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=True,
        )
        self.started.append(Demo(process=process))
        return self.started[-1]

    @property
    def left_behind(self) -> list[str]:
        return [path.name for path in self.folder.iterdir()]


async def test_it_prints_one_link_and_stays_up_until_ctrl_c(start: Start) -> None:
    demo = await start("--port", "0")
    address = (await demo.link()).partition("#")[0]
    async with WorkspaceClient(f"{address}control") as client:
        answer = await client.person("ada").slash("/incident", "declare sev2 Search is slow", channel="general")
    assert "INC-1 is declared" in answer.text
    assert await demo.end() == 0
    assert demo.printed.count("#as=ada") == 1
    assert len(demo.printed.splitlines()) <= 6
    assert "Traceback" not in demo.printed
    assert start.left_behind == []


async def test_ctrl_c_while_it_starts_ends_it_cleanly(start: Start) -> None:
    demo = await start("--port", "0")
    async with asyncio.timeout(PATIENCE):
        while not start.left_behind:  # noqa: ASYNC110 - it is another process that makes the folder
            await asyncio.sleep(0.01)
    assert await demo.end() == 0
    assert start.left_behind == []
    assert "Traceback" not in demo.printed


async def test_another_port_is_taken_and_told_where_the_known_one_is_taken(start: Start) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        demo = await start("--port", str(taken.getsockname()[1]))
        link = await demo.link()
        assert f":{taken.getsockname()[1]}/" not in link
        await demo.end()
    assert "export MUSTER_WORKSPACE=http://127.0.0.1:" in demo.printed


async def test_started_afresh_it_is_a_new_world_on_the_same_port(start: Start) -> None:
    demo = await start("--port", "0")
    address = (await demo.link()).partition("#")[0]
    async with WorkspaceClient(f"{address}control") as client:
        await client.person("ada").say("general", "Is anybody here?")
        before = await client.about()
        await client.post("rule", do="reset")
        await asyncio.sleep(0.05)
        after = await until_up(client)
        texts = [seen.text for seen in await client.person("ada").messages("general")]
    assert "Is anybody here?" not in texts
    assert after["people"] == before["people"]
    assert await demo.end() == 0
    assert demo.printed.count("#as=ada") == 1


async def until_up(client: WorkspaceClient) -> dict[str, object]:
    """What the fresh workspace says of itself, once its bot is connected."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                about = await client.about()
                if about["connections"] and not (await client.get("drills"))["playing"]:
                    return about
            except OSError:
                pass
            await asyncio.sleep(0.05)


async def test_a_broken_folder_is_told_without_a_traceback(start: Start) -> None:
    (start.folder / "own").mkdir()
    (start.folder / "own" / "policy.yaml").write_text("servity: 1\n")
    demo = await start("--port", "0", "--playbooks", "own")
    assert await demo.process.wait() == 1
    await demo.end()
    assert demo.printed.startswith("own/policy.yaml:1: servity")
    assert "Traceback" not in demo.printed
