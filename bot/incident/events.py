"""What happened, in past participles. The names and fields are stored for ever: see bot/store/stored_names.py.

Every event carries when it was recorded (`at`, aware UTC) and who did it (`by`).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.incident.terms import (
    ChannelId,
    Checklist,
    EntryKind,
    File,
    IncidentId,
    MessageTs,
    Milestone,
    Role,
    Severity,
    Status,
    StepState,
    UserId,
    Version,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    at: datetime
    by: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentDeclared(Event):
    """`update_every` None: no reminders for this severity when it was declared.

    `drill`: it was declared for practice; no later event changes that. It is stored under a name of its own.
    `time_zone`: the reporter's, an IANA name.
    """

    incident: IncidentId
    title: str
    severity: Severity
    update_every: timedelta | None
    summary_every: timedelta | None = None
    service: str = ""
    impact: str = ""
    private: bool = False
    source: str = ""
    reporter_name: str = ""
    drill: bool = False
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityChanged(Event):
    before: Severity
    after: Severity
    update_every: timedelta | None
    summary_every: timedelta | None = None
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusChanged(Event):
    """Every change of status, resolve, cancel, close and reopen included; `note` is the why or summary."""

    before: Status
    after: Status
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleAssigned(Event):
    """`by_default`: nobody chose; the reporter leads until somebody else does. `time_zone`: the holder's."""

    role: Role
    holder: UserId
    before: UserId | None = None
    by_default: bool = False
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleReleased(Event):
    role: Role
    before: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneReached(Event):
    """`happened_at` is the time itself, `at` only when it was recorded. `told_by`: an alert that said so."""

    milestone: Milestone
    happened_at: datetime
    told_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MilestoneCorrected(Event):
    milestone: Milestone
    before: datetime | None
    happened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(Event):
    text: str
    happened_at: datetime
    kind: EntryKind = EntryKind.ENTRY


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePosted(Event):
    """`number` counts from 1. `next_at` None: no further update is promised."""

    number: int
    known: str
    impact: str = ""
    doing: str = ""
    next_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CadenceSet(Event):
    every: timedelta | None
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateReminded(Event):
    """The update due at `due_at` was asked for. `stage` 1: lead, 2: commander, 3: announcement channel.

    `number` counts the reminders of the incident from 1; one that climbs keeps its number. 0: not recorded yet.
    """

    due_at: datetime
    stage: int
    asked: UserId | None
    number: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSnoozed(Event):
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSkipped(Event):
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SummaryScheduled(Event):
    """Muster itself posts the state of the incident for stakeholders."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaybookAttached(Event):
    checklist: Checklist


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChanged(Event):
    playbook: str
    step: str
    title: str
    before: StepState
    after: StepState
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageFlagged(Event):
    channel: ChannelId
    ts: MessageTs
    emoji: str
    kind: EntryKind
    flagged_ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageUnflagged(Event):
    """May come before its flag: Slack's events are not ordered, and `flagged_ts` says which is newer."""

    ts: MessageTs
    emoji: str
    kind: EntryKind
    flagged_ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageRead(Event):
    """The text behind a flag. `from_muster`: the bot's own post, so no entry after all."""

    ts: MessageTs
    author: UserId
    text: str
    files: tuple[File, ...] = ()
    permalink: str = ""
    from_muster: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageEdited(Event):
    ts: MessageTs
    text: str
    edited_ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDeleted(Event):
    ts: MessageTs


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelOpened(Event):
    channel: ChannelId
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPosted(Event):
    card: str
    channel: ChannelId
    ts: MessageTs
    rendered: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderJoined(Event):
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponderLeft(Event):
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequested(Event):
    """Somebody asked to be let in; the invitation is the consequence."""

    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class PostMissed(Event):
    """This post of a series (overtaking.Place) was overtaken by a newer one before it could be made."""

    series: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRetried(Event):
    """What had failed for good is to be tried again ('channel')."""

    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFailed(Event):
    """An optional step of Muster's own work failed for good ('topic', 'bookmark', 'invite')."""

    step: str
    reason: str
