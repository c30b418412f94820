"""The door: a delivery is known, read, written down and then answered. What becomes of its alerts is the desk's work.

Alertmanager repeats what is answered with 5xx within a second, and 4xx only at its next group interval.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.alert_store import AlertStore
from bot.alerts.credentials import is_known
from bot.alerts.reading import Malformed, truncated
from bot.alerts.sources import reader_of
from bot.incident.policy import Policy
from bot.ports import Unavailable

_log = structlog.get_logger(__name__)

OVERLOADED: Final = "Too many alerts wait already. Send this again in a moment.\n"
UNKNOWN: Final = "The secret of this source is missing or wrong, or its signature is of another time.\n"
AWAY: Final = "The store cannot be reached. Send this again in a moment.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP status, and a plain sentence for whoever reads the source's log."""

    status: int
    text: str


class Observer(Protocol):
    """Counts deliveries; `source` is a configured name, so it is a small set."""

    def alerts_delivered(self, source: str, outcome: str, alerts: int, took: timedelta) -> None: ...


class Intake:
    """`secrets`: by source, each of which lets it in. `woken`: there is work for the desk."""

    def __init__(
        self,
        store: AlertStore,
        secrets: Mapping[str, Sequence[str]],
        policy: Callable[[], Policy],
        *,
        now: Callable[[], datetime],
        woken: Callable[[], None],
        observer: Observer,
    ) -> None:
        self._store = store
        self._secrets = secrets
        self._policy = policy
        self._now = now
        self._woken = woken
        self._observer = observer

    async def receive(self, source: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """`headers`: names in small letters."""
        if source not in self._secrets:
            return Answer(status=404, text="No source of that name may send alerts here: see ALERT_SECRETS.\n")
        started = time.monotonic()
        answer, count = await self._taken(source, headers, body)
        took = timedelta(seconds=time.monotonic() - started)
        self._observer.alerts_delivered(source, _OUTCOMES.get(answer.status, "refused"), count, took)
        return answer

    async def _taken(self, source: str, headers: Mapping[str, str], body: bytes) -> tuple[Answer, int]:
        if not is_known(self._secrets[source], headers, body, self._now()):
            _log.warning("alerts_refused", source=source, reason="it does not know its secret, or signs another time")
            return Answer(status=401, text=UNKNOWN), 0
        reader = reader_of(source, self._policy().alerts)
        if reader is None:
            return Answer(status=404, text="The policy describes no source of that name.\n"), 0
        try:
            alerts = reader(source, body, headers)
        except Malformed as refusal:
            _log.warning("alerts_refused", source=source, reason=str(refusal))
            return Answer(status=400, text=f"{refusal}\n"), 0
        if left_out := truncated(body):
            _log.warning("alerts_left_out", source=source, alerts=left_out)
        try:
            taken = not alerts or await self._store.take(alerts, self._now())
        except Unavailable as failure:
            _log.warning("alerts_not_taken", source=source, reason=str(failure))
            return Answer(status=503, text=AWAY), 0
        if not taken:
            _log.warning("alerts_not_taken", source=source, reason="too many wait already")
            return Answer(status=503, text=OVERLOADED), 0
        self._woken()
        return Answer(status=200, text=f"{len(alerts)} taken.\n"), len(alerts)


_OUTCOMES: Final = {200: "taken", 400: "malformed", 401: "unknown", 503: "put off"}
