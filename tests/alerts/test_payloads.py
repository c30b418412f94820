"""What each source's documentation leaves open: variants, reminders, tests, and what is not of its shape."""

import hashlib
import hmac
import json
from base64 import b64encode
from datetime import timedelta
from typing import Any, Final

import pytest
from cloudevents.core.bindings.http import to_binary_event, to_structured_event
from cloudevents.core.v1.event import CloudEvent

from bot.alerts.credentials import is_known
from bot.alerts.reading import Malformed, truncated
from bot.alerts.sources import READERS
from bot.incident.alert import Alert, AlertState
from tests.alerts.payload_files import delivered
from tests.incident.given import NOON

STRUCTURED: Final = {"content-type": "application/cloudevents+json"}
RESOLVED, FIRING = AlertState.RESOLVED, AlertState.FIRING


def sent(source: str, payload: Any, **headers: str) -> tuple[Alert, ...]:
    return READERS[source](source, json.dumps(payload).encode(), headers)


@pytest.mark.parametrize(
    "kind",
    [
        "incident.acknowledged",
        "incident.annotated",
        "incident.delegated",
        "incident.escalated",
        "incident.reassigned",
        "incident.responder.added",
        "incident.responder.replied",
        "incident.status_update_published",
        "incident.unacknowledged",
        "pagey.ping",
        "service.updated",
        "something.of.tomorrow",
    ],
)
@pytest.mark.parametrize("data", [{"id": "Q1", "type": "ping"}, {"id": [], "priority": "P1"}, None, [1]])
def test_what_else_happens_at_pagerduty_is_no_alert_whatever_its_data(kind: str, data: Any) -> None:
    assert sent("pagerduty", {"event": {"event_type": kind, "data": data}}) == ()


def test_another_priority_of_what_is_over_is_no_news() -> None:
    _, body = delivered("pagerduty-raised.json")
    told = json.loads(body)
    told["event"]["data"]["status"] = "resolved"
    assert sent("pagerduty", told) == ()


def datadog(**changes: Any) -> Alert:
    _, body = delivered("datadog-triggered.json")
    (alert,) = sent("datadog", {**json.loads(body), **changes})
    return alert


@pytest.mark.parametrize(
    ("transition", "state", "begins"),
    [
        ("Triggered", FIRING, True),
        ("No Data", FIRING, True),
        ("Warn", FIRING, True),
        ("Re-Triggered", FIRING, False),
        ("Re-No Data", FIRING, False),
        ("Re-Warn", FIRING, False),
        ("Renotify", FIRING, False),
        ("Recovered", RESOLVED, False),
    ],
)
def test_every_transition_of_datadog_is_of_one_alert(transition: str, state: AlertState, *, begins: bool) -> None:
    told = datadog(transition=transition)
    assert told.key == datadog().key
    assert (told.state, told.started_at is not None, told.cycle) == (state, begins, datadog().cycle)


def test_other_transitions_of_datadog_are_no_alert() -> None:
    _, body = delivered("datadog-triggered.json")
    assert sent("datadog", {**json.loads(body), "transition": "Null"}) == ()


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("[Triggered] Disk is full", "Disk is full"),
        ("[No Data on {host:a,env:b}] Disk is full", "Disk is full"),
        ("[Re-Warn on {host:a}] [P1] Disk is full", "[P1] Disk is full"),
        ("[payments] Disk is full", "[payments] Disk is full"),
        ("[Triggered]", "Monitor 4711"),
        ("$ALERT_TITLE", "Monitor 4711"),
        ("", "Monitor 4711"),
    ],
)
def test_the_name_is_the_monitors_own(title: str, name: str) -> None:
    assert datadog(title=title).name == name


def test_tags_may_hold_colons_and_a_variable_that_means_nothing_is_none() -> None:
    told = datadog(tags="url:https://x.example:80/,, urgent ,:odd", scope="$ALERT_SCOPE", cycle="$ALERT_CYCLE_KEY")
    assert (told.labels["url"], told.labels["urgent"]) == ("https://x.example:80/", "yes")
    assert (told.cycle, "scope" in told.labels) == ("", False)


def test_a_variable_that_datadog_did_not_fill_in_is_told() -> None:
    with pytest.raises(Malformed, match="for monitors only"):
        sent("datadog", {"alert_id": "1", "transition": "$ALERT_TRANSITION"})


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


def _in_base64(data: bytes) -> str:
    return b64encode(data).decode()


EVENT: Final = {"id": "1", "source": "/", "type": "t", "specversion": "1.0"}
BINARY: Final = {f"ce-{name}": value for name, value in EVENT.items()}


