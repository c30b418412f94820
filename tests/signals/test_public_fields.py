"""What is told of each event is a selection, written down, and no more than that."""

import json
from pathlib import Path
from typing import get_type_hints

import pytest

from bot.incident.events import Event
from bot.incident.signal_effects import SendSignal
from bot.incident.signalling import SIGNALS
from bot.incident.terms import IncidentId, Severity, Status, Version
from bot.signals.cloud_event import cloud_event
from bot.signals.public_fields import PARTS, PUBLIC, public_fields
from tests.slack.war_room import incident
from tests.store.examples import EVERY_EVENT

DOCUMENT = (Path(__file__).parents[2] / "docs" / "signals.md").read_text(encoding="utf-8")
TOLD = [event for event in EVERY_EVENT if type(event) in SIGNALS]


def test_every_signal_has_its_fields() -> None:
    assert set(PUBLIC) == set(SIGNALS)
    assert {type(event) for event in TOLD} == set(SIGNALS)


@pytest.mark.parametrize("kind", [*PUBLIC, *PARTS], ids=lambda kind: kind.__name__)
def test_every_field_that_is_named_is_there(kind: type) -> None:
    named = (PUBLIC.get(kind) or PARTS.get(kind)) or ()
    assert [name for name in named if name not in get_type_hints(kind) and not hasattr(kind, name)] == []


@pytest.mark.parametrize("event", TOLD, ids=lambda event: type(event).__name__)
def test_what_is_told_is_json_of_these_fields_alone(event: Event) -> None:
    signal = SendSignal(
        incident=IncidentId(42),
        target="siem",
        version=Version(7),
        severity=Severity.SEV1,
        status=Status.TRIAGE,
        about=event,
    )
    told = json.loads(cloud_event(signal, incident(), "T0123"))
    assert set(told["data"]["change"]) == set(PUBLIC[type(event)])
    assert set(told["data"]) == {"incident", "version", "by", "change"}
    assert told["data"]["change"] == json.loads(json.dumps(public_fields(event)))


@pytest.mark.parametrize("kind", SIGNALS, ids=lambda kind: kind.__name__)
def test_the_document_lists_each_with_its_fields(kind: type[Event]) -> None:
    (line,) = [line for line in DOCUMENT.splitlines() if line.startswith(f"| `{SIGNALS[kind]}` |")]
    fields = ", ".join(f"`{name}`" for name in PUBLIC[kind])
    assert line == f"| `{SIGNALS[kind]}` | {fields or '—'} |"


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_the_document_lists_what_the_parts_hold(part: type) -> None:
    assert ", ".join(f"`{name}`" for name in PARTS[part]) in DOCUMENT
