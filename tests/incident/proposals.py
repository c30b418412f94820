"""Proposals to begin a test with."""

from dataclasses import replace
from datetime import datetime

from bot.incident.alert import Alert, Judged, Reason
from bot.incident.proposal import Proposal, ProposalNumber
from bot.incident.proposal_hearing import Wish, heard
from bot.incident.proposal_plan import drafted
from bot.incident.terms import Severity
from tests.incident.alerts import alert
from tests.incident.given import NOON

P7 = ProposalNumber(7)


def wish(told: Alert, *, severity: Severity = Severity.SEV2, at: datetime = NOON, why: str = "rule “errors”") -> Wish:
    judged = Judged(alert=told, reason=Reason.PROPOSED, why=why, at=at, service="checkout")
    claims = ((told.group_claim, Reason.ATTACHED_SAME_GROUP), ("checkout", Reason.ATTACHED_BY_SERVICE))
    return Wish(judged=judged, severity=severity, severity_why="severity is error", claims=claims)


def proposed(*alerts: Alert, severity: Severity = Severity.SEV2, at: datetime = NOON) -> Proposal:
    """P7, of the alerts given, else of one; its card does not stand yet."""
    wishes = [wish(each, severity=severity, at=at) for each in alerts or (alert(),)]
    draft = replace(drafted(wishes[0], "errors", "Checkout returns 500", at), number=P7, revision=1)
    return heard(draft, wishes, at).proposal
