"""What a follow-up is: work that an incident leaves behind, owned and chased until it is settled. Values only."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from bot.incident.issue import Issue
from bot.incident.terms import IncidentId, MessageTs, UserId, reference


class FollowupClass(StrEnum):
    MONITORING = "monitoring"
    RELIABILITY = "reliability"
    RUNBOOK = "runbook"
    COMMUNICATION = "communication"


class FollowupState(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in progress"
    BLOCKED = "blocked"
    DONE = "done"
    WILL_NOT_DO = "will not do"


SETTLED: Final = frozenset({FollowupState.DONE, FollowupState.WILL_NOT_DO})
"""Nobody is chased any more; both are left only by opening it again."""


class Degree(StrEnum):
    """Of impact and of effort."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowupContent:
    """All that people may write and change. `owner` None: a draft, which somebody has to own.

    `due_on` is a day of the calendar, over when it is over for whoever looks. `metric`: how we shall know, a figure
    or a hypothesis to test.
    """

    what: str
    kind: FollowupClass | None = None
    owner: UserId | None = None
    product_sponsor: UserId | None = None
    reliability_sponsor: UserId | None = None
    due_on: date | None = None
    metric: str = ""
    impact: Degree | None = None
    effort: Degree | None = None

    @property
    def sponsors(self) -> tuple[UserId, ...]:
        both = (self.product_sponsor, self.reliability_sponsor)
        return tuple(dict.fromkeys(sponsor for sponsor in both if sponsor))

    @property
    def people(self) -> frozenset[UserId]:
        return frozenset((*self.sponsors, *((self.owner,) if self.owner else ())))

    def given_to(self, owner: UserId) -> "FollowupContent":
        return replace(self, owner=owner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followup:
    """One follow-up as it stands. `number` counts within its incident, from 1.

    `note`: the evidence of what is done, why it will not be, or what it waits for; `waits_for`: on whom.
    `source`: the message that it was drafted from, if it was. `issue`: what it is kept in step with, if with anything.
    """

    number: int
    content: FollowupContent
    added_at: datetime
    added_by: UserId
    state: FollowupState = FollowupState.OPEN
    moved_at: datetime | None = None
    moved_by: UserId | None = None
    note: str = ""
    waits_for: UserId | None = None
    source: MessageTs | None = None
    link: str = ""
    issue: Issue | None = None

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    @property
    def is_draft(self) -> bool:
        return self.content.owner is None and self.state is FollowupState.OPEN


def followup_reference(incident: IncidentId, number: int, *, drill: bool = False) -> str:
    """How a follow-up is called: 'INC-42 F3'."""
    return f"{reference(incident, drill=drill)} F{number}"


def is_overdue(due_on: date | None, state: FollowupState, today: date) -> bool:
    """From the day after its deadline on, until it is settled."""
    return due_on is not None and due_on < today and state not in SETTLED
