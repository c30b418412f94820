"""Proposals: alerts of which people decide whether they are an incident. Values only; proposing.py changes them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NewType

from bot.incident.alert import Alert, AlertDecision, AlertState, Judged, LinkKind, Reason
from bot.incident.alert_board import FLAPPING_AFTER
from bot.incident.alert_tally import Tally
from bot.incident.effects import Effect
from bot.incident.state import PostedCard
from bot.incident.terms import IncidentId, Severity, UserId

ProposalNumber = NewType("ProposalNumber", int)
"""The number in P7; given once, in order."""

MOST_MEMBERS: Final = 100
"""Alerts that are kept one by one; of others only the digits that name them."""
MOST_OTHERS: Final = 2000
MOST_CLAIMS: Final = 500
MOST_OPEN: Final = 20
"""Proposals that wait at once; whatever else would be proposed joins the newest of them."""


class ProposalState(StrEnum):
    OPEN = "open"
    DECLARED = "declared"
    ATTACHED = "attached"
    IGNORED = "ignored"
    FROZEN = "frozen"
    EXPIRED = "expired"
    RECOVERED = "recovered"


QUIET: Final[Mapping[ProposalState, Reason]] = {
    ProposalState.IGNORED: Reason.IGNORED_BY_PERSON,
    ProposalState.FROZEN: Reason.FROZEN_BY_PERSON,
    ProposalState.EXPIRED: Reason.PROPOSAL_EXPIRED,
}
"""After which its groups stay quiet while they go on firing, and what is then said of an alert of theirs."""


GROUPED: Final = frozenset({Reason.ATTACHED_SAME_GROUP, Reason.ATTACHED_TO_STORM})
"""Why a claim is one of a group: of an alert that belongs to the proposal, or that only joined its crowd."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposedAlert:
    """One alert of a proposal. `judged`: without claims, the alert in it without labels, and of its links only the
    one to its source. `changes`: how often it fired and resolved.
    """

    judged: Judged
    changes: int = 1

    @property
    def alert(self) -> Alert:
        return self.judged.alert

    @property
    def is_firing(self) -> bool:
        return self.alert.state is AlertState.FIRING

    @property
    def flaps(self) -> bool:
        return self.changes >= FLAPPING_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A proposal as it stands; title, service, rule and labels are those of its first alert, links of any.

    `severity`: the gravest that an alert of it asks for. `claims`: by which further alerts find it, each with why they
    do. `others`: the digits of those that fire and are not kept one by one, or of all that fire once it is answered;
    `overflowed`: not even these. `count`: of all alerts that it ever had; `returns`: how often it fired again after it
    had recovered. `changed_at`: when one of its alerts last fired or resolved. `shown_at`: when its card came to stand,
    from which on it waits for an answer; `card` None although it was shown: there is no channel. `why`: the words of
    whoever answered, or their freeze; `decided_name`: how they are called. `revision`: how often it was written.
    """

    number: ProposalNumber
    opened_at: datetime
    title: str
    severity: Severity
    severity_why: str
    service: str = ""
    rule: str = ""
    links: Mapping[LinkKind, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, ProposedAlert] = field(default_factory=dict)
    others: tuple[str, ...] = ()
    overflowed: bool = False
    count: int = 0
    returns: int = 0
    claims: Mapping[str, Reason] = field(default_factory=dict)
    changed_at: datetime | None = None
    state: ProposalState = ProposalState.OPEN
    decided_at: datetime | None = None
    decided_by: UserId | None = None
    decided_name: str = ""
    incident: IncidentId | None = None
    why: str = ""
    shown_at: datetime | None = None
    card: PostedCard | None = None
    reminded_at: datetime | None = None
    revision: int = 0

    @property
    def reference(self) -> str:
        return f"P{self.number}"

    @property
    def key(self) -> str:
        """Names it beyond the life of the store, which would give its number again once it was emptied."""
        return f"{self.number}.{int(self.opened_at.timestamp() * 1000)}"

    @property
    def is_open(self) -> bool:
        return self.state is ProposalState.OPEN

    @property
    def firing(self) -> tuple[ProposedAlert, ...]:
        """Of those that are kept one by one."""
        return tuple(each for each in self.members.values() if each.is_firing)

    @property
    def to_freeze(self) -> tuple[str, ...]:
        """The services whose deploys alerts that fire ask to freeze."""
        asking = (each.judged.service or self.service for each in self.firing if each.judged.freeze)
        return tuple(dict.fromkeys(filter(None, asking)))

    @property
    def firing_count(self) -> int:
        return len(self.firing) + len(self.others)

    @property
    def all_resolved(self) -> bool:
        """Where more alerts came than are kept, nobody can say."""
        return not self.firing_count and not self.overflowed

    @property
    def is_quiet(self) -> bool:
        """It was answered, and alerts of its groups go on firing without being proposed."""
        return self.state in QUIET and not self.all_resolved

    @property
    def suggestions(self) -> tuple[str, ...]:
        """What the rules of those that fire suggest, each once."""
        return tuple(dict.fromkeys(each.judged.suggest for each in self.firing if each.judged.suggest))

    @property
    def flapping(self) -> int:
        return sum(each.flaps for each in self.members.values())

    @property
    def began_at(self) -> datetime:
        started = (each.alert.started_at for each in self.members.values() if each.alert.started_at)
        return min((*started, self.opened_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalChange:
    """`before`: as it was read, None where it is new. `after` None: it is forgotten."""

    before: Proposal | None
    after: Proposal | None

    @property
    def number(self) -> ProposalNumber:
        known = self.after or self.before
        assert known is not None
        return known.number

    @property
    def seen(self) -> int:
        """The revision that was read; 0: there was none."""
        return self.before.revision if self.before else 0

    @property
    def written(self) -> Proposal | None:
        """As the store keeps it."""
        return replace(self.after, revision=self.seen + 1) if self.after else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalStep:
    """What is written about proposals in one step, or not at all: where a proposal was changed meanwhile, an alert
    has left the inbox, or something has one of the claims `unless_claimed`. `tallies`: what is counted besides the
    decisions.
    """

    changes: tuple[ProposalChange, ...] = ()
    entries: tuple[str, ...] = ()
    decisions: tuple[AlertDecision, ...] = ()
    tallies: tuple[Tally, ...] = ()
    effects: tuple[Effect, ...] = ()
    unless_claimed: tuple[str, ...] = ()


def claims_of(proposal: Proposal | None) -> frozenset[str]:
    """By which alerts find it: while it waits all of them; those of its groups while these are quiet, and while it may
    wait again because it has recovered only just now.
    """
    if proposal is None:
        return frozenset()
    if proposal.is_open:
        return frozenset(proposal.claims)
    is_found = proposal.is_quiet or proposal.state is ProposalState.RECOVERED
    return frozenset(_groups(proposal)) if is_found else frozenset()


def _groups(proposal: Proposal) -> Iterator[str]:
    return (claim for claim, reason in proposal.claims.items() if reason in GROUPED)
