"""Prometheus Alertmanager, webhook version 4 -> alerts. Pure.

Shape: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config
"""

import json
from collections.abc import Mapping
from typing import Final, Literal
from urllib.parse import quote

from pydantic import Field

from bot.alerts.reading import MOST_ALERTS, Labels, Malformed, Moment, Payload, Text, first, links, read_json
from bot.incident.alert import Alert, AlertState, digest

VERSION: Final = "4"
_NAME: Final = "alertname"


class _Alert(Payload):
    status: Literal["firing", "resolved"]
    labels: Labels = Field(default_factory=dict)
    annotations: Labels = Field(default_factory=dict)
    starts_at: Moment = Field(default=None, alias="startsAt")
    ends_at: Moment = Field(default=None, alias="endsAt")
    generator: Text = Field(default="", alias="generatorURL")
    fingerprint: Text = ""


class _Notification(Payload):
    version: Text
    group_key: Text = Field(alias="groupKey", min_length=1)
    external: Text = Field(default="", alias="externalURL")
    alerts: list[_Alert] = Field(max_length=MOST_ALERTS, fail_fast=True)


def read(source: str, body: bytes, headers: Mapping[str, str]) -> tuple[Alert, ...]:
    """Raises Malformed."""
    told: _Notification = read_json(_Notification, body)
    if told.version != VERSION:
        raise Malformed(f"This is version {told.version[:20]} of Alertmanager's webhook; only {VERSION} is read here.")
    return tuple(_alert(source, told, each) for each in told.alerts)


def _alert(source: str, told: _Notification, each: _Alert) -> Alert:
    """An alert that fires has the zero time as its end, or one that only says when it will be taken for resolved."""
    state = AlertState(each.status)
    notes = each.annotations
    return Alert(
        source=source,
        group=told.group_key,
        fingerprint=each.fingerprint or digest(json.dumps(sorted(each.labels.items()))),
        state=state,
        name=each.labels.get(_NAME, "") or "Alert without a name",
        summary=first(notes, ("summary", "message", "description")),
        labels=each.labels,
        links=links(
            dashboard=first(notes, ("dashboard_url", "dashboard", "dashboardURL")),
            runbook=first(notes, ("runbook_url", "runbook")),
            generator=each.generator,
            silence=_silence(told.external, each.labels),
        ),
        started_at=each.starts_at,
        ended_at=each.ends_at if state is AlertState.RESOLVED else None,
    )


def _silence(external: str, found: Mapping[str, str]) -> str:
    """Alertmanager's own form for a silence of just this alert; it must be confirmed there."""
    matchers = ", ".join(f"{name}={json.dumps(value)}" for name, value in sorted(found.items()))
    return f"{external.rstrip('/')}/#/silences/new?filter={quote(f'{{{matchers}}}', safe='')}" if external else ""
