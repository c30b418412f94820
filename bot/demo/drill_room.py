"""Which incident is the drill's, and how far it has come: read from the bot's log, where the script waits for it."""

from contextlib import suppress
from typing import Self

from bot.assemble import Bot
from bot.demo.rundown import Room
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Status
from bot.playbook.drill_script import Moment
from bot.ports import Unavailable

_OVER = frozenset({Status.RESOLVED, Status.CLOSED})
_MITIGATED = _OVER | {Status.MITIGATED}
_IDENTIFIED = _MITIGATED | {Status.IDENTIFIED}


class RoomFinder:
    """The newest drill that is open, of those declared since; else the newest that was not cancelled."""

    def __init__(self, bot: Bot, before: frozenset[IncidentId]) -> None:
        self._bot = bot
        self._before = before
        self._last: Room | None = None

    @classmethod
    async def at(cls, bot: Bot) -> Self:
        """What is declared from now on. Raises Unavailable."""
        listings = await bot.store.log.listings(active=False)
        return cls(bot, frozenset(listing.incident for listing in listings))

    async def look(self) -> Room | None:
        """None: nothing is declared yet. While the store is away: what was known before."""
        with suppress(Unavailable):
            self._last = await self._find()
        return self._last

    async def _find(self) -> Room | None:
        listings = await self._bot.store.log.listings(active=False)
        ours = [
            listing
            for listing in listings
            if listing.drill and listing.incident not in self._before and listing.status is not Status.CANCELLED
        ]
        if not ours:
            return None
        newest = next((listing for listing in ours if listing.status not in _OVER), ours[0])
        return room_of(await self._bot.handler.read(newest.incident))


def room_of(incident: Incident) -> Room:
    return Room(
        channel=incident.channel or "",
        name=incident.channel_name,
        private=incident.private,
        over=incident.status in _OVER,
        commander=incident.commander,
        members=incident.members,
        moments=frozenset(_moments(incident)),
    )


def _moments(incident: Incident) -> list[Moment]:
    told = {
        Moment.DECLARED: True,
        Moment.PRIVATE: incident.private,
        Moment.UPDATED: incident.updates > 0,
        Moment.IDENTIFIED: incident.status in _IDENTIFIED,
        Moment.MITIGATED: incident.status in _MITIGATED,
    }
    return [moment for moment, reached in told.items() if reached]
