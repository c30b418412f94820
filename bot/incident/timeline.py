"""The timeline: what happened, in the order in which it happened, read from the log.

Data only: texts stay as people wrote them, and whoever renders an entry escapes them. Muster's own bookkeeping
(cards posted, people joined) is no entry.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import chain
from typing import Final

from bot.incident import events as happened
from bot.incident.closing_events import (
    ClosingAsked,
    ClosingPutOff,
    GateOverridden,
    NoWorkaroundsStated,
    RestorationVerified,
    ReviewRecorded,
    WorkaroundAdded,
    WorkaroundChased,
    WorkaroundExtended,
    WorkaroundRemoved,
)
from bot.incident.events import Event
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.terms import EntryKind, File, MessageTs, Milestone, UserId


class EntryLabel(StrEnum):
    """What an entry tells of."""

    DECLARED = "declared"
    MILESTONE = "milestone"
    ROLE = "role"
    SEVERITY = "severity"
    STATUS = "status"
    NOTE = "note"
    UPDATE = "status update"
    CADENCE = "cadence"
    REMINDER = "reminder"
    SNOOZE = "snooze"
    SKIP = "skip"
    PLAYBOOK = "playbook"
    STEP = "step"
    MESSAGE = "message"
    VERIFIED = "verified"
    WORKAROUND = "workaround"
    WORKAROUND_EXTENDED = "workaround extended"
    WORKAROUND_REMOVED = "workaround removed"
    WORKAROUND_CHASED = "workaround chased"
    NO_WORKAROUNDS = "no workarounds"
    REVIEW = "review"
    OVERRIDDEN = "closed without"
    CLOSING_ASKED = "asked to close"
    CLOSING_PUT_OFF = "closing put off"
    FOLLOWUP = "follow-up"
    FOLLOWUP_CHANGED = "follow-up changed"
    FOLLOWUP_MOVED = "follow-up moved"


OF_CLOSING: Final = frozenset(
    {
        EntryLabel.VERIFIED,
        EntryLabel.WORKAROUND,
        EntryLabel.WORKAROUND_EXTENDED,
        EntryLabel.WORKAROUND_REMOVED,
        EntryLabel.WORKAROUND_CHASED,
        EntryLabel.NO_WORKAROUNDS,
        EntryLabel.REVIEW,
        EntryLabel.OVERRIDDEN,
        EntryLabel.CLOSING_ASKED,
        EntryLabel.CLOSING_PUT_OFF,
    }
)
"""Of workarounds, and of what is done and asked before it is closed; `after` of these is somebody, or empty."""

NAMING_PEOPLE: Final = OF_CLOSING | {EntryLabel.ROLE, EntryLabel.FOLLOWUP, EntryLabel.FOLLOWUP_CHANGED}
"""Labels whose `before` and `after` are people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """Who moved a milestone, when, and where it stood before (None: it was not known)."""

    by: UserId
    at: datetime
    before: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry. `at`: when it happened; `recorded_at`: when the log learnt of it. Texts are foreign, unescaped.

    `subject` names what it is about (a milestone, a role's key, a step's or playbook's title, the incident's title);
    `before`, `after`: the values that changed, people as user ids; `day`: the last one on which a workaround may stay,
    or that of the review. `text` is a note's, update's or message's own; of a
    message it is in Slack's form (with <tokens>), as are `earlier`, its versions before edits, oldest first.
    `kinds` are those of a note or flagged message; `by` is a message's author, `flagged_by` who put it here.
    """

    at: datetime
    recorded_at: datetime
    label: EntryLabel
    by: UserId
    subject: str = ""
    before: str = ""
    after: str = ""
    text: str = ""
    impact: str = ""
    doing: str = ""
    number: int = 0
    until: datetime | None = None
    day: date | None = None
    every: timedelta | None = None
    by_default: bool = False
    corrections: tuple[Correction, ...] = ()
    kinds: tuple[EntryKind, ...] = ()
    read: bool = True
    files: tuple[File, ...] = ()
    link: str = ""
    flagged_by: tuple[UserId, ...] = ()
    earlier: tuple[str, ...] = ()
    deleted: bool = False
    retracted_by: UserId | None = None
    retracted_at: datetime | None = None
    drill: bool = False

    @property
    def retracted(self) -> bool:
        return self.retracted_at is not None


TOLD_BY_OTHERS: Final = frozenset({Milestone.DECLARED, Milestone.MITIGATED, Milestone.RESOLVED})
"""Milestones whose moment has an entry of its own (declared, status); they appear only once corrected."""


def entries(events: Iterable[Event]) -> tuple[Entry, ...]:
    """Every entry, retracted ones included, ordered by when things happened, then by when they were recorded."""
    log = tuple(events)
    told = chain.from_iterable((_milestones(log), _messages(log), (entry for e in log if (entry := _told(e)))))
    return tuple(sorted(told, key=lambda entry: (entry.at, entry.recorded_at)))


def visible(all_entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Without what was retracted."""
    return tuple(entry for entry in all_entries if not entry.retracted)


