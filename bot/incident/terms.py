"""The words of incident management: ids, severities, statuses, roles, people, steps.

Pure vocabulary: everything may import this, and it imports nothing of Muster.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, NewType

IncidentId = NewType("IncidentId", int)
"""The number in INC-42; given once, in order, never reused."""
NO_INCIDENT: Final = IncidentId(0)
"""In the place of an incident, for what is about none."""
Version = NewType("Version", int)
"""How many events an incident's log holds; 0 is an incident that does not exist."""
RequestId = NewType("RequestId", str)
"""Names one request of the world, so that its repetition is recognised."""
UserId = NewType("UserId", str)
GroupId = NewType("GroupId", str)
"""Slack's id of a user group ('S0123')."""
ChannelId = NewType("ChannelId", str)
MessageTs = NewType("MessageTs", str)
"""Slack's id of a message within a channel, which is also its time: '1355517523.000005'."""
FileId = NewType("FileId", str)
"""Slack's id of a file that was uploaded."""
Role = NewType("Role", str)
"""A role's key in policy.yaml, such as 'incident_commander'."""
TimerName = NewType("TimerName", str)

INCIDENT_COMMANDER: Final = Role("incident_commander")
COMMUNICATIONS_LEAD: Final = Role("communications_lead")
OPERATIONS_LEAD: Final = Role("operations_lead")
SCRIBE: Final = Role("scribe")

OPENING: Final = "channel"
INCIDENT_CHANNEL: Final = "incident channel"
ANNOUNCING: Final = "announcement"
DRAFT: Final = "draft"
CANVAS: Final = "canvas"
INVITATION: Final = "invitation"
"""Steps of Muster's own work that Slack may refuse: opening the channel; all that happens in it; announcing; putting
the draft of the postmortem into the channel, as files and as its canvas; bringing somebody the invitation to its
review."""

DRILL: Final = "DRILL"
"""The word that marks whatever names a drill: made into names by `reference`, into messages by slack/blocks/phrases."""

MUSTER: Final = UserId("muster")
"""Stands as the author of what Muster did itself, such as a reminder."""


def reference(incident: IncidentId, *, drill: bool = False) -> str:
    """How an incident is called: 'INC-42', and 'DRILL INC-42' where it is one."""
    return f"{DRILL} INC-{incident}" if drill else f"INC-{incident}"


class Severity(StrEnum):
    """SEV1 is the worst. Which of them an organisation uses, and when, is in its policy."""

    SEV1 = "SEV1"
    SEV2 = "SEV2"
    SEV3 = "SEV3"
    SEV4 = "SEV4"
    SEV5 = "SEV5"


class Status(StrEnum):
    TRIAGE = "triage"
    INVESTIGATING = "investigating"
    IDENTIFIED = "identified"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class EntryKind(StrEnum):
    """What a timeline entry is; the emoji of each is in the policy. An action item is one during the response, what
    is marked so after it is a follow-up."""

    ENTRY = "entry"
    DECISION = "decision"
    HYPOTHESIS = "hypothesis"
    RULED_OUT = "hypothesis ruled out"
    EVIDENCE = "evidence"
    CUSTOMER_IMPACT = "customer impact"
    ACTION_ITEM = "action item"
    FOLLOWUP = "follow-up"


class Milestone(StrEnum):
    """The moments that metrics are measured between; each can be corrected later."""

    IMPACT_STARTED = "impact started"
    DETECTED = "detected"
    DECLARED = "declared"
    ACKNOWLEDGED = "acknowledged"
    MITIGATED = "mitigated"
    RESOLVED = "resolved"


class StepState(StrEnum):
    OPEN = "open"
    STARTED = "started"
    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"


class Standing(StrEnum):
    """What somebody is in this workspace, as Slack says it."""

    MEMBER = "full member"
    GUEST = "guest"
    FOREIGN = "person of another organisation"
    BOT = "bot"
    GONE = "deactivated account"
    MUSTER = "Muster itself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who does or receives something, as known when they act.

    `speaks_in`: a channel of which Slack itself has just shown that they are a member (a slash command was
    typed there), else None. `time_zone`: an IANA name. `admin`: an admin or owner of the workspace.
    """

    id: UserId
    standing: Standing = Standing.MEMBER
    name: str = ""
    time_zone: str = "UTC"
    speaks_in: ChannelId | None = None
    admin: bool = False


MUSTER_ITSELF: Final = Person(id=MUSTER, standing=Standing.MUSTER, name="Muster")


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file on a flagged message: its name, where it can be read, and Slack's id; Muster does not read it."""

    name: str
    link: str = ""
    id: FileId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a playbook, as it stood when the playbook was attached.

    `id` is stable within its playbook ('3' or an explicit slug). `commands` holds code blocks as written. `mitigates`:
    it may stop the harm before the cause is known, so it is among the first things to suggest.
    """

    id: str
    title: str
    section: str = ""
    detail: str = ""
    role: Role | None = None
    expected: timedelta | None = None
    commands: tuple[str, ...] = ()
    verify: str = ""
    rollback: str = ""
    mitigates: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Checklist:
    """The snapshot of a playbook that an incident keeps: a later edit of the file does not rewrite history."""

    playbook: str
    title: str
    steps: tuple[Step, ...]
    summary: str = ""
    revision: str = ""
    why: str = ""


class Rejected(Exception):  # noqa: N818 - it is a decision, not an error: its sentence is shown to the person
    """A rule says no. `sentence` is shown to the person as it stands, `verb` is the one that would work.

    `field` names the input at fault where there is one (a modal shows the sentence beside it). The sentence is
    plain text and is escaped where it is shown; `{who}` in it stands for a mention of `who`. `beside`: where more than
    one input is at fault, what a modal shows beside each of them instead.
    """

    def __init__(
        self,
        sentence: str,
        *,
        verb: str = "",
        field: str = "",
        who: UserId | None = None,
        beside: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.verb = verb
        self.field = field
        self.who = who
        self.beside = beside or {}


class NotAMember(Rejected):
    """The person is not known to be in the incident's channel; the edge may ask Slack once and try again."""
