"""The block `watchdogs` of policy.yaml."""

from datetime import timedelta

import pytest

from bot.playbook.policy_file import parse_policy
from bot.playbook.problems import LibraryProblems


def test_a_watchdog_is_read_with_what_is_its_signal() -> None:
    text = "watchdogs:\n  prometheus: {match: {alertname: Watchdog}, silent_after: 5m, service: monitoring}\n"
    (watchdog,) = parse_policy(text).watchdogs
    assert (watchdog.name, watchdog.rule.match) == ("prometheus", {"alertname": ("Watchdog",)})
    assert (watchdog.silent_after, watchdog.climbs_after) == (timedelta(minutes=5), timedelta(minutes=10))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("watchdogs:\n  p: {silent_after: 5m}", ":2: watchdogs.p.match: is missing"),
        ("watchdogs:\n  p: {match: {}, silent_after: 5m}", "must not be empty"),
        (
            "watchdogs:\n  p:\n    match: {a: b}\n    silent: 5m",
            "4: watchdogs.p.silent: is no field known here",
        ),
        ("watchdogs:\n  p: {match: {a: b}, silent_after: soon}", "soon is no span of time"),
    ],
)
def test_a_mistake_is_named_with_its_line(text: str, said: str) -> None:
    with pytest.raises(LibraryProblems) as caught:
        parse_policy(text)
    assert said in str(caught.value)
