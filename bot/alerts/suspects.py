"""Alerts at which Muster itself has failed: tried again one by one, and given up at last, so that none of them holds up
another. It does no I/O.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from bot.incident.alert import Arrived

MOST_ATTEMPTS: Final = 5
"""Of one alert alone; with the desk's growing pauses they take a minute, in which a store may come to its senses."""
GIVEN_UP: Final = "Muster failed at it, and its log says why"


class Suspects:
    """Of this process. One that another process decided about is forgotten with the next batch."""

    def __init__(self) -> None:
        self._attempts: dict[str, int] = {}

    def parts(self, batch: Sequence[Arrived]) -> Iterator[Sequence[Arrived]]:
        """Those above suspicion together, then each other alone, the least often tried first."""
        self._attempts = {each.entry: self._attempts[each.entry] for each in batch if each.entry in self._attempts}
        if trusted := [each for each in batch if each.entry not in self._attempts]:
            yield trusted
        alone = [each for each in batch if each.entry in self._attempts]
        for each in sorted(alone, key=lambda suspect: self._attempts.get(suspect.entry, 0)):
            yield (each,)

    def failed(self, part: Sequence[Arrived]) -> None:
        """At deciding about these, for a reason that nobody expected."""
        for each in part:
            self._attempts[each.entry] = self._attempts.get(each.entry, 0) + (len(part) == 1)

    def is_hopeless(self, part: Sequence[Arrived]) -> bool:
        return len(part) == 1 and self._attempts.get(part[0].entry, 0) >= MOST_ATTEMPTS
