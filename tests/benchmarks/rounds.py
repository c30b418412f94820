"""The bench's own arithmetic: intervals of calls to rounds, samples to medians and percentiles. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One call as the workspace saw it; `begin` and `end` in seconds of one clock."""

    method: str
    begin: float
    end: float


def span_of(call: Mapping[str, Any]) -> Span:
    """From an entry of the workspace's journal."""
    begin = float(call["time"])
    return Span(method=str(call["method"]), begin=begin, end=begin + float(call["duration_ms"]) / 1000)


def chain(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The longest chain of calls each of which began after the one before had ended: its length is the rounds."""
    longest: list[tuple[Span, ...]] = []
    for span in sorted(spans, key=lambda each: each.begin):
        before = [found for found in longest if found[-1].end <= span.begin]
        longest.append((*max(before, key=len, default=()), span))
    return max(longest, key=len, default=())


def percentile(samples: Sequence[float], share: float) -> float:
    """The smallest sample that at least `share` (0 to 1) of all samples do not exceed."""
    ordered = sorted(samples)
    rank = -(-len(ordered) * round(share * 100) // 100)
    return ordered[max(rank, 1) - 1]


def ratio(ours: Sequence[float], floor: Sequence[float]) -> float:
    """How many times the floor's median ours is; not a number where that is 0."""
    return median(ours) / median(floor) if median(floor) else math.nan
