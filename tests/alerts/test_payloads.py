"""Each source's payload, in the shape that it documents, becomes alerts that rules can be written for."""

import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from bot.alerts.credentials import is_known
from bot.alerts.reading import Malformed
from bot.alerts.sources import READERS
from bot.incident.alert import Alert, AlertState, LinkKind

PAYLOADS: Final = Path(__file__).parents[1] / "payloads"
STRUCTURED: Final = {"content-type": "application/cloudevents+json"}
RESOLVED, FIRING = AlertState.RESOLVED, AlertState.FIRING


def delivered(name: str) -> tuple[dict[str, str], bytes]:
    """Headers and body."""
    text = (PAYLOADS / name).read_text(encoding="utf-8")
    if not name.endswith(".http"):
        kind = "application/cloudevents+json" if name.startswith("cloudevents") else "application/json"
        return {"content-type": kind}, text.encode()
    head, _, body = text.partition("\n\n")
    return dict(line.split(": ", 1) for line in head.splitlines()), body.encode()


def read(name: str) -> tuple[Alert, ...]:
    headers, body = delivered(name)
    source = name.partition("-")[0]
    return READERS[source](source, body, headers)


def sent(source: str, payload: Any, **headers: str) -> tuple[Alert, ...]:
    return READERS[source](source, json.dumps(payload).encode(), headers)


@pytest.mark.parametrize("path", sorted(path.name for path in PAYLOADS.iterdir() if path.suffix != ".md"))
def test_every_payload_is_labelled_and_read(path: str) -> None:
    label = path.partition("-")[0]
    assert f"`{label}-*" in (PAYLOADS / "README.md").read_text(encoding="utf-8")
    for alert in read(path):
        assert alert.name
        assert alert.group
        assert alert.labels["service"]


@pytest.mark.parametrize("source", READERS)
def test_every_source_has_a_payload(source: str) -> None:
    assert list(PAYLOADS.glob(f"{source}-*"))


def test_grafana_brings_its_own_silence_and_the_panel() -> None:
    (alert,) = read("grafana-firing.json")
    assert (alert.name, alert.fingerprint) == ("Queue grows", "d41f0c77ab90e312")
    assert alert.started_at == datetime(2026, 3, 2, 12, 0, 10, 200000, tzinfo=UTC)
    assert set(alert.links) == set(LinkKind)
    assert alert.links[LinkKind.DASHBOARD].endswith("viewPanel=3")


def test_pagerduty_fires_and_resolves_the_same_alert() -> None:
    (fired,), (resolved,) = read("pagerduty-triggered.json"), read("pagerduty-resolved.json")
    assert fired.key == resolved.key
    assert (fired.state, resolved.state) == (FIRING, RESOLVED)
    assert fired.labels == {"service": "search", "priority": "P1", "urgency": "high"}


@pytest.mark.parametrize("kind", ["incident.acknowledged", "incident.annotated", "pagey.ping", "service.updated"])
def test_what_else_happens_at_pagerduty_is_no_alert(kind: str) -> None:
    assert sent("pagerduty", {"event": {"event_type": kind, "data": {"id": "Q1", "type": "ping"}}}) == ()


def test_datadog_tells_by_its_transition() -> None:
    (fired,) = read("datadog-triggered.json")
    _, body = delivered("datadog-triggered.json")
    (recovered,) = sent("datadog", {**json.loads(body), "transition": "Recovered", "title": "[Recovered] Disk"})
    assert (fired.state, recovered.state) == (FIRING, RESOLVED)
    assert fired.key == recovered.key
    assert fired.started_at == datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
    assert fired.labels["urgent"] == "yes"
    assert sent("datadog", {**json.loads(body), "transition": "Null"}) == ()


def test_a_variable_that_datadog_did_not_fill_in_is_told() -> None:
    with pytest.raises(Malformed, match="for monitors only"):
        sent("datadog", {"alert_id": "1", "transition": "$ALERT_TRANSITION"})


def test_an_event_ends_what_another_began_in_either_form() -> None:
    (fired,), (ended,) = read("cloudevents-structured.json"), read("cloudevents-binary.http")
    assert fired.key == ended.key
    assert (fired.state, ended.state) == (FIRING, RESOLVED)
    assert (fired.name, fired.labels["severity"]) == ("The nightly backup of orders failed", "critical")


@pytest.mark.parametrize("form", [to_structured_event, to_binary_event])
def test_what_another_implementation_writes_is_read(form: Any) -> None:
    attributes = {"id": "1", "type": "com.example.disk.full", "source": "/hosts/ü 1", "subject": "db-3"}
    data = {"severity": "critical", "labels": {"host": "db-3"}}
    made = form(CloudEvent({**attributes, "specversion": "1.0", "datacontenttype": "application/json"}, data))
    headers = {name.lower(): value for name, value in made.headers.items()}
    (alert,) = READERS["cloudevents"]("cloudevents", made.body, headers)
    assert (alert.name, alert.state, alert.labels["host"]) == ("com.example.disk.full", FIRING, "db-3")


def test_a_batch_is_several_alerts() -> None:
    _, body = delivered("cloudevents-structured.json")
    event = json.loads(body)
    batch = [event, {**event, "subject": "users-db"}]
    alerts = sent("cloudevents", batch, **{"content-type": "application/cloudevents-batch+json"})
    assert len({alert.key for alert in alerts}) == 2


@pytest.mark.parametrize(
    ("payload", "headers", "sentence"),
    [
        ({}, {}, "no CloudEvent"),
        ({}, STRUCTURED, "id"),
        (
            {"id": "1", "source": "/", "type": "t", "specversion": "0.3"},
            {"content-type": "application/cloudevents+json"},
            "specversion",
        ),
        ({}, {"content-type": "application/cloudevents-batch+json"}, "list"),
    ],
)
def test_what_is_no_event_is_refused(payload: Any, headers: dict[str, str], sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        sent("cloudevents", payload, **headers)


@pytest.mark.parametrize("source", READERS)
@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'"x"', b"{}", b"\xff", b"[" * 99_999, b'{"event":{"data":7}}'])
def test_what_is_not_of_a_source_is_refused_in_a_sentence(source: str, body: bytes) -> None:
    with pytest.raises(Malformed):
        READERS[source](source, body, {"content-type": "application/cloudevents+json"})


@pytest.mark.parametrize("shape", ["v1={}", "v1=00,v1={}", "{}", "sha256={}"])
@pytest.mark.parametrize("header", ["x-pagerduty-signature", "x-grafana-alerting-signature", "x-hub-signature-256"])
def test_a_signature_of_the_body_is_as_good_as_a_token(header: str, shape: str) -> None:
    _, body = delivered("pagerduty-triggered.json")
    signature = hmac.new(b"the secret of it", body, hashlib.sha256).hexdigest()
    shown = {header: shape.format(signature.upper())}
    assert is_known(["another secret", "the secret of it"], shown, body)
    assert not is_known(["the secret of it"], shown, body + b" ")
    assert not is_known(["another secret"], shown, body)
