"""Whether the page was tested at all, said once."""

import os
from pathlib import Path

import pytest

from tests.browser.chromium import NOT_FOUND, NoChromium, chromium


def test_this_machine_has_a_chromium_for_the_tests_of_the_page() -> None:
    try:
        assert chromium().exists()
    except NoChromium as missing:
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(str(missing))
        pytest.skip(f"the tests of the page were not run: {missing}")


def test_the_variable_names_another_browser(tmp_path: Path) -> None:
    other = tmp_path / "brave"
    other.touch(mode=0o755)
    assert chromium({"MUSTER_CHROMIUM": str(other)}) == other


def test_a_variable_that_names_nothing_is_not_passed_over() -> None:
    with pytest.raises(NoChromium, match="no program"):
        chromium({"MUSTER_CHROMIUM": "/nowhere/chromium"})


def test_where_there_is_none_both_ways_out_are_named() -> None:
    assert "install" in NOT_FOUND
    assert "MUSTER_CHROMIUM" in NOT_FOUND
