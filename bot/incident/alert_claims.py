"""What an alert is about, how severe it is, and the claims by which it finds what it belongs to. Pure."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from bot.incident.alert import Alert, Reason, digest
from bot.incident.alert_naming import burning
from bot.incident.alert_policy import AlertRule
from bot.incident.catalogue import Catalogue, spoken
from bot.incident.policy import Policy
from bot.incident.terms import Severity

FURTHEST: Final = 3
"""Steps on the map of services; what is further away is related to everything."""


@lru_cache(maxsize=4096)
def service_claim(service: str) -> str:
    return digest("service", spoken(service))


def service_of(alert: Alert, rule: AlertRule, policy: Policy) -> str:
    """In the spelling of the catalogue, where that knows it."""
    named = policy.alerts.service_of(alert, rule)
    known = policy.catalogue.find(named)
    return known.name if known else named


def severity_of(alert: Alert, rule: AlertRule, service: str, policy: Policy) -> tuple[Severity, str]:
    """From the rule, else the labels, else the tier of its service, else the default; and why."""
    severity, why = _severity_of(alert, rule, service, policy)
    burns = burning(alert)
    return severity, "; ".join(filter(None, [burns[:1].lower() + burns[1:], why]))


def _severity_of(alert: Alert, rule: AlertRule, service: str, policy: Policy) -> tuple[Severity, str]:
    severity, why = policy.alerts.severity_of(alert, rule)
    if severity and severity in policy.severities:
        return severity, why
    known = policy.catalogue.find(service)
    if known and (suggested := policy.suggested_for(known.tier)):
        return suggested, f"{known.name} is of tier {known.tier}"
    return policy.default_severity, "nothing in the alert says more"


def claims_of(alert: Alert, rule: AlertRule, service: str) -> Iterator[tuple[str, Reason, str]]:
    """Its own, the surest first."""
    yield alert.group_claim, Reason.ATTACHED_SAME_GROUP, "the same group"
    if alert.cycle_claim:
        yield alert.cycle_claim, Reason.ATTACHED_SAME_GROUP, "the same group"
    values = [alert.labels.get(label, "") for label in rule.together]
    if values and all(values):
        told = ", ".join(f"{label} {value}" for label, value in zip(rule.together, values, strict=True))
        yield digest("together", rule.name, *values), Reason.ATTACHED_BY_LABELS, told
    if service:
        yield service_claim(service), Reason.ATTACHED_BY_SERVICE, f"the same service, {service}"


def dependencies(service: str, catalogue: Catalogue) -> Iterator[tuple[str, Reason, str]]:
    """What it needs, the nearest first, and then what needs it directly: failures are felt before they are found."""
    for needed in catalogue.needs(service) if service else ():
        if needed.steps <= FURTHEST:
            yield service_claim(needed.name), Reason.ATTACHED_BY_DEPENDENCY, f"{service} needs {needed.name}"
    for dependent in catalogue.dependents.get(service, ()):
        yield service_claim(dependent), Reason.ATTACHED_BY_DEPENDENCY, f"{dependent} needs {service}"
