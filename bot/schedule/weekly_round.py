"""Once a week whoever has follow-ups hears of them: each person once, over all processes and restarts.

Nobody leads this. Whoever looks first takes a turn: in one step of the store the message goes into the outbox and the
next turn is planned, so a second look finds nothing to do. It posts nothing itself.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Final

import structlog

from bot.crash_point import CrashPoint, crash_point
from bot.incident.afterwards_effects import PostDigest, TellFollowups
from bot.incident.effects import Effect
from bot.incident.factor_index import ListedFactor
from bot.incident.factor_index import public as public_factors
from bot.incident.followup_index import public, seen
from bot.incident.policy import Policy
from bot.incident.terms import IncidentId, UserId
from bot.incident.themes import WITHIN, risks_this_week
from bot.incident.time_zones import zone_of
from bot.incident.weekly import decent, next_round, owners_of, to_be_listed, weekly
from bot.index_ports import FactorIndex, FollowupIndex, Turn
from bot.ports import Unavailable
from bot.slack_ports import Directory, deactivated

LOOK_EVERY: Final = timedelta(minutes=1)
"""A question for the store; it is rarely somebody's turn."""

_log = structlog.get_logger(__name__)


class WeeklyRound:
    """`woken` is called once there is something in the outbox."""

    def __init__(
        self,
        index: FollowupIndex,
        people: Directory,
        policy: Callable[[], Policy],
        now: Callable[[], datetime],
        woken: Callable[[], None],
        *,
        factors: FactorIndex,
    ) -> None:
        self._index = index
        self._people = people
        self._policy = policy
        self._now = now
        self._woken = woken
        self._factors = factors

    async def look(self) -> None:
        """Takes every turn that has come. Raises Unavailable where the store cannot say; then the next look goes on."""
        now = self._now()
        for turn in await self._index.turns(now):
            zone = await self._zone(turn.who)
            if zone is not None:
                await self._take(turn, now, zone)

    async def _take(self, turn: Turn, now: datetime, zone: tzinfo) -> None:
        """A turn that came while nobody ran is taken at once, but not at night."""
        rule = self._policy().followups
        has_come = turn.due_at is not None and turn.due_at <= now
        said_at = decent(now, zone, rule) if has_come else now
        if said_at > now:
            await self._index.take(turn, min(said_at, next_round(now, zone, rule)), None, has_nothing=False)
            return
        effect, has_nothing = await self._said(turn.who, now, zone) if has_come else (None, False)
        taken = await self._index.take(turn, next_round(now, zone, rule), effect, has_nothing=has_nothing)
        if taken and effect:
            crash_point(CrashPoint.AFTER_TURN)
            _log.info("followups_are_told", digest=turn.who is None, incident=effect.incident)
            self._woken()

    async def _said(self, who: UserId | None, now: datetime, zone: tzinfo) -> tuple[Effect | None, bool]:
        """What is to be said, and whether there is nothing at all; it is read anew when it is said.

        A deactivated account cannot be written to: of what it owns its sponsors hear, in their own message.
        """
        if who is None:
            return await self._digest(now)
        if await deactivated(self._people, [who]):
            return None, False
        every = await self._index.concerning(who)
        items = seen(every, who, self._policy().rights.see_private)
        gone = await deactivated(self._people, owners_of(items) - {who})
        theirs = weekly(items, who, now.astimezone(zone).date(), gone)
        if theirs is None:
            return None, not every
        return TellFollowups(incident=theirs.items[0].line.incident, user=who, planned_at=now), False

    async def _digest(self, now: datetime) -> tuple[Effect | None, bool]:
        """As above. What is to be told names one of the incidents that it is about."""
        items, unclosed = await self._index.open(), await self._index.unclosed()
        unsettled, recent = await self._factors.open(), await self._factors.recent(now - WITHIN)
        told = (
            *(each.line.incident for each in public(items)),
            *(each.incident for each in to_be_listed(unclosed)),
            *self._at_risk(unsettled, recent, now),
        )
        effect = PostDigest(incident=told[0], planned_at=now) if told else None
        return effect, not (items or unclosed or unsettled or recent)

    def _at_risk(
        self, unsettled: Sequence[ListedFactor], recent: Sequence[ListedFactor], now: datetime
    ) -> Sequence[IncidentId]:
        """The incidents of what is news of contributing factors, of public ones alone."""
        today = now.astimezone(zone_of(self._policy().followups.time_zone)).date()
        if not risks_this_week(unsettled, recent, today).is_news:
            return ()
        return [each.line.incident for each in public_factors((*recent, *unsettled))]

    async def _zone(self, who: UserId | None) -> tzinfo | None:
        """None: Slack cannot say just now where somebody is, so their turn waits."""
        if who is None:
            return zone_of(self._policy().followups.time_zone)
        try:
            return zone_of((await self._people.person(who)).time_zone)
        except Unavailable as failure:
            if failure.what == "the store":
                raise
            _log.warning("followups_wait_for_slack", reason=failure.reason)
            return None
