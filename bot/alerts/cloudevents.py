"""CloudEvents 1.0 over HTTP, structured, batched or binary -> alerts. Pure.

Shape: https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md
What an event means is told by its type: one that ends in .resolved, .recovered, .ok or .closed ends what others began.
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from pydantic import Field, ValidationError

from bot.alerts.reading import MOST_ALERTS, Labels, Malformed, Moment, Payload, Text, labelled, links, loaded, malformed
from bot.incident.alert import Alert, AlertState

_STRUCTURED: Final = "application/cloudevents+json"
_BATCH: Final = "application/cloudevents-batch+json"
_ANY_FORMAT: Final = "application/cloudevents"
_JSON: Final = "application/json"
"""Also where an event does not say of what kind its data is."""
_TEXT: Final = "text/plain"
_ESCAPED: Final = re.compile(r"\\(.)")
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
    datacontenttype: Text = ""
    data: Any = None
    data_base64: str | None = None


def read(source: str, body: bytes, headers: Mapping[str, str]) -> tuple[Alert, ...]:
    """Raises Malformed."""
    content = _media_type(headers.get("content-type", ""))
    if content == _BATCH:
        told = loaded(body)
        if not isinstance(told, list) or len(told) > MOST_ALERTS:
            raise Malformed(f"A batch should be a list of at most {MOST_ALERTS} events.")
        return tuple(_alert(source, each) for each in told)
    if content == _STRUCTURED:
        return (_alert(source, loaded(body)),)
    if content.startswith(_ANY_FORMAT):
        raise Malformed(f"Of the formats of CloudEvents only JSON is read: send {_STRUCTURED} or {_BATCH}.")
    if "ce-type" not in headers:
        raise Malformed(
            f"This is no CloudEvent: send {_STRUCTURED}, {_BATCH}, or the headers ce-id, ce-type and so on."
        )
    attributes = {name[3:]: _header(value) for name, value in headers.items() if name.startswith("ce-")}
    told = {**attributes, "datacontenttype": content, "data": _bytes_read(content or _JSON, body), "data_base64": None}
    return (_alert(source, told),)


def _media_type(text: str) -> str:
    return text.partition(";")[0].strip().lower()


def _header(value: str) -> str:
    """Without the quotes that older versions allow, and with what is percent-encoded decoded, once."""
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = _ESCAPED.sub(r"\1", value[1:-1])
    try:
        return unquote(value, errors="strict")
    except UnicodeDecodeError:
        raise Malformed("A ce- header does not read: what is percent-encoded should be UTF-8.") from None


def _bytes_read(content: str, data: bytes) -> Any:
    """What can be understood of an event's own data: JSON, and plain text; all else is opaque."""
    if not data:
        return None
    if content == _TEXT:
        return data.decode(errors="replace")
    if content.endswith(("/json", "+json")):
        return loaded(data)
    return None


def _decoded(text: str) -> bytes:
    try:
        return b64decode(text, validate=True)
    except ValueError:
        raise Malformed("The payload does not read: data_base64 is not of base64.") from None


def _data(event: _Event) -> _Data:
    """Raises ValidationError."""
    content, told = _media_type(event.datacontenttype), event.data
    if told is None and event.data_base64:
        told = _bytes_read(content or _JSON, _decoded(event.data_base64))
    if isinstance(told, str) and content == _TEXT:
        return _Data(summary=told)
    return _Data.model_validate(told if isinstance(told, dict) else {})


def _alert(source: str, told: Any) -> Alert:
    try:
        event = _Event.model_validate(told)
        data = _data(event)
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
