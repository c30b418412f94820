"""On Monday morning the triage channel hears which rules of the monitoring to fix: once over all processes.

As with the weekly round of follow-ups nobody leads this: in one step of the store the message goes into the outbox and
the next turn is planned. It posts nothing itself.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Final

import structlog

from bot.alert_store import AlertQualityBook
from bot.crash_point import CrashPoint, crash_point
from bot.incident.alert_quality import Week, to_fix, week_of
from bot.incident.policy import Policy
from bot.incident.quality_effects import PostAlertQuality
from bot.incident.terms import NO_INCIDENT
from bot.incident.time_zones import zone_of
from bot.incident.weekly import decent, next_round

LOOK_EVERY: Final = timedelta(minutes=1)
MONDAY: Final = 0
FURTHEST: Final = timedelta(days=8)
"""A turn that lies further ahead was planned by a clock that has been set back since."""

_log = structlog.get_logger(__name__)


class QualityRound:
    """It comes at the hour and in the zone of the follow-ups' digest. `woken`: there is something in the outbox."""

    def __init__(
        self,
        book: AlertQualityBook,
        policy: Callable[[], Policy],
        now: Callable[[], datetime],
        woken: Callable[[], None],
    ) -> None:
        self._book = book
        self._policy = policy
        self._now = now
        self._woken = woken

    async def look(self) -> None:
        """Takes the turn if it has come. Raises Unavailable where the store cannot say; then the next look goes on."""
        now, due = self._now(), await self._book.turn()
        if due is not None and now < due < now + FURTHEST:
            return
        rule = replace(self._policy().followups, weekday=MONDAY)
        zone = zone_of(rule.time_zone)
        has_come = due is not None and due <= now
        if has_come and (said_at := decent(now, zone, rule)) > now:
            await self._book.take(due, said_at, None)
            return
        effect = await self._said(now, zone) if has_come else None
        if await self._book.take(due, next_round(now, zone, rule), effect) and effect:
            crash_point(CrashPoint.AFTER_TURN)
            _log.info("alert_quality_is_told", week=effect.week)
            self._woken()

    async def _said(self, now: datetime, zone: tzinfo) -> PostAlertQuality | None:
        """Of the last week that is over; None: there is nothing to fix."""
        week = last_week(now, zone)
        (told,) = await self._book.weeks([week])
        return PostAlertQuality(incident=NO_INCIDENT, week=week, planned_at=now) if to_fix(told.rules) else None


def last_week(now: datetime, zone: tzinfo) -> Week:
    """The one before that of the day that it is there."""
    today = now.astimezone(zone).date()
    return Week(week_of(datetime.combine(today, time(), tzinfo=UTC)) - 1)
