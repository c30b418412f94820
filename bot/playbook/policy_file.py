"""The text of policy.yaml -> Policy. Pure: it is given the text and reads nothing.

What the file leaves out keeps its default. `severities`, `emoji` and `services` replace the default list as a whole;
`roles` adds to the four that every response knows, and rewords them.
"""

import re
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, Field, StringConstraints, ValidationError

from bot.incident.closure import ReviewDuty
from bot.incident.policy import (
    DEFAULT_ROLES,
    ClosingRule,
    Escalation,
    FollowupRule,
    Policy,
    Rights,
    RoleRule,
    SeverityRule,
)
from bot.incident.terms import EntryKind, Role, Severity, UserId
from bot.incident.time_zones import zone_of
from bot.incident.working_hours import WorkingHours
from bot.playbook import fields, service_tiers
from bot.playbook.problems import Findings, did_you_mean
from bot.playbook.yaml_lines import Located, read_yaml

LARGEST_FILE: Final = 64 * 1024
"""Bytes."""

_ROLE = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_USER = re.compile(r"[UW][A-Z0-9]{5,}")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)
_DAYS = re.compile(r"(\d{1,3})\s*(?:d|days?)", re.ASCII | re.IGNORECASE)
_MOST_DAYS: Final = 90
_MOST_UNCHECKED: Final = 999
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_EMOJI = re.compile(r"[^\s:]{1,100}")


def _role_key(value: object) -> str:
    key = fields.text(value)
    if _ROLE.fullmatch(key) is None:
        raise ValueError(f"{key[:60]} is no role key; use small letters and underscores, as in communications_lead")
    return key


def _user(value: object) -> UserId:
    user = fields.text(value)
    if _USER.fullmatch(user) is None:
        raise ValueError(f"{user[:60]} is no Slack user id; copy it from the person's profile (it begins with U or W)")
    return UserId(user)


def _emoji(value: object) -> str:
    """`pushpin` and `:pushpin:` are the same."""
    name = fields.text(value)
    bare = name[1:-1] if name.startswith(":") and name.endswith(":") else name
    if _EMOJI.fullmatch(bare) is None:
        raise ValueError(f"{name[:60]} is no emoji name; write one such as pushpin")
    return bare


def _tick(value: object) -> str:
    return "" if value in (None, False, "", "none", "never") else _emoji(value)


def _entry_kind(value: object) -> EntryKind:
    try:
        return EntryKind(fields.text(value).casefold().replace("_", " "))
    except ValueError:
        kinds = ", ".join(EntryKind)
        hint = did_you_mean(str(value), list(EntryKind))
        raise ValueError(f"{str(value)[:60]} is no kind of entry{hint or f'; use one of {kinds}'}") from None


def _weekday(value: object) -> int:
    name = fields.text(value).casefold()
    if name not in _WEEKDAYS:
        raise ValueError(
            f"{name[:60]} is no day of the week{did_you_mean(name, _WEEKDAYS) or '; write one such as monday'}"
        )
    return _WEEKDAYS.index(name)


def _time_of_day(value: object) -> time:
    """YAML reads 10:30 without quotes as minutes: 630."""
    minutes = value if isinstance(value, int) and not isinstance(value, bool) else None
    found = _CLOCK.fullmatch(f"{minutes // 60}:{minutes % 60:02}" if minutes is not None else str(value))
    if found is None or int(found[1]) > 23 or int(found[2]) > 59:
        raise ValueError(f"{str(value)[:60]} is no time of day; write one such as 09:00")
    return time(int(found[1]), int(found[2]))


def _days(value: object, most: int = _MOST_DAYS) -> timedelta:
    found = _DAYS.fullmatch(str(value))
    if found is None or int(found[1]) > most:
        raise ValueError(f"{str(value)[:60]} is no number of days; write 7d, {most}d at most")
    return timedelta(days=int(found[1]))


def _many_days(value: object) -> timedelta:
    return _days(value, _MOST_UNCHECKED)


def _review_duty(value: object) -> ReviewDuty:
    """YAML reads none as text and nothing at all as null; both mean that there is none."""
    try:
        return ReviewDuty.NONE if value is None else ReviewDuty(fields.text(value).casefold())
    except ValueError:
        duties = ", ".join(ReviewDuty)
        hint = did_you_mean(str(value), list(ReviewDuty))
        raise ValueError(f"{str(value)[:60]} is nothing to ask of a review{hint or f'; use one of {duties}'}") from None


def _zone(value: object) -> str:
    name = fields.text(value)
    if zone_of(name).key != name:
        raise ValueError(f"{name[:60]} is no time zone known here; write one such as Europe/Berlin")
    return name


Users = Annotated[
    tuple[Annotated[UserId, BeforeValidator(_user)], ...],
    Field(max_length=100),
    BeforeValidator(fields.listed),
]
RoleTitle = Annotated[str, StringConstraints(min_length=1, max_length=75), BeforeValidator(fields.text)]


_SEVERITY: Final = SeverityRule(rubric="", update_every=None)
"""What a severity is held to where the file does not say."""


class SeverityFields(fields.Fields):
    rubric: fields.Text
    update_every: fields.SpanOrNever = None
    summary_every: fields.SpanOrNever = None
    invite: Users = ()
    review: Annotated[ReviewDuty, BeforeValidator(_review_duty)] = _SEVERITY.review
    review_within: fields.Span = _SEVERITY.review_within
    tiers: service_tiers.Tiers | None = None


class RoleFields(fields.Fields):
    title: RoleTitle | None = None
    purpose: fields.Text | None = None
    first_steps: fields.Texts | None = None
    aliases: fields.Texts | None = None


class EscalationFields(fields.Fields):
    commander_after: fields.Span = Escalation().commander_after
    announcement_after: fields.Span = Escalation().announcement_after


