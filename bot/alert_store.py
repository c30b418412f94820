"""What alerts need of the store, as a protocol; see ports.py."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.incident.alert import Alert, AlertDecision, Arrived
from bot.incident.alert_plan import Answered
from bot.incident.alert_quality import Week, WeekQuality
from bot.incident.effects import Effect
from bot.incident.terms import IncidentId


class AlertLog(Protocol):
    """What was decided about alerts, as whoever only looks needs it."""

    async def decisions(self, most: int) -> Sequence[AlertDecision]:
        """The newest lines of the alert log, newest first. Raises ports.Unavailable."""


class AlertQualityBook(Protocol):
    """What was counted about the rules of the monitoring. Each method raises ports.Unavailable."""

    async def weeks(self, wanted: Sequence[Week]) -> Sequence[WeekQuality]:
        """Each that is wanted, in that order; empty where nothing was counted, or that is long ago."""

    async def turn(self) -> datetime | None:
        """When the weekly list is due; None: that is still to be planned."""

    async def take(self, seen: datetime | None, following: datetime, effect: Effect | None) -> bool:
        """Plans the next turn, and what is to be said in this one; False: somebody else was faster."""


class AlertStore(AlertLog, Protocol):
    """Alerts that wait, where they lead, and what was decided. Each method raises ports.Unavailable."""

    async def take(self, alerts: Sequence[Alert], at: datetime) -> bool:
        """All of them wait from now on; False: too many wait already, and none of these does."""

    async def waiting(self, most: int) -> Sequence[Arrived]:
        """The oldest of those that wait."""

    async def routes(self, claims: Sequence[str]) -> Mapping[str, tuple[IncidentId, ...]]:
        """Those of the claims that open incidents have."""

    async def answered(self, claims: Sequence[str]) -> Mapping[str, Answered]:
        """Those of the claims whose last incident people have ended, in the past week."""

    async def settle(self, settled: Sequence[tuple[Arrived, AlertDecision | None]]) -> frozenset[str]:
        """Belonging to no incident they wait no more; answers with the entries of those that still did."""
