"""Grafana Alerting, the webhook contact point -> alerts. Pure.

Shape: https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
"""

import json
from collections.abc import Mapping
from typing import Final, Literal

from pydantic import Field

from bot.alerts.reading import MOST_ALERTS, Labels, Moment, Payload, Text, first, links, read_json
from bot.incident.alert import Alert, AlertState, digest

_NAME: Final = "alertname"
_RULE: Final = "rulename"
_BLIND: Final = {
    "DatasourceNoData": "Grafana gets no data for “{rule}”",
    "DatasourceError": "Grafana cannot evaluate “{rule}”",
}
"""Alerts of Grafana's own, with the labels and annotations of a rule that could not say whether it fires:
https://grafana.com/docs/grafana/latest/alerting/fundamentals/alert-rule-evaluation/nodata-and-error-states/"""
_REASON: Final = "grafana_state_reason"
"""Why an alert is in a state that its measurements do not explain, such as MissingSeries, NoData or Paused."""


class _Alert(Payload):
    status: Literal["firing", "resolved"]
    labels: Labels = Field(default_factory=dict)
    annotations: Labels = Field(default_factory=dict)
    starts_at: Moment = Field(default=None, alias="startsAt")
    ends_at: Moment = Field(default=None, alias="endsAt")
    generator: Text = Field(default="", alias="generatorURL")
    fingerprint: Text = ""
    silence: Text = Field(default="", alias="silenceURL")
    dashboard: Text = Field(default="", alias="dashboardURL")
    panel: Text = Field(default="", alias="panelURL")


class _Notification(Payload):
    group_key: Text = Field(alias="groupKey", min_length=1)
    alerts: list[_Alert] = Field(max_length=MOST_ALERTS, fail_fast=True)


def read(source: str, body: bytes, headers: Mapping[str, str]) -> tuple[Alert, ...]:
    """Raises Malformed."""
    told: _Notification = read_json(_Notification, body)
    return tuple(_alert(source, told.group_key, each) for each in told.alerts)


def _alert(source: str, group: str, each: _Alert) -> Alert:
    state, notes = AlertState(each.status), each.annotations
    return Alert(
        source=source,
        group=group,
        fingerprint=each.fingerprint or digest(json.dumps(sorted(each.labels.items()))),
        state=state,
        name=each.labels.get(_NAME, "") or "Alert without a name",
        summary=_summary(each),
        labels=each.labels,
        links=links(
            dashboard=each.panel or each.dashboard,
            runbook=first(notes, ("runbook_url", "runbook")),
            generator=each.generator,
            silence=each.silence,
        ),
        started_at=each.starts_at,
        ended_at=each.ends_at if state is AlertState.RESOLVED else None,
    )


def _summary(each: _Alert) -> str:
    """What the rule's author wrote holds where something was measured, and only there."""
    own = _BLIND.get(each.labels.get(_NAME, ""))
    if own and (rule := each.labels.get(_RULE)):
        return own.format(rule=rule)
    summary, reason = first(each.annotations, ("summary", "message", "description")), each.annotations.get(_REASON)
    return " ".join(filter(None, (summary, f"({each.status} because of {reason})" if reason else "")))