class RightsFields(fields.Fields):
    resolve: Users = ()
    cancel: Users = ()
    see_private: Users = ()


class WorkingHoursFields(fields.Fields):
    days: Annotated[frozenset[Annotated[int, BeforeValidator(_weekday)]], Field(min_length=1)] = WorkingHours().days
    begin: Annotated[time, BeforeValidator(_time_of_day)] = WorkingHours().begin
    until: Annotated[time, BeforeValidator(_time_of_day)] = WorkingHours().until


class ClosingFields(fields.Fields):
    ask_after: Annotated[timedelta, BeforeValidator(_days)] = ClosingRule().ask_after
    ask_again_after: Annotated[timedelta, BeforeValidator(_days)] = ClosingRule().ask_again_after
    working_hours: WorkingHoursFields = WorkingHoursFields()


class FollowupFields(fields.Fields):
    weekday: Annotated[int, BeforeValidator(_weekday)] = FollowupRule().weekday
    at: Annotated[time, BeforeValidator(_time_of_day)] = FollowupRule().at
    time_zone: Annotated[str, BeforeValidator(_zone)] = FollowupRule().time_zone
    digest_after: Annotated[timedelta, BeforeValidator(_days)] = FollowupRule().digest_after


class PolicyFields(fields.Fields):
    severities: Annotated[dict[fields.SeverityName, SeverityFields], Field(min_length=1)] | None = None
    default_severity: fields.SeverityName = Policy().default_severity
    roles: dict[Annotated[str, BeforeValidator(_role_key)], RoleFields] = Field(default_factory=dict)
    emoji: dict[str, Annotated[EntryKind, BeforeValidator(_entry_kind)]] | None = None
    services: dict[fields.Text, Users] = Field(default_factory=dict)
    teams: dict[fields.Slug, Users] = Field(default_factory=dict)
    escalation: EscalationFields = EscalationFields()
    rights: RightsFields = RightsFields()
    closing: ClosingFields = ClosingFields()
    followups: FollowupFields = FollowupFields()
    reporter_commands: bool = Policy().reporter_commands
    tick: Annotated[str, BeforeValidator(_tick)] = Policy().tick
    snooze: fields.Span = Policy().snooze
    contacts_stale_after: Annotated[timedelta, BeforeValidator(_many_days)] = Policy().contacts_stale_after


_BLOCKS: Final[tuple[type[BaseModel], ...]] = (
    PolicyFields,
    SeverityFields,
    RoleFields,
    EscalationFields,
    RightsFields,
    ClosingFields,
    WorkingHoursFields,
    FollowupFields,
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
    _check(policy, located, findings)
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
        reporter_commands=written.reporter_commands,
        tick=written.tick,
        snooze=written.snooze,
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
            bare = _emoji(name)
        except ValueError as error:
            findings.add(str(error), line=line, field="emoji")
            continue
        if bare in found:
            findings.add(f":{bare}: is given twice; keep one of the two", line=line, field="emoji")
        found[bare] = kind
    return found


def _check(policy: Policy, located: Located, findings: Findings) -> None:
    if policy.default_severity not in policy.severities:
        known = ", ".join(policy.severities)
        sentence = f"{policy.default_severity} is not among the severities; use one of {known}"
        findings.add(sentence, line=located.line_of(("default_severity",)), field="default_severity")
    if policy.escalation.announcement_after < policy.escalation.commander_after:
        sentence = "comes before commander_after; the commander is asked first"
        line = located.line_of(("escalation", "announcement_after"))
        findings.add(sentence, line=line, field="escalation.announcement_after")
    if len({str(name).upper() for name in _written_severities(located)}) < len(_written_severities(located)):
        sentence = "names one severity twice; keep one of the two"
        findings.add(sentence, line=located.line_of(("severities",)), field="severities")
    _check_spans(policy, located, findings)
    service_tiers.check(policy.severities, located, findings)
    _check_closing(policy.closing, located, findings)
    _check_role_names(policy, located, findings)


def _written_severities(located: Located) -> dict[str, object]:
    """As they were typed: `sev1` beside `SEV1` is one too many."""
    written = located.data.get("severities")
    return written if isinstance(written, dict) else {}


def _check_spans(policy: Policy, located: Located, findings: Findings) -> None:
    shortest = timedelta(minutes=5)
    for severity, rule in policy.severities.items():
        for name, every in (("update_every", rule.update_every), ("summary_every", rule.summary_every)):
            if every is not None and every < shortest:
                line = located.line_of(("severities", severity.value, name))
                sentence = "is shorter than 5 m; nobody can work and write that often"
                findings.add(sentence, line=line, field=f"severities.{severity}.{name}")


def _check_closing(rule: ClosingRule, located: Located, findings: Findings) -> None:
    if rule.ask_again_after < timedelta(days=7):
        line = located.line_of(("closing", "ask_again_after"))
        findings.add(
            "is shorter than 7d; nobody is asked more often than weekly", line=line, field="closing.ask_again_after"
        )
    hours = rule.working_hours
    if hours.until <= hours.begin:
        line = located.line_of(("closing", "working_hours", "until"))
        findings.add("comes before the hours begin", line=line, field="closing.working_hours.until")


def _check_role_names(policy: Policy, located: Located, findings: Findings) -> None:
    """A name that means two roles would give a person the wrong one."""
    owner: dict[str, Role] = {}
    for role, rule in policy.roles.items():
        for name in dict.fromkeys((role, rule.title, *rule.aliases)):
            spoken = " ".join(name.casefold().replace("_", " ").split())
            other = owner.setdefault(spoken, role)
            if other != role:
                line = located.line_of(("roles", role, "aliases"))
                findings.add(f"`{name}` already names {other}", line=line, field=f"roles.{role}")
