"""The channels in which a service's stakeholders are told things: by id, by name, or where incidents are announced."""

from bot.incident.terms import ChannelId
from bot.slack.announcements import Announcements
from bot.slack.web_client import WebClient


class ServiceChannels:
    """`announced`: for services without a channel of their own."""

    def __init__(self, client: WebClient, announced: Announcements) -> None:
        self._client = client
        self._announced = announced
        self._named: dict[str, Announcements] = {}

    async def channel(self, place: str) -> ChannelId | None:
        """`place` as of service_names.places; None: nowhere. Raises Refused where none of this name is to be found."""
        if not place:
            return await self._announced.channel()
        if place not in self._named:
            self._named[place] = Announcements(self._client, place)
        return await self._named[place].channel()
