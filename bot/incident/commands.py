"""What people, emoji, timers and effects ask for: imperative, with who asks.

A command is a wish. Whether it happens, and as which events, is decided in decide.py alone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.incident.alert import AlertOpening
from bot.incident.proposal import ProposalChange
from bot.incident.terms import (
    ChannelId,
    Checklist,
    EntryKind,
    File,
    MessageTs,
    Milestone,
    Person,
    Role,
    Severity,
    Status,
    StepState,
    TimerName,
    UserId,
    Version,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """`by` is who asks. For what Slack or a timer reports, it is MUSTER_ITSELF."""

    by: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareIncident(Command):
    """`severity` None: the policy's default. `answer_url`: the response_url that waits for an answer.

    `source`: permalink of the message it was declared from. `commander` None: as policy says.
    `drill`: for practice; it is one for as long as it lasts. `opening`: the alerts that ask for it. `answers`: the
    proposal that waits no more by it; as it stands then, but for the incident's number.
    """

    title: str
    severity: Severity | None = None
    service: str = ""
    impact: str = ""
    impact_started_at: datetime | None = None
    private: bool = False
    commander: Person | None = None
    source: str = ""
    checklist: Checklist | None = None
    answer_url: str = ""
    drill: bool = False
    opening: AlertOpening | None = None
    answers: ProposalChange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSeverity(Command):
    severity: Severity
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStatus(Command):
    """Any status but resolved, closed and cancelled, which have commands of their own."""

    status: Status
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveIncident(Command):
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelIncident(Command):
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenIncident(Command):
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge(Command):
    """Somebody says that the incident is being worked on, without taking command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AssignRole(Command):
    """Hands the role to `holder`, whoever had it."""

    role: Role
    holder: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRole(Command):
    """Takes a role for oneself, if nobody holds it other than by default."""

    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseRole(Command):
    """Gives up one's role; None: the only one that one holds."""

    role: Role | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddNote(Command):
    """`happened_at` None: now."""

    text: str
    happened_at: datetime | None = None
    kind: EntryKind = EntryKind.ENTRY


@dataclass(frozen=True, slots=True, kw_only=True)
class PostUpdate(Command):
    """A status update. `known` is what we know; `impact`, `doing` may be empty.

    `next_in` None: by the incident's cadence.
    """

    known: str
    impact: str = ""
    doing: str = ""
    next_in: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCadence(Command):
    """How often an update is due in this incident; None: no reminders."""

    every: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SnoozeUpdate(Command):
    """`span` None: as policy says. `due_at`: the reminder that was answered; None: whichever is due."""

    span: timedelta | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SkipUpdate(Command):
    """`due_at`: the reminder that was answered; None: whichever is due."""

    due_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectMilestone(Command):
    milestone: Milestone
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachPlaybook(Command):
    checklist: Checklist


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeStep(Command):
    """`seen`: the state that the button showed, so that a stale one changes nothing; None: whatever it is."""

    playbook: str
    step: str
    state: StepState
    seen: StepState | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinIncident(Command):
    """Asks to be invited to the incident's channel; of a private one only who may see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryChannel(Command):
    """The channel that could not be opened is to be tried again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagMessage(Command):
    """An emoji was put on a message in the incident's channel.

    `author` is the message's author where the event named one. `flagged_ts` is the event's own time and
    decides between additions and removals that arrive in the wrong order.
    """

    channel: ChannelId
    ts: MessageTs
    emoji: str
    flagged_ts: str
    author: UserId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnflagMessage(Command):
    channel: ChannelId
    ts: MessageTs
    emoji: str
    flagged_ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AddMessageToTimeline(Command):
    """The message shortcut: as a flag, but the message came along."""

    channel: ChannelId
    ts: MessageTs
    author: UserId
    text: str
    files: tuple[File, ...] = ()
    permalink: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMessageText(Command):
    """What was read behind a flag. `from_muster`: the message is the bot's own and is no entry."""

    ts: MessageTs
    author: UserId
    text: str
    files: tuple[File, ...] = ()
    permalink: str = ""
    from_muster: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMessageEdit(Command):
    ts: MessageTs
    text: str
    edited_ts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMessageDeletion(Command):
    ts: MessageTs


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordChannel(Command):
    """The incident's channel exists."""

    channel: ChannelId
    name: str
    answer_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMessage(Command):
    """A card was posted. `card` as in effects.PostCard; `rendered`: the version that it shows."""

    card: str
    channel: ChannelId
    ts: MessageTs
    rendered: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordJoined(Command):
    """Slack says that these people are in the incident's channel now."""

    users: tuple[UserId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordLeft(Command):
    user: UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFailure(Command):
    """An optional step could not be done; the commander is told once. `step` names it ('topic')."""

    step: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordMissed(Command):
    """A post was overtaken by a newer one of its series before it could be made."""

    series: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FireTimer(Command):
    """A timer is due. What is then done depends on the state of that moment, not on the timer."""

    name: TimerName
    due_at: datetime
