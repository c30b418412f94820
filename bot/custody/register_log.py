"""`muster maintenance` and `muster freezes`: every window and every freeze that there was, line by line: what became of
it, when and by whom.
"""

import sys
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

from bot.checkup.the_record import Record, the_record
from bot.incident.freeze import FreezeChange, FreezeTurn
from bot.incident.maintenance import Turn, WindowChange
from bot.incident.terms import reference
from bot.settings import Settings
from bot.store.redis_freezes import RedisFreezes
from bot.store.redis_maintenance import RedisMaintenance
from bot.telemetry import configure_logs

_SHOWN: Final = frozenset({Turn.PLANNED, Turn.BEGAN, Turn.ENDED})
_MOMENT: Final = "%Y-%m-%d %H:%M"


async def windows(settings: Settings, team: str) -> int:
    """The exit code. Raises Unavailable."""

    async def read(record: Record) -> str:
        return told(await RedisMaintenance(record.client, record.keys).log())

    return await _print(settings, team, read)


async def freezes(settings: Settings, team: str) -> int:
    """The exit code. Raises Unavailable."""

    async def read(record: Record) -> str:
        return told_of_freezes(await RedisFreezes(record.client, record.keys).log())

    return await _print(settings, team, read)


async def _print(settings: Settings, team: str, read: Callable[[Record], Awaitable[str]]) -> int:
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    async with the_record(settings, team) as record:
        sys.stdout.write(await read(record))
    return 0


def told(log: Iterable[WindowChange]) -> str:
    return "".join(_window_line(each) for each in log if each.turn in _SHOWN)


def told_of_freezes(log: Iterable[FreezeChange]) -> str:
    return "".join(_freeze_line(each) for each in log if each.turn is not FreezeTurn.FORGOTTEN)


def _window_line(change: WindowChange) -> str:
    """2026-11-21 12:00:00 UTC  M3  began  checkout  2026-11-21 12:00 to 2026-11-21 14:00 UTC  U0ADA00001  in Slack …"""
    plan = change.window.plan
    return _line(
        f"{change.at:%Y-%m-%d %H:%M:%S} UTC",
        change.window.reference,
        change.turn.value,
        ", ".join(plan.services),
        f"{plan.begins_at:{_MOMENT}} to {change.window.ends_at:{_MOMENT}} UTC",
        change.by,
        plan.source.value,
        plan.why,
    )


def _freeze_line(change: FreezeChange) -> str:
    """2026-11-21 12:00:00 UTC  F3  began  checkout  2026-11-21 12:00 to 2026-11-22 12:00 UTC  U0ADA00001  INC-42  …"""
    freeze = change.freeze
    return _line(
        f"{change.at:%Y-%m-%d %H:%M:%S} UTC",
        freeze.reference,
        change.turn.value,
        ", ".join(freeze.services),
        f"{freeze.since:{_MOMENT}} to {freeze.ends_at:{_MOMENT}} UTC",
        change.by,
        reference(freeze.incident) if freeze.incident else "",
        freeze.why,
    )


def _line(*parts: str) -> str:
    return "  ".join(_plain(part) for part in parts if part) + "\n"


def _plain(text: str) -> str:
    """On a terminal, no text of anybody's moves the cursor."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)
