"""Gives the pre-read pack of a review: into its incident's channel, and to each who is invited. It is made when it is
given, of what the log and the indexes say then."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

import structlog

from bot.incident.afterwards_effects import PostPreread, SendPreread
from bot.incident.factor_index import ListedFactor, public
from bot.incident.likeness import Likeness
from bot.incident.review import Meeting
from bot.incident.rights import may_hear
from bot.incident.state import Incident
from bot.incident.terms import ChannelId
from bot.index_ports import FactorIndex
from bot.ports import Lease, WallClock
from bot.slack.blocks.preread import MOST_LISTED, Preread, preread
from bot.slack.posts import Posts

_log = structlog.get_logger(__name__)


Precedents = Callable[[Incident, datetime], Awaitable[Sequence[Likeness]]]
"""Earlier incidents like this one, the likest first; raises Unavailable."""


class Prereads:
    def __init__(self, posts: Posts, precedents: Precedents, factors: FactorIndex, clock: WallClock) -> None:
        self._posts = posts
        self._precedents = precedents
        self._factors = factors
        self._clock = clock

    async def give(self, effect: PostPreread | SendPreread, incident: Incident, lease: Lease) -> None:
        """Nothing once the review has begun or will not be held so, or to whoever may not know of it any more."""
        meeting, now = incident.review.booked, self._clock.now()
        if meeting is None or meeting.number != effect.number or meeting.plan.starts_at <= now:
            _log.info("preread_overtaken", incident=incident.id)
            return
        if isinstance(effect, SendPreread) and not may_hear(incident, effect.user):
            return
        message = preread(await self._gathered(incident, meeting), now)
        await self._posts.send(_place(effect), message, lease, is_ping=isinstance(effect, SendPreread))

    async def withdraw(self, effect: PostPreread | SendPreread, lease: Lease) -> None:
        """Takes back what was given twice."""
        await self._posts.take_back(_place(effect), lease)

    async def _gathered(self, incident: Incident, meeting: Meeting) -> Preread:
        """What is looked up elsewhere is public, whoever reads it."""
        precedents = await self._precedents(incident, self._clock.now())
        return Preread(incident=incident, meeting=meeting, risks=await self._risks(incident), precedents=precedents)

    async def _risks(self, incident: Incident) -> Sequence[ListedFactor]:
        if not incident.service:
            return ()
        others = [item for item in public(await self._factors.open()) if item.line.incident != incident.id]
        return [item for item in others if item.line.service == incident.service][: MOST_LISTED * 2]


def _place(effect: PostPreread | SendPreread) -> ChannelId:
    return effect.channel if isinstance(effect, PostPreread) else ChannelId(effect.user)
