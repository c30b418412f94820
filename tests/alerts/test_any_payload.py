"""Whatever JSON comes, a source answers with alerts that are bounded and can be stored, or with the one refusal."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC
from typing import Any, Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as some

from bot.alerts import plain_json
from bot.alerts.reading import Malformed
from bot.alerts.sources import READERS, Reader
from bot.incident.alert import LONGEST_LABEL, LONGEST_LINK, MOST_LABELS, Alert
from bot.incident.alert_policy import Mapped
from bot.store.alert_codec import decode_waiting, encode_waiting
from tests.alerts.test_payloads import PAYLOADS, delivered
from tests.incident.given import NOON

PINGS: Final = Mapped(
    fingerprint="id",
    name="name",
    state="state",
    resolved=("up",),
    group="group",
    summary="summary",
    labels={"severity": "level", "deep": "a.0.b"},
    link="link",
    started_at="since",
)
EVERY: Final[Mapping[str, Reader]] = {**READERS, "pings": lambda name, body, _: plain_json.read(name, PINGS, body)}
"""The sources with files of their own, and one of plain JSON."""
KINDS: Final = ("application/cloudevents+json", "application/cloudevents-batch+json", "application/json")
LONGEST_TEXT: Final = 2000
LONGEST_SENTENCE: Final = 300
LONGEST_NAME_OF_ALL: Final = 3 * (LONGEST_TEXT + 1)
"""A CloudEvent is named by its source, its type and its subject."""

NASTY: Final[tuple[Any, ...]] = (
    None,
    True,
    0,
    -1,
    10**4299,
    -(10**40),
    1e308,
    float("nan"),
    float("-inf"),
    "",
    " ",
    "\0",
    "\ud800",
    "\u202e\r\nX-Injected: yes",
    "x" * 9000,
    "é" * 9000,
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59-23:59",
    "9999-12-31T23:59:60Z",
    "253402300800000",
    "javascript:alert(1)",
    "https://x.example/\r\nX-Injected: yes",
    "https://" + "x" * 9000,
    [],
    [[]],
    [None],
    {},
    {"": None},
    {"a" * 9000: "b" * 9000},
    {"status": "firing"},
    {"summary": 7, "id": "x", "type": "y.resolved"},
)
"""What a field may hold that nobody meant to send."""

WORDS: Final = some.sampled_from(
    ["id", "name", "state", "status", "labels", "alerts", "event", "data", "version", "type"]
)
LEAVES: Final = some.sampled_from(NASTY) | some.text(max_size=20) | some.integers() | some.floats()
ANYTHING: Final = some.recursive(
    LEAVES, lambda inner: some.lists(inner, max_size=4) | some.dictionaries(WORDS | some.text(), inner, max_size=5)
)


def read(source: str, body: bytes, headers: Mapping[str, str]) -> tuple[Alert, ...]:
    """Nothing where it is refused, in a sentence."""
    try:
        return EVERY[source](source, body, headers)
    except Malformed as refusal:
        return () if 0 < len(str(refusal)) < LONGEST_SENTENCE else pytest.fail(str(refusal))


def assert_bounded(alert: Alert) -> None:
    """And stored as it is."""
    assert len(alert.name) <= LONGEST_NAME_OF_ALL
    assert len(alert.summary) <= LONGEST_TEXT
    assert max(len(alert.group), len(alert.fingerprint)) <= LONGEST_NAME_OF_ALL
    assert len(alert.labels) <= MOST_LABELS
    assert all(len(part) <= LONGEST_LABEL for label in alert.labels.items() for part in label)
    assert all(len(link) <= LONGEST_LINK and link.startswith(("http://", "https://")) for link in alert.links.values())
    assert all(at is None or at.tzinfo is UTC for at in (alert.started_at, alert.ended_at))
    assert alert.name
    stored = encode_waiting(alert, NOON)
    stored.encode()
    assert decode_waiting("1-1", stored).alert == alert


@pytest.mark.parametrize("source", EVERY)
@given(told=ANYTHING, kind=some.sampled_from(KINDS))
@example(told=float("nan"), kind=KINDS[0])
@settings(max_examples=80, deadline=None, derandomize=True, database=None)
def test_any_json_is_alerts_or_the_refusal(source: str, told: Any, kind: str) -> None:
    headers = {"content-type": kind, "ce-id": "1", "ce-type": "t", "ce-source": "s", "ce-specversion": "1.0"}
    for alert in read(source, json.dumps(told).encode(), headers):
        assert_bounded(alert)


@pytest.mark.parametrize("source", EVERY)
@given(body=some.binary(max_size=50) | some.text(max_size=50).map(lambda text: text.encode("utf-16")))
@settings(max_examples=50, deadline=None, derandomize=True, database=None)
def test_any_bytes_are_the_refusal(source: str, body: bytes) -> None:
    for alert in read(source, body, {"content-type": KINDS[0]}):
        assert_bounded(alert)


def changed(told: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The same with each of its fields left out, and each being each of what nobody meant."""
    fields = told.items() if isinstance(told, dict) else list(enumerate(told))[:2] if isinstance(told, list) else ()
    for name, value in list(fields):
        if isinstance(told, dict):
            yield (*path, name), {key: each for key, each in told.items() if key != name}
        for other in (*NASTY, *(inner for _, inner in changed(value, (*path, name)))):
            whole = dict(told) if isinstance(told, dict) else list(told)
            whole[name] = other
            yield (*path, name), whole


@pytest.mark.parametrize("name", sorted(path.name for path in PAYLOADS.iterdir() if path.suffix != ".md"))
def test_no_field_of_a_delivery_breaks_it(name: str) -> None:
    headers, body = delivered(name)
    source = name.partition("-")[0]
    for _, told in changed(json.loads(body)):
        for alert in read(source, json.dumps(told).encode(), headers):
            assert_bounded(alert)
