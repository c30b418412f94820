"""Time on a line: where a moment stands, and which moments are written beneath it. Pure arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

SHORTEST: Final = timedelta(minutes=5)
"""An incident that was over in a moment is drawn as wide as this, or nothing of it could be told apart."""
MOST_TICKS: Final = 9

_STEPS: Final = (
    *(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15, 30)),
    *(timedelta(hours=hours) for hours in (1, 2, 3, 6, 12)),
    *(timedelta(days=days) for days in (1, 2, 7, 14, 28)),
)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """From `since` to `until`, drawn from `left` over `width` units; `until` is later than `since`."""

    since: datetime
    until: datetime
    left: float
    width: float

    def place(self, at: datetime) -> float:
        """What lies outside stands at the edge."""
        share = (at - self.since) / (self.until - self.since)
        return self.left + self.width * min(max(share, 0.0), 1.0)

    @property
    def step(self) -> timedelta:
        """Between two ticks: the shortest that leaves room for their words; beyond the table, whole multiples."""
        length = self.until - self.since
        for step in _STEPS:
            if length / step <= MOST_TICKS:
                return step
        return _STEPS[-1] * -(-length // (_STEPS[-1] * MOST_TICKS))

    def ticks(self) -> Iterator[datetime]:
        """Whole minutes, hours or days of UTC."""
        step = self.step
        midnight = self.since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        tick = midnight + step * -(-(self.since - midnight) // step)
        while tick <= self.until:
            yield tick
            tick += step

    def label(self, tick: datetime) -> str:
        """The time of day; the date at midnight, and everywhere once the ticks are days apart."""
        if self.step >= _DAY or (tick.hour, tick.minute) == (0, 0):
            return f"{tick:%d %b}"
        return f"{tick:%H:%M}"


def axis(since: datetime, until: datetime, *, left: float, width: float) -> Axis:
    """With a little room at both ends, so that nothing is cut off."""
    length = max(until - since, SHORTEST)
    room = length / 50
    return Axis(since=since - room, until=since + length + room, left=left, width=width)
