"""`muster demo`: the server, the workspace and the bot, started as anybody would; the dialogue; then they stay up."""

import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from bot.assemble import assembled
from bot.clock import Clock
from bot.demo.dialogue import DIALOGUE
from bot.demo.stage import NotSeen, Stage
from bot.settings import Settings
from bot.slack.event_table import subscriptions
from bot.slack.scopes import NEEDED_SCOPES
from bot.telemetry import configure_logs
from bot.workspace.cast import CAST
from bot.workspace.server import Workspace
from bot.workspace.timepiece import Clock as WorkspaceClock

PORT: Final = 4390
"""Where the demo's workspace listens, on 127.0.0.1, so that `muster say` finds it; another port where it is taken."""

_SHIPPED_PLAYBOOKS: Final = Path(__file__).parents[2] / "playbooks"


async def play(once: bool, port: int = PORT) -> int:
    """Plays the incident. The exit code: 0 when every step of it was seen to happen. `port`: 0 takes a free one."""
    configure_logs(level="error", console=True)
    began = time.monotonic()
    async with _staged(port) as stage:
        _show("Muster demo: a real bot, a real store, and a stand-in for Slack on this machine.")
        _show(f"Everybody reads times in their own zone: {_zones('ada', 'ben', 'cleo')}.")
        try:
            for scene in DIALOGUE:
                await scene(stage)
        except NotSeen as missing:
            _show(f"\nThe demo failed in step {stage.steps}: {missing}.")
            return 1
        _show(f"\nAll {stage.steps} steps were seen to happen, in {time.monotonic() - began:.1f} s.")
        if not once:
            await _stay_up(stage)
    return 0


def _zones(*names: str) -> str:
    """'Ada in Berlin, Ben in New York': where those of the dialogue are."""
    cities = {account.name: account.tz.rpartition("/")[2].replace("_", " ") for account in CAST}
    return ", ".join(f"{name.capitalize()} in {cities[name]}" for name in names)


@asynccontextmanager
async def _staged(port: int) -> AsyncIterator[Stage]:
    clock = Clock()
    async with AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="muster-demo-"))
        workspace = await stack.enter_async_context(_workspace(clock, port))
        settings = Settings(
            slack_bot_token=SecretStr(workspace.bot_token),
            slack_app_token=SecretStr(workspace.app_token),
            slack_api_url=workspace.api_url,
            announcement_channel=workspace.channel_id("incidents"),
            data_dir=Path(folder),
            playbooks_dir=_SHIPPED_PLAYBOOKS,
            port=0,
        )
        await stack.enter_async_context(assembled(settings, clock=clock))
        yield Stage(workspace=workspace, clock=clock, show=_show, colour=sys.stdout.isatty())


@asynccontextmanager
async def _workspace(clock: Clock, wanted: int) -> AsyncIterator[Workspace]:
    """On the port that is known, else on a free one. It grants and delivers what the manifest asks for, no more."""
    for port in (wanted, 0):
        workspace = Workspace(
            port=port,
            clock=WorkspaceClock(now=lambda: clock.now().timestamp()),
            scopes=sorted(NEEDED_SCOPES),
            events=subscriptions(),
        )
        try:
            await workspace.start()
        except OSError:
            if port == 0:
                raise
            continue
        break
    try:
        yield workspace
    finally:
        await workspace.stop()


async def _stay_up(stage: Stage) -> None:
    at = stage.workspace.control_url
    elsewhere = "" if f":{PORT}/" in f"{at}/" else f"    export MUSTER_WORKSPACE={at}\n"
    _show(
        f"\nMuster stays up. In another terminal, act as one of its people (ada, ben, cleo, dee, finn, grace):\n"
        f"{elsewhere}"
        f"    .venv/bin/muster slash ben general '/incident declare sev2 Search is slow'\n"
        f"    .venv/bin/muster say ada {stage.channel} 'All quiet.'\n"
        f"    .venv/bin/muster react ada {stage.channel} pushpin\n"
        f"    .venv/bin/muster slash ada {stage.channel} '/incident timeline'\n"
        f'To use your own Slack: README.md, "In your workspace". Ctrl-C ends the demo.'
    )
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
    _show("\nThe demo has ended; nothing of it is kept.")


def _show(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
