"""The block `alerts` of policy.yaml -> the rules about alerts. Pure."""

import re
from datetime import timedelta
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, Field

from bot.incident.alert_policy import (
    COMPARED,
    DEFAULT_LEVELS,
    Action,
    AlertPolicy,
    AlertRule,
    Mapped,
    ProposalRule,
    Storm,
)
from bot.incident.terms import Severity
from bot.playbook import fields
from bot.playbook.problems import Findings, did_you_mean
from bot.playbook.yaml_lines import Located

MOST_RULES: Final = 200
_LABEL: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.:/-]{0,199}")
_PATH: Final = re.compile(r"[^\s.]{1,100}(?:\.[^\s.]{1,100}){0,9}")
_SOURCE: Final = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,58}[a-z0-9])?")


def _action(value: object) -> Action:
    try:
        return Action(fields.text(value).casefold())
    except ValueError:
        actions = ", ".join(Action)
        hint = did_you_mean(str(value), list(Action))
        raise ValueError(f"{str(value)[:60]} is nothing to do{hint or f'; use one of {actions}'}") from None


def _label(value: object) -> str:
    name = fields.text(value)
    if _LABEL.fullmatch(name) is None:
        raise ValueError(f"{name[:60]} is no name of a label; write one such as severity")
    return name


def _path(value: object) -> str:
    path = fields.text(value)
    if _PATH.fullmatch(path) is None:
        raise ValueError(f"{path[:60]} is no path to a field; write one such as check.name")
    return path


def _source(value: object) -> str:
    name = fields.text(value)
    if _SOURCE.fullmatch(name) is None:
        raise ValueError(f"{name[:60]} is no name of a source; use small letters, digits, hyphens and underscores")
    return name


def _small(value: object) -> str:
    return fields.text(value).casefold()


def _pattern(value: object) -> str:
    """What looks like a comparison and is none would be a rule that never fits."""
    pattern = fields.text(value)
    is_meant = pattern.startswith(">") or (pattern.startswith("<") and not pattern.endswith(">"))
    if is_meant and COMPARED.fullmatch(pattern) is None:
        raise ValueError(f'{pattern[:60]} compares with no number; write one such as ">2"')
    return pattern


Label = Annotated[str, BeforeValidator(_label)]
Labels = Annotated[tuple[Label, ...], Field(max_length=20), BeforeValidator(fields.listed)]
Path = Annotated[str, BeforeValidator(_path)]
Pattern = Annotated[str, Field(max_length=200), BeforeValidator(_pattern)]
Patterns = Annotated[tuple[Pattern, ...], Field(min_length=1, max_length=100), BeforeValidator(fields.listed)]


class RuleFields(fields.Fields):
    name: fields.Text
    then: Annotated[Action, BeforeValidator(_action)]
    match: dict[Label, Patterns] = Field(default_factory=dict)
    severity: fields.SeverityName | None = None
    service: Annotated[str, Field(max_length=75), BeforeValidator(fields.text)] = ""
    title: Annotated[str, Field(max_length=150), BeforeValidator(fields.text)] = ""
    suggest: Annotated[str, Field(max_length=300), BeforeValidator(fields.text)] = ""
    freeze: bool = False
    together: Labels = ()


class SourceFields(fields.Fields):
    """As alert_policy.Mapped."""

    fingerprint: Path
    name: Path
    state: Path | None = None
    resolved: Annotated[tuple[Annotated[str, BeforeValidator(_small)], ...], BeforeValidator(fields.listed)] = ()
    group: Path | None = None
    summary: Path | None = None
    labels: dict[Label, Path] = Field(default_factory=dict)
    link: Path | None = None
    started_at: Path | None = None
    alerts: Path | None = None


class StormFields(fields.Fields):
    incidents: Annotated[int, Field(ge=1, le=50)] = Storm().incidents
    within: fields.Span = Storm().within


class ProposalFields(fields.Fields):
    remind: fields.Span = ProposalRule().remind
    expires: fields.Span = ProposalRule().expires


class AlertFields(fields.Fields):
    rules: Annotated[tuple[RuleFields, ...], Field(max_length=MOST_RULES)] | None = None
    service_labels: Labels = AlertPolicy().service_labels
    severity_labels: Labels = AlertPolicy().severity_labels
    levels: dict[Annotated[str, BeforeValidator(_small)], fields.SeverityName] | None = None
    calm: fields.Span = AlertPolicy().calm
    storm: StormFields = StormFields()
    proposals: ProposalFields = ProposalFields()
    sources: dict[Annotated[str, BeforeValidator(_source)], SourceFields] = Field(default_factory=dict)


ALERT_BLOCKS: Final[tuple[type[BaseModel], ...]] = (
    AlertFields,
    RuleFields,
    SourceFields,
    StormFields,
    ProposalFields,
)


def alert_policy(written: AlertFields) -> AlertPolicy:
    default = AlertPolicy()
    return AlertPolicy(
        rules=default.rules if written.rules is None else tuple(_rule(rule) for rule in written.rules),
        service_labels=written.service_labels,
        severity_labels=written.severity_labels,
        levels=DEFAULT_LEVELS if written.levels is None else written.levels,
        calm=written.calm,
        storm=Storm(incidents=written.storm.incidents, within=written.storm.within),
        proposals=ProposalRule(remind=written.proposals.remind, expires=written.proposals.expires),
        sources={name: _mapped(source) for name, source in written.sources.items()},
    )


def check_alerts(policy: AlertPolicy, severities: set[Severity], located: Located, findings: Findings) -> None:
    """Rules whose names say which is meant, and severities that are used here."""
    seen: set[str] = set()
    for number, rule in enumerate(policy.rules):
        where = ("alerts", "rules", number)
        if rule.name in seen:
            findings.add(
                "names two rules alike; rename one", line=located.line_of((*where, "name")), field="alerts.rules.name"
            )
        seen.add(rule.name)
        if rule.severity and rule.severity not in severities:
            sentence = f"{rule.severity} is not among the severities"
            findings.add(sentence, line=located.line_of((*where, "severity")), field="alerts.rules.severity")
    if policy.calm > timedelta(hours=1):
        findings.add("is longer than 1h", line=located.line_of(("alerts", "calm")), field="alerts.calm")
    _check_proposals(policy.proposals, located, findings)


def _check_proposals(rule: ProposalRule, located: Located, findings: Findings) -> None:
    """A reminder comes before it is too late to answer, and nothing waits for days."""
    where, field = ("alerts", "proposals", "expires"), "alerts.proposals.expires"
    if rule.expires <= rule.remind:
        findings.add(
            "is not longer than remind, so nobody would be reminded in time", line=located.line_of(where), field=field
        )
    if rule.expires > timedelta(days=1):
        findings.add("is longer than 1d", line=located.line_of(where), field=field)


def _rule(written: RuleFields) -> AlertRule:
    return AlertRule(
        name=written.name,
        action=written.then,
        match=written.match,
        severity=written.severity,
        service=written.service,
        title=written.title,
        suggest=written.suggest,
        freeze=written.freeze,
        together=written.together,
    )


def _mapped(written: SourceFields) -> Mapped:
    given = {name: value for name, value in written if value}
    return Mapped(**given)
