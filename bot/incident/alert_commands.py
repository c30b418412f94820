"""What alerts, and people about them, ask for: imperative. See commands.py."""

from dataclasses import dataclass

from bot.incident.alert import Judged
from bot.incident.commands import Command
from bot.incident.proposal import ProposalChange


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachAlerts(Command):
    """These alerts belong to the incident, oldest first; one may stand among them more than once.

    `entries`: what leaves the inbox of alerts by it.
    """

    judged: tuple[Judged, ...]
    entries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachProposal(Command):
    """The alerts of a proposal belong to the incident, and `answers` waits no more by it; as above."""

    judged: tuple[Judged, ...]
    answers: ProposalChange


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOffRecovery(Command):
    """The answer to being asked whether it is mitigated: not yet."""
