"""Whether the real Alertmanager was asked at all, said once."""

import os
from pathlib import Path

import pytest

from tests.alerts.alertmanager_program import NOT_FOUND, NoAlertmanager, alertmanager


def test_this_machine_has_an_alertmanager_for_the_tests_of_alerts() -> None:
    try:
        assert alertmanager().exists()
    except NoAlertmanager as missing:
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(str(missing))
        pytest.skip(f"the tests with the real Alertmanager were not run: {missing}")


def test_the_variable_names_another_one(tmp_path: Path) -> None:
    other = tmp_path / "alertmanager-0.28"
    other.touch(mode=0o755)
    assert alertmanager({"MUSTER_ALERTMANAGER": str(other)}) == other


def test_a_variable_that_names_nothing_is_not_passed_over() -> None:
    with pytest.raises(NoAlertmanager, match="no program"):
        alertmanager({"MUSTER_ALERTMANAGER": "/nowhere/alertmanager"})


def test_where_there_is_none_both_ways_out_are_named() -> None:
    assert "install" in NOT_FOUND
    assert "MUSTER_ALERTMANAGER" in NOT_FOUND
