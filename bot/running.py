"""`muster run`: everything at work until a signal, or until a part is lost."""

import asyncio
import gc
import signal
import sys

import structlog

from bot.assemble import assembled
from bot.clock import Clock
from bot.parts import Pace
from bot.settings import Settings
from bot.telemetry import Metrics, configure_logs

_log = structlog.get_logger(__name__)


async def run(settings: Settings, clock: Clock | None = None, *, pace: Pace | None = None) -> None:
    """Runs until SIGTERM or SIGINT, or until a part is lost. Raises Unavailable and LibraryProblems."""
    metrics = Metrics()
    console = settings.console_logs(sys.stderr.isatty())
    configure_logs(level=settings.log_level, console=console, on_bug=metrics.bug_met)
    serving = asyncio.create_task(_serve(settings, metrics, clock, pace), name="muster")
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop, serving)
    _log.info("muster_is_starting")
    await asyncio.wait([serving])
    if not serving.cancelled():
        serving.result()


def _stop(serving: asyncio.Task[None]) -> None:
    """Once: a second signal must not cut short what the first one lets finish."""
    if not serving.cancelling():
        _log.info("muster_is_stopping")
        serving.cancel()


async def _serve(settings: Settings, metrics: Metrics, clock: Clock | None, pace: Pace | None) -> None:
    """Until it is cancelled, even while it starts, or a part is lost."""
    async with assembled(settings, clock=clock, metrics=metrics, pace=pace) as bot:
        # What was made until now stays: looking through it for garbage would stop everything for 30 to 50 ms.
        gc.freeze()
        gc.enable()
        _log.info("muster_is_up", transport=settings.transport.value, port=bot.port, command=settings.command_name)
        await bot.until_lost()
