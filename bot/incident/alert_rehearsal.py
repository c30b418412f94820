"""What alerts would lead to, with the real rules and no store: the way in which rules are tried. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.incident.alert import Alert, AlertDecision, Arrived
from bot.incident.alert_commands import AttachAlerts
from bot.incident.alert_plan import Known, Opening
from bot.incident.alert_routes import claims
from bot.incident.alert_settling import settled
from bot.incident.alert_triage import plan
from bot.incident.commands import Command, DeclareIncident
from bot.incident.decide import decide, declare
from bot.incident.events import Event
from bot.incident.evolve import replay
from bot.incident.freeze_suggestion import to_freeze
from bot.incident.policy import Policy
from bot.incident.proposal import Proposal, ProposalNumber, claims_of
from bot.incident.proposal_plan import KnownProposals, Proposing
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, Checklist, IncidentId, Severity

ChooseChecklist = Callable[[DeclareIncident, Severity], Checklist | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """What one delivery would lead to. `repeated`: how many of its alerts would say nothing new. `freezes`: services
    which it would be suggested to freeze, each with the incident or proposal whose card would.
    """

    opened: Sequence[Incident]
    proposed: Sequence[Proposal]
    decisions: Sequence[AlertDecision]
    repeated: int
    freezes: Sequence[tuple[str, str]] = ()


@dataclass(kw_only=True)
class Rehearsal:
    """Deliveries one after another; `incidents` and `proposals` are those that they would have led to so far."""

    policy: Policy
    checklist_for: ChooseChecklist
    incidents: dict[IncidentId, Incident] = field(default_factory=dict)
    proposals: dict[ProposalNumber, Proposal] = field(default_factory=dict)
    suggested: set[tuple[str, str]] = field(default_factory=set)

    def deliver(self, alerts: Iterable[Alert], at: datetime) -> Rehearsed:
        batch = [Arrived(entry=str(number), alert=alert, at=at) for number, alert in enumerate(alerts)]
        made = plan(batch, self._known(), self.policy, at)
        decisions = [decision for _, decision in made.settled if decision]
        opened = [self._open(opening, at, decisions) for opening in made.openings]
        for number, joining in made.joining.items():
            command = AttachAlerts(by=MUSTER_ITSELF, judged=tuple(judged for _, judged in joining))
            before = self.incidents[number]
            self._happen(command, decide(before, command, self.policy, at), number, decisions)
        proposed = [self._hear(each, at, decisions) for each in made.proposing if each.arrived]
        return Rehearsed(
            opened=opened,
            proposed=[each for each in proposed if each],
            decisions=decisions,
            repeated=len(batch) - len(decisions),
            freezes=self._freezes(at),
        )

    def _freezes(self, at: datetime) -> list[tuple[str, str]]:
        """Those that are new with this delivery."""
        incidents, proposals = self.incidents.values(), self.proposals.values()
        asked = [(each.reference, name) for each in incidents for name in to_freeze(each, (), self.policy, at)]
        asked += [(each.reference, name) for each in proposals for name in each.to_freeze]
        new = [each for each in asked if each not in self.suggested]
        self.suggested = set(asked)
        return new

    def _known(self) -> Known:
        routes: dict[str, tuple[IncidentId, ...]] = {}
        for number, incident in self.incidents.items():
            for claim in claims(incident):
                routes[claim] = (*routes.get(claim, ()), number)
        claimed = {claim: number for number, each in self.proposals.items() for claim in claims_of(each)}
        waiting = {number: each.opened_at for number, each in self.proposals.items()}
        proposals = KnownProposals(claimed=claimed, known=self.proposals, waiting=waiting)
        return Known(routes=routes, incidents=self.incidents, proposals=proposals)

    def _hear(self, proposing: Proposing, at: datetime, decisions: list[AlertDecision]) -> Proposal | None:
        """The proposal, if it is a new one. Nobody answers it here."""
        before = proposing.before
        step = proposing.step(before.number if before else ProposalNumber(len(self.proposals) + 1), at)
        decisions += step.decisions
        for change in step.changes:
            if change.after:
                self.proposals[change.number] = change.after
        return step.changes[0].after if before is None else None

    def _open(self, opening: Opening, at: datetime, decisions: list[AlertDecision]) -> Incident:
        number, command = IncidentId(len(self.incidents) + 1), opening.command()
        command = replace(command, checklist=self.checklist_for(command, opening.severity))
        self._happen(command, declare(number, command, self.policy, at), number, decisions)
        return self.incidents[number]

    def _happen(
        self, command: Command, events: Sequence[Event], number: IncidentId, decisions: list[AlertDecision]
    ) -> None:
        after = replay(events, self.incidents.get(number))
        assert after is not None
        self.incidents[number] = after
        decisions += settled(command, events, after).decisions
