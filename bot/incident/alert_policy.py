"""The organisation's rules about alerts, as data, and which of them an alert meets. First match wins.

Read from the block `alerts` of policy.yaml by bot/playbook/alerts_block.py.
"""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from fnmatch import fnmatchcase
from math import isfinite
from typing import Final

from bot.incident.alert import Alert
from bot.incident.terms import Severity

SOURCE: Final = "source"
NAME: Final = "name"
"""Words that a rule may match on beside labels: where an alert came from, and what its source calls it."""


class Action(StrEnum):
    """What a rule asks for. A note joins an open incident that it fits, and opens none; of a proposal people decide."""

    DECLARE = "declare"
    PROPOSE = "propose"
    NOTE = "note"
    RECORD = "record"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRule:
    """`match`: for each label the patterns of which one must fit: with * and ?, whatever its case, or '>2', '<=0' of
    a number.

    `severity`, `service`, `title`: instead of what the labels say. `together`: labels by whose values alerts that
    meet this rule are one incident. `suggest`: what is suggested to the commander while such an alert fires;
    `freeze`: to freeze deploys of its service, which takes one press.
    """

    name: str
    action: Action
    match: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    severity: Severity | None = None
    service: str = ""
    title: str = ""
    suggest: str = ""
    freeze: bool = False
    together: tuple[str, ...] = ()

    def fits(self, alert: Alert) -> bool:
        return all(_fits_any(_value(alert, label), patterns) for label, patterns in self.match.items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """Where a source of plain JSON has what: paths such as 'check.name'. Empty: it does not have it."""

    fingerprint: str
    name: str
    state: str = ""
    resolved: tuple[str, ...] = ("resolved", "ok", "up", "closed", "recovered")
    group: str = ""
    summary: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    link: str = ""
    started_at: str = ""
    alerts: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Storm:
    """Once alerts have opened `incidents` within `within`, what else they would open joins the newest of these."""

    incidents: int = 3
    within: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRule:
    """How long a proposal waits for an answer before it reminds, and before it expires."""

    remind: timedelta = timedelta(minutes=10)
    expires: timedelta = timedelta(hours=1)


COMPARED: Final = re.compile(r"(<=|>=|<|>)\s*(-?\d+(?:\.\d+)?)")
_SIGNS: Final[Mapping[str, Callable[[float, float], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

BURN_RATE: Final = "burn_rate"
"""How many times as fast as it may an error budget is used up."""
BUDGET_REMAINING: Final = "budget_remaining"

BURNS_FAST: Final = AlertRule(name="the error budget burns fast", action=Action.DECLARE, match={BURN_RATE: (">2",)})
EXHAUSTED: Final = AlertRule(
    name="the error budget is exhausted",
    action=Action.PROPOSE,
    match={BUDGET_REMAINING: ("<=0",)},
    suggest="Freeze deploys of this service until its error budget has recovered.",
    freeze=True,
)
NO_CUSTOMER: Final = AlertRule(
    name="no customer is touched", action=Action.NOTE, match={"customer_impact": ("none", "no", "false")}
)
BY_SEVERITY: Final = AlertRule(
    name="grave", action=Action.DECLARE, match={"severity": ("critical", "page", "emergency", "disaster", "fatal")}
)
BY_PRIORITY: Final = AlertRule(
    name="of the highest priority", action=Action.DECLARE, match={"priority": ("p1", "sev1", "critical")}
)
EVERYTHING_ELSE: Final = AlertRule(name="everything else", action=Action.RECORD)
"""Holds where no rule fits."""

DEFAULT_LEVELS: Final[Mapping[str, Severity]] = {
    "critical": Severity.SEV1,
    "page": Severity.SEV1,
    "emergency": Severity.SEV1,
    "disaster": Severity.SEV1,
    "fatal": Severity.SEV1,
    "p1": Severity.SEV1,
    "sev1": Severity.SEV1,
    "error": Severity.SEV2,
    "high": Severity.SEV2,
    "p2": Severity.SEV2,
    "sev2": Severity.SEV2,
    "warning": Severity.SEV3,
    "warn": Severity.SEV3,
    "p3": Severity.SEV3,
    "sev3": Severity.SEV3,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """`service_labels`, `severity_labels`: where to look, the first that an alert has counts; `levels`: what its
    severity means here, by its value in small letters. `calm`: how long all alerts must have been resolved before
    somebody is asked whether it is mitigated. `sources`: those of plain JSON, by name."""

    rules: tuple[AlertRule, ...] = (NO_CUSTOMER, EXHAUSTED, BURNS_FAST, BY_SEVERITY, BY_PRIORITY)
    service_labels: tuple[str, ...] = ("service", "app")
    severity_labels: tuple[str, ...] = ("severity", "priority")
    levels: Mapping[str, Severity] = field(default_factory=lambda: DEFAULT_LEVELS)
    calm: timedelta = timedelta(minutes=2)
    storm: Storm = Storm()
    proposals: ProposalRule = ProposalRule()
    sources: Mapping[str, Mapped] = field(default_factory=dict)

    def rule_for(self, alert: Alert) -> AlertRule:
        return next((rule for rule in self.rules if rule.fits(alert)), EVERYTHING_ELSE)

    def service_of(self, alert: Alert, rule: AlertRule) -> str:
        named = (alert.labels.get(label, "") for label in self.service_labels)
        return " ".join((rule.service or next(filter(None, named), "")).split())

    def severity_of(self, alert: Alert, rule: AlertRule) -> tuple[Severity | None, str]:
        """None: nothing in it says. And why, in a few words."""
        if rule.severity:
            return rule.severity, f"rule “{rule.name}” says so"
        for label in self.severity_labels:
            found = self.levels.get(alert.labels.get(label, "").casefold())
            if found:
                return found, f"{label} is {alert.labels[label]}"
        return None, ""


def _value(alert: Alert, label: str) -> str | None:
    special = {SOURCE: alert.source, NAME: alert.name}
    return alert.labels.get(label, special.get(label))


def _fits_any(value: str | None, patterns: tuple[str, ...]) -> bool:
    """A label that is missing fits nothing but patterns that fit nothing at all."""
    return any(_fits(value or "", pattern) for pattern in patterns)


def _fits(value: str, pattern: str) -> bool:
    compared = COMPARED.fullmatch(pattern)
    if compared is None:
        return fnmatchcase(value.casefold(), pattern.casefold())
    number = _number(value)
    return number is not None and _SIGNS[compared[1]](number, float(compared[2]))


def number_of(alert: Alert, label: str) -> float | None:
    """None: it has no such label, or no number in it."""
    return _number(alert.labels.get(label, ""))


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if isfinite(number) else None
