"""Proposals for tests of what stands on them: kept in memory, with what was written down and what was to be told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.incident.alert import AlertDecision
from bot.incident.effects import Effect
from bot.incident.proposal import Proposal, ProposalChange, ProposalNumber, ProposalStep, claims_of
from bot.incident.terms import IncidentId


@dataclass
class ProposalsDouble:
    """The protocol proposal_book.ProposalBook, as the store keeps it."""

    kept: dict[ProposalNumber, Proposal] = field(default_factory=dict)
    decided: list[AlertDecision] = field(default_factory=list)
    told: list[Effect] = field(default_factory=list)
    count: int = 0

    async def next_number(self) -> ProposalNumber:
        self.count += 1
        return ProposalNumber(self.count)

    async def claimed(self, claims: Sequence[str]) -> Mapping[str, ProposalNumber]:
        return {claim: number for number, each in self.kept.items() for claim in claims_of(each) & set(claims)}

    async def waiting(self) -> Mapping[ProposalNumber, datetime]:
        return {number: each.opened_at for number, each in self.kept.items() if each.is_open}

    async def outdated(self, at: datetime) -> Sequence[ProposalNumber]:
        return []

    async def proposals(self, numbers: Sequence[ProposalNumber]) -> Mapping[ProposalNumber, Proposal]:
        return {number: self.kept[number] for number in numbers if number in self.kept}

    async def write(self, step: ProposalStep) -> bool:
        if any(self.kept.get(change.number) != change.before for change in step.changes):
            return False
        self.change(step.changes)
        self.decided += step.decisions
        self.told += step.effects
        return True

    def change(self, changes: Sequence[ProposalChange]) -> None:
        for change in changes:
            self.kept.pop(change.number, None)
            if change.written:
                self.kept[change.number] = change.written


@dataclass
class RoutesDouble:
    found: dict[str, tuple[IncidentId, ...]] = field(default_factory=dict)

    async def routes(self, claims: Sequence[str]) -> Mapping[str, tuple[IncidentId, ...]]:
        return {claim: self.found[claim] for claim in claims if claim in self.found}


async def no_window(services: Sequence[str]) -> None:
    """Nothing is in maintenance."""


class Uncounted:
    def alert_decided(self, source: str, reason: str) -> None:
        """Nobody counts."""
