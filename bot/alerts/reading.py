"""What all sources share: bounded foreign text, links that may be shown, times, and what does not read."""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError
from pydantic_core import from_json

from bot.incident.alert import LONGEST_LABEL, LONGEST_LINK, MOST_LABELS, LinkKind

MOST_ALERTS: Final = 5000
"""In one delivery; 2 MB hold no more that are worth reading."""
MOST_VALUES: Final = 100_000
"""In one delivery, fields of objects and items of lists. A full delivery of Alertmanager's holds 60,000; reading a
million, which fit into 2 MB, would keep everybody waiting for half a second."""
_LONGEST_TEXT: Final = 2000
_TRUNCATED: Final = re.compile(rb'"truncatedAlerts"\s*:\s*([1-9][0-9]{0,8})')
_EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)


class Malformed(ValueError):  # noqa: N818 - it says what the payload is
    """The payload is not what this source sends. Its text is a plain sentence for whoever set the source up."""


class Payload(BaseModel):
    """What comes may hold more than we read; what we read must be of its kind."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def text(value: object) -> str:
    """Numbers and flags may stand for text; nothing at all is empty text."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return str(value)[:_LONGEST_TEXT]
    if isinstance(value, str):
        return value[:_LONGEST_TEXT]
    raise ValueError("should be text")


def labels(value: object) -> dict[str, str]:
    """What is no single value is left out: it could not be matched on."""
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        raise ValueError("should be an object")  # noqa: TRY004 - pydantic makes its report from ValueError
    plain = ((str(name), each) for name, each in value.items() if isinstance(each, str | int | float))
    return {name[:LONGEST_LABEL]: str(each)[:LONGEST_LABEL] for name, each in islice(plain, MOST_LABELS)}


def moment(value: datetime | None) -> datetime | None:
    """None for the zero times that some sources send for 'never', for times before any of this, and for the last hours
    of the year 9999, which are beyond it in UTC."""
    if value is None:
        return None
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    try:
        return aware.astimezone(UTC) if aware > _EARLIEST else None
    except OverflowError:
        return None


def links(**found: str) -> dict[LinkKind, str]:
    """By the kind's name in small letters. Only web addresses: anything else is no link to offer to people."""
    kinds = {LinkKind[name.upper()]: address.strip() for name, address in found.items()}
    return {kind: address for kind, address in kinds.items() if _is_web_address(address)}


def labelled(known: Mapping[str, str], told: Mapping[str, str] | None = None) -> dict[str, str]:
    """What is `known` without labels comes first, so that none is lost to MOST_LABELS; `told` are the source's own."""
    said = {label: value for label, value in known.items() if value}
    return labels({**said, **(told or {}), **said})


def first(found: Mapping[str, str], names: Iterable[str]) -> str:
    """The first of these that says something."""
    return next((found[name] for name in names if found.get(name)), "")


def read_json(kind: type[Any], body: bytes) -> Any:
    """The payload as `kind` has it. Raises Malformed."""
    try:
        return kind.model_validate(loaded(body))
    except ValidationError as error:
        raise malformed(error) from None


def loaded(body: bytes) -> Any:
    """The body's JSON: UTF-8, no NaN, no half of a surrogate pair, bounded in depth and in how much it holds. Raises
    Malformed."""
    if body.count(b",") + body.count(b"[") + body.count(b"{") > MOST_VALUES:
        raise Malformed("The payload does not read: it holds too many values. Send fewer alerts at once.")
    try:
        return from_json(body, allow_inf_nan=False, cache_strings="keys")
    except ValueError:
        raise Malformed("The payload does not read: it is no JSON.") from None


def truncated(body: bytes) -> int:
    """How many alerts of their group Alertmanager and Grafana left out of this delivery, because of `max_alerts`.

    Of these nobody hears, nor of their end. It is asked of the text: within a JSON string such quotes are escaped.
    """
    found = _TRUNCATED.search(body)
    return int(found[1]) if found else 0


def malformed(error: ValidationError) -> Malformed:
    """The first complaint, without the value: what came is not repeated to whoever sent it."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(str(part) for part in first["loc"])
    what = "should be an object" if first["type"] == "model_type" else first["msg"]
    return Malformed(f"The payload does not read: {where or 'all of it'}: {what}.")


def _is_web_address(address: str) -> bool:
    return address.startswith(("http://", "https://")) and len(address) <= LONGEST_LINK and " " not in address


Text = Annotated[str, BeforeValidator(text)]
Labels = Annotated[dict[str, str], BeforeValidator(labels)]
Moment = Annotated[datetime | None, AfterValidator(moment)]
