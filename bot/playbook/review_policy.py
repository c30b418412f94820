"""The part of policy.yaml about reviews: the rota of facilitators, the functions that are invited, who else is told."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from bot.incident.policy import FunctionRule, ReviewRule, SeverityRule
from bot.incident.terms import GroupId, Severity, UserId
from bot.playbook import fields
from bot.playbook import policy_values as values
from bot.playbook.problems import Findings, did_you_mean
from bot.playbook.yaml_lines import Located

_GROUP: Final = re.compile(r"S[A-Z0-9]{5,}")


def _someone(value: object) -> str:
    """A person or a user group."""
    text = fields.text(value)
    if _GROUP.fullmatch(text):
        return text
    try:
        return values.user(text)
    except ValueError:
        sentence = "is neither a Slack user id (U… or W…) nor the id of a user group (S…)"
        raise ValueError(f"{text[:60]} {sentence}") from None


Somebody = Annotated[
    tuple[Annotated[str, BeforeValidator(_someone)], ...],
    Field(max_length=20),
    BeforeValidator(fields.listed),
]
Functions = Annotated[tuple[fields.Slug, ...], Field(max_length=20), BeforeValidator(fields.listed)]


class ReviewFields(fields.Fields):
    facilitators: values.Users = ()
    functions: dict[fields.Slug, Somebody] = Field(default_factory=dict)
    sponsors: values.Users = ()
    climbs_after: Annotated[timedelta, BeforeValidator(values.days)] = ReviewRule().climbs_after
    announce_overdue: bool = ReviewRule().announce_overdue


def review_rule_of(written: ReviewFields) -> ReviewRule:
    functions = {name: _function(ids) for name, ids in written.functions.items()}
    return ReviewRule(
        facilitators=written.facilitators,
        functions=functions,
        sponsors=written.sponsors,
        climbs_after=written.climbs_after,
        announce_overdue=written.announce_overdue,
    )


def _function(ids: tuple[str, ...]) -> FunctionRule:
    return FunctionRule(
        people=tuple(UserId(each) for each in ids if not _GROUP.fullmatch(each)),
        groups=tuple(GroupId(each) for each in ids if _GROUP.fullmatch(each)),
    )


def check_functions(
    severities: Mapping[Severity, SeverityRule], rule: ReviewRule, located: Located, findings: Findings
) -> None:
    for name, function in rule.functions.items():
        if not (function.people or function.groups):
            line = located.line_of(("review", "functions", name))
            findings.add(
                "names nobody; write Slack ids of people or user groups", line=line, field=f"review.functions.{name}"
            )
    for severity, each in severities.items():
        for name in each.review_invites:
            if name not in rule.functions:
                hint = did_you_mean(name, list(rule.functions)) or "; add it under review.functions"
                line = located.line_of(("severities", severity.value, "review_invites"))
                findings.add(f"{name} is no function{hint}", line=line, field=f"severities.{severity}.review_invites")
