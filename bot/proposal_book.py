"""The proposals, as whoever needs to know of them sees them; where they are kept is not known here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.incident.proposal import Proposal, ProposalNumber, ProposalStep


class ProposalBook(Protocol):
    """Proposals that wait for an answer, or were answered lately. Each method raises ports.Unavailable."""

    async def next_number(self) -> ProposalNumber: ...

    async def claimed(self, claims: Sequence[str]) -> Mapping[str, ProposalNumber]:
        """Those of the claims that a proposal has which waits, or whose groups are quiet."""

    async def waiting(self) -> Mapping[ProposalNumber, datetime]:
        """All that wait for an answer, by when they were opened, the oldest first."""

    async def outdated(self, at: datetime) -> Sequence[ProposalNumber]:
        """Answered ones that are to be forgotten, some at a time."""

    async def proposals(self, numbers: Sequence[ProposalNumber]) -> Mapping[ProposalNumber, Proposal]:
        """Those of them that are known."""

    async def write(self, step: ProposalStep) -> bool:
        """All of it in one step. False: somebody else was faster, and nothing is written."""
