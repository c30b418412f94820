"""What a batch of alerts asks of proposals: new ones, and those that wait or are quiet already. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from bot.incident.alert import AlertDecision, Arrived
from bot.incident.alert_tally import of_word
from bot.incident.proposal import (
    QUIET,
    Proposal,
    ProposalChange,
    ProposalNumber,
    ProposalStep,
)
from bot.incident.proposal_effects import PostProposal, RefreshProposal
from bot.incident.proposal_hearing import Heard, Wish, heard
from bot.incident.terms import NO_INCIDENT

UNNUMBERED: Final = ProposalNumber(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownProposals:
    """`claimed`: claim -> the proposal that has it. `known`: these, and the newest that waits. `waiting`: all that
    wait, by when they were opened, the oldest first.
    """

    claimed: Mapping[str, ProposalNumber] = field(default_factory=dict)
    known: Mapping[ProposalNumber, Proposal] = field(default_factory=dict)
    waiting: Mapping[ProposalNumber, datetime] = field(default_factory=dict)

    @property
    def newest(self) -> ProposalNumber | None:
        return max(self.waiting, default=None)


@dataclass(kw_only=True, eq=False)
class Proposing:
    """Alerts of a batch that one proposal hears. `before` None: it is to be made, of what `draft` says."""

    draft: Proposal
    before: Proposal | None = None
    arrived: list[Arrived] = field(default_factory=list)
    wishes: list[Wish] = field(default_factory=list)
    unless_claimed: dict[str, None] = field(default_factory=dict)

    @property
    def is_quiet(self) -> bool:
        """It was answered, so that its groups are not proposed again; else it waits for an answer, or will."""
        return self.draft.state in QUIET

    def add(self, arrived: Arrived, wish: Wish) -> None:
        self.arrived.append(arrived)
        self.wishes.append(wish)

    def step(self, number: ProposalNumber, at: datetime) -> ProposalStep:
        """`number`: of one that is to be made. Where nothing is new, the alerts only leave the inbox."""
        before = self.before
        start = before or replace(self.draft, number=number)
        after = heard(start, self.wishes, at)
        is_changed = after.proposal is not before
        is_posted = before is not None and (before.is_open or before.card is not None)
        tell = RefreshProposal if is_posted else PostProposal
        effects = (tell(incident=NO_INCIDENT, proposal=start.number),) if after.is_shown else ()
        return ProposalStep(
            changes=(ProposalChange(before=before, after=after.proposal),) if is_changed else (),
            entries=tuple(each.entry for each in self.arrived),
            decisions=tuple(each for each in after.decisions if each),
            tallies=tuple(of_word(each) for each, told in self._told(after) if told is None),
            effects=effects,
            unless_claimed=tuple(self.unless_claimed) if before is None else (),
        )

    def _told(self, after: Heard) -> Iterator[tuple[Arrived, AlertDecision | None]]:
        return zip(self.arrived, after.decisions, strict=True)


def drafted(wish: Wish, rule: str, title: str, at: datetime) -> Proposal:
    """A new proposal, in the words of its first alert."""
    alert = wish.judged.alert
    return Proposal(
        number=UNNUMBERED,
        opened_at=at,
        title=title,
        severity=wish.severity,
        severity_why=wish.severity_why,
        service=wish.judged.service,
        rule=rule,
        labels=dict(alert.labels),
    )


def crowded(known: KnownProposals, made: Sequence[Proposing], most: int, since: datetime) -> bool:
    """Whether so many proposals were made since then that they cannot be told apart any more."""
    recent = sum(opened_at > since for opened_at in known.waiting.values())
    return recent + sum(each.before is None for each in made) >= most
