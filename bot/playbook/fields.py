"""The kinds of value that front matter and policy.yaml hold, and what is said when one does not fit."""

import re
from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Annotated, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from bot.incident.terms import Severity
from bot.playbook.durations import duration
from bot.playbook.problems import Findings, did_you_mean
from bot.playbook.yaml_lines import FieldPath, Located

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
_NEVER = {"never", "none"}

_SENTENCES: Final = {
    "missing": "is missing",
    "list_type": "wants a list, such as [one, two]",
    "tuple_type": "wants a list, such as [one, two]",
    "dict_type": "wants fields of its own, one a line",
    "model_type": "wants fields of its own, one a line",
    "bool_type": "wants true or false",
    "bool_parsing": "wants true or false",
    "string_too_long": "is longer than {max_length} characters",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "too_long": "holds more than {max_length} entries",
}
"""pydantic's error types in plain words; the value types below bring sentences of their own."""


class Fields(BaseModel):
    """A block of fields; one that nobody knows is a mistake, never ignored."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def text(value: object) -> str:
    """Numbers may stand for text (`words: [502]`); true, false and nothing may not."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("wants text; put it in quotes")  # noqa: TRY004 - pydantic makes its report from ValueError
    return str(value).strip()


def listed(value: object) -> object:
    """One value may stand for a list of one."""
    return value if isinstance(value, list | tuple) else [value]


def is_slug(value: str) -> bool:
    return _SLUG.fullmatch(value) is not None


def slug(value: object) -> str:
    found = text(value)
    if not is_slug(found):
        raise ValueError(f"{found[:60]} is no id; use small letters, digits and hyphens, 60 at most")
    return found


def severity(value: object) -> Severity:
    try:
        return Severity(str(value).upper())
    except ValueError:
        raise ValueError(f"{value} is no severity; use SEV1 … SEV5") from None


def span(value: object) -> timedelta:
    found = duration(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(f"{value} is no span of time; write 30m, 1h or 1h30m, a week at most")
    return found


def span_or_never(value: object) -> timedelta | None:
    """`never`, and what YAML makes of `off` and of nothing at all, mean never."""
    if value is None or value is False or value in _NEVER:
        return None
    return span(value)


def day(value: object) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise ValueError(f"{value} is no date; write one such as 2027-03-31")  # noqa: TRY004 - as above
    return value


Text = Annotated[str, StringConstraints(min_length=1, max_length=500), BeforeValidator(text)]
Texts = Annotated[tuple[Text, ...], Field(max_length=50), BeforeValidator(listed)]
Slug = Annotated[str, BeforeValidator(slug)]
SeverityName = Annotated[Severity, BeforeValidator(severity)]
SeverityNames = Annotated[tuple[SeverityName, ...], BeforeValidator(listed)]
Span = Annotated[timedelta, BeforeValidator(span)]
SpanOrNever = Annotated[timedelta | None, BeforeValidator(span_or_never)]
Day = Annotated[date, BeforeValidator(day)]


def report(error: ValidationError, located: Located, findings: Findings, known: Collection[str]) -> None:
    """Adds each of pydantic's complaints to the findings. `known`: the fields that may be meant."""
    for detail in error.errors(include_url=False):
        path: FieldPath = tuple(part for part in detail["loc"] if part != "[key]")
        findings.add(_sentence(detail, known), line=located.line_of(path), field=_field(path))


def _field(path: FieldPath) -> str:
    return ".".join(part for part in path if isinstance(part, str))


def _sentence(detail: ErrorDetails, known: Collection[str]) -> str:
    if detail["type"] == "extra_forbidden":
        return "is no field known here" + did_you_mean(str(detail["loc"][-1]), known)
    context = detail.get("ctx", {})
    if detail["type"] == "value_error":
        return str(context["error"])
    sentence = _SENTENCES.get(detail["type"])
    return sentence.format(**context) if sentence else detail["msg"]
