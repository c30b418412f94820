"""Incidents that were resolved before Muster asked about closing have no timer for it: they get it, the newest first.

One at a time, and while whoever leads it works: an upgrade must not ask about everything at once. It posts nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.incident.chasing import is_at_work, responsible
from bot.incident.listing import Listing
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Status
from bot.index_ports import Progress
from bot.ports import Log

LOOK_EVERY: Final = timedelta(minutes=10)
"""So at most about 50 people, or one person 50 times, are asked in a day's working hours."""
OLDEST: Final = timedelta(days=90)
"""What was resolved longer ago is asked about by nobody any more."""
LISTINGS_AT_ONCE: Final = 500

_log = structlog.get_logger(__name__)


class Door(Protocol):
    """The command handler; its methods raise Unavailable."""

    @property
    def log(self) -> Log: ...

    @property
    def policy(self) -> Policy: ...

    async def read(self, incident: IncidentId) -> Incident: ...

    async def restore_timers(self, incident: Incident) -> None:
        """Sets its timers as its state wants them."""


class CatchingUp:
    def __init__(self, door: Door, progress: Progress, now: Callable[[], datetime]) -> None:
        self._door = door
        self._progress = progress
        self._now = now
        self._done = False

    async def look(self) -> None:
        """The next one, if it can be asked about now. Raises Unavailable; then the next look goes on."""
        if self._done:
            return
        below = await self._progress.below() or await self._door.log.next_number()
        for each in await self._door.log.listings_before(below, LISTINGS_AT_ONCE):
            if await self._is_next(each):
                return
        below = IncidentId(max(below - LISTINGS_AT_ONCE, 1))
        await self._progress.reached(below)
        self._done = below == 1

    async def _is_next(self, listing: Listing) -> bool:
        """Whether this look ends with it: it has its timers now, or waits for its people's working hours."""
        if listing.status is not Status.RESOLVED or listing.drill:
            return False
        incident, now = await self._door.read(listing.incident), self._now()
        if incident.ended_at is None or now - incident.ended_at > OLDEST:
            return False
        asked = responsible(incident)
        if asked is None:
            return False
        if is_at_work(incident, asked, self._door.policy.closing, now):
            await self._door.restore_timers(incident)
            await self._progress.reached(listing.incident)
            _log.info("timers_made_up_for", incident=listing.incident)
        else:
            await self._progress.reached(IncidentId(listing.incident + 1))
        return True
