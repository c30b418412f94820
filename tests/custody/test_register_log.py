"""`muster maintenance` and `muster freezes`: every window and freeze with what became of it."""

from dataclasses import replace

from bot.custody.register_log import told, told_of_freezes
from bot.incident.freeze import Freeze, FreezeChange, FreezeNumber, FreezeTurn
from bot.incident.maintenance import Planned, Turn, Window, WindowChange, WindowNumber
from bot.incident.terms import IncidentId
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


def test_each_change_of_a_freeze_is_a_line_with_who_made_it() -> None:
    freeze = Freeze(
        number=FreezeNumber(3),
        services=("checkout",),
        since=NOON,
        until=NOON + minutes(60),
        by=ADA.id,
        request="1",
        after=0,
        why="Budget\x1b[2J spent",
        incident=IncidentId(42),
    )
    began = FreezeChange(at=NOON, by=ADA.id, turn=FreezeTurn.BEGAN, freeze=freeze)
    ended = replace(began, turn=FreezeTurn.ENDED, freeze=replace(freeze, ended_at=NOON + minutes(5)))
    first, second = told_of_freezes([began, ended, replace(began, turn=FreezeTurn.FORGOTTEN)]).splitlines()
    for part in ("F3", "began", "checkout", ADA.id, "INC-42", "Budget?[2J spent"):
        assert part in first, part
    assert f"to {NOON + minutes(5):%Y-%m-%d %H:%M} UTC" in second
