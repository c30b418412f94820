"""The weekly messages of follow-ups: to a person all of theirs, to a channel the digest, as things stand by then.

In that channel also that a review is overdue."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

import structlog

from bot.incident.afterwards_effects import PostDigest, PostReviewOverdue, TellFollowups
from bot.incident.followup_index import sampled, seen
from bot.incident.overtaking import Timeliness, of_review_question
from bot.incident.policy import Policy
from bot.incident.review import ReviewStage
from bot.incident.state import Incident
from bot.incident.terms import ChannelId, Standing
from bot.incident.themes import WITHIN, risks_this_week
from bot.incident.time_zones import zone_of
from bot.incident.weekly import A_WEEK, digest, owners_of, weekly
from bot.index_ports import FactorIndex, FollowupIndex
from bot.ports import Lease, Unavailable, WallClock
from bot.slack.announcements import Announcements
from bot.slack.blocks.followup_rounds import digest_message, weekly_message
from bot.slack.blocks.review_questions import overdue_in_digest
from bot.slack.message import Message
from bot.slack.outcome import SLACK
from bot.slack.posts import Posts
from bot.slack_ports import Directory, Refused, deactivated

TOO_OLD: Final = A_WEEK - timedelta(hours=12)
"""One that waited so long for Slack is dropped: the next one is about to come, and says the same and more."""

_log = structlog.get_logger(__name__)


class WeeklyPosts:
    """`where`: the channel of DIGEST_CHANNEL, if one is set."""

    def __init__(
        self,
        posts: Posts,
        index: FollowupIndex,
        people: Directory,
        policy: Callable[[], Policy],
        clock: WallClock,
        *,
        where: Announcements,
        factors: FactorIndex,
    ) -> None:
        self._posts = posts
        self._index = index
        self._people = people
        self._policy = policy
        self._clock = clock
        self._where = where
        self._factors = factors

    async def perform(self, effect: TellFollowups | PostDigest, lease: Lease) -> None:
        """Raises Unavailable, for good where Slack refuses: what is no incident's own is told to no commander."""
        if self._clock.now() - effect.planned_at > TOO_OLD:
            _log.info("followups_overtaken", effect=lease.id)
            return
        try:
            place, message = await (self._digest(effect) if isinstance(effect, PostDigest) else self._weekly(effect))
            if place is not None and message is not None:
                await self._posts.send(place, message, lease, is_ping=isinstance(effect, TellFollowups))
        except Refused as refusal:
            raise Unavailable(SLACK, refusal.reason, retryable=False) from refusal

    async def post_overdue(self, effect: PostReviewOverdue, incident: Incident, lease: Lease) -> None:
        """In the channel of the digest; nothing where the review was booked meanwhile. Raises Unavailable."""
        at, policy = self._clock.now(), self._policy()
        late = of_review_question(ReviewStage.CLIMBED, effect.number, incident, None)
        if late is not Timeliness.DUE or incident.private or incident.drill:
            return
        try:
            place = await self._where.channel()
            if place is not None:
                await self._posts.send(place, overdue_in_digest(incident, policy, at), lease, is_ping=False)
        except Refused as refusal:
            raise Unavailable(SLACK, refusal.reason, retryable=False) from refusal

    async def withdraw(self, effect: TellFollowups | PostDigest | PostReviewOverdue, lease: Lease) -> None:
        """Takes back what was posted twice."""
        place = ChannelId(effect.user) if isinstance(effect, TellFollowups) else await self._where.channel()
        if place is not None:
            await self._posts.take_back(place, lease)

    async def _weekly(self, effect: TellFollowups) -> tuple[ChannelId, Message | None]:
        """None: all of it was settled, or taken out of their sight, or they left, since it was their turn."""
        person, now = await self._people.person(effect.user), self._clock.now()
        if person.standing is Standing.GONE:
            return ChannelId(effect.user), None
        items = seen(await self._index.concerning(effect.user), effect.user, self._policy().rights.see_private)
        today = now.astimezone(zone_of(person.time_zone)).date()
        told = weekly(items, effect.user, today, await deactivated(self._people, owners_of(items)))
        return ChannelId(effect.user), weekly_message(told, today) if told else None

    async def _digest(self, effect: PostDigest) -> tuple[ChannelId | None, Message | None]:
        channel, now, rule = await self._where.channel(), self._clock.now(), self._policy().followups
        if channel is None:
            return None, None
        today = now.astimezone(zone_of(rule.time_zone)).date()
        sample = await self._index.added_between(*sampled(now))
        risks = risks_this_week(await self._factors.open(), await self._factors.recent(now - WITHIN), today)
        items = await self._index.open()
        gone = await deactivated(self._people, owners_of(items))
        told = digest(items, sample, await self._index.unclosed(), today, rule, risks=risks, gone=gone)
        return channel, digest_message(told, today) if told else None
