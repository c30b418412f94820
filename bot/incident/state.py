"""What an incident is at one moment. Values only: evolve.py makes them from events, and nothing else does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.incident.alert_board import NEVER, AlertBoard
from bot.incident.closure import Closure
from bot.incident.factor import Factor
from bot.incident.feedback import Feedback
from bot.incident.followup import Followup
from bot.incident.lifecycle import ACTIVE, UNFINISHED
from bot.incident.review import ReviewCourse
from bot.incident.review_sections import ReviewSection
from bot.incident.terms import (
    INCIDENT_CHANNEL,
    INCIDENT_COMMANDER,
    ChannelId,
    Checklist,
    EntryKind,
    File,
    FileId,
    IncidentId,
    MessageTs,
    Milestone,
    Role,
    Severity,
    Status,
    StepState,
    UserId,
    Version,
    reference,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who holds a role, since when, and whether only by default. `time_zone`: theirs when they took it."""

    holder: UserId
    since: datetime
    by_default: bool = False
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """The last status update."""

    number: int
    known: str
    at: datetime
    by: UserId
    impact: str = ""
    doing: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """When the next update is due, and how far its reminder has climbed.

    `since`: the last update, else the declaration: what `every` is counted from. `set_by_hand`: the cadence no
    longer follows the severity. `due_at` None: nothing is due (no cadence, or the response has ended).
    `reminders` counts the reminders begun, each a card of its own; `stage` 0: nothing is asked at present, 1-3: how
    far the present one has climbed, reached at `asked_at`; `round_began_with` is the first reminder of those that
    nobody has answered since. `snoozed_until` holds the reminder back; the promise to
    the channel stays `due_at`.
    """

    since: datetime
    every: timedelta | None = None
    set_by_hand: bool = False
    due_at: datetime | None = None
    snoozed_until: datetime | None = None
    reminders: int = 0
    round_began_with: int = 0
    stage: int = 0
    asked_at: datetime | None = None
    asked: UserId | None = None
    summary_every: timedelta | None = None
    last_summary_at: datetime | None = None
    summaries: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Posts of a series that were never made: `count` of them in a row, the last with this number."""

    number: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedCard:
    """Where a card stands, and by which version of the incident that is known."""

    channel: ChannelId
    ts: MessageTs
    version: Version = NEVER


@dataclass(frozen=True, slots=True, kw_only=True)
class StepProgress:
    state: StepState = StepState.OPEN
    by: UserId | None = None
    at: datetime | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedPlaybook:
    """A checklist and how far each of its steps is, by step id."""

    checklist: Checklist
    progress: Mapping[str, StepProgress] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One person's emoji on a message: the newest word on it, on or off."""

    on: bool
    flagged_ts: str
    kind: EntryKind


