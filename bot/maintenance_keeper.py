"""Keeps the maintenance windows: plans and ends them, begins and ends them at their times, says which covers a service.

Any number of processes look; each change is written by one of them. What is told goes into the outbox with the change.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import structlog

from bot.crash_point import CrashPoint, crash_point
from bot.incident.maintenance import (
    Planned,
    Quiet,
    QuietAlert,
    Turn,
    Window,
    WindowChange,
    WindowNumber,
    covering,
    due,
    ended,
    is_worth_telling,
    planned,
)
from bot.incident.maintenance_effects import TellMaintenance
from bot.incident.policy import Policy
from bot.incident.service_names import places, spelt
from bot.incident.terms import NO_INCIDENT, Person, Rejected
from bot.maintenance_book import MaintenanceBook

LOOK_EVERY: Final = timedelta(seconds=10)
"""A question for the store; a window begins and ends that much late at most."""
AHEAD: Final = timedelta(days=14)
"""How far ahead windows of the files are listed."""

Wishes = Callable[[datetime, datetime], Sequence[Planned]]
"""What services.yaml and the calendar plan between two moments, as they read now."""

_log = structlog.get_logger(__name__)


class MaintenanceKeeper:
    """`woken` is called once there is something in the outbox."""

    def __init__(
        self,
        book: MaintenanceBook,
        policy: Callable[[], Policy],
        wishes: Wishes,
        now: Callable[[], datetime],
        woken: Callable[[], None],
    ) -> None:
        self._book = book
        self._policy = policy
        self._wishes = wishes
        self._now = now
        self._woken = woken

    async def windows(self) -> Sequence[Window]:
        """Planned, under way, or over since a day at most. Raises Unavailable."""
        return await self._book.windows()

    async def coming(self) -> Sequence[Planned]:
        """What the files plan for the next two weeks and has not begun. Raises Unavailable."""
        now, taken = self._now(), {each.plan.key for each in await self._book.windows()}
        return [each for each in self._wishes(now, now + AHEAD) if each.key not in taken and each.begins_at > now]

    async def covering(self, services: Sequence[str], at: datetime | None = None) -> Window | None:
        """The window that covers one of these services (by name or alias) at this moment. Raises Unavailable."""
        return covering(await self._book.windows(), spelt(services, self._policy()), at or self._now())

    async def plan(self, by: Person, wish: Planned) -> Window:
        """The new window, or the one that this wish has already. Raises Rejected and Unavailable."""
        now, known = self._now(), await self._book.windows()
        window = await self._new(planned(by, wish, known, self._policy(), now), now)
        number = await self._write(WindowChange(at=now, by=by.id, turn=_first_turn(window), window=window))
        if number == window.number:
            return window
        return next((each for each in await self._book.windows() if each.number == number), window)

    async def end(self, by: Person, which: str) -> Window:
        """By its number, or by a service that it covers. Raises Rejected and Unavailable."""
        for _ in range(3):
            change = ended(by, self._meant(which, await self._book.windows()), self._now())
            if await self._write(change) is not None:
                return change.window
        raise Rejected("Somebody else has just changed that window: look again.", verb="maintenance")

    async def look(self) -> None:
        """Begins and ends what is due. Raises Unavailable where the store cannot say; then the next look goes on."""
        now = self._now()
        for each in due(await self._book.windows(), self._wishes(now, now), now):
            if isinstance(each, WindowChange):
                await self._write(each)
            else:
                window = await self._new(each, now)
                await self._write(WindowChange(at=now, by=each.by, turn=_first_turn(window), window=window))

    async def keep_quiet(self, window: WindowNumber, alerts: Sequence[QuietAlert]) -> None:
        """Alerts that call nobody because of the window; they are listed when it ends. Raises Unavailable."""
        await self._book.keep_quiet(window, alerts)

    async def quiet(self, window: WindowNumber) -> Quiet:
        return await self._book.quiet(window)

    async def _new(self, plan: Planned, now: datetime) -> Window:
        return Window(number=await self._book.next_number(), plan=plan, is_told=plan.begins_at <= now)

    async def _write(self, change: WindowChange) -> WindowNumber | None:
        effects = [
            TellMaintenance(
                incident=NO_INCIDENT, window=change.window.number, began=change.turn is Turn.BEGAN, place=place
            )
            for place in (places(change.window.plan.services, self._policy()) if is_worth_telling(change) else ())
        ]
        number = await self._book.write(change, effects)
        crash_point(CrashPoint.AFTER_WINDOW)
        if number == change.window.number:
            _log.info("maintenance", window=number, turn=change.turn.value, by=change.by)
            self._woken()
        return number

    def _meant(self, which: str, known: Sequence[Window]) -> Window:
        """Raises Rejected."""
        now = self._now()
        numbered = [each for each in known if each.reference.casefold() == which.strip().casefold()]
        open_ones = [each for each in known if each.ended_at is None and each.plan.ends_at > now]
        name = spelt([which], self._policy())[0]
        named = [each for each in open_ones if each.covers(name, max(now, each.plan.begins_at))]
        found = numbered or named
        if not found:
            raise Rejected(f"“{which[:75]}” names no window: “maintenance” lists them.", verb="maintenance")
        if len(found) > 1:
            numbers = ", ".join(each.reference for each in found)
            raise Rejected(f"There are {numbers}: name one of them.", verb="maintenance")
        return found[0]


def _first_turn(window: Window) -> Turn:
    return Turn.BEGAN if window.is_told else Turn.PLANNED
