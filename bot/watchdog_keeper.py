"""Listens for watchdogs: keeps when each was heard, raises its silence once over all processes, and tells its end."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.crash_point import CrashPoint, crash_point
from bot.incident.effects import Effect
from bot.incident.maintenance import Window
from bot.incident.policy import Policy
from bot.incident.terms import NO_INCIDENT
from bot.incident.watchdog import DEAF_AFTER, Look, Stage, Watch, Watchdog, watched
from bot.incident.watchdog_effects import TellBlind, TellSeeing

LOOK_EVERY: Final = timedelta(seconds=15)

Covering = Callable[[Sequence[str]], Awaitable[Window | None]]
"""The maintenance window that covers one of these services now; raises Unavailable."""

_log = structlog.get_logger(__name__)


class WatchdogBook(Protocol):
    """What is kept of watchdogs. Each method raises ports.Unavailable."""

    async def looked(self, at: datetime) -> datetime | None:
        """Notes that somebody looks; answers when somebody did last."""

    async def heard(self, signals: Mapping[str, datetime]) -> None:
        """By name, when each was heard just now."""

    async def last_heard(self) -> Mapping[str, datetime]: ...

    async def watches(self) -> Mapping[str, Watch]: ...

    async def write(self, name: str, before: Watch | None, after: Watch, effects: Sequence[Effect] = ()) -> bool:
        """False: somebody else was faster."""


class WatchdogKeeper:
    """`woken` is called once there is something in the outbox."""

    def __init__(
        self,
        book: WatchdogBook,
        policy: Callable[[], Policy],
        covering: Covering,
        now: Callable[[], datetime],
        woken: Callable[[], None],
    ) -> None:
        self._book = book
        self._policy = policy
        self._covering = covering
        self._now = now
        self._woken = woken

    async def heard(self, signals: Mapping[str, datetime]) -> None:
        """Raises Unavailable."""
        if signals:
            await self._book.heard(signals)

    async def look(self) -> None:
        """Raises what has fallen silent, tells what is heard again. Raises Unavailable: then the next look goes on."""
        watchdogs = self._policy().watchdogs
        if not watchdogs:
            return
        now = self._now()
        looked_at = await self._book.looked(now)
        was_deaf = looked_at is None or now - looked_at > DEAF_AFTER
        heard, watches = await self._book.last_heard(), await self._book.watches()
        for each in watchdogs:
            excused = bool(each.service) and await self._covering([each.service]) is not None
            look = Look(at=now, heard_at=heard.get(each.name), was_deaf=was_deaf, is_excused=excused)
            await self._turn(each, watches.get(each.name), look)

    async def _turn(self, rule: Watchdog, before: Watch | None, look: Look) -> None:
        after = watched(rule, before, look)
        if after == before:
            return
        effects = _told(rule, before, after, look)
        written = await self._book.write(rule.name, before, after, effects)
        if written and effects:
            crash_point(CrashPoint.AFTER_WATCH)
            _log.warning("watchdog", watchdog=rule.name, stage=after.stage.name.lower())
            self._woken()


def _told(rule: Watchdog, before: Watch | None, after: Watch, look: Look) -> list[Effect]:
    """Whoever heard that it fell silent hears that it is back."""
    if before is None or before.stage is after.stage:
        return []
    if after.stage is not Stage.HEARD:
        climbed = after.stage is Stage.CLIMBED
        return [
            TellBlind(
                incident=NO_INCIDENT,
                watchdog=rule.name,
                last_at=after.last_at,
                raised_at=after.stage_at or look.at,
                climbed=climbed,
            )
        ]
    return [
        TellSeeing(
            incident=NO_INCIDENT,
            watchdog=rule.name,
            last_at=before.last_at,
            heard_at=look.heard_at or look.at,
            climbed=climbed,
            back_at=after.stage_at,
        )
        for climbed in ((False, True) if before.stage is Stage.CLIMBED else (False,))
    ]
