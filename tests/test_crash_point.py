"""Crash points: nothing unless armed, and where armed, death at just that moment."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bot.crash_point import CrashPoint, arm, crash_point

ROOT = Path(__file__).parents[1]
PASSES = """
import os
from bot.crash_point import arm, crash_point
arm(os.environ)
for moment in ("after_append", "after_post", "after_append"):
    print(moment, flush=True)
    crash_point(moment)
"""


def passed(**environment: str) -> tuple[int, list[str]]:
    """The status of a process that passes three moments, and those that it came to."""
    ended = subprocess.run(
        [sys.executable, "-c", PASSES],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )
    return ended.returncode, ended.stdout.split()


def test_unarmed_nothing_happens() -> None:
    assert passed() == (0, ["after_append", "after_post", "after_append"])


def test_an_armed_process_dies_as_by_kill_9() -> None:
    assert passed(MUSTER_CRASH_AT="after_post") == (-signal.SIGKILL, ["after_append", "after_post"])


def test_it_may_pass_some_times_before() -> None:
    assert passed(MUSTER_CRASH_AT="after_append:2") == (-signal.SIGKILL, ["after_append", "after_post", "after_append"])
    assert passed(MUSTER_CRASH_AT="after_append:3")[0] == 0


@pytest.mark.parametrize("wish", ["after_lunch", "after_post:0", "after_post:often", ":2"])
def test_an_unknown_moment_is_refused_with_those_that_there_are(wish: str) -> None:
    with pytest.raises(ValueError, match=f"MUSTER_CRASH_AT={wish}: .*the moments are before_append, after_append"):
        arm({"MUSTER_CRASH_AT": wish})


def test_a_freezing_process_stops_and_goes_on_when_it_is_continued() -> None:
    frozen = subprocess.Popen(
        [sys.executable, "-c", PASSES],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "MUSTER_FREEZE_AT": "after_post"},
        stdout=subprocess.DEVNULL,
    )
    with frozen:
        _, status = os.waitpid(frozen.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status)
        frozen.send_signal(signal.SIGCONT)
        assert frozen.wait(10) == 0


def test_every_moment_is_reached_somewhere() -> None:
    sources = "\n".join(path.read_text() for path in (ROOT / "bot").rglob("*.py") if path.name != "crash_point.py")
    assert [point for point in CrashPoint if f"CrashPoint.{point.name}" not in sources] == []


def test_a_moment_without_a_name_is_none() -> None:
    crash_point(None)
