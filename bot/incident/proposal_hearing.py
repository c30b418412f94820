"""What proposals make of the alerts they hear of, and what the alert log says of it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.incident.alert import (
    LONGEST_NAME,
    LONGEST_SUMMARY,
    Alert,
    AlertDecision,
    AlertState,
    Judged,
    LinkKind,
    Reason,
)
from bot.incident.proposal import (
    MOST_CLAIMS,
    MOST_MEMBERS,
    MOST_OTHERS,
    QUIET,
    Proposal,
    ProposalState,
    ProposedAlert,
)
from bot.incident.terms import Severity


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
    return log_line(_kept(wish.judged), reason, f"{proposal.reference}: {why}", at)


def log_line(each: ProposedAlert, reason: Reason, why: str, at: datetime) -> AlertDecision:
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
