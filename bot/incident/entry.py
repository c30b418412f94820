"""What an entry of the timeline is. Data only: texts stay as people wrote them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.incident.events import Event
from bot.incident.terms import EntryKind, File, UserId, Version


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
    REVIEW_BOOKED = "review booked"
    REVIEW_MOVED = "review moved"
    REVIEW_CHANGED = "review changed"
    REVIEW_CANCELLED = "review cancelled"
    REVIEW_ASKED = "asked after the review"
    FOLLOWUP = "follow-up"
    FOLLOWUP_CHANGED = "follow-up changed"
    FOLLOWUP_MOVED = "follow-up moved"
    ALERTS = "alerts"
    RECOVERY_ASKED = "asked whether mitigated"
    RECOVERY_PUT_OFF = "not mitigated yet"
    FACTOR = "contributing factor"
    FACTOR_CHANGED = "contributing factor changed"
    FACTOR_REMOVED = "contributing factor removed"
    RISK_ACCEPTED = "risk accepted"
    RISK_REOPENED = "risk accepted no longer"
    RISK_ASKED_ABOUT = "risk asked about"


OF_CLOSING: Final = frozenset(
    {
        EntryLabel.VERIFIED,
        EntryLabel.WORKAROUND,
        EntryLabel.WORKAROUND_EXTENDED,
        EntryLabel.WORKAROUND_REMOVED,
        EntryLabel.WORKAROUND_CHASED,
        EntryLabel.NO_WORKAROUNDS,
        EntryLabel.OVERRIDDEN,
        EntryLabel.CLOSING_ASKED,
        EntryLabel.CLOSING_PUT_OFF,
    }
)
"""Of workarounds, and of what is done and asked before it is closed; `after` of these is somebody, or empty."""
OF_FACTORS: Final = frozenset(
    {
        EntryLabel.FACTOR,
        EntryLabel.FACTOR_CHANGED,
        EntryLabel.FACTOR_REMOVED,
        EntryLabel.RISK_ACCEPTED,
        EntryLabel.RISK_REOPENED,
        EntryLabel.RISK_ASKED_ABOUT,
    }
)
"""`subject` of these is what the factor says, `after` its class in words, or who was asked about its risk."""

OF_REVIEW: Final = frozenset(
    {
        EntryLabel.REVIEW,
        EntryLabel.REVIEW_BOOKED,
        EntryLabel.REVIEW_MOVED,
        EntryLabel.REVIEW_CHANGED,
        EntryLabel.REVIEW_CANCELLED,
        EntryLabel.REVIEW_ASKED,
    }
)
"""Of the review; `after` of these is who leads it, `people` who is invited, or came; `subject`: how it was settled,
else the functions that are invited."""

NAMING_PEOPLE: Final = (
    OF_CLOSING
    | OF_REVIEW
    | {EntryLabel.ROLE, EntryLabel.FOLLOWUP, EntryLabel.FOLLOWUP_CHANGED}
    | {EntryLabel.RISK_ASKED_ABOUT, EntryLabel.RECOVERY_ASKED}
)
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
    or that of the review. Of alerts `subject` names those that fire, `text` those that have resolved; of a moment
    `text` is the alert that said so.
    `text` is a note's, update's or message's own, or the program that declared it; of a
    message it is in Slack's form (with <tokens>), as are `earlier`, its versions before edits, oldest first.
    `people`: whoever else it concerns, by id. `kinds` are those of a note or flagged message; `by` is a message's
    author, `flagged_by` who put it here.
    `version`: of the event by which it came into the log, by which others name it for ever. `card`: the card that shows
    it, if any (effects.py).
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
    people: tuple[UserId, ...] = ()
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
    version: Version | None = None
    card: str = ""

    @property
    def retracted(self) -> bool:
        return self.retracted_at is not None


def entry_of(event: Event, label: EntryLabel) -> Entry:
    """With nothing but when it happened, and who did it."""
    return Entry(at=event.at, recorded_at=event.at, label=label, by=event.by)
