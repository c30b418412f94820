"""What policy asks of the review of one incident, and when it is due."""

from datetime import datetime

from bot.incident.closure import ReviewDuty
from bot.incident.policy import Policy, SeverityRule
from bot.incident.state import Incident


def review_rule(incident: Incident, policy: Policy) -> SeverityRule:
    """A severity that left the policy is held to what a severity is held to without a word of its own."""
    return policy.severities.get(incident.severity) or SeverityRule(rubric="", update_every=None)


def review_due_at(incident: Incident, policy: Policy) -> datetime | None:
    """When the review is to be held at the latest; None where there is none or the response goes on."""
    rule = review_rule(incident, policy)
    if rule.review is ReviewDuty.NONE or incident.ended_at is None or incident.drill:
        return None
    return incident.ended_at + rule.review_within