def _told(event: Event) -> Entry | None:
    return (
        _of_incident(event)
        or _of_communication(event)
        or _of_playbook(event)
        or _of_followup(event)
        or _of_closing(event)
    )


def _entry(event: Event, label: EntryLabel) -> Entry:
    return Entry(at=event.at, recorded_at=event.at, label=label, by=event.by)


def _of_incident(event: Event) -> Entry | None:
    match event:
        case happened.IncidentDeclared():
            entry = _entry(event, EntryLabel.DECLARED)
            entry = replace(entry, subject=event.title, after=event.severity, link=event.source)
            return replace(entry, number=event.incident, drill=event.drill)
        case happened.SeverityChanged():
            entry = _entry(event, EntryLabel.SEVERITY)
            return replace(entry, before=event.before, after=event.after, text=event.why)
        case happened.StatusChanged():
            entry = _entry(event, EntryLabel.STATUS)
            return replace(entry, before=event.before, after=event.after, text=event.note)
        case happened.RoleAssigned():
            entry = replace(_entry(event, EntryLabel.ROLE), subject=event.role, by_default=event.by_default)
            return replace(entry, before=event.before or "", after=event.holder)
        case happened.RoleReleased():
            return replace(_entry(event, EntryLabel.ROLE), subject=event.role, before=event.before)
        case happened.NoteAdded():
            entry = replace(_entry(event, EntryLabel.NOTE), at=event.happened_at)
            return replace(entry, text=event.text, kinds=(event.kind,))
    return None


def _of_communication(event: Event) -> Entry | None:
    match event:
        case happened.UpdatePosted():
            entry = replace(_entry(event, EntryLabel.UPDATE), number=event.number, text=event.known)
            return replace(entry, impact=event.impact, doing=event.doing, until=event.next_at)
        case happened.CadenceSet():
            return replace(_entry(event, EntryLabel.CADENCE), every=event.every, until=event.next_at)
        case happened.UpdateReminded():
            entry = replace(_entry(event, EntryLabel.REMINDER), number=event.stage, after=event.asked or "")
            return replace(entry, until=event.due_at)
        case happened.UpdateSnoozed():
            return replace(_entry(event, EntryLabel.SNOOZE), until=event.until)
        case happened.UpdateSkipped():
            return replace(_entry(event, EntryLabel.SKIP), until=event.next_at)
    return None


def _of_playbook(event: Event) -> Entry | None:
    match event:
        case happened.PlaybookAttached():
            checklist = event.checklist
            return replace(_entry(event, EntryLabel.PLAYBOOK), subject=checklist.title, text=checklist.why)
        case happened.StepChanged():
            entry = replace(_entry(event, EntryLabel.STEP), subject=event.title, text=event.note)
            return replace(entry, before=event.before, after=event.after)
    return None


def _of_closing(event: Event) -> Entry | None:
    match event:
        case RestorationVerified():
            return replace(_entry(event, EntryLabel.VERIFIED), text=event.evidence)
        case NoWorkaroundsStated():
            return _entry(event, EntryLabel.NO_WORKAROUNDS)
        case ReviewRecorded():
            review = event.review
            entry = replace(_entry(event, EntryLabel.REVIEW), subject=review.state, text=review.why, until=event.due_at)
            return replace(entry, day=review.on, after=review.facilitator or "")
        case GateOverridden():
            entry = _entry(event, EntryLabel.OVERRIDDEN)
            return replace(entry, subject=", ".join(event.missing), text=event.why)
        case ClosingAsked():
            return replace(_entry(event, EntryLabel.CLOSING_ASKED), after=event.asked)
        case ClosingPutOff():
            return _entry(event, EntryLabel.CLOSING_PUT_OFF)
    return _of_workaround(event)


