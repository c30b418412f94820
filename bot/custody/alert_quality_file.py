"""`muster alerts quality`: how good the rules of the monitoring are, on the terminal or as CSV. It changes nothing."""

import asyncio
import sys
from pathlib import Path

from bot.checkup.the_record import the_record
from bot.clock import Clock
from bot.custody.alert_quality_table import csv_of, table_of
from bot.incident.alert_quality import newest_weeks
from bot.incident.alert_quality_words import many
from bot.settings import Settings
from bot.store.redis_alert_quality import RedisAlertQuality
from bot.telemetry import configure_logs


async def main(settings: Settings, file: Path | None, weeks: int, team: str) -> int:
    """The exit code: 1 where nothing was written. Raises Unavailable."""
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    if file and file.suffix.casefold() != ".csv":
        sys.stderr.write(f"{file} is no .csv: name it so.\nNothing was written.\n")
        return 1
    async with the_record(settings, team) as record:
        book = RedisAlertQuality(record.client, record.keys)
        found = await book.weeks(newest_weeks(Clock().now(), weeks))
    if file is None:
        sys.stdout.write(table_of(found))
        return 0
    try:
        await asyncio.to_thread(_write_new, file, csv_of(found))
    except OSError as refusal:
        sys.stderr.write(f"{refusal}\nNothing was written.\n")
        return 1
    sys.stdout.write(f"{file}: {many(sum(len(each.rules) for each in found), 'line')}, one a rule and week.\n")
    return 0


def _write_new(file: Path, text: str) -> None:
    """Raises FileExistsError. Spreadsheets want a mark before UTF-8."""
    with file.open("x", encoding="utf-8-sig", newline="") as opened:
        opened.write(text)
