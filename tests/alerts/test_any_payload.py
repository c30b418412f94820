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
from bot.alerts.sources import READERS, Reader, reader_of
from bot.incident.alert import LONGEST_LABEL, LONGEST_LINK, MOST_LABELS, Alert
from bot.incident.alert_policy import Mapped
from bot.store.alert_codec import decode_waiting, encode_waiting
from tests.alerts.payload_files import POLICY, delivered, names, source_of
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


def read(reader: Reader | None, source: str, body: bytes, headers: Mapping[str, str]) -> tuple[Alert, ...]:
    """Nothing where it is refused, in a sentence."""
    assert reader is not None
    try:
        return reader(source, body, headers)
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
@settings(max_examples=40, deadline=None, derandomize=True, database=None)
def test_any_json_is_alerts_or_the_refusal(source: str, told: Any, kind: str) -> None:
    headers = {"content-type": kind, "ce-id": "1", "ce-type": "t", "ce-source": "s", "ce-specversion": "1.0"}
    for alert in read(EVERY[source], source, json.dumps(told).encode(), headers):
        assert_bounded(alert)


@pytest.mark.parametrize("source", EVERY)
@given(body=some.binary(max_size=50) | some.text(max_size=50).map(lambda text: text.encode("utf-16")))
@settings(max_examples=30, deadline=None, derandomize=True, database=None)
def test_any_bytes_are_the_refusal(source: str, body: bytes) -> None:
    for alert in read(EVERY[source], source, body, {"content-type": KINDS[0]}):
        assert_bounded(alert)


def changed(told: Any) -> Iterator[Any]:
    """The same with each of its fields left out, and each being each of what nobody meant; of a list the first two."""
    fields = list(told.items() if isinstance(told, dict) else enumerate(told[:2]) if isinstance(told, list) else ())
    for name, value in fields:
        if isinstance(told, dict):
            yield {key: each for key, each in told.items() if key != name}
        for other in (*NASTY, *changed(value)):
            whole = dict(told) if isinstance(told, dict) else list(told)
            whole[name] = other
            yield whole


@pytest.mark.parametrize("name", names())
def test_no_field_of_a_delivery_breaks_it(name: str) -> None:
    headers, body = delivered(name)
    reader = reader_of(source_of(name), POLICY)
    fields = changed(json.loads(body)) if body.startswith((b"{", b"[")) else ()
    for told in fields:
        for alert in read(reader, source_of(name), json.dumps(told).encode(), headers):
            assert_bounded(alert)
    for header in headers:
        for value in ("", "x" * 9000, "%FF", "%00", "?"):
            for alert in read(reader, source_of(name), body, {**headers, header: value}):
                assert_bounded(alert)
