"""`muster maintenance`: every maintenance window that there was, line by line: what became of it, when and by whom."""

import sys
from collections.abc import Iterable
from typing import Final

from bot.checkup.the_record import the_record
from bot.incident.maintenance import Turn, WindowChange
from bot.settings import Settings
from bot.store.redis_maintenance import RedisMaintenance
from bot.telemetry import configure_logs

_SHOWN: Final = frozenset({Turn.PLANNED, Turn.BEGAN, Turn.ENDED})


async def main(settings: Settings, team: str) -> int:
    """The exit code. Raises Unavailable."""
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    async with the_record(settings, team) as record:
        sys.stdout.write(told(await RedisMaintenance(record.client, record.keys).log()))
    return 0


def told(log: Iterable[WindowChange]) -> str:
    return "".join(_line(each) for each in log if each.turn in _SHOWN)


def _line(change: WindowChange) -> str:
    """2026-11-21 12:00:00 UTC  M3  began  checkout  until 2026-11-21 14:00 UTC  U0ADA00001  in Slack  New disks"""
    plan = change.window.plan
    parts = (
        f"{change.at:%Y-%m-%d %H:%M:%S} UTC",
        change.window.reference,
        change.turn.value,
        ", ".join(plan.services),
        f"{plan.begins_at:%Y-%m-%d %H:%M} to {change.window.ends_at:%Y-%m-%d %H:%M} UTC",
        change.by,
        plan.source.value,
        plan.why,
    )
    return "  ".join(_plain(part) for part in parts if part) + "\n"


def _plain(text: str) -> str:
    """On a terminal, no text of anybody's moves the cursor."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)
