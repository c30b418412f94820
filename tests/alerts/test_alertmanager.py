"""Alertmanager's webhook becomes alerts; what is not of its shape is refused in a sentence."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.alerts.alertmanager import read
from bot.alerts.reading import Malformed
from bot.incident.alert import Alert, AlertState, LinkKind
from tests.alerts.sending import notification


def alerts(**changes: Any) -> tuple[Alert, ...]:
    return read("alertmanager", json.dumps(notification(**changes)).encode(), {})


def one(**changes: Any) -> Alert:
    (told,) = alerts(alerts=[{**notification()["alerts"][0], **changes}])
    return told


def test_an_alert_has_what_people_need() -> None:
    told = one()
    assert (told.name, told.summary, told.state) == ("HighErrorRate", "Checkout returns 500", AlertState.FIRING)
    assert told.started_at == datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)
    assert told.ended_at is None
    assert told.links[LinkKind.DASHBOARD] == "https://grafana.example/d/1"
    assert told.links[LinkKind.SILENCE].startswith(
        "https://alerts.example/#/silences/new?filter=%7Balertname%3D%22High"
    )


def test_it_is_named_by_group_and_fingerprint_alone() -> None:
    assert one(startsAt="2026-03-02T12:00:15Z").key == one().key
    assert one(fingerprint="f2").key != one().key
    assert alerts(groupKey="g2")[0].key != one().key


def test_a_resolved_member_of_a_firing_group_is_resolved() -> None:
    told = one(status="resolved", endsAt="2026-03-02T12:30:00Z")
    assert (told.state, told.ended_at) == (AlertState.RESOLVED, datetime(2026, 3, 2, 12, 30, tzinfo=UTC))


def test_without_a_fingerprint_the_labels_are_one() -> None:
    assert one(fingerprint="").fingerprint == one(fingerprint="").fingerprint != ""
    assert one(fingerprint="", labels={"alertname": "X"}).fingerprint != one(fingerprint="").fingerprint


def test_only_web_addresses_are_links() -> None:
    told = one(annotations={"runbook_url": "javascript:alert(1)"}, generatorURL="file:///etc/passwd")
    assert set(told.links) == {LinkKind.SILENCE}


def test_long_text_is_bounded() -> None:
    told = one(labels={f"l{number}": "x" * 9000 for number in range(200)})
    assert len(told.labels) == 40
    assert {len(value) for value in told.labels.values()} == {200}


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "does not read"),
        (b"[]", "does not read"),
        (b"{", "does not read"),
        (b"\xff\xfe", "does not read"),
        (json.dumps(notification(version="3")).encode(), "version 3"),
        (json.dumps(notification(groupKey="")).encode(), "groupKey"),
        (json.dumps(notification(alerts="none")).encode(), "alerts"),
        (json.dumps(notification(alerts=[{"status": "pending"}])).encode(), "alerts.0.status"),
        (json.dumps(notification(alerts=[{"status": "firing", "startsAt": "soon"}])).encode(), "alerts.0.startsAt"),
        (b"[" * 100_000, "does not read"),
    ],
)
def test_what_is_not_of_its_shape_is_refused(body: bytes, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        read("alertmanager", body, {})


def test_a_refusal_does_not_repeat_what_came() -> None:
    with pytest.raises(Malformed) as refusal:
        one(status="<!channel> secret")
    assert "secret" not in str(refusal.value)
