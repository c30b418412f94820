"""The text of policy.yaml -> Policy. Pure: it is given the text and reads nothing.

What the file leaves out keeps its default. `severities`, `emoji` and `services` replace the default list as a whole;
`roles` adds to the four that every response knows, and rewords them.
"""

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, Field, ValidationError

from bot.incident.closure import ReviewDuty
from bot.incident.issue import Tracking
from bot.incident.policy import (
    DEFAULT_ROLES,
    ClosingRule,
    Escalation,
    FeedbackRule,
    FollowupRule,
    FreezeRule,
    Policy,
    Rights,
    RoleRule,
    SeverityRule,
)
from bot.incident.terms import EntryKind, Role, Severity
from bot.incident.working_hours import WorkingHours
from bot.playbook import fields, review_policy, service_tiers
from bot.playbook import policy_values as values
from bot.playbook.alerts_block import ALERT_BLOCKS, AlertFields, alert_policy
from bot.playbook.policy_check import check
from bot.playbook.problems import Findings
from bot.playbook.watchdogs_block import WATCHDOG_BLOCKS, WatchdogsField, watchdogs
from bot.playbook.yaml_lines import Located, read_yaml

LARGEST_FILE: Final = 64 * 1024
"""Bytes."""

_SEVERITY: Final = SeverityRule(rubric="", update_every=None)
"""What a severity is held to where the file does not say."""


class SeverityFields(fields.Fields):
    rubric: fields.Text
    update_every: fields.SpanOrNever = None
    summary_every: fields.SpanOrNever = None
    invite: values.Users = ()
    review: Annotated[ReviewDuty, BeforeValidator(values.review_duty)] = _SEVERITY.review
    review_within: fields.Span = _SEVERITY.review_within
    tiers: service_tiers.Tiers | None = None
    review_invites: review_policy.Functions = ()


class RoleFields(fields.Fields):
    title: values.RoleTitle | None = None
    purpose: fields.Text | None = None
    first_steps: fields.Texts | None = None
    aliases: fields.Texts | None = None


class EscalationFields(fields.Fields):
    commander_after: fields.Span = Escalation().commander_after
    announcement_after: fields.Span = Escalation().announcement_after


class RightsFields(fields.Fields):
    resolve: values.Users = ()
    cancel: values.Users = ()
    see_private: values.Users = ()


class WorkingHoursFields(fields.Fields):
    days: Annotated[frozenset[Annotated[int, BeforeValidator(values.weekday)]], Field(min_length=1)] = (
        WorkingHours().days
    )
    begin: Annotated[time, BeforeValidator(values.time_of_day)] = WorkingHours().begin
    until: Annotated[time, BeforeValidator(values.time_of_day)] = WorkingHours().until


class ClosingFields(fields.Fields):
    ask_after: Annotated[timedelta, BeforeValidator(values.days)] = ClosingRule().ask_after
    ask_again_after: Annotated[timedelta, BeforeValidator(values.days)] = ClosingRule().ask_again_after
    working_hours: WorkingHoursFields = WorkingHoursFields()


class FollowupFields(fields.Fields):
    weekday: Annotated[int, BeforeValidator(values.weekday)] = FollowupRule().weekday
    at: Annotated[time, BeforeValidator(values.time_of_day)] = FollowupRule().at
    time_zone: Annotated[str, BeforeValidator(values.zone)] = FollowupRule().time_zone
    digest_after: Annotated[timedelta, BeforeValidator(values.days)] = FollowupRule().digest_after
    tracker: Annotated[Tracking, BeforeValidator(values.tracking)] = FollowupRule().tracker


class FeedbackFields(fields.Fields):
    after: Annotated[timedelta | None, BeforeValidator(values.days_or_never)] = FeedbackRule().after
    anonymous: bool = FeedbackRule().anonymous
    shown_from: Annotated[int, BeforeValidator(values.number_of_people)] = FeedbackRule().shown_from
    drills: bool = FeedbackRule().drills


class FreezeFields(fields.Fields):
    lasts: fields.Span = FreezeRule().lasts
    remind_before: fields.Span = FreezeRule().remind_before


class PolicyFields(fields.Fields):
    severities: Annotated[dict[fields.SeverityName, SeverityFields], Field(min_length=1)] | None = None
    default_severity: fields.SeverityName = Policy().default_severity
    roles: dict[Annotated[str, BeforeValidator(values.role_key)], RoleFields] = Field(default_factory=dict)
    emoji: dict[str, Annotated[EntryKind, BeforeValidator(values.entry_kind)]] | None = None
    services: dict[fields.Text, values.Users] = Field(default_factory=dict)
    teams: dict[fields.Slug, values.Users] = Field(default_factory=dict)
    escalation: EscalationFields = EscalationFields()
    rights: RightsFields = RightsFields()
    closing: ClosingFields = ClosingFields()
    followups: FollowupFields = FollowupFields()
    review: review_policy.ReviewFields = review_policy.ReviewFields()
    alerts: AlertFields = AlertFields()
    watchdogs: WatchdogsField = Field(default_factory=dict)
    feedback: FeedbackFields = FeedbackFields()
    freezes: FreezeFields = FreezeFields()
    reporter_commands: bool = Policy().reporter_commands
    tick: Annotated[str, BeforeValidator(values.tick)] = Policy().tick
    snooze: fields.Span = Policy().snooze
    maintenance_calendar: Annotated[str, BeforeValidator(values.calendar)] = Policy().maintenance_calendar
    contacts_stale_after: Annotated[timedelta, BeforeValidator(values.many_days)] = Policy().contacts_stale_after


