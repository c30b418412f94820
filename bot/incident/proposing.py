"""How proposals change: by further alerts, by an answer, by time. Pure; where alerts go is alert_triage's affair.

An answer is given once: whoever comes second hears what became of it.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.incident.alert import (
    LONGEST_NAME,
    LONGEST_SUMMARY,
    Alert,
    AlertDecision,
    AlertOpening,
    AlertState,
    Judged,
    LinkKind,
    Reason,
)
from bot.incident.alert_board import FLAPPING_WITHIN
from bot.incident.alert_policy import AlertPolicy
from bot.incident.proposal import (
    MOST_CLAIMS,
    MOST_MEMBERS,
    MOST_OTHERS,
    QUIET,
    Proposal,
    ProposalState,
    ProposedAlert,
)
from bot.incident.rights import require_full_member
from bot.incident.state import Incident, PostedCard
from bot.incident.terms import MUSTER, IncidentId, Person, Rejected, Severity, UserId

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An alert that is to be proposed: how severe it is, and the claims by which others find what it belongs to."""

    judged: Judged
    severity: Severity
    severity_why: str
    claims: tuple[tuple[str, Reason], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What alerts make of a proposal: for each the line of the alert log, None where it says nothing new."""

    proposal: Proposal
    decisions: tuple[AlertDecision | None, ...]
    is_shown: bool


def heard(proposal: Proposal, wishes: Iterable[Wish], at: datetime) -> Heard:
    """In the order in which they came. `is_shown`: its card reads otherwise than before."""
    decisions: list[AlertDecision | None] = []
    before = proposal
    for wish in wishes:
        proposal, reason = _heard(proposal, wish, at)
        decisions.append(_decision(proposal, wish, reason, at) if reason else None)
    told = {each.reason for each in decisions if each}
    is_shown = proposal.is_open and (not before.is_open or bool(told - {Reason.DAMPED_FLAPPING}))
    return Heard(proposal=proposal, decisions=tuple(decisions), is_shown=is_shown)


def _heard(proposal: Proposal, wish: Wish, at: datetime) -> tuple[Proposal, Reason | None]:
    if proposal.state in QUIET:
        return _quiet(proposal, wish)
    if proposal.is_open:
        return _open(proposal, wish, at)
    again, reason = _open(_reopened(proposal, at), wish, at)
    return (again, reason) if reason else (proposal, None)


def _reopened(proposal: Proposal, at: datetime) -> Proposal:
    """People are asked anew from now on, by the card that stands."""
    return replace(
        proposal,
        state=ProposalState.OPEN,
        decided_at=None,
        decided_by=None,
        returns=proposal.returns + 1,
        shown_at=at if proposal.card else None,
        reminded_at=None,
    )


def _open(proposal: Proposal, wish: Wish, at: datetime) -> tuple[Proposal, Reason | None]:
    alert = wish.judged.alert
    known = proposal.members.get(alert.key)
    if known is not None:
        return _told_again(proposal, known, wish, at)
    fires = alert.state is AlertState.FIRING
    if alert.key in proposal.others:
        return (proposal, None) if fires else (_without(proposal, alert.key, at), Reason.PROPOSED)
    if not fires:
        return proposal, None
    return _claimed(_with(replace(proposal, count=proposal.count + 1, changed_at=at), wish), wish), Reason.PROPOSED


def _told_again(proposal: Proposal, known: ProposedAlert, wish: Wish, at: datetime) -> tuple[Proposal, Reason | None]:
    alert = wish.judged.alert
    if known.alert.state is alert.state or _is_echo(known.alert, alert):
        return proposal, None
    again = replace(_kept(wish.judged), changes=known.changes + 1)
    changed = replace(proposal, members={**proposal.members, alert.key: again}, changed_at=at)
    return changed, Reason.DAMPED_FLAPPING if known.flaps else Reason.PROPOSED


def _is_echo(known: Alert, told: Alert) -> bool:
    """It fired before it resolved, but was told later."""
    if told.state is not AlertState.FIRING or told.started_at is None or known.ended_at is None:
        return False
    return told.started_at < known.ended_at


def _with(proposal: Proposal, wish: Wish) -> Proposal:
    key = wish.judged.alert.key
    links = {**wish.judged.alert.links, **proposal.links}
    proposal = replace(proposal, links={kind: links[kind] for kind in LinkKind if kind in links})
    if wish.severity < proposal.severity:
        proposal = replace(proposal, severity=wish.severity, severity_why=wish.severity_why)
    if len(proposal.members) < MOST_MEMBERS:
        return replace(proposal, members={**proposal.members, key: _kept(wish.judged)})
    return _counted(proposal, key)


def _counted(proposal: Proposal, key: str) -> Proposal:
    if len(proposal.others) < MOST_OTHERS:
        return replace(proposal, others=(*proposal.others, key))
    return replace(proposal, overflowed=True)


def _claimed(proposal: Proposal, wish: Wish) -> Proposal:
    new = [(claim, reason) for claim, reason in wish.claims if claim not in proposal.claims]
    room = max(0, MOST_CLAIMS - len(proposal.claims))
    return replace(proposal, claims={**proposal.claims, **dict(new[:room])}) if new else proposal


def _without(proposal: Proposal, key: str, at: datetime) -> Proposal:
    return replace(proposal, others=tuple(each for each in proposal.others if each != key), changed_at=at)


def _quiet(proposal: Proposal, wish: Wish) -> tuple[Proposal, Reason | None]:
    """One of its groups that was not among them yet is noted once; that one has resolved only changes how many fire."""
    alert = wish.judged.alert
    fires, known = alert.state is AlertState.FIRING, alert.key in proposal.others
    if fires and not known and len(proposal.others) < MOST_OTHERS:
        return _counted(proposal, alert.key), QUIET[proposal.state]
    if not fires and known:
        return replace(proposal, others=tuple(each for each in proposal.others if each != alert.key)), None
    return proposal, None


def _kept(judged: Judged) -> ProposedAlert:
    alert, source = judged.alert, LinkKind.GENERATOR
    ended_at = alert.ended_at or (judged.at if alert.state is AlertState.RESOLVED else None)
    trimmed = replace(
        alert,
        name=alert.name[:LONGEST_NAME],
        summary=alert.summary[:LONGEST_SUMMARY],
        labels={},
        links={source: alert.links[source]} if source in alert.links else {},
        ended_at=ended_at,
    )
    return ProposedAlert(judged=replace(judged, alert=trimmed, claims=()))


def _decision(proposal: Proposal, wish: Wish, reason: Reason, at: datetime) -> AlertDecision:
    why = wish.judged.why if proposal.is_open else became(proposal)
    return _line(_kept(wish.judged), reason, f"{proposal.reference}: {why}", at)


def _line(each: ProposedAlert, reason: Reason, why: str, at: datetime) -> AlertDecision:
    alert, judged = each.alert, each.judged
    return AlertDecision(
        key=alert.key,
        source=alert.source,
        name=alert.name,
        state=alert.state,
        reason=reason,
        why=why,
        at=at,
        summary=alert.summary,
        service=judged.service,
        began_at=alert.began_at,
        rule=judged.rule,
        guided=judged.guided,
    )


def became(proposal: Proposal) -> str:
    """What became of it, in a few words for the alert log."""
    match proposal.state:
        case ProposalState.OPEN:
            return "it waits for an answer"
        case ProposalState.IGNORED:
            who = f" by {proposal.decided_name}" if proposal.decided_name else ""
            return f"ignored{who} while it goes on firing{': ' if proposal.why else ''}{proposal.why}"
        case ProposalState.FROZEN:
            who = f" by {proposal.decided_name}" if proposal.decided_name else ""
            return f"deploys are frozen{who} ({proposal.why}); quiet while it goes on firing"
        case ProposalState.EXPIRED:
            return "nobody answered; it is proposed again once it has resolved, or after a day"
        case ProposalState.RECOVERED:
            return "it recovered by itself"
    return f"it belongs to INC-{proposal.incident}"


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
    return [_line(each, reason, f"{after.reference}: {became(after)}", at) for each in before.firing]


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
