"""How proposals change by an answer and by time, and what an answer makes of them. Pure.

An answer is given once: whoever comes second hears what became of it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.incident.alert import (
    LONGEST_NAME,
    AlertDecision,
    AlertOpening,
    Judged,
    Reason,
)
from bot.incident.alert_board import FLAPPING_WITHIN
from bot.incident.alert_policy import AlertPolicy
from bot.incident.proposal import (
    QUIET,
    Proposal,
    ProposalState,
)
from bot.incident.proposal_hearing import became, log_line
from bot.incident.rights import require_full_member
from bot.incident.state import Incident, PostedCard
from bot.incident.terms import MUSTER, IncidentId, Person, Rejected, UserId

LONGEST_WHY: Final = 300
_A_DAY: Final = timedelta(days=1)
KEPT_FOR: Final = {
    ProposalState.IGNORED: timedelta(days=7),
    ProposalState.FROZEN: timedelta(days=7),
    ProposalState.RECOVERED: FLAPPING_WITHIN,
}
"""After an answer, a day unless told: for so long its groups stay quiet while they fire, and buttons know of it. What
fires anew so soon after it has recovered is the same proposal again."""
UNSEEN_FOR: Final = _A_DAY
"""A card that could not be posted is waited for so long: until somebody could see it, nobody can have missed it."""


def answered(
    proposal: Proposal,
    state: ProposalState,
    by: UserId,
    at: datetime,
    *,
    why: str = "",
    incident: IncidentId | None = None,
) -> Proposal:
    """As it stands once it waits no more; of its alerts only the digits of those that fire are kept, unless it may
    wait again.
    """
    firing = [each.alert.key for each in proposal.firing]
    return replace(
        proposal,
        state=state,
        decided_at=at,
        decided_by=by,
        incident=incident,
        why=" ".join(why.split())[:LONGEST_WHY],
        members=proposal.members if state is ProposalState.RECOVERED else {},
        others=(*firing, *proposal.others) if state in QUIET else (),
        overflowed=proposal.overflowed and state in QUIET,
    )


def ignored(by: Person, proposal: Proposal, why: str, at: datetime) -> Proposal:
    """Raises Rejected."""
    require_answerable(by, proposal)
    return replace(answered(proposal, ProposalState.IGNORED, by.id, at, why=why), decided_name=by.name[:LONGEST_NAME])


def frozen(by: Person, proposal: Proposal, freeze: str, at: datetime) -> Proposal:
    """`freeze`: by its number, 'F3'. Raises Rejected."""
    require_answerable(by, proposal)
    return replace(answered(proposal, ProposalState.FROZEN, by.id, at, why=freeze), decided_name=by.name[:LONGEST_NAME])


def require_answerable(by: Person, proposal: Proposal) -> None:
    """Whoever may declare may answer, and only what waits. Raises Rejected."""
    require_full_member(by)
    if proposal.is_open:
        return
    who = proposal.decided_by if proposal.decided_by != MUSTER else None
    raise Rejected(_too_late(proposal, by_somebody=who is not None), verb="alerts", who=who)


def _too_late(proposal: Proposal, *, by_somebody: bool) -> str:
    number = proposal.reference
    match proposal.state:
        case ProposalState.DECLARED:
            return f"{{who}} has declared INC-{proposal.incident} for {number} already."
        case ProposalState.ATTACHED if by_somebody:
            return f"{{who}} has attached {number} to INC-{proposal.incident} already."
        case ProposalState.ATTACHED:
            return f"{number} belongs to INC-{proposal.incident} by now."
        case ProposalState.IGNORED:
            return f"{{who}} has said already that {number} is to be ignored. To open an incident: declare."
        case ProposalState.FROZEN:
            return f"{{who}} has frozen deploys for {number} already ({proposal.why})."
        case ProposalState.RECOVERED:
            return f"{number} has recovered by itself. To open an incident all the same: declare."
    return f"{number} has expired without an answer. To open an incident: declare."


def closing_decisions(before: Proposal, after: Proposal, at: datetime) -> Sequence[AlertDecision]:
    """The lines about those of its alerts that fired when it was ignored, or when it expired."""
    reason = QUIET.get(after.state)
    if reason is None:
        return ()
    return [log_line(each, reason, f"{after.reference}: {became(after)}", at) for each in before.firing]


def judged_for(proposal: Proposal, reason: Reason, why: str) -> tuple[Judged, ...]:
    """Its alerts as the incident takes them that they belong to; the first brings the claims of all."""
    return tuple(_with_claims(proposal, reason, why))


def _with_claims(proposal: Proposal, reason: Reason, why: str) -> Iterator[Judged]:
    claims = tuple(proposal.claims)
    for each in sorted(proposal.members.values(), key=lambda known: not known.is_firing):
        yield replace(each.judged, reason=reason, why=why, claims=claims)
        claims = ()


def opening_of(proposal: Proposal, taken: Collection[str]) -> AlertOpening:
    """What its alerts bring to the incident that somebody declares for it, which one of them opens.

    `taken`: claims that open incidents have, none of which takes these alerts; it may share them.
    """
    why = f"{proposal.reference}: rule “{proposal.rule}”"
    opener, *others = judged_for(proposal, Reason.ATTACHED_BY_PERSON, why) or (None,)
    opens = (replace(opener, reason=Reason.DECLARED_BY_PERSON),) if opener else ()
    earliest = min(proposal.members.values(), key=lambda each: each.alert.started_at or each.judged.at, default=None)
    told_by = f"{earliest.alert.name} ({earliest.alert.source})" if earliest else ""
    return AlertOpening(
        judged=(*opens, *others),
        rule=proposal.rule,
        severity_why=proposal.severity_why,
        links=proposal.links,
        labels=proposal.labels,
        told_by=told_by,
        detected_at=proposal.opened_at,
        unless_routed=tuple(claim for claim in proposal.claims if claim not in taken),
    )


def shown(proposal: Proposal, card: PostedCard | None, at: datetime) -> Proposal:
    return replace(proposal, card=card, shown_at=at)


class Turn(StrEnum):
    """What the time asks for."""

    REMIND = "remind"
    EXPIRE = "expire"
    RECOVER = "recover"
    FORGET = "forget"


def due(proposal: Proposal, rules: AlertPolicy, at: datetime) -> Turn | None:
    if not proposal.is_open:
        return Turn.FORGET if forgotten_at(proposal) <= at else None
    if proposal.all_resolved:
        return Turn.RECOVER if _calm_since(proposal) + _calm(proposal, rules) <= at else None
    if proposal.shown_at is None:
        return Turn.EXPIRE if proposal.opened_at + UNSEEN_FOR <= at else None
    if proposal.reminded_at is None:
        return Turn.REMIND if proposal.shown_at + rules.proposals.remind <= at else None
    return Turn.EXPIRE if expires_at(proposal, rules, at) <= at else None


def expires_at(proposal: Proposal, rules: AlertPolicy, at: datetime) -> datetime:
    """As far after the reminder as was meant, however late that came. Not seen yet: as if it were shown at `at`."""
    rule = rules.proposals
    if proposal.reminded_at is None:
        return (proposal.shown_at or at) + rule.expires
    return proposal.reminded_at + rule.expires - rule.remind


def forgotten_at(proposal: Proposal) -> datetime:
    return (proposal.decided_at or proposal.opened_at) + KEPT_FOR.get(proposal.state, _A_DAY)


def _calm_since(proposal: Proposal) -> datetime:
    return proposal.changed_at or proposal.opened_at


def _calm(proposal: Proposal, rules: AlertPolicy) -> timedelta:
    return FLAPPING_WITHIN if proposal.flapping else rules.calm


def takes(incident: Incident, proposal: Proposal, reason: Reason) -> bool:
    """Whether an incident that was opened meanwhile has the proposal's alerts: nothing graver is hidden in it, and
    a crowd does not follow one of its own.
    """
    if not incident.is_active or incident.private or incident.drill or reason is Reason.ATTACHED_TO_STORM:
        return False
    return reason is Reason.ATTACHED_SAME_GROUP or incident.severity <= proposal.severity


def why_together(proposal: Proposal, reason: Reason) -> str:
    match reason:
        case Reason.ATTACHED_BY_SERVICE:
            return f"the same service, {proposal.service}"
        case Reason.ATTACHED_BY_LABELS:
            return "the same labels"
    return "the same group"
