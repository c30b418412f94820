"""The door: a delivery is known, read, written down and then answered. What becomes of its alerts is the desk's work.

Alertmanager repeats what is answered with 5xx within a second, and 4xx only at its next group interval.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.alert_store import AlertStore
from bot.alerts.credentials import is_known, is_signed, shows_token
from bot.alerts.reading import Malformed, truncated
from bot.alerts.sources import Reader, reader_of
from bot.crash_point import CrashPoint, crash_point
from bot.incident.alert import Alert
from bot.incident.policy import Policy
from bot.ports import Unavailable

_log = structlog.get_logger(__name__)

OVERLOADED: Final = "Too many alerts wait already. Send this again in a moment.\n"
UNKNOWN: Final = "The secret of this source is missing or wrong, or its signature is of another time.\n"
LARGE: Final = 64 * 1024
"""Bytes. To read more than that takes a good part of the 50 ms in which others are to be answered."""
AWAY: Final = "The store cannot be reached. Send this again in a moment.\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An HTTP status, and a plain sentence for whoever reads the source's log."""

    status: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """What a delivery's head says of it. `refused`: no body would change the answer. `known`: it shows the secret."""

    refused: Answer | None = None
    known: bool = False


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
        self._one_large = asyncio.Lock()

    def glance(self, source: str, headers: Mapping[str, str]) -> Glance:
        """Before the body is read: nobody who shows no secret makes us wait for one. `headers`: as of `receive`."""
        if source not in self._secrets:
            return Glance(refused=_NO_SUCH)
        known = shows_token(self._secrets[source], headers)
        if not known and not is_signed(headers):
            _log.warning("alerts_refused", source=source, reason="it does not know its secret")
            self._observer.alerts_delivered(source, "unknown", 0, timedelta())
            return Glance(refused=_UNKNOWN)
        return Glance(known=known)

    async def receive(self, source: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """`headers`: names in small letters."""
        if source not in self._secrets:
            return _NO_SUCH
        started, outcome, count = time.monotonic(), "bug", 0
        try:
            answer, count = await self._taken(source, headers, body)
            outcome = _OUTCOMES.get(answer.status, "refused")
        except asyncio.CancelledError:
            outcome = "cut short"
            raise
        finally:
            took = timedelta(seconds=time.monotonic() - started)
            self._observer.alerts_delivered(source, outcome, count, took)
        return answer

    def turned_away(self, source: str, status: int, took: timedelta) -> None:
        """A delivery of a source that we know, whose body was never read to its end."""
        self._observer.alerts_delivered(source, _OUTCOMES.get(status, "refused"), 0, took)

    async def _taken(self, source: str, headers: Mapping[str, str], body: bytes) -> tuple[Answer, int]:
        if not is_known(self._secrets[source], headers, body, self._now()):
            _log.warning("alerts_refused", source=source, reason="it does not know its secret, or signs another time")
            return _UNKNOWN, 0
        reader = reader_of(source, self._policy().alerts)
        if reader is None:
            return Answer(status=404, text="The policy describes no source of that name.\n"), 0
        try:
            alerts = await self._read(reader, source, body, headers)
        except Malformed as refusal:
            _log.warning("alerts_refused", source=source, reason=str(refusal))
            return Answer(status=400, text=f"{refusal}\n"), 0
        if left_out := truncated(body):
            _log.warning("alerts_left_out", source=source, alerts=left_out)
        try:
            taken = not alerts or await self._store.take(alerts, self._now())
            crash_point(CrashPoint.AFTER_INTAKE)
        except Unavailable as failure:
            _log.warning("alerts_not_taken", source=source, reason=str(failure))
            return Answer(status=503, text=AWAY), 0
        if not taken:
            _log.warning("alerts_not_taken", source=source, reason="too many wait already")
            return Answer(status=503, text=OVERLOADED), 0
        self._woken()
        return Answer(status=200, text=f"{len(alerts)} taken.\n"), len(alerts)

    async def _read(self, reader: Reader, source: str, body: bytes, headers: Mapping[str, str]) -> tuple[Alert, ...]:
        """A large body beside all else that goes on here, and one at a time. Raises Malformed."""
        if len(body) <= LARGE:
            return reader(source, body, headers)
        async with self._one_large:
            return await asyncio.to_thread(reader, source, body, headers)


_NO_SUCH: Final = Answer(status=404, text="No source of that name may send alerts here: see ALERT_SECRETS.\n")
_UNKNOWN: Final = Answer(status=401, text=UNKNOWN)
_OUTCOMES: Final = {200: "taken", 400: "malformed", 401: "unknown", 408: "too slow", 413: "too large", 503: "put off"}
