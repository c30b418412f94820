"""An event as a CloudEvent in structured JSON (version 1.0). The same event makes the same bytes. Pure."""

import json
from typing import Final

from bot.incident.signal_effects import SendSignal
from bot.incident.signalling import SIGNALS
from bot.incident.state import Incident
from bot.signals.public_fields import public_fields

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"
_TYPES: Final = "muster.incident"


def event_id(signal: SendSignal) -> str:
    """'42.7': the seventh event of INC-42, for ever."""
    return f"{signal.incident}.{signal.version}"


def cloud_event(signal: SendSignal, incident: Incident, team: str) -> bytes:
    """`team`: Slack's id of the workspace. Of `incident` only what never changes is taken, so that a repetition of this
    is the same however far the incident has gone on."""
    event = signal.about
    envelope = {
        "specversion": "1.0",
        "id": event_id(signal),
        "source": f"/muster/{team}",
        "type": f"{_TYPES}.{SIGNALS[type(event)]}",
        "subject": incident.reference,
        "time": event.at.isoformat(),
        "datacontenttype": "application/json",
        "data": {
            "incident": {
                "number": incident.id,
                "reference": incident.reference,
                "title": incident.title,
                "service": incident.service,
                "declared_at": incident.declared_at.isoformat(),
                "private": incident.private,
                "drill": incident.drill,
                "severity": str(signal.severity),
                "status": str(signal.status),
            },
            "version": signal.version,
            "by": str(event.by),
            "change": public_fields(event),
        },
    }
    return json.dumps(envelope, ensure_ascii=False, separators=(",", ":")).encode()
