"""How figures are judged and shown. What the bench measures is never asserted in a test."""

import pytest

from tests.benchmarks.figures import RIVAL_NOTE, Figure, Goal, markdown, table


def figure(ours: float, floor: float | None = None, *, goal: float | None = None, kind: Goal = Goal.AT_MOST) -> Figure:
    samples = () if floor is None else (floor,)
    return Figure(group="Starting", name="start to connected", ours=(ours,), floor=samples, goal=goal, kind=kind)


@pytest.mark.parametrize(
    ("found", "met"),
    [
        (figure(25, goal=25), True),
        (figure(26, goal=25), False),
        (figure(25, 10, goal=2.5, kind=Goal.TIMES_FLOOR), True),
        (figure(26, 10, goal=2.5, kind=Goal.TIMES_FLOOR), False),
        (figure(50, 100, goal=0.5, kind=Goal.FLOOR_SHARE), True),
        (figure(49, 100, goal=0.5, kind=Goal.FLOOR_SHARE), False),
        (figure(49, 100), None),
    ],
)
def test_a_goal_is_of_the_figure_or_of_its_ratio_to_the_floor(found: Figure, met: bool | None) -> None:
    assert found.met is met


def test_a_floor_of_nothing_has_no_ratio() -> None:
    assert figure(3, 0).as_json()["ratio"] is None


def test_the_table_is_grouped_and_says_what_was_not_measured_here() -> None:
    lines = table([figure(25, 10, goal=30)]).splitlines()
    assert lines[2] == "Starting"
    assert lines[3].split() == ["start", "to", "connected", "25.0", "ms", "10.0", "ms", "2.50", "<=", "30", "ms", "met"]
    assert lines[-1] == RIVAL_NOTE


def test_markdown_has_a_table_a_group() -> None:
    assert "| start to connected | 25.0 ms | - | - |  |  |  |" in markdown([figure(25)])
