"""`muster backup FILE`: every log, up to the version it has now, and the checkpoints. It changes nothing in the store.

The file is of one moment, although it is read in pieces: first the count of incidents and the newest version of each
log are noted, then exactly these entries are copied. An entry never changes once it is written, no event spans two
incidents, and everything else in the store (lists, channels, timers) is a view that a restore makes anew.
"""

import sys
from collections.abc import Mapping
from importlib.metadata import version as installed_version
from pathlib import Path

from bot.checkup.finding import counted
from bot.checkup.the_record import Record, the_record
from bot.clock import Clock
from bot.custody.backup_file import BackupWriter, Header
from bot.incident.terms import IncidentId, Version, reference
from bot.settings import Settings
from bot.store.checkpoints import Checkpoints
from bot.store.drills import drills_among
from bot.store.ledger import Head, Ledger
from bot.telemetry import configure_logs


async def main(settings: Settings, path: Path, team: str) -> int:
    """Prints what was saved; the exit code is 1 where a log has holes. Raises Unavailable."""
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    with BackupWriter(path) as file:
        async with the_record(settings, team) as record:
            heads, damaged = await save(record, file)
            drills = await drills_among(record.client, record.keys, damaged)
        digest = file.finish()
    entries = sum(head.version for head in heads.values())
    held = f"{counted(len(heads), 'incident')} with {counted(entries, 'entry', 'entries')}"
    sys.stdout.write(f"Saved {held} to {path}\nsha256 {digest}\n")
    if damaged:
        named = ", ".join(reference(incident, drill=incident in drills) for incident in damaged)
        sys.stdout.write(f"Entries are missing from {named}; what is there was saved. muster audit says more.\n")
    return int(bool(damaged))


async def save(record: Record, file: BackupWriter) -> tuple[Mapping[IncidentId, Head], list[IncidentId]]:
    """What was to be saved, and the incidents whose logs have holes or are gone."""
    ledger = Ledger(record.client, record.keys)
    # Before the logs, which only grow: every log that a checkpoint speaks of is then in the file, as far as it says.
    checkpoints = await Checkpoints(record.client, record.keys).stored()
    last, skipped = await ledger.count(), await ledger.skipped()
    heads = await ledger.heads(last)
    file.header(
        Header(
            team=record.keys.team,
            made_at=Clock().now(),
            muster=installed_version("muster"),
            incidents=len(heads),
            entries=sum(head.version for head in heads.values()),
            last=last,
            skipped=skipped,
        )
    )
    gone = set(range(1, last + 1)).difference(heads, *skipped)
    holed = [incident for incident, head in heads.items() if not await _save_log(ledger, incident, head, file)]
    for number, data, seal in checkpoints:
        file.checkpoint(number, data, seal)
    return heads, sorted(map(IncidentId, {*gone, *holed}))


async def _save_log(ledger: Ledger, incident: IncidentId, head: Head, file: BackupWriter) -> bool:
    """Whether it is whole."""
    expected = 1
    async for entry in ledger.entries(incident, until=Version(head.version)):
        file.entry(incident, entry)
        expected = expected + 1 if entry.version == expected else 0
    return expected == head.version + 1
