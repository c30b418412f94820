"""Flagged messages as entries of the timeline: one a message, however often it was flagged, edited and unflagged."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from bot.incident import events as happened
from bot.incident.entry import Entry, EntryLabel, entry_of
from bot.incident.events import Event
from bot.incident.terms import EntryKind, MessageTs, UserId, Version


@dataclass(slots=True)
class _Flagged:
    """One message as it gathers while the log is read; never leaves this module."""

    entry: Entry
    newest: dict[tuple[UserId, str], tuple[str, EntryKind | None]] = field(default_factory=dict)
    from_muster: bool = False

    def hear(self, event: happened.MessageFlagged | happened.MessageUnflagged) -> None:
        """The newest word of one person about one emoji counts, in whatever order the words arrive."""
        who = (event.by, event.emoji)
        kind = event.kind if isinstance(event, happened.MessageFlagged) else None
        if who not in self.newest or self.newest[who][0] <= event.flagged_ts:
            self.newest[who] = (event.flagged_ts, kind)
            self._settle(event)

    def _settle(self, event: Event) -> None:
        standing = {who: kind for (who, _), (_, kind) in self.newest.items() if kind}
        kinds = tuple(dict.fromkeys(kind for _, kind in self.newest.values() if kind))
        if kinds:
            self.entry = replace(self.entry, kinds=kinds, flagged_by=tuple(standing))
            self.entry = replace(self.entry, retracted_by=None, retracted_at=None)
        else:
            self.entry = replace(self.entry, retracted_by=event.by, retracted_at=event.at)

    def read(self, event: happened.MessageRead) -> None:
        self.from_muster = event.from_muster
        text = self.entry.text if self.entry.earlier else event.text
        read = replace(self.entry, by=event.author, text=text, files=event.files, link=event.permalink, read=True)
        self.entry = read

    def edit(self, event: happened.MessageEdited) -> None:
        earlier = (*self.entry.earlier, self.entry.text) if self.entry.read else self.entry.earlier
        self.entry = replace(self.entry, text=event.text, earlier=earlier, read=True)


def messages(log: Sequence[Event]) -> tuple[Entry, ...]:
    """One entry a flagged message, however often it was flagged, at the message's own time."""
    found: dict[MessageTs, _Flagged] = {}
    for version, event in enumerate(log, 1):
        match event:
            case happened.MessageFlagged() | happened.MessageUnflagged():
                found.setdefault(event.ts, _Flagged(_message(event, version))).hear(event)
            case happened.MessageRead() if event.ts in found:
                found[event.ts].read(event)
            case happened.MessageEdited() if event.ts in found:
                found[event.ts].edit(event)
            case happened.MessageDeleted() if event.ts in found:
                found[event.ts].entry = replace(found[event.ts].entry, deleted=True)
    return tuple(flagged.entry for flagged in found.values() if flagged.entry.kinds and not flagged.from_muster)


def _message(event: happened.MessageFlagged | happened.MessageUnflagged, version: int) -> Entry:
    entry = replace(entry_of(event, EntryLabel.MESSAGE), read=False, version=Version(version))
    return replace(entry, at=message_time(event.ts))


def message_time(ts: MessageTs) -> datetime:
    """When a message was written, from its id: seconds and microseconds since 1970."""
    seconds, _, fraction = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(fraction[:6].ljust(6, "0")))
