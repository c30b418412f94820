"""CloudEvents 1.0 over HTTP, structured, batched or binary -> alerts. Pure.

Shape: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
What an event means is told by its type: one that ends in .resolved, .recovered, .ok or .closed ends what others began.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from pydantic import Field, ValidationError

from bot.alerts.reading import MOST_ALERTS, Labels, Malformed, Moment, Payload, Text, labelled, links, loaded, malformed
from bot.incident.alert import Alert, AlertState

_STRUCTURED: Final = "application/cloudevents+json"
_BATCH: Final = "application/cloudevents-batch+json"
_ENDINGS: Final = frozenset({"resolved", "recovered", "ok", "closed"})
_BEGINNINGS: Final = frozenset({"firing", "triggered", "fired", "alerting", "opened", "raised"})


class _Data(Payload):
    """What of an event's own data is understood; all of it may be missing."""

    name: Text = ""
    title: Text = ""
    summary: Text = ""
    severity: Text = ""
    service: Text = ""
    group: Text = ""
    fingerprint: Text = ""
    labels: Labels = Field(default_factory=dict)
    dashboard: Text = Field(default="", alias="dashboard_url")
    runbook: Text = Field(default="", alias="runbook_url")
    link: Text = ""


class _Event(Payload):
    id: Text = Field(min_length=1)
    source: Text = Field(min_length=1)
    specversion: Text = Field(pattern=r"^1\.")
    type: Text = Field(min_length=1)
    subject: Text = ""
    time: Moment = None
    data: Any = None


def read(source: str, body: bytes, headers: Mapping[str, str]) -> tuple[Alert, ...]:
    """Raises Malformed."""
    content = headers.get("content-type", "").partition(";")[0].strip().lower()
    if content == _BATCH:
        told = loaded(body)
        if not isinstance(told, list) or len(told) > MOST_ALERTS:
            raise Malformed(f"A batch should be a list of at most {MOST_ALERTS} events.")
        return tuple(_alert(source, each) for each in told)
    if content == _STRUCTURED:
        return (_alert(source, loaded(body)),)
    if "ce-type" not in headers:
        raise Malformed(
            f"This is no CloudEvent: send {_STRUCTURED}, {_BATCH}, or the headers ce-id, ce-type and so on."
        )
    attributes = {name[3:]: unquote(value) for name, value in headers.items() if name.startswith("ce-")}
    return (_alert(source, {**attributes, "data": loaded(body) if body else None}),)


def _alert(source: str, told: Any) -> Alert:
    try:
        event = _Event.model_validate(told)
        data = _Data.model_validate(event.data if isinstance(event.data, dict) else {})
    except ValidationError as error:
        raise malformed(error) from None
    stem, _, word = event.type.rpartition(".")
    ends = word.casefold() in _ENDINGS
    subject = stem if stem and (ends or word.casefold() in _BEGINNINGS) else event.type
    known = {"severity": data.severity, "service": data.service, "type": event.type, "subject": event.subject}
    return Alert(
        source=source,
        group=data.group or f"{event.source} {subject}",
        fingerprint=data.fingerprint or f"{event.source} {subject} {event.subject}",
        state=AlertState.RESOLVED if ends else AlertState.FIRING,
        name=data.title or data.name or subject,
        summary=data.summary,
        labels=labelled(known, data.labels),
        links=links(dashboard=data.dashboard, runbook=data.runbook, generator=data.link),
        started_at=None if ends else event.time,
        ended_at=event.time if ends else None,
    )
