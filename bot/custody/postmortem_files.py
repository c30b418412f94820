"""`muster postmortem 42`: the draft of a postmortem as files, from the log alone. It changes nothing in the store.

A file that somebody has edited since is never written over: Markdown is canonical, and people write in it.
"""

import asyncio
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from bot.checkup.the_record import Record, the_record
from bot.custody.people_named import Named, people_named
from bot.document.documents import as_bytes, digest, documents
from bot.document.hint_words import told
from bot.document.template import TemplateMistakes
from bot.document.wording import Names, Wording, named_in
from bot.incident.events import Event
from bot.incident.gentle_check import Doubt, hints
from bot.incident.policy import Policy
from bot.incident.postmortem import Postmortem, postmortem
from bot.incident.review_sections import TITLES, ReviewSection
from bot.incident.terms import IncidentId
from bot.playbook.library import load
from bot.playbook.problems import LibraryProblems, Problem
from bot.playbook.templates import TemplateText, read_template
from bot.ports import Unavailable
from bot.settings import Settings
from bot.store.codec import Unreadable, decode_event
from bot.store.connection import WHAT
from bot.store.ledger import Ledger, StoredEntry
from bot.store.redis_people import RedisPeople
from bot.telemetry import configure_logs

_NUMBER: Final = re.compile(r"(?:INC-)?([1-9]\d{0,8})", re.IGNORECASE)
_OWNER_ONLY: Final = 0o600


class NotWritten(Exception):  # noqa: N818 - a refusal, as said to the operator
    """No file was written; the sentence says why, and what to do."""


async def main(settings: Settings, number: str, folder: Path, team: str) -> int:
    """The exit code: 1 where nothing was written. Raises Unavailable and LibraryProblems."""
    configure_logs(level=settings.log_level, console=settings.console_logs(sys.stderr.isatty()))
    policy = (await asyncio.to_thread(load, settings.playbooks_dir)).policy
    template = await asyncio.to_thread(read_template, settings.playbooks_dir)
    try:
        incident = number_of(number)
        async with the_record(settings, team) as record:
            draft, named = await _drafted(settings, record, incident, policy)
        files = filled(draft, template, Wording(names=named.names, policy=policy, workspace=named.workspace))
        await asyncio.to_thread(write, folder, files, private=draft.heading.private)
    except NotWritten as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write(_told(draft, folder, files, named))
    return 0


def number_of(text: str) -> IncidentId:
    """42 or INC-42. Raises NotWritten."""
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise NotWritten(f"“{text}” is no incident's number: write 42 or INC-42.")
    return IncidentId(int(found[1]))


async def read_log(record: Record, incident: IncidentId) -> list[Event]:
    """Raises NotWritten where there is no such incident, and Unavailable where its log is damaged."""
    ledger = Ledger(record.client, record.keys)
    events: list[Event] = []
    try:
        async for entry in ledger.entries(incident):
            events.append(_decoded(entry, len(events) + 1))
    except Unreadable as error:
        raise Unavailable(WHAT, f"the log of INC-{incident} is damaged: {error}", retryable=False) from error
    if not events:
        last = await ledger.count()
        there = f"The last one is INC-{last}." if last else "There is none at all yet."
        raise NotWritten(f"There is no INC-{incident} in this store. {there}")
    return events


def _decoded(entry: StoredEntry, version: int) -> Event:
    """Raises Unreadable, also for an entry that is not the next one."""
    if entry.version != version:
        raise Unreadable(f"entry {version} is missing")
    return decode_event(entry.stored, entry.data)


def filled(draft: Postmortem, template: TemplateText, wording: Wording) -> Mapping[str, str]:
    """Raises LibraryProblems for a template that cannot be used."""
    try:
        return documents(draft, template.text, wording)
    except TemplateMistakes as found:
        raise LibraryProblems(
            [
                Problem(file=template.source, line=mistake.line, field="", sentence=mistake.sentence)
                for mistake in found.mistakes
            ]
        ) from None


def write(folder: Path, files: Mapping[str, str], *, private: bool) -> None:
    """All of them, in place of earlier ones; private ones for their owner's eyes alone. Raises NotWritten."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_edited(folder, files)
        for name, text in files.items():
            put(folder / name, as_bytes(text), private=private)
    except OSError as error:
        raise NotWritten(f"{folder} cannot be written to: {error.strerror}. Choose another with --to.") from None


async def _drafted(
    settings: Settings, record: Record, incident: IncidentId, policy: Policy
) -> tuple[Postmortem, Named]:
    draft = postmortem(await read_log(record, incident), policy)
    memory = RedisPeople(record.client, record.keys)
    named = await people_named(settings, record.keys.team, memory, named_in(draft))
    return draft, _with_reporter(named, draft)


def _with_reporter(named: Named, draft: Postmortem) -> Named:
    """The log keeps what the reporter was called; that is better than an id."""
    heading = draft.heading
    if heading.reporter in named.names.known or not heading.reporter_name:
        return named
    known = {**named.names.known, heading.reporter: heading.reporter_name}
    return Named(names=Names(known=known), workspace=named.workspace, asked=named.asked)


def _refuse_edited(folder: Path, files: Mapping[str, str]) -> None:
    """What is there must be what an earlier run wrote, as the JSON beside it knows, or what would be written now."""
    record = next(name for name in files if name.endswith(".json"))
    wrote = _digests(folder / record)
    for name, text in files.items():
        path = folder / name
        if name == record or not path.exists():
            continue
        there = path.read_bytes()
        if there != as_bytes(text) and digest(there.decode("utf-8", "replace")) != wrote.get(name):
            raise NotWritten(
                f"{path} was edited since Muster wrote it, so nothing was written. Choose another folder with --to."
            )


def _digests(path: Path) -> Mapping[str, Any]:
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    written = found.get("files") if isinstance(found, dict) else None
    return written if isinstance(written, dict) else {}


def put(path: Path, content: bytes, *, private: bool) -> None:
    """Whole or not at all: a process that dies leaves the earlier file."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=_OWNER_ONLY if private else 0o666)
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _told(draft: Postmortem, folder: Path, files: Mapping[str, str], named: Named) -> str:
    heading = draft.heading
    lines = [f"{heading.reference}: {', '.join(str(folder / name) for name in files)}"]
    if heading.private:
        lines.append("It is a private incident: the files say so, and only you may read them.")
    if heading.is_active:
        lines.append(f"The response goes on (it is {heading.status}): this is what is known so far.")
    if not named.asked:
        lines.append("Slack could not be asked for names, so some people go by their ids.")
    return "\n".join([*lines, *asked(draft)]) + "\n"


def asked(draft: Postmortem) -> list[str]:
    """What the gentle check asks: it changes neither the files nor how the command ends.

    Of a private incident no word goes to the terminal, where others may look on.
    """
    texts = {section: draft.section(section).text for section in ReviewSection}
    found = hints(texts, [factor.content for factor in draft.factors], draft.followups)
    empty = [TITLES[hint.section] for hint in found if hint.doubt is Doubt.EMPTY and hint.section]
    remarks = [told(hint) for hint in found if hint.doubt is not Doubt.EMPTY]
    lines = [f"Still empty: {', '.join(empty)}."] if empty else []
    if not remarks:
        return lines
    if draft.heading.private:
        return [*lines, f"Worth another look: {len(remarks)}. In its channel, /incident postmortem shows them."]
    return [*lines, "Worth another look:", *(f"  {remark}" for remark in remarks)]
