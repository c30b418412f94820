"""Sources with a secret and sources that can be read must be the same."""

from bot.checkup.alert_check import judge_sources
from bot.checkup.finding import Level


def test_without_sources_there_is_nothing_to_say() -> None:
    assert judge_sources([], []) == []


def test_what_can_be_read_and_has_a_secret_is_in_order() -> None:
    (found,) = judge_sources(["pings", "grafana"], ["pings"])
    assert (found.level, found.sentence) == (Level.OK, "Alerts are taken from grafana, pings.")


def test_a_secret_for_what_nobody_can_read_is_a_mistake() -> None:
    (found,) = judge_sources(["graphana"], [])
    assert found.level is Level.BAD
    assert "graphana" in found.sentence


def test_a_source_that_is_known_is_described_in_vain() -> None:
    warned, _ = judge_sources(["grafana"], ["grafana"])
    assert (warned.level, "passed over" in warned.sentence) == (Level.WARN, True)


def test_a_source_without_a_secret_has_no_door() -> None:
    (found,) = judge_sources([], ["pings"])
    assert found.level is Level.WARN
