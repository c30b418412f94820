"""Deliveries for tests of the intake: an inbox in memory, and who counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from bot.incident.alert import Alert, AlertDecision, Arrived
from bot.incident.alert_plan import Answered
from bot.incident.terms import IncidentId
from bot.ports import Unavailable

SECRET: Final = "a secret of this source"
BEARER: Final = {"authorization": f"Bearer {SECRET}"}


@dataclass(kw_only=True)
class InboxDouble:
    """The part of ports.AlertStore that the intake uses. `full`, `away`: how it answers."""

    taken: list[Alert] = field(default_factory=list)
    full: bool = False
    away: bool = False

    async def take(self, alerts: Sequence[Alert], at: datetime) -> bool:
        if self.away:
            raise Unavailable("the store", "cannot be reached")
        if not self.full:
            self.taken += alerts
        return not self.full

    async def waiting(self, most: int) -> Sequence[Arrived]:
        raise NotImplementedError

    async def routes(self, claims: Sequence[str]) -> Mapping[str, tuple[IncidentId, ...]]:
        raise NotImplementedError

    async def answered(self, claims: Sequence[str]) -> Mapping[str, Answered]:
        raise NotImplementedError

    async def settle(self, settled: Sequence[tuple[Arrived, AlertDecision | None]]) -> frozenset[str]:
        raise NotImplementedError

    async def decisions(self, most: int) -> Sequence[AlertDecision]:
        raise NotImplementedError


@dataclass(kw_only=True)
class Counting:
    """Counts what it is told, by source and outcome."""

    seen: Counter[tuple[str, str]] = field(default_factory=Counter)

    def alerts_delivered(self, source: str, outcome: str, alerts: int, took: timedelta) -> None:
        self.seen[source, outcome] += alerts or 1


def notification(**changes: Any) -> dict[str, Any]:
    """Alertmanager's, of one alert that fires."""
    alert = {
        "status": "firing",
        "labels": {"alertname": "HighErrorRate", "severity": "critical", "service": "checkout"},
        "annotations": {"summary": "Checkout returns 500", "dashboard_url": "https://grafana.example/d/1"},
        "startsAt": "2026-03-02T12:00:00.123456789Z",
        "endsAt": "0001-01-01T00:00:00Z",
        "generatorURL": "https://prometheus.example/graph",
        "fingerprint": "f1",
    }
    whole = {"version": "4", "groupKey": "g1", "externalURL": "https://alerts.example/", "alerts": [alert]}
    return {**whole, **changes}
