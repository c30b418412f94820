"""Figures as they are printed and stored: ours, the floor's, their ratio, and the goal where there is one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from tests.benchmarks.rounds import ratio

_COLUMNS = ("", "Muster", "floor", "ratio", "goal", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`ours` and `floor` are samples; what is shown of them is the median."""

    name: str
    ours: Sequence[float]
    floor: Sequence[float] = ()
    unit: str = "ms"
    goal: float | None = None

    @property
    def met(self) -> bool | None:
        return None if self.goal is None else median(self.ours) <= self.goal

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "unit": self.unit,
            "median": round(median(self.ours), 2),
            "floor": round(median(self.floor), 2) if self.floor else None,
            "ratio": round(ratio(self.ours, self.floor), 2) if self.floor else None,
            "goal": self.goal,
            "met": self.met,
            "samples": [round(sample, 2) for sample in self.ours],
        }

    def row(self) -> tuple[str, ...]:
        floor = _number(median(self.floor), self.unit) if self.floor else "-"
        times = f"{ratio(self.ours, self.floor):.2f}" if self.floor else "-"
        goal = "" if self.goal is None else _number(self.goal, self.unit)
        verdict = {None: "", True: "met", False: "NOT MET"}[self.met]
        return (self.name, _number(median(self.ours), self.unit), floor, times, goal, verdict)


def table(figures: Iterable[Figure]) -> str:
    rows = [_COLUMNS, *(figure.row() for figure in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_COLUMNS))]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: tuple[str, ...], widths: list[int]) -> str:
    name, *cells = row
    padded = (cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))
    return "  ".join((name.ljust(widths[0]), *padded)).rstrip()


def _number(value: float, unit: str) -> str:
    return f"{value:.0f}" if unit == "" else f"{value:.1f} {unit}"
