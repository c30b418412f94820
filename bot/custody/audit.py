"""`muster audit`: is the record what was written? It reads every log and every checkpoint, and changes nothing."""

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.checkup.drill_names import with_drills_named
from bot.checkup.finding import Finding, Level, bad, counted, exit_code, ok, report, warn
from bot.checkup.the_record import the_record
from bot.custody.chain import LogAudit, Problem, Seen
from bot.incident.terms import IncidentId, Version
from bot.settings import Settings
from bot.store.checkpoints import Checkpoint, Checkpoints
from bot.store.ledger import Ledger
from bot.store.seal import Seals
from bot.telemetry import configure_logs

LOGS: Final = "logs"
CHECKPOINTS: Final = "checkpoints"
MOST_OF_ONE_LOG: Final = 5
"""Problems told of one incident; a log that was sealed with a lost key would otherwise fill the screen."""
SHORTEST_HEAD: Final = 12
"""Characters of a posted head; nobody finds two checkpoints that share as many."""

_NO_KEY: Final = "Set AUDIT_KEY, or put audit.key back into DATA_DIR; openssl rand -hex 32 makes a new key."


@dataclass(slots=True, kw_only=True)
class Totals:
    incidents: int = 0
    entries: int = 0
    sealed: int = 0


async def main(settings: Settings, head: str, team: str) -> int:
    """Prints what was found; the exit code is 1 where the record is not what was written. Raises Unavailable."""
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    async with the_record(settings, team) as record:
        ledger, checkpoints = Ledger(record.client, record.keys), Checkpoints(record.client, record.keys)
        findings = await examine(ledger, checkpoints, record.seals, head)
        findings = await with_drills_named(record.client, record.keys, findings)
    sys.stdout.write(report(findings, verdict(findings)))
    return exit_code(findings)


async def examine(ledger: Ledger, checkpoints: Checkpoints, seals: Seals | None, head: str = "") -> list[Finding]:
    """`head`: as posted in Slack, whole or its beginning; empty for none. Raises Unavailable.

    Checkpoints are read before the logs, and the count after the index: both only grow, so what is written
    meanwhile is never taken for a fault.
    """
    problems, read = read_checkpoints(await checkpoints.stored(), seals)
    seen = seen_in(read)
    known = max([await ledger.highest_listed(), *seen])
    count, skipped = await ledger.count(), await ledger.skipped()
    if count < known:
        sentence = f"The store counts {count} incidents, but INC-{known} was declared."
        problems.append(Problem(incident=None, sentence=sentence))
    numbers = [number for number in range(1, max(count, known) + 1) if number in seen or not _is_in(skipped, number)]
    in_logs, totals = await _audit_logs(ledger, numbers, seals, seen)
    found = [*_told(problems, CHECKPOINTS), *_told_by_incident(in_logs)]
    found += [_about_gap(gap) for gap in skipped]
    found.append(_about_logs(totals, seals))
    found.append(_about_checkpoints(read))
    if head:
        found.append(judge_head(head, read, clean=not (problems or in_logs)))
    return found


def read_checkpoints(
    stored: Sequence[tuple[int, str, str]], seals: Seals | None
) -> tuple[list[Problem], list[Checkpoint]]:
    """What is wrong with them, and those that can be believed; pure."""
    problems: list[str] = []
    read: list[Checkpoint] = []
    expected, before = 1, ""
    for number, data, seal in stored:
        problems += [f"Checkpoint {missing} is missing." for missing in range(expected, number)]
        gap, expected = number != expected, number + 1
        try:
            checkpoint = Checkpoint.decode(number, data, seal)
        except ValueError:
            problems.append(f"Checkpoint {number} cannot be read.")
            before = ""
            continue
        wrong = _wrong_with(checkpoint, seals, None if gap else before)
        problems += [f"Checkpoint {number} {wrong}."] if wrong else []
        read += [] if wrong else [checkpoint]
        before = checkpoint.digest
    return [Problem(incident=None, sentence=sentence) for sentence in problems], read


def _wrong_with(checkpoint: Checkpoint, seals: Seals | None, before: str | None) -> str:
    if not checkpoint.is_what_was_written:
        return "was changed"
    if before is not None and checkpoint.before != before:
        return "does not follow from the one before it"
    if seals and not checkpoint.is_sealed_by(seals):
        return "is not sealed with a key that is set"
    return ""


