"""`muster audit --lines`: every entry of every log as a line of JSON, with its seal, for copies elsewhere.

It reads one log after another and keeps none of them. Private incidents and drills are left out unless asked for.
"""

import json
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Final

from bot.checkup.finding import counted
from bot.checkup.the_record import the_record
from bot.custody.chain import LogAudit
from bot.incident.terms import IncidentId, reference
from bot.settings import Settings
from bot.store.ledger import Ledger, StoredEntry
from bot.store.seal import Seals
from bot.store.stored_names import DRILL_DECLARED
from bot.telemetry import configure_logs

Fields = dict[str, Any]
_FIRST: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is written besides public incidents. A log whose beginning is
    missing, or was changed, counts as private."""

    private: bool = False
    drills: bool = False

    def takes(self, first: StoredEntry, *, sound: bool) -> bool:
        declared = _read(first.data)
        is_known = sound and first.version == _FIRST and isinstance(declared, dict)
        is_private = not is_known or bool(declared.get("private"))
        return (self.private or not is_private) and (self.drills or not _is_drill(first))


@dataclass(slots=True, kw_only=True)
class Tally:
    lines: int = 0
    problems: int = 0
    missing: int = 0


async def main(settings: Settings, private: bool, drills: bool, team: str) -> int:
    """The exit code: 1 where something was changed or removed. Raises Unavailable."""
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    tally, wanted = Tally(), Wanted(private=private, drills=drills)
    async with the_record(settings, team) as record:
        ledger = Ledger(record.client, record.keys)
        try:
            async for line in lines(ledger, record.seals, record.keys.team, wanted, tally):
                sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
        except BrokenPipeError:
            return 1  # whoever read it has gone
    sys.stderr.write(_said(tally))
    return 1 if tally.problems or tally.missing else 0


async def lines(ledger: Ledger, seals: Seals | None, team: str, wanted: Wanted, tally: Tally) -> AsyncIterator[str]:
    """Incident by incident, oldest entry first; in ASCII, since some readers end lines at other letters than LF.

    Raises Unavailable.
    """
    count = max(await ledger.count(), await ledger.highest_listed())
    skipped = await ledger.skipped()
    for incident in map(IncidentId, range(1, count + 1)):
        if any(incident in gap for gap in skipped):
            continue
        async for line in _of_one(ledger, incident, seals, wanted, tally):
            yield json.dumps({"team": team, **line}, separators=(",", ":"))


async def _of_one(
    ledger: Ledger, incident: IncidentId, seals: Seals | None, wanted: Wanted, tally: Tally
) -> AsyncIterator[Fields]:
    audit = LogAudit(incident=incident, seals=seals)
    first: StoredEntry | None = None
    async for entry in ledger.entries(incident):
        known = len(audit.problems)
        audit.take(entry)
        found = [problem.sentence for problem in audit.problems[known:]]
        tally.problems += len(found)
        if first is None:
            first = entry
            if not wanted.takes(first, sound=not found):
                return
        tally.lines += 1
        yield _line(incident, entry, found, drill=_is_drill(first))
    tally.missing += first is None


def _line(incident: IncidentId, entry: StoredEntry, problems: list[str], *, drill: bool) -> Fields:
    """`id` is that of the event's signal, too. What does not read as JSON stands there as text."""
    return {
        "id": f"{incident}.{entry.version}",
        "incident": reference(incident, drill=drill),
        "version": entry.version,
        "type": entry.stored,
        "event": _read(entry.data),
        "seal": entry.seal,
        "problems": problems,
    }


def _is_drill(first: StoredEntry) -> bool:
    return first.stored.partition(":")[0] == DRILL_DECLARED


def _read(data: str) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        return data


def _said(tally: Tally) -> str:
    told = f"{counted(tally.lines, 'entry', 'entries')}."
    if tally.missing:
        told += f" The whole log of {counted(tally.missing, 'incident')} is missing."
    if tally.problems:
        told += f" {counted(tally.problems, 'sign')} that the record is not what Muster wrote, each in its line."
    return f"{told}\n"