_BLOCKS: Final[tuple[type[BaseModel], ...]] = (
    PolicyFields,
    SeverityFields,
    RoleFields,
    EscalationFields,
    RightsFields,
    ClosingFields,
    WorkingHoursFields,
    FollowupFields,
    review_policy.ReviewFields,
    *ALERT_BLOCKS,
    *WATCHDOG_BLOCKS,
    FeedbackFields,
    FreezeFields,
)
_KNOWN: Final = frozenset(name for block in _BLOCKS for name in block.model_fields)


def parse_policy(text: str, *, source: str = "policy.yaml") -> Policy:
    """`source`: the file as its author knows it. Raises LibraryProblems, nothing else."""
    findings = Findings(source)
    if len(text.encode(errors="replace")) > LARGEST_FILE:
        findings.add(f"is larger than {LARGEST_FILE // 1024} KiB")
    findings.stop_if_any()
    located = read_yaml(text.removeprefix("\ufeff"), file=source)
    try:
        written = PolicyFields.model_validate(located.data)
    except ValidationError as error:
        fields.report(error, located, findings, _KNOWN)
        raise findings.as_error() from None
    policy = _policy(written, _emoji_map(written, located, findings))
    check(policy, located, findings)
    findings.stop_if_any()
    return policy


def _policy(written: PolicyFields, emoji: Mapping[str, EntryKind]) -> Policy:
    default = Policy()
    return Policy(
        severities=_severities(written) or default.severities,
        default_severity=written.default_severity,
        roles=_roles(written),
        emoji=default.emoji if written.emoji is None else emoji,
        services=written.services,
        teams=written.teams,
        escalation=Escalation(**dict(written.escalation)),
        rights=Rights(**{name: frozenset(users) for name, users in written.rights}),
        closing=_closing(written.closing),
        followups=FollowupRule(**dict(written.followups)),
        review=review_policy.review_rule_of(written.review),
        alerts=alert_policy(written.alerts),
        watchdogs=watchdogs(written.watchdogs),
        feedback=FeedbackRule(**dict(written.feedback)),
        freezes=FreezeRule(**dict(written.freezes)),
        reporter_commands=written.reporter_commands,
        tick=written.tick,
        snooze=written.snooze,
        maintenance_calendar=written.maintenance_calendar,
        contacts_stale_after=written.contacts_stale_after,
    )


def _closing(written: ClosingFields) -> ClosingRule:
    hours = WorkingHours(**dict(written.working_hours))
    return ClosingRule(ask_after=written.ask_after, ask_again_after=written.ask_again_after, working_hours=hours)


def _severities(written: PolicyFields) -> dict[Severity, SeverityRule]:
    """The worst first, whatever the order of the file."""
    rules = dict(sorted((written.severities or {}).items()))
    suggested_by = service_tiers.of({severity: rule.tiers for severity, rule in rules.items()})
    return {each: SeverityRule(**{**dict(rule), "tiers": suggested_by[each]}) for each, rule in rules.items()}


def _roles(written: PolicyFields) -> dict[Role, RoleRule]:
    added = {Role(key): rule for key, rule in written.roles.items()}
    return {role: _role(role, added.get(role, RoleFields())) for role in {**DEFAULT_ROLES, **added}}


def _role(role: Role, written: RoleFields) -> RoleRule:
    default = DEFAULT_ROLES.get(role, RoleRule(title=role.replace("_", " ")))
    return RoleRule(
        title=written.title or default.title,
        purpose=default.purpose if written.purpose is None else written.purpose,
        first_steps=default.first_steps if written.first_steps is None else written.first_steps,
        aliases=default.aliases if written.aliases is None else written.aliases,
    )


def _emoji_map(written: PolicyFields, located: Located, findings: Findings) -> dict[str, EntryKind]:
    found: dict[str, EntryKind] = {}
    for name, kind in (written.emoji or {}).items():
        line = located.line_of(("emoji", name))
        try:
            bare = values.emoji(name)
        except ValueError as error:
            findings.add(str(error), line=line, field="emoji")
            continue
        if bare in found:
            findings.add(f":{bare}: is given twice; keep one of the two", line=line, field="emoji")
        found[bare] = kind
    return found
