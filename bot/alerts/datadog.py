"""Datadog's webhook integration, with the payload that docs/alerts.md gives -> alerts. Pure.

Shape: https://docs.datadoghq.com/integrations/webhooks/ (its variables; the payload itself is everybody's own)
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from bot.alerts.reading import Malformed, Payload, Text, labelled, links, moment, read_json
from bot.incident.alert import Alert, AlertState

_RESOLVED: Final = "recovered"
_BEGINS: Final = frozenset({"triggered", "no data", "warn"})
_GOES_ON: Final = frozenset({"re-triggered", "re-no data", "re-warn", "renotify"})
"""Reminders. Their date is that of the reminder; since when it fires only the cycle's key tells."""
_VARIABLE: Final = re.compile(r"\$[A-Z][A-Z_]*")
_MARKS: Final = re.compile(
    r"(?:\s*\[(?:test|(?:re-)?(?:triggered|no data|warn)|recovered|renotify)(?: on \{[^}]*\})?\])+\s*", re.IGNORECASE
)
"""What Datadog puts before a monitor's own title, as in '[Triggered on {host:db-3}] Disk is full'."""
_TEST: Final = "[test]"


def _date(value: object) -> datetime | None:
    """Milliseconds since 1970, as text or as a number; what is neither is no time."""
    try:
        return moment(datetime.fromtimestamp(float(str(value)) / 1000, tz=UTC))
    except (ValueError, OverflowError, OSError):
        return None


def _filled(value: object) -> object:
    """A variable that means nothing for this kind of monitor stays as it was written."""
    return "" if isinstance(value, str) and _VARIABLE.fullmatch(value.strip()) else value


Filled = Annotated[Text, BeforeValidator(_filled)]


class _Delivery(Payload):
    monitor: Filled = Field(alias="alert_id", min_length=1)
    transition: Text = Field(min_length=1)
    title: Filled = ""
    status: Filled = ""
    scope: Filled = ""
    cycle: Filled = ""
    tags: Filled = ""
    priority: Filled = ""
    kind: Filled = Field(default="", alias="alert_type")
    link: Filled = ""
    at: Annotated[datetime | None, BeforeValidator(_date)] = Field(default=None, alias="date")


def read(source: str, body: bytes, headers: Mapping[str, str]) -> tuple[Alert, ...]:
    """Raises Malformed. Somebody who tests a monitor's notifications has no alert."""
    told: _Delivery = read_json(_Delivery, body)
    transition = told.transition.strip().casefold()
    if transition.startswith("$"):
        raise Malformed("The payload holds $ALERT_TRANSITION itself: Datadog fills it in for monitors only.")
    if transition not in _BEGINS | _GOES_ON | {_RESOLVED} or _TEST in _marks(told.title).casefold():
        return ()
    return (_alert(source, told, transition),)


def _alert(source: str, told: _Delivery, transition: str) -> Alert:
    """A monitor is a group, and what it watches within its scope is one alert of it."""
    known = {"priority": told.priority, "alert_type": told.kind}
    beside = {label: value for label, value in (("scope", told.scope), ("status", told.status)) if value}
    return Alert(
        source=source,
        group=told.monitor,
        fingerprint=f"{told.monitor} {told.scope}",
        state=AlertState.RESOLVED if transition == _RESOLVED else AlertState.FIRING,
        name=told.title[len(_marks(told.title)) :] or f"Monitor {told.monitor}",
        labels=labelled(known, {**beside, **_tags(told.tags)}),
        links=links(generator=told.link),
        started_at=told.at if transition in _BEGINS else None,
        ended_at=told.at if transition == _RESOLVED else None,
        cycle=told.cycle,
    )


def _marks(title: str) -> str:
    found = _MARKS.match(title)
    return found[0] if found else ""


def _tags(text: str) -> dict[str, str]:
    """'service:checkout,url:https://x,urgent': the first colon parts; a tag without a value is a label that says so."""
    pairs = (tag.strip().partition(":") for tag in text.split(",") if tag.strip())
    return {name: value or "yes" for name, _, value in pairs}
