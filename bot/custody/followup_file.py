"""`muster followups FILE`: every follow-up as CSV, and with --import what was changed in it taken back into the record.

Private incidents and drills are left out: such a file is passed on. What is taken back goes through the rules that hold
in Slack, as Muster's own doing; a file with one mistake changes nothing.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from bot.checkup.finding import counted
from bot.checkup.the_record import Record, the_record
from bot.clock import Clock
from bot.command_handler import CommandHandler
from bot.custody.followup_csv import Mistake, Row, csv_of, rows_of
from bot.custody.people_named import Recalled, people_named
from bot.incident.commands import Command
from bot.incident.decide import decide
from bot.incident.evolve import replay
from bot.incident.followup import FollowupState
from bot.incident.followup_commands import AddFollowup, ChangeFollowup, MoveFollowup
from bot.incident.signal_listener import Listener
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, IncidentId, Person, Rejected, RequestId, UserId
from bot.playbook.library import Library, load
from bot.playbook.rules import LibraryRules
from bot.settings import Settings
from bot.signal_parts import listeners
from bot.slack.directory import SlackDirectory
from bot.slack.web_client import open_web_client
from bot.store.identity import StoreIdentity
from bot.store.ledger import Head, Ledger
from bot.store.redis_log import RedisLog
from bot.store.redis_people import RedisPeople
from bot.store.redis_timers import RedisTimers
from bot.telemetry import configure_logs

LARGEST: Final = 4 * 1024 * 1024
"""Bytes; ten thousand follow-ups are about half of it."""
MOST_NAMED: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """What one row asks for. `about`: a name for it that the same file gives again."""

    incident: IncidentId
    command: Command
    about: str


async def main(settings: Settings, file: Path, take_back: bool, team: str) -> int:
    """The exit code: 1 where nothing was written. Raises Unavailable and LibraryProblems."""
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    library = await asyncio.to_thread(load, settings.playbooks_dir)
    async with the_record(settings, team) as record:
        work = _import(settings, record, library, file) if take_back else _export(settings, record, library, file)
        try:
            sys.stdout.write(f"{await work}\n")
        except (Mistake, OSError) as refusal:
            sys.stderr.write(f"{refusal}\nNothing was changed.\n")
            return 1
    return 0


async def _export(settings: Settings, record: Record, library: Library, file: Path) -> str:
    incidents = [found async for found in shared(door_to(record, library), record)]
    owners = {item.content.owner for each in incidents for item in each.followups.values() if item.content.owner}
    memory = RedisPeople(record.client, record.keys)
    named = await people_named(settings, record.keys.team, memory, sorted(owners))
    await asyncio.to_thread(_write_new, file, csv_of(incidents, named.names.known))
    count = sum(len(each.followups) for each in incidents)
    return f"{file}: {counted(count, 'follow-up')}; those of private incidents and drills are left out."


def _write_new(file: Path, text: str) -> None:
    """Raises FileExistsError: what somebody has edited is not written over."""
    with file.open("x", encoding="utf-8-sig", newline="") as opened:
        opened.write(text)


async def _import(settings: Settings, record: Record, library: Library, file: Path) -> str:
    text = await asyncio.to_thread(_read, file)
    rows = _whole(rows_of(text))
    async with _directory(settings, record) as directory:
        people = {user: await directory.person(user) for user in sorted(_named(rows))}
    tracker = settings.tracker.name if settings.tracker else ""
    door = door_to(record, library, tracker, listeners(settings))
    meant = await planned(rows, people, door, record)
    digest = sha256(text.encode()).hexdigest()[:16]
    for each in meant:
        await door.handle(each.incident, each.command, request=RequestId(f"csv:{digest}:{each.about}"))
    return f"{file}: {counted(len(rows), 'line')} read, {counted(len(meant), 'change')} made."


def _read(file: Path) -> str:
    """Raises Mistake and OSError."""
    if file.stat().st_size > LARGEST:
        raise Mistake(f"{file} is larger than {LARGEST // 1024 // 1024} MiB")
    try:
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Mistake(f"{file} is not UTF-8: save it as “CSV UTF-8”") from None


def _whole(found: Iterator[Row | Mistake]) -> list[Row]:
    read = list(found)
    _refuse([each for each in read if isinstance(each, Mistake)])
    return [each for each in read if isinstance(each, Row)]


def _refuse(mistakes: Sequence[Mistake]) -> None:
    if mistakes:
        more = [f"… and {len(mistakes) - MOST_NAMED} more"] if len(mistakes) > MOST_NAMED else []
        raise Mistake("\n".join([*(str(each) for each in mistakes[:MOST_NAMED]), *more]))


def _named(rows: Sequence[Row]) -> set[UserId]:
    return {user for row in rows for user in row.people}


@asynccontextmanager
async def _directory(settings: Settings, record: Record) -> AsyncIterator[SlackDirectory]:
    token = settings.slack_bot_token.get_secret_value()
    async with open_web_client(token, base_url=settings.slack_api_url) as client:
        yield SlackDirectory(client, record.keys.team, Recalled(RedisPeople(record.client, record.keys)))


def door_to(record: Record, library: Library, tracker: str = "", told: tuple[Listener, ...] = ()) -> CommandHandler:
    """The one door, without anybody behind it who does the effects: the bot that runs, or the next one, does."""
    identity = StoreIdentity(record.client, record.keys)
    log = RedisLog(record.client, record.keys, seals=record.seals, identity=identity)
    timers = RedisTimers(record.client, record.keys)
    return CommandHandler(log, timers, LibraryRules(library, tracker, told), Clock(), on_append=lambda: None)


async def shared(door: CommandHandler, record: Record) -> AsyncIterator[Incident]:
    """Every incident with follow-ups that may be passed on."""
    for number in sorted(await _heads(record)):
        incident = await door.read(number)
        if incident.followups and not (incident.private or incident.drill):
            yield incident


async def _heads(record: Record) -> Mapping[IncidentId, Head]:
    ledger = Ledger(record.client, record.keys)
    return await ledger.heads(await ledger.count())


async def planned(
    rows: Sequence[Row], people: dict[UserId, Person], door: CommandHandler, record: Record
) -> list[Meant]:
    """Everything that the rows ask for, decided on in advance. Raises Mistake for the rows that cannot be."""
    there = await _heads(record)
    if record.seals is None and any(head.seal for head in there.values()):
        raise Mistake("The log is sealed, and the key is not known here: set AUDIT_KEY as it is where Muster runs.")
    states: dict[int, Incident] = {}
    meant: list[Meant] = []
    mistakes: list[Mistake] = []
    for row in rows:
        try:
            before = states.get(row.incident) or await _incident(door, row, there)
            for command in asked(row, before, people):
                events = decide(before, command, door.policy, Clock().now())
                before = replay(events, before) or before
                about = f"{row.line}:{type(command).__name__}"
                meant += [Meant(incident=before.id, command=command, about=about)] if events else []
            states[row.incident] = before
        except Rejected as refusal:
            said = refusal.sentence.replace("{who}", str(refusal.who))
            mistakes.append(Mistake(f"line {row.line}: {said}"))
    _refuse(mistakes)
    return meant


async def _incident(door: CommandHandler, row: Row, there: Collection[IncidentId]) -> Incident:
    """Raises Rejected for one that is not, or that is not in such a file."""
    number = IncidentId(row.incident)
    incident = await door.read(number) if number in there else None
    if incident is None or incident.private or incident.drill:
        raise Rejected(f"There is no INC-{row.incident} whose follow-ups stand in a file.")
    return incident


def asked(row: Row, incident: Incident, people: dict[UserId, Person]) -> Iterator[Command]:
    """What is to be asked for, so that it is as the row says. A new one that is there already is left alone."""
    named = tuple(people[user] for user in sorted(row.content.people))
    number = row.number
    if number is None:
        if any(item.content.what == " ".join(row.content.what.split()) for item in incident.followups.values()):
            return
        number = len(incident.followups) + 1
        yield AddFollowup(by=MUSTER_ITSELF, content=row.content, people=named)
    else:
        yield ChangeFollowup(by=MUSTER_ITSELF, number=number, content=row.content, people=named)
    item = incident.followups.get(number)
    is_blocked_anew = row.state is FollowupState.BLOCKED and row.waits_for != (item.waits_for if item else None)
    if row.state != (item.state if item else "open") or (is_blocked_anew and row.waits_for):
        whom = people[row.waits_for] if row.waits_for else None
        yield MoveFollowup(by=MUSTER_ITSELF, number=number, state=row.state, note=row.note, waits_for=whom)
