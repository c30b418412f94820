"""`muster postmortem 42 --read FILE`: what people wrote in the file becomes new versions of its sections, in the log.

What the log itself knows is not read back, and a section that somebody saved meanwhile is left as it stands, and told.
"""

import asyncio
import stat
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.checkup.the_record import Record, the_record
from bot.clock import Clock, new_request_id
from bot.command_handler import CommandHandler
from bot.custody.postmortem_files import NotWritten, number_of, put, read_log
from bot.document.reading_back import FoundSection, NotReadBack, Versions, edited, marked_anew, sections_in
from bot.document.utc import date_time
from bot.incident.events import Event
from bot.incident.review_sections import TITLES, ReviewSection
from bot.incident.state import WrittenSection
from bot.incident.terms import MUSTER, MUSTER_ITSELF, IncidentId, Rejected
from bot.incident.writing_commands import WriteSection
from bot.incident.writing_events import SectionWritten
from bot.playbook.library import Library, load
from bot.playbook.rules import LibraryRules
from bot.settings import Settings
from bot.store.identity import StoreIdentity
from bot.store.ledger import Ledger
from bot.store.redis_log import RedisLog
from bot.store.redis_people import RedisPeople
from bot.store.redis_timers import RedisTimers
from bot.telemetry import configure_logs

LARGEST_FILE: Final = 4 * 1024 * 1024
"""Bytes; eleven sections are a hundredth of it, and a long timeline a tenth."""


@dataclass(slots=True)
class Reading:
    """`taken`: the version at which each section that was taken up stands now. `told`: a line for each section."""

    taken: dict[ReviewSection, int] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    left: int = 0

    def take(self, section: ReviewSection, number: int, said: str) -> None:
        self.taken[section] = number
        self.told.append(f"{TITLES[section]}: {said}.")

    def leave(self, said: str) -> None:
        self.left += 1
        self.told.append(said)


async def main(settings: Settings, number: str, file: Path, team: str) -> int:
    """The exit code: 1 where something was not taken up. Raises Unavailable and LibraryProblems."""
    configure_logs(level="error", console=settings.console_logs(sys.stderr.isatty()))
    library = await asyncio.to_thread(load, settings.playbooks_dir)
    try:
        incident = number_of(number)
        markdown = await asyncio.to_thread(_text, file)
        found = sections_in(markdown, incident)
        async with the_record(settings, team) as record:
            reading = await take_up(record, library, incident, found)
    except (NotWritten, NotReadBack) as refusal:
        sys.stderr.write(f"{refusal} Nothing was read.\n")
        return 1
    lines = [*reading.told, *await asyncio.to_thread(_marked, file, markdown, reading.taken)]
    sys.stdout.write("\n".join(lines or ["Nothing was edited in it since it was written."]) + "\n")
    return 1 if reading.left else 0


async def take_up(record: Record, library: Library, incident: IncidentId, found: Sequence[FoundSection]) -> Reading:
    """Raises NotWritten where there is no such incident or it cannot be written to from here, and Unavailable."""
    versions = _versions(await read_log(record, incident))
    await _require_the_key(record, incident)
    writer, people, reading = await _writer(record, library), RedisPeople(record.client, record.keys), Reading()
    for each in found:
        await _take_up(writer, people, reading, Edited(incident=incident, found=each, versions=versions))
    return reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A section as it stands in the file, and all of its versions in the log."""

    incident: IncidentId
    found: FoundSection
    versions: Versions

    @property
    def title(self) -> str:
        return TITLES[self.found.section]


async def _take_up(writer: CommandHandler, people: RedisPeople, reading: Reading, section: Edited) -> None:
    found = section.found
    try:
        text = edited(found, section.versions)
        if text is None:
            return
        write = WriteSection(by=MUSTER_ITSELF, section=found.section, text=text, seen=found.seen)
        handled = await writer.handle(section.incident, write, request=new_request_id("read"))
    except NotReadBack as refusal:
        reading.leave(f"{section.title}: not read, {refusal}.")
    except Rejected as rejected:
        stands = (await writer.read(section.incident)).section(found.section)
        reading.leave(f"{section.title}: not read. {await _why(rejected, found, stands, people)}")
    else:
        number = handled.incident.section(found.section).number
        reading.take(found.section, number, f"version {number}" if handled.events else "stands so already")


async def _why(rejected: Rejected, found: FoundSection, stands: WrittenSection, people: RedisPeople) -> str:
    """For a section that somebody saved meanwhile, who, when, and what to do."""
    if stands.number == found.seen or stands.by is None or stands.at is None:
        return rejected.sentence
    person = None if stands.by == MUSTER else await people.recall(stands.by)
    who = "Another file" if stands.by == MUSTER else person.name if person and person.name else stands.by
    return (
        f"{who} saved version {stands.number} on {date_time(stands.at)} UTC, and the file was made of version"
        f" {found.seen}. Nothing is lost: theirs is in the log, yours in the file. Write the newest with --to another"
        f" folder, put both together in this file, let its mark say version {stands.number}, and read it again."
    )


async def _writer(record: Record, library: Library) -> CommandHandler:
    """The one door, beside a Muster that may be running. What is written here has no effect outside."""
    identity = StoreIdentity(record.client, record.keys)
    await identity.recognise()
    log = RedisLog(record.client, record.keys, seals=record.seals, identity=identity)
    timers = RedisTimers(record.client, record.keys)
    return CommandHandler(log, timers, LibraryRules(library), Clock(), on_append=_nobody_waits)


def _nobody_waits() -> None:
    """A section that was written is seen when somebody looks."""


async def _require_the_key(record: Record, incident: IncidentId) -> None:
    """An entry without a seal in a sealed log is what an audit calls tampered with."""
    if record.seals is not None:
        return
    head = (await Ledger(record.client, record.keys).heads(incident)).get(incident)
    if head and head.seal:
        raise NotWritten("The log is sealed, and no key is known here: set AUDIT_KEY as for muster run.")


def _versions(events: Sequence[Event]) -> Versions:
    written = {(each.section, each.number): each.text for each in events if isinstance(each, SectionWritten)}
    return {**{(section, 0): "" for section in ReviewSection}, **written}


def _text(file: Path) -> str:
    """Raises NotWritten for a file that cannot be read."""
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise NotWritten(f"{file} is larger than {LARGEST_FILE // 1024 // 1024} MiB.")
        return file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotWritten(f"{file} is not UTF-8 text; save it as UTF-8.") from None
    except OSError as error:
        raise NotWritten(f"{file} cannot be read: {error.strerror}.") from None


def _marked(file: Path, markdown: str, taken: Mapping[ReviewSection, int]) -> list[str]:
    """The file's own marks name what stands in the log now, so that the same file can be edited and read again."""
    if not taken:
        return []
    try:
        private = not stat.S_IMODE(file.stat().st_mode) & 0o077
        put(file.resolve(), marked_anew(markdown, taken).encode(), private=private)
    except OSError as error:
        return [f"{file} cannot be written to ({error.strerror}), so its marks name the versions of before."]
    return []