def seen_in(checkpoints: Sequence[Checkpoint]) -> Mapping[IncidentId, Mapping[Version, Seen]]:
    seen: dict[IncidentId, dict[Version, Seen]] = defaultdict(dict)
    for checkpoint in checkpoints:
        for incident, head in checkpoint.changed.items():
            seen[incident].setdefault(head.version, Seen(seal=head.seal, at=checkpoint.at))
    return seen


async def _audit_logs(
    ledger: Ledger, numbers: Sequence[int], seals: Seals | None, seen: Mapping[IncidentId, Mapping[Version, Seen]]
) -> tuple[list[Problem], Totals]:
    problems: list[Problem] = []
    totals = Totals(incidents=len(numbers))
    sealing = False
    for incident in map(IncidentId, numbers):
        audit = LogAudit(incident=incident, seals=seals, seen=seen.get(incident, {}), must_be_sealed=sealing)
        async for entry in ledger.entries(incident):
            audit.take(entry)
        problems += audit.end()
        sealing = sealing or audit.sealed_from_the_start
        totals.entries += audit.last
        totals.sealed += audit.sealed
    return problems, totals


def judge_head(head: str, checkpoints: Sequence[Checkpoint], *, clean: bool) -> Finding:
    """`clean`: whether all else of the audit is well; the head covers the logs only through the checkpoints."""
    if len(head) < SHORTEST_HEAD:
        return bad(CHECKPOINTS, f"A head of {len(head)} characters is too short.", "Copy all of it from Slack.")
    found = next((each for each in checkpoints if each.digest.startswith(head.lower())), None)
    if found is None:
        sentence = f"No checkpoint here has the head {head[:SHORTEST_HEAD]}…: it was removed or changed."
        return bad(CHECKPOINTS, sentence, "Or the store was restored from a backup older than that post.")
    held = f"{counted(found.incidents, 'incident')} and {counted(found.entries, 'entry', 'entries')}"
    told = f"the head of {found.at:%Y-%m-%d}, {held}"
    if not clean:
        return warn(CHECKPOINTS, f"The checkpoint itself is genuine: {told}.", "The record is not: see above.")
    return ok(CHECKPOINTS, f"The record is what it was at {told}; what came after is sealed to it.")


def _is_in(gaps: Sequence[range], number: int) -> bool:
    return any(number in gap for gap in gaps)


def _about_gap(gap: range) -> Finding:
    numbers = f"INC-{gap[0]} to INC-{gap[-1]}" if len(gap) > 1 else f"INC-{gap[0]}"
    return ok(LOGS, f"The store says that it was begun anew after {numbers}, which are not here.")


def _about_logs(totals: Totals, seals: Seals | None) -> Finding:
    read = f"Read {counted(totals.incidents, 'incident')} with {counted(totals.entries, 'entry', 'entries')}"
    if seals is None:
        return warn(LOGS, f"{read}. No key is known, so only gaps could be found.", _NO_KEY)
    if totals.sealed == totals.entries:
        return ok(LOGS, f"{read}, all of them sealed.")
    sentence = f"{read}, {totals.entries - totals.sealed} of them unsealed, as before a key was set."
    return ok(LOGS, sentence, "Of what is unsealed a change cannot be known.")


def _about_checkpoints(read: Sequence[Checkpoint]) -> Finding:
    if not read:
        return ok(CHECKPOINTS, "There is none yet: a running Muster makes one a day.")
    last = read[-1]
    return ok(
        CHECKPOINTS, f"Read {counted(len(read), 'checkpoint')}, the last of {last.at:%Y-%m-%d %H:%M} UTC: {last.digest}"
    )


def _told_by_incident(problems: Sequence[Problem]) -> list[Finding]:
    by_incident: dict[IncidentId | None, list[Problem]] = defaultdict(list)
    for problem in problems:
        by_incident[problem.incident].append(problem)
    found: list[Finding] = []
    for incident, own in by_incident.items():
        found += _told(own[:MOST_OF_ONE_LOG], f"INC-{incident}")
        if len(own) > MOST_OF_ONE_LOG:
            found.append(bad(f"INC-{incident}", f"And {len(own) - MOST_OF_ONE_LOG} more of the like.", ""))
    return found


def _told(problems: Sequence[Problem], part: str) -> list[Finding]:
    return [bad(part, problem.sentence, "") for problem in problems]


def verdict(findings: Sequence[Finding]) -> str:
    """The last line."""
    wrong = sum(finding.level is Level.BAD for finding in findings)
    if wrong:
        return (
            f"{counted(wrong, 'sign')} that the record is not what Muster wrote. docs/reliability.md says what to do."
        )
    return "Nothing was changed or removed, as far as the seals reach."