@pytest.mark.parametrize(
    "said",
    [
        {"datacontenttype": "application/octet-stream", "data_base64": _in_base64(b"\xff\x00")},
        {"datacontenttype": "text/xml", "data": "<much/>"},
        {"datacontenttype": "application/json", "data": [1, 2]},
        {"data": None},
        {"data": {"title": ""}, "data_base64": None},
        {},
    ],
)
def test_an_event_whose_data_is_not_understood_is_an_alert_by_its_type(said: Any) -> None:
    (alert,) = sent("cloudevents", {**EVENT, **said}, **STRUCTURED)
    assert (alert.name, alert.summary, alert.labels) == ("t", "", {"type": "t"})


def test_text_is_the_summary_of_an_event() -> None:
    told = {**EVENT, "datacontenttype": "text/plain; charset=utf-8", "data_base64": _in_base64("Zu spät".encode())}
    (alert,) = sent("cloudevents", told, **STRUCTURED)
    assert alert.summary == "Zu spät"


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
        ({}, {"content-type": "application/cloudevents+avro"}, "only JSON"),
        ({**EVENT, "data_base64": "no base64"}, STRUCTURED, "base64"),
        ({**EVENT, "data_base64": _in_base64(b"{")}, STRUCTURED, "no JSON"),
        ({}, {**BINARY, "ce-subject": "%C0%A0"}, "UTF-8"),
        ({}, {name: BINARY[name] for name in BINARY if name != "ce-id"}, "id"),
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


SECRET: Final = "the secret of it"


def signature(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


@pytest.mark.parametrize("shape", ["v1={}", "v1=00,v1={}", "{}", "sha256={}"])
@pytest.mark.parametrize(
    "header",
    ["x-pagerduty-signature", "x-grafana-alerting-signature", "x-grafana-alert-signature", "x-hub-signature-256"],
)
def test_a_signature_of_the_body_is_as_good_as_a_token(header: str, shape: str) -> None:
    _, body = delivered("pagerduty-triggered.json")
    shown = {header: shape.format(signature(body).upper())}
    assert is_known(["another secret", SECRET], shown, body, NOON)
    assert not is_known([SECRET], shown, body + b" ", NOON)
    assert not is_known(["another secret"], shown, body, NOON)


def test_of_two_signatures_while_a_secret_is_replaced_one_is_enough() -> None:
    shown = {"x-pagerduty-signature": f"v1={signature(b'{}', 'the new secret')},v1={signature(b'{}')}"}
    assert is_known([SECRET], shown, b"{}", NOON)
    assert is_known(["the new secret"], shown, b"{}", NOON)
    assert not is_known(["a third secret"], shown, b"{}", NOON)


def timed(at: str, body: bytes = b"{}") -> dict[str, str]:
    """As Grafana signs where it is told to name a header for the time."""
    message = f"{at}:".encode() + body
    return {"x-grafana-alerting-timestamp": at, "x-grafana-alerting-signature": signature(message)}


def test_grafana_may_sign_the_time_too() -> None:
    shown = timed(str(int(NOON.timestamp())))
    assert is_known([SECRET], shown, b"{}", NOON + timedelta(minutes=4))
    assert not is_known([SECRET], shown, b"{}", NOON + timedelta(minutes=6))
    assert not is_known([SECRET], shown, b"{}", NOON - timedelta(minutes=6))
    del shown["x-grafana-alerting-timestamp"]
    assert not is_known([SECRET], shown, b"{}", NOON)


@pytest.mark.parametrize("time", ["", "soon", "-1", "1e9", "9" * 40, "٣", "99999999999"])
def test_what_is_no_time_of_ours_opens_no_door(time: str) -> None:
    assert not is_known([SECRET], timed(time), b"{}", NOON)


@pytest.mark.parametrize(
    ("body", "left_out"),
    [
        (b'{"truncatedAlerts": 12, "alerts": []}', 12),
        (b'{"truncatedAlerts":0}', 0),
        (b"{}", 0),
        (json.dumps({"annotations": {"summary": '"truncatedAlerts": 12'}}).encode(), 0),
        (b'{"truncatedAlerts": ' + b"9" * 999 + b"}", 999_999_999),
    ],
)
def test_what_max_alerts_left_out_is_counted(body: bytes, left_out: int) -> None:
    assert truncated(body) == left_out


@pytest.mark.parametrize("name", ["DatasourceNoData", "DatasourceError"])
def test_a_rule_that_could_not_be_evaluated_claims_nothing(name: str) -> None:
    _, body = delivered("grafana-nodata.json")
    told = json.loads(body)
    told["alerts"][0]["labels"]["alertname"] = name
    (alert,) = sent("grafana", told)
    assert alert.summary.startswith("Grafana ")
    assert alert.summary.endswith("“Queue grows”")