@dataclass(frozen=True, slots=True, kw_only=True)
class FlaggedMessage:
    """A message that stands in the timeline while any flag is on. `flags` by (user, emoji)."""

    ts: MessageTs
    channel: ChannelId
    flags: Mapping[tuple[UserId, str], Flag] = field(default_factory=dict)
    author: UserId | None = None
    text: str | None = None
    files: tuple[File, ...] = ()
    permalink: str = ""
    edited_ts: str = ""
    deleted: bool = False
    from_muster: bool = False

    @property
    def stands(self) -> bool:
        return not self.from_muster and any(flag.on for flag in self.flags.values())

    @property
    def kinds(self) -> tuple[EntryKind, ...]:
        """The kinds under which it stands, in the order in which they were given, each once."""
        return tuple(dict.fromkeys(flag.kind for flag in self.flags.values() if flag.on))


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenSection:
    """The newest version of a section of the postmortem. `number` 0: nobody has written it yet."""

    number: int = 0
    text: str = ""
    by: UserId | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PostedDraft:
    """A draft of the postmortem that stands in the channel, as a file or as its canvas."""

    file: FileId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """The state of one incident. `content`: the version of the last event that people can see on a card.

    `failed_steps`: what Slack refuses, until it is seen to work again; `refusals`: the same with the reasons.
    `missed`: posts that were never made, by series. `resolutions`: how often it was resolved. `reporter_zone`: the
    reporter's time zone when they declared it. `outcome`: what was said when the response ended, while it is over.
    `drafts`: those of the postmortem that stand in the channel, oldest first, by the version they were asked for at.
    `invitations`: the files for calendars that stand there, by the number and sequence of the review's meeting.
    `canvas`: the channel's, where Muster wrote it. `told_by`: of a milestone, the alert that said when it was.
    `commanded_at`: when somebody first had command.
    """

    id: IncidentId
    version: Version
    content: Version
    title: str
    severity: Severity
    status: Status
    reporter: UserId
    reporter_name: str
    declared_at: datetime
    private: bool
    service: str
    impact: str
    source: str
    milestones: Mapping[Milestone, datetime]
    clock: Clock
    channel: ChannelId | None = None
    channel_name: str = ""
    roles: Mapping[Role, Assignment] = field(default_factory=dict)
    commanded_at: datetime | None = None
    members: frozenset[UserId] = frozenset()
    update: Update | None = None
    last_status_note: str = ""
    ended_at: datetime | None = None
    playbooks: Mapping[str, AttachedPlaybook] = field(default_factory=dict)
    flagged: Mapping[MessageTs, FlaggedMessage] = field(default_factory=dict)
    cards: Mapping[str, PostedCard] = field(default_factory=dict)
    failed_steps: frozenset[str] = frozenset()
    refusals: frozenset[tuple[str, str]] = frozenset()
    missed: Mapping[str, Missed] = field(default_factory=dict)
    drill: bool = False
    resolutions: int = 0
    reporter_zone: str = "UTC"
    outcome: str = ""
    closure: Closure = field(default_factory=Closure)
    review: ReviewCourse = field(default_factory=ReviewCourse)
    followups: Mapping[int, Followup] = field(default_factory=dict)
    factors: Mapping[int, Factor] = field(default_factory=dict)
    sections: Mapping[ReviewSection, WrittenSection] = field(default_factory=dict)
    drafts: Mapping[Version, PostedDraft] = field(default_factory=dict)
    alerts: AlertBoard = field(default_factory=AlertBoard)
    invitations: Mapping[tuple[int, int], FileId] = field(default_factory=dict)
    feedback: Feedback = field(default_factory=Feedback)
    canvas: PostedDraft | None = None
    told_by: Mapping[Milestone, str] = field(default_factory=dict)

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE

    @property
    def drawn(self) -> Version:
        """Of the last change that the summary shows."""
        return max(self.content, self.alerts.shown)

    @property
    def last_word(self) -> str:
        """What was said last of its status; closing without a word takes back nothing of the outcome."""
        return self.last_status_note or self.outcome

    @property
    def is_unfinished(self) -> bool:
        return self.status in UNFINISHED

    @property
    def reference(self) -> str:
        return reference(self.id, drill=self.drill)

    @property
    def updates(self) -> int:
        return self.update.number if self.update else 0

    @property
    def channel_is_lost(self) -> bool:
        """Slack refuses what is meant for the channel: it is archived, or Muster is not in it."""
        return INCIDENT_CHANNEL in self.failed_steps

    @property
    def standing_factors(self) -> tuple[Factor, ...]:
        """Those that nobody removed, in the order in which they were seen."""
        return tuple(each for each in self.factors.values() if each.stands)

    def section(self, section: ReviewSection) -> WrittenSection:
        return self.sections.get(section, WrittenSection())

    def holder(self, role: Role) -> UserId | None:
        held = self.roles.get(role)
        return held.holder if held else None

    @property
    def commander(self) -> UserId | None:
        return self.holder(INCIDENT_COMMANDER)

    def roles_of(self, user: UserId) -> tuple[Role, ...]:
        return tuple(role for role, held in self.roles.items() if held.holder == user)
