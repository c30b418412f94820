"""Figures as they are printed and stored: ours, the floor's, their ratio, the goal, what was reported of a rival."""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from statistics import median
from typing import Any, Final

from tests.benchmarks.rounds import ratio

_COLUMNS: Final = ("", "Muster", "floor", "ratio", "goal", "", "rival*")
_NAME_WIDTH: Final = 45
RIVAL_NOTE: Final = "* reported of the maintained rival on another machine, not measured here"


class Goal(Enum):
    """What a goal is of: the figure itself, or its ratio to the floor's."""

    AT_MOST = "<= {}"
    TIMES_FLOOR = "<= {} x"
    FLOOR_SHARE = ">= {} x"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`ours` and `floor` are samples, of which the median is shown. `reported`: of the rival, as reported."""

    group: str
    name: str
    ours: Sequence[float]
    floor: Sequence[float] = ()
    unit: str = "ms"
    goal: float | None = None
    kind: Goal = Goal.AT_MOST
    reported: str = ""

    @property
    def met(self) -> bool | None:
        """None: there is no goal."""
        if self.goal is None:
            return None
        match self.kind:
            case Goal.AT_MOST:
                return median(self.ours) <= self.goal
            case Goal.TIMES_FLOOR:
                return ratio(self.ours, self.floor) <= self.goal
            case Goal.FLOOR_SHARE:
                return ratio(self.ours, self.floor) >= self.goal

    def as_json(self) -> dict[str, Any]:
        return {
            "group": self.group,
            "name": self.name,
            "unit": self.unit,
            "median": _finite(median(self.ours)),
            "floor": _finite(median(self.floor)) if self.floor else None,
            "ratio": _finite(ratio(self.ours, self.floor)) if self.floor else None,
            "goal": self.goal,
            "goal_of": self.kind.name.lower() if self.goal is not None else None,
            "met": self.met,
            "reported_of_rival": self.reported or None,
            "samples": [_finite(sample) for sample in self.ours],
            "floor_samples": [_finite(sample) for sample in self.floor],
        }

    def row(self) -> tuple[str, ...]:
        floor = _number(median(self.floor), self.unit) if self.floor else "-"
        times = f"{ratio(self.ours, self.floor):.2f}".replace("nan", "-") if self.floor else "-"
        unit = self.unit if self.kind is Goal.AT_MOST else ""
        goal = "" if self.goal is None else self.kind.value.format(f"{self.goal:g}{f' {unit}' if unit else ''}")
        verdict = {None: "", True: "met", False: "NOT MET"}[self.met]
        return (self.name, _number(median(self.ours), self.unit), floor, times, goal, verdict, self.reported)


def _finite(value: float) -> float | None:
    return round(value, 3) if math.isfinite(value) else None


def table(figures: Iterable[Figure]) -> str:
    """For a terminal of 100 columns."""
    grouped = [(group, [figure.row() for figure in each]) for group, each in groupby(figures, lambda one: one.group)]
    rows = [_COLUMNS, *(row for _, each in grouped for row in each)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    widths[0] = max(widths[0], _NAME_WIDTH)
    lines = [_line(_COLUMNS, widths)]
    for group, each in grouped:
        lines += ["", group, *(_line(row, widths) for row in each)]
    return "\n".join([*lines, "", RIVAL_NOTE])


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    name, *cells = row
    padded = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
    return " ".join((name.ljust(widths[0]), *padded)).rstrip()


def markdown(figures: Iterable[Figure]) -> str:
    """The same as tables to be pasted into docs/performance.md."""
    return "\n".join(_markdown_lines(figures))


def _markdown_lines(figures: Iterable[Figure]) -> Iterator[str]:
    for group, each in groupby(figures, lambda figure: figure.group):
        yield from (
            f"**{group}**",
            "",
            "| | Muster | floor | ratio | goal | | rival* |",
            "|---|--:|--:|--:|--:|---|--:|",
        )
        yield from (f"| {' | '.join(figure.row())} |" for figure in each)
        yield ""
    yield RIVAL_NOTE.replace("*", r"\*")


def _number(value: float, unit: str) -> str:
    digits = 0 if unit in {"", "B", "/s"} else 1
    return f"{value:.{digits}f} {unit}".rstrip()
