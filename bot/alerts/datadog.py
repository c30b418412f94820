"""Datadog's webhook integration, with the payload that docs/alerts.md gives -> alerts. Pure.

Shape: https://docs.datadoghq.com/integrations/webhooks/ (its variables; the payload itself is everybody's own)
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from bot.alerts.reading import Malformed, Payload, Text, labelled, links, moment, read_json
from bot.incident.alert import Alert, AlertState

_RESOLVED: Final = frozenset({"recovered"})
_FIRING: Final = frozenset({"triggered", "re-triggered", "no data", "re-no data", "warn", "re-warn", "renotify"})


def _date(value: object) -> datetime | None:
    """Milliseconds since 1970, as text or as a number; what is neither is no time."""
    try:
        return moment(datetime.fromtimestamp(float(str(value)) / 1000, tz=UTC))
    except (ValueError, OverflowError, OSError):
        return None


class _Delivery(Payload):
    monitor: Text = Field(alias="alert_id", min_length=1)
    transition: Text = Field(min_length=1)
    title: Text = ""
    status: Text = ""
    scope: Text = ""
    tags: Text = ""
    priority: Text = ""
    kind: Text = Field(default="", alias="alert_type")
    link: Text = ""
    at: Annotated[datetime | None, BeforeValidator(_date)] = Field(default=None, alias="date")


def read(source: str, body: bytes, headers: Mapping[str, str]) -> tuple[Alert, ...]:
    """Raises Malformed."""
    told: _Delivery = read_json(_Delivery, body)
    transition = told.transition.casefold()
    if transition.startswith("$"):
        raise Malformed("The payload holds $ALERT_TRANSITION itself: Datadog fills it in for monitors only.")
    if transition not in _FIRING | _RESOLVED:
        return ()
    return (_alert(source, told, AlertState.RESOLVED if transition in _RESOLVED else AlertState.FIRING),)


def _alert(source: str, told: _Delivery, state: AlertState) -> Alert:
    """A monitor is a group, and what it watches within its scope is one alert of it."""
    known = {"priority": told.priority, "alert_type": told.kind}
    return Alert(
        source=source,
        group=told.monitor,
        fingerprint=f"{told.monitor} {told.scope}",
        state=state,
        name=told.title or f"Monitor {told.monitor}",
        summary=told.status,
        labels=labelled(known, _tags(told.tags)),
        links=links(generator=told.link),
        started_at=told.at if state is AlertState.FIRING else None,
        ended_at=told.at if state is AlertState.RESOLVED else None,
    )


def _tags(text: str) -> dict[str, str]:
    """'service:checkout,env:prod,urgent': a tag without a value is a label that says so."""
    pairs = (tag.strip().partition(":") for tag in text.split(",") if tag.strip())
    return {name: value or "yes" for name, _, value in pairs}
