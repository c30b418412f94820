"""`muster demo`: starts a world and says where it is; or, once, plays the dialogue in it. It ends by Ctrl-C."""

import asyncio
import signal
import sys
import time
import webbrowser
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bot.demo.dialogue import DIALOGUE
from bot.demo.people import PEOPLE
from bot.demo.stage import NotSeen, Stage
from bot.demo.world import PORT, SHIPPED_PLAYBOOKS, Plan, World, world
from bot.telemetry import configure_logs

_STOPPED: Final = 130
"""The shell's exit code for an end by Ctrl-C."""


async def play(once: bool, port: int = PORT, playbooks: Path | None = None, browser: bool = False) -> int:
    """The exit code. Once: 0 when every step of the dialogue was seen to happen; else 0 when it was ended.

    `browser`: opens the link in it.
    """
    configure_logs(level="error", console=True)
    plan = Plan(port=port, playbooks=playbooks or SHIPPED_PLAYBOOKS)
    if once:
        status = await _until_stopped(_dialogue(plan))
        return _STOPPED if status is None else status
    await _until_stopped(_stay_up(plan, browser))
    _show("\nThe demo has ended; nothing of it is kept.")
    return 0


async def _until_stopped(work: Coroutine[Any, Any, int]) -> int | None:
    """What it returns; None where SIGINT or SIGTERM ended it. A second signal cuts nothing short."""
    task, loop = asyncio.create_task(work, name="demo"), asyncio.get_running_loop()
    signals = (signal.SIGTERM, signal.SIGINT)
    for number in signals:
        loop.add_signal_handler(number, _stop, task)
    try:
        await asyncio.wait([task])
    finally:
        while not task.done():
            _stop(task)
            await asyncio.wait([task])
        for number in signals:
            loop.remove_signal_handler(number)
    return None if task.cancelled() else task.result()


def _stop(task: asyncio.Task[int]) -> None:
    if not task.cancelling():
        task.cancel()


async def _stay_up(plan: Plan, browser: bool) -> int:
    """World after world on one port, each as fresh as the first."""
    async with world(plan) as first:
        plan = replace(plan, port=first.port)
        _tell(first)
        if browser:
            await asyncio.to_thread(webbrowser.open, first.link)
        await first.until_over()
    while True:
        async with world(plan, may_move=False) as fresh:
            await fresh.until_over()


def _tell(here: World) -> None:
    _show(f"Muster is up:  {here.link}")
    _show("Open it in a browser: a small workspace on this machine, and six people you can be. Ctrl-C ends it.")
    if here.port != PORT:
        _show(f"For muster say, react and slash:  export MUSTER_WORKSPACE={here.workspace.control_url}")


async def _dialogue(plan: Plan) -> int:
    began = time.monotonic()
    async with world(plan) as here:
        stage = Stage(workspace=here.workspace, clock=here.clock, show=_show, colour=sys.stdout.isatty())
        _show("Muster demo: a real bot, a real store, and a stand-in for Slack on this machine.")
        _show(f"Everybody reads times in their own zone: {_zones('ada', 'ben', 'cleo')}.")
        try:
            for scene in DIALOGUE:
                await scene(stage)
        except NotSeen as missing:
            _show(f"\nThe demo failed in step {stage.steps}: {missing}.")
            return 1
        _show(f"\nAll {stage.steps} steps were seen to happen, in {time.monotonic() - began:.1f} s.")
    return 0


def _zones(*names: str) -> str:
    """'Ada in Berlin, Ben in New York': where those of the dialogue are."""
    cities = {account.name: account.tz.rpartition("/")[2].replace("_", " ") for account in PEOPLE}
    return ", ".join(f"{name.capitalize()} in {cities[name]}" for name in names)


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
