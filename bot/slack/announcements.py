"""Where an incident is announced: the channel's id, which cards and threads need, from the settings' id or name.

What posts is given `WhereAnnounced` and nothing else of this file: it cannot ask for the announcement channel, only
for that of one incident, and so no effect, however new, can carry a drill or a private incident there.
"""

import asyncio

import structlog

from bot.incident.state import Incident
from bot.incident.terms import ChannelId
from bot.ports import Unavailable
from bot.slack.channels import next_cursor
from bot.slack.web_client import WebClient
from bot.slack_ports import Refused

CHANNELS_A_PAGE = 1000
MOST_PAGES = 20

_log = structlog.get_logger(__name__)


class Announcements:
    """`configured`: an id, '#name', or None where nothing is announced.

    A name is looked for once, among the channels that Muster is in: it must be in this one to post there.
    """

    def __init__(self, client: WebClient, configured: str | None) -> None:
        self._client = client
        self._name = configured.removeprefix("#") if configured and configured.startswith("#") else ""
        self._found = ChannelId(configured) if configured and not self._name else None
        self._looking = asyncio.Lock()

    async def channel(self) -> ChannelId | None:
        """None: nothing is announced. Raises Refused where the channel is not to be found, and Unavailable."""
        async with self._looking:
            if self._found is None and self._name:
                self._found = await self._look()
        return self._found

    async def warm_up(self) -> None:
        """Looks for the channel ahead of the first incident; what is in the way is logged, and met again then."""
        try:
            await self.channel()
        except Refused:
            return  # logged where it was looked for
        except Unavailable as failure:
            _log.warning("announcement_channel_not_looked_up", channel=self._name, reason=str(failure))

    async def _look(self) -> ChannelId:
        cursor: str | None = None
        for _ in range(MOST_PAGES):
            answer = await self._client.call(
                "users.conversations",
                types="public_channel,private_channel",
                exclude_archived=True,
                limit=CHANNELS_A_PAGE,
                cursor=cursor,
            )
            for each in answer.get("channels", ()):
                if each.get("name") == self._name:
                    return ChannelId(str(each["id"]))
            cursor = next_cursor(answer)
            if not cursor:
                break
        _log.error("announcement_channel_not_found", channel=self._name)
        raise Refused("announcement", f"Muster is in no channel named #{self._name}; invite it there")


class WhereAnnounced:
    """`incidents` and `drills`: the channels of ANNOUNCEMENT_CHANNEL and DRILL_CHANNEL."""

    def __init__(self, *, incidents: Announcements, drills: Announcements) -> None:
        self._incidents = incidents
        self._drills = drills

    async def of(self, incident: Incident) -> ChannelId | None:
        """None: nowhere. Raises Refused where the channel is not to be found, and Unavailable."""
        if incident.private:
            _log.error("private_incident_not_announced", incident=incident.id)
            return None
        return await self._of_drills() if incident.drill else await self._incidents.channel()

    async def warm_up(self) -> None:
        await self._incidents.warm_up()
        await self._drills.warm_up()

    async def _of_drills(self) -> ChannelId | None:
        """Two settings may name one channel, by its name and by its id; a drill does not go there then."""
        channel = await self._drills.channel()
        if channel is not None and channel == await self._of_incidents():
            _log.error("drill_not_announced", advice="DRILL_CHANNEL must be another channel than ANNOUNCEMENT_CHANNEL")
            return None
        return channel

    async def _of_incidents(self) -> ChannelId | None:
        try:
            return await self._incidents.channel()
        except Refused:
            return None  # Muster is not in it, so it is no channel in which it could post
