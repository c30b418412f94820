"""Any JSON becomes alerts by the paths that the policy names."""

import json
from typing import Any

import pytest

from bot.alerts.plain_json import read
from bot.alerts.reading import Malformed
from bot.incident.alert import Alert, AlertState, LinkKind
from bot.incident.alert_policy import Mapped

PINGS = Mapped(
    fingerprint="check.id",
    name="check.name",
    state="state",
    resolved=("up",),
    group="check.region",
    summary="message",
    labels={"severity": "check.level", "service": "tags.0"},
    link="check.url",
    started_at="since",
)


def told(**changes: Any) -> Alert:
    (found,) = read("pings", PINGS, json.dumps({**payload(), **changes}).encode())
    return found


def payload() -> dict[str, Any]:
    check = {"id": 17, "name": "Front page", "region": "eu", "level": "critical", "url": "https://pings.example/17"}
    return {"check": check, "state": "down", "message": "No answer", "tags": ["web"], "since": "2026-03-02T12:00:00Z"}


def test_fields_are_found_by_their_paths() -> None:
    alert = told()
    assert (alert.fingerprint, alert.name, alert.group) == ("17", "Front page", "eu")
    assert alert.labels == {"severity": "critical", "service": "web"}
    assert alert.links == {LinkKind.GENERATOR: "https://pings.example/17"}


def test_the_values_that_mean_resolved_are_the_policys() -> None:
    assert told().state is AlertState.FIRING
    assert told(state="UP").state is AlertState.RESOLVED


def test_a_time_that_does_not_read_is_no_time() -> None:
    assert told(since="just now").started_at is None


def test_a_field_that_is_missing_is_no_label_no_link_and_no_group_with_others() -> None:
    alert, other = (told(check={"id": number, "name": "Front page"}, tags=[]) for number in (17, 18))
    assert (alert.labels, alert.links) == ({}, {})
    assert alert.group != other.group


def test_the_whole_payload_may_be_a_list() -> None:
    listed = json.dumps([{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]).encode()
    assert len(read("lists", Mapped(fingerprint="id", name="name"), listed)) == 2
    assert read("lists", Mapped(fingerprint="id", name="name"), b"[]") == ()


def test_a_list_of_alerts_is_several() -> None:
    listed = json.dumps({"items": [{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]}).encode()
    alerts = read("lists", Mapped(fingerprint="id", name="name", alerts="items"), listed)
    assert [alert.name for alert in alerts] == ["A", "B"]
    assert alerts[0].group != alerts[1].group


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"not JSON", "no JSON"),
        (b"7", "should be an object"),
        (json.dumps({"check": {}}).encode(), "check.name is missing"),
        (json.dumps({"check": {"name": ["x"], "id": 1}}).encode(), "check.name should be text"),
        (json.dumps({"check": {"name": "x"}}).encode(), "check.id is missing"),
        (b'{"check":' * 20_000, "no JSON"),
    ],
)
def test_what_does_not_fit_is_refused(body: bytes, sentence: str) -> None:
    with pytest.raises(Malformed, match=sentence):
        read("pings", PINGS, body)
