"""`muster maintenance`: every window with what became of it."""

from dataclasses import replace

from bot.custody.window_log import told
from bot.incident.maintenance import Planned, Turn, Window, WindowChange, WindowNumber
from tests.incident.given import ADA, NOON, minutes

PLAN = Planned(
    key="1", services=("checkout", "cart"), begins_at=NOON, ends_at=NOON + minutes(60), why="New\x1b[2J disks"
)
WINDOW = Window(number=WindowNumber(3), plan=PLAN)


def test_each_change_is_a_line_with_who_made_it() -> None:
    began = WindowChange(at=NOON, by=ADA.id, turn=Turn.BEGAN, window=WINDOW)
    ended = replace(began, turn=Turn.ENDED, window=replace(WINDOW, ended_at=NOON + minutes(5)))
    first, second = told([began, ended, replace(began, turn=Turn.FORGOTTEN)]).splitlines()
    for part in ("M3", "began", "checkout, cart", ADA.id, "in Slack", "New?[2J disks"):
        assert part in first, part
    assert f"to {NOON + minutes(5):%Y-%m-%d %H:%M} UTC" in second
