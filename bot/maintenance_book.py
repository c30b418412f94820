"""The maintenance windows, as whoever needs to know of them sees them; where they are kept is not known here."""

from collections.abc import Sequence
from typing import Protocol

from bot.incident.effects import Effect
from bot.incident.maintenance import Quiet, QuietAlert, Window, WindowChange, WindowNumber


class MaintenanceBook(Protocol):
    """Windows that are planned, under way, or over since a day at most. Each method raises Unavailable."""

    async def windows(self) -> Sequence[Window]:
        """In the order in which they begin."""

    async def next_number(self) -> WindowNumber: ...

    async def write(self, change: WindowChange, effects: Sequence[Effect] = ()) -> WindowNumber | None:
        """The change, its line of the log and what is to be told, in one step. None: somebody else was faster.

        Another number than the window's: this wish was granted before, by that window.
        """

    async def keep_quiet(self, window: WindowNumber, alerts: Sequence[QuietAlert]) -> None:
        """Notes alerts that call nobody because of the window; they are listed when it ends."""

    async def quiet(self, window: WindowNumber) -> Quiet: ...
