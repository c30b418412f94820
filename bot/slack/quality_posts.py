"""The weekly list of rules to fix: into the triage channel, else where incidents are announced."""

from datetime import timedelta
from typing import Final

import structlog

from bot.alert_store import AlertQualityBook
from bot.incident.alert_quality import Week
from bot.incident.quality_effects import PostAlertQuality
from bot.incident.terms import ChannelId
from bot.incident.weekly import A_WEEK
from bot.ports import Lease, Unavailable, WallClock
from bot.slack.announcements import Announcements
from bot.slack.blocks.quality_cards import weekly_list
from bot.slack.outcome import SLACK
from bot.slack.posts import Posts
from bot.slack_ports import Refused

TOO_OLD: Final = A_WEEK - timedelta(hours=12)
"""One that waited so long for Slack is dropped: the next one is about to come."""

_log = structlog.get_logger(__name__)


class QualityPosts:
    """`triage`: where it is posted. `announced`: where it is posted if no triage channel is set."""

    def __init__(
        self, posts: Posts, book: AlertQualityBook, clock: WallClock, *, triage: Announcements, announced: Announcements
    ) -> None:
        self._posts = posts
        self._book = book
        self._clock = clock
        self._triage = triage
        self._announced = announced

    async def tell(self, effect: PostAlertQuality, lease: Lease) -> None:
        """Raises Unavailable."""
        if self._clock.now() - effect.planned_at > TOO_OLD:
            _log.info("alert_quality_overtaken", effect=lease.id)
            return
        try:
            place = await self._place()
            week, before = await self._book.weeks([Week(effect.week), Week(effect.week - 1)])
            message = weekly_list(week, before)
            if place is not None and message is not None:
                await self._posts.send(place, message, lease, is_ping=False)
        except Refused as refusal:
            raise Unavailable(SLACK, refusal.reason, retryable=False) from refusal

    async def withdraw(self, lease: Lease) -> None:
        """Takes back what was posted twice."""
        if place := await self._place():
            await self._posts.take_back(place, lease)

    async def _place(self) -> ChannelId | None:
        """Raises Refused and Unavailable."""
        return await self._triage.channel() or await self._announced.channel()
