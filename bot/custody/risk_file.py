"""`muster risks FILE`: the risk register as CSV or JSON, from the index. It changes nothing.

Private incidents and drills are left out: such a file is passed on.
"""

import asyncio
import sys
from pathlib import Path
from typing import Final

from bot.checkup.finding import counted
from bot.checkup.the_record import Record, the_record
from bot.clock import Clock
from bot.custody.people_named import people_named
from bot.custody.risk_table import csv_of, json_of, owners
from bot.incident.factor_index import public
from bot.incident.themes import Risk, risks
from bot.settings import Settings
from bot.store.redis_factors import RedisFactors
from bot.store.redis_people import RedisPeople
from bot.telemetry import configure_logs

WRITTEN: Final = {".csv": (csv_of, "utf-8-sig"), ".json": (json_of, "utf-8")}
"""By the file's ending: spreadsheets want a mark before UTF-8."""


async def main(settings: Settings, file: Path, team: str) -> int:
    """The exit code: 1 where nothing was written. Raises Unavailable."""
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    if file.suffix.casefold() not in WRITTEN:
        sys.stderr.write(f"{file} is neither .csv nor .json: name it so.\nNothing was written.\n")
        return 1
    async with the_record(settings, team) as record:
        found = await _register(record)
        memory = RedisPeople(record.client, record.keys)
        named = await people_named(settings, record.keys.team, memory, sorted(owners(found)))
    write, encoding = WRITTEN[file.suffix.casefold()]
    text = write(found, named.names.known, Clock().now().date())
    try:
        await asyncio.to_thread(_write_new, file, text, encoding)
    except OSError as refusal:
        sys.stderr.write(f"{refusal}\nNothing was written.\n")
        return 1
    count = counted(sum(len(risk.items) for risk in found), "contributing factor")
    sys.stdout.write(f"{file}: {count}; those of private incidents and drills are left out.\n")
    return 0


async def _register(record: Record) -> list[Risk]:
    """In most incidents first."""
    found = risks(public(await RedisFactors(record.client, record.keys).open()))
    return sorted(found, key=lambda risk: -len(risk.incidents))


def _write_new(file: Path, text: str, encoding: str) -> None:
    """Raises FileExistsError: what somebody has edited is not written over."""
    with file.open("x", encoding=encoding, newline="") as opened:
        opened.write(text)