def _of_workaround(event: Event) -> Entry | None:
    match event:
        case WorkaroundAdded():
            entry = replace(_entry(event, EntryLabel.WORKAROUND), number=event.number, subject=event.what)
            return replace(entry, after=event.owner, day=event.expires_on)
        case WorkaroundExtended():
            entry = replace(_entry(event, EntryLabel.WORKAROUND_EXTENDED), number=event.number, subject=event.what)
            return replace(entry, day=event.expires_on)
        case WorkaroundRemoved():
            entry = replace(_entry(event, EntryLabel.WORKAROUND_REMOVED), number=event.number, subject=event.what)
            return replace(entry, text=event.note)
        case WorkaroundChased():
            entry = replace(_entry(event, EntryLabel.WORKAROUND_CHASED), number=event.number, after=event.asked)
            return replace(entry, day=event.expires_on)
    return None


def _of_followup(event: Event) -> Entry | None:
    """`before` and `after` of one that changed: its owners, where it was given to somebody else."""
    match event:
        case FollowupAdded():
            entry = replace(_entry(event, EntryLabel.FOLLOWUP), number=event.number, subject=event.content.what)
            return replace(entry, after=event.content.owner or "", link=event.link)
        case FollowupChanged():
            entry = replace(_entry(event, EntryLabel.FOLLOWUP_CHANGED), number=event.number, subject=event.after.what)
            if event.before.owner == event.after.owner:
                return entry
            return replace(entry, before=event.before.owner or "", after=event.after.owner or "")
        case FollowupMoved():
            entry = replace(_entry(event, EntryLabel.FOLLOWUP_MOVED), number=event.number, text=event.note)
            return replace(entry, before=event.before, after=event.after)
    return None


def _milestones(log: Sequence[Event]) -> tuple[Entry, ...]:
    """One entry a milestone, where it stands now, with every correction that led there."""
    found: dict[Milestone, Entry] = {}
    for event in log:
        if isinstance(event, happened.MilestoneReached) and event.milestone not in TOLD_BY_OTHERS:
            found.setdefault(event.milestone, _milestone(event))
        elif isinstance(event, happened.MilestoneCorrected):
            entry = found.get(event.milestone) or _milestone(event)
            moved = Correction(by=event.by, at=event.at, before=event.before)
            corrected = replace(entry, at=event.happened_at, corrections=(*entry.corrections, moved))
            found[event.milestone] = corrected
    return tuple(found.values())


def _milestone(event: happened.MilestoneReached | happened.MilestoneCorrected) -> Entry:
    entry = _entry(event, EntryLabel.MILESTONE)
    return replace(entry, at=event.happened_at, subject=event.milestone)


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


def _messages(log: Sequence[Event]) -> tuple[Entry, ...]:
    """One entry a flagged message, however often it was flagged, at the message's own time."""
    found: dict[MessageTs, _Flagged] = {}
    for event in log:
        match event:
            case happened.MessageFlagged() | happened.MessageUnflagged():
                found.setdefault(event.ts, _Flagged(_message(event))).hear(event)
            case happened.MessageRead() if event.ts in found:
                found[event.ts].read(event)
            case happened.MessageEdited() if event.ts in found:
                found[event.ts].edit(event)
            case happened.MessageDeleted() if event.ts in found:
                found[event.ts].entry = replace(found[event.ts].entry, deleted=True)
    return tuple(flagged.entry for flagged in found.values() if flagged.entry.kinds and not flagged.from_muster)


def _message(event: happened.MessageFlagged | happened.MessageUnflagged) -> Entry:
    entry = replace(_entry(event, EntryLabel.MESSAGE), read=False)
    return replace(entry, at=message_time(event.ts))


def message_time(ts: MessageTs) -> datetime:
    """When a message was written, from its id: seconds and microseconds since 1970."""
    seconds, _, fraction = ts.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC) + timedelta(microseconds=int(fraction[:6].ljust(6, "0")))
