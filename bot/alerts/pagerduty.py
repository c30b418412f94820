"""PagerDuty, webhooks version 3 -> alerts: one a PagerDuty incident. Pure.

Shape: https://developer.pagerduty.com/docs/webhooks-overview
"""

from collections.abc import Mapping
from typing import Any, Final

from pydantic import Field, ValidationError

from bot.alerts.reading import Moment, Payload, Text, labelled, links, malformed, read_json
from bot.incident.alert import Alert, AlertState

_STATES: Final = {
    "incident.triggered": AlertState.FIRING,
    "incident.reopened": AlertState.FIRING,
    "incident.priority_updated": AlertState.FIRING,
    "incident.resolved": AlertState.RESOLVED,
}
"""A priority is often given later, and rules may ask for it. Who acknowledged, was called next or wrote a note there
is PagerDuty's own affair, and so is its test event (pagey.ping)."""
_OVER: Final = "resolved"


class _Named(Payload):
    summary: Text = ""


class _Incident(Payload):
    id: Text = Field(min_length=1)
    title: Text = ""
    link: Text = Field(default="", alias="html_url")
    created_at: Moment = None
    urgency: Text = ""
    status: Text = ""
    service: _Named | None = None
    priority: _Named | None = None


class _Event(Payload):
    kind: Text = Field(alias="event_type", min_length=1)
    occurred_at: Moment = None
    data: Any = None


class _Delivery(Payload):
    event: _Event


def read(source: str, body: bytes, headers: Mapping[str, str]) -> tuple[Alert, ...]:
    """Raises Malformed. Of events that are no alerts nothing is read: their data has other shapes, and a refusal
    would cost more than one event, since PagerDuty stops sending for a day after three."""
    event = read_json(_Delivery, body).event
    state = _STATES.get(event.kind)
    if state is None:
        return ()
    told = _incident(event.data)
    is_news = state is AlertState.RESOLVED or told.status != _OVER
    return (_alert(source, event, told, state),) if is_news else ()


def _incident(data: Any) -> _Incident:
    try:
        return _Incident.model_validate(data)
    except ValidationError as error:
        raise malformed(error) from None


def _alert(source: str, event: _Event, told: _Incident, state: AlertState) -> Alert:
    """One that was reopened fires from then on."""
    reopened = event.kind == "incident.reopened"
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
