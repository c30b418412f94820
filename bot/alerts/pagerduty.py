"""PagerDuty, webhooks version 3 -> alerts: one a PagerDuty incident. Pure.

Shape: https://developer.pagerduty.com/docs/webhooks-overview
"""

from collections.abc import Mapping
from typing import Final

from pydantic import Field

from bot.alerts.reading import Moment, Payload, Text, labelled, links, read_json
from bot.incident.alert import Alert, AlertState

_STATES: Final = {
    "incident.triggered": AlertState.FIRING,
    "incident.reopened": AlertState.FIRING,
    "incident.resolved": AlertState.RESOLVED,
}
"""Who acknowledged, was assigned or wrote a note there is PagerDuty's own affair, and so is its test event."""


class _Named(Payload):
    summary: Text = ""


class _Incident(Payload):
    id: Text = ""
    title: Text = ""
    link: Text = Field(default="", alias="html_url")
    created_at: Moment = None
    urgency: Text = ""
    service: _Named | None = None
    priority: _Named | None = None


class _Event(Payload):
    kind: Text = Field(alias="event_type", min_length=1)
    occurred_at: Moment = None
    data: _Incident = _Incident()


class _Delivery(Payload):
    event: _Event


def read(source: str, body: bytes, headers: Mapping[str, str]) -> tuple[Alert, ...]:
    """Raises Malformed."""
    event = read_json(_Delivery, body).event
    state = _STATES.get(event.kind)
    return (_alert(source, event, state),) if state and event.data.id else ()


def _alert(source: str, event: _Event, state: AlertState) -> Alert:
    """One that was reopened fires from then on."""
    told, reopened = event.data, event.kind == "incident.reopened"
    found = {
        "service": told.service.summary if told.service else "",
        "priority": told.priority.summary if told.priority else "",
        "urgency": told.urgency,
    }
    return Alert(
        source=source,
        group=told.id,
        fingerprint=told.id,
        state=state,
        name=told.title or "PagerDuty incident without a title",
        labels=labelled(found),
        links=links(generator=told.link),
        started_at=event.occurred_at if reopened else told.created_at,
        ended_at=event.occurred_at if state is AlertState.RESOLVED else None,
    )
