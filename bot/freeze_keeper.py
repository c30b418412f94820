"""Keeps the deploy freezes: begins, extends and ends them, ends them at their times, says which a service is frozen by.

Any number of processes look; each change is written by one of them. What is told goes into the outbox with the change.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.crash_point import CrashPoint, crash_point
from bot.incident.alert_claims import service_claim
from bot.incident.effects import SUMMARY, Effect, RefreshCard
from bot.incident.freeze import (
    Freeze,
    FreezeChange,
    FreezeNumber,
    FreezeTurn,
    FreezeWish,
    covering,
    due,
    ended,
    extended,
    granted,
)
from bot.incident.freeze_effects import NoteFreeze, PostFrozenChange, TellFreeze
from bot.incident.freeze_suggestion import services_of
from bot.incident.policy import FreezeRule, Policy
from bot.incident.service_change import ServiceChange
from bot.incident.service_names import places, spelt
from bot.incident.state import Incident
from bot.incident.terms import NO_INCIDENT, IncidentId, Person, Rejected

LOOK_EVERY: Final = timedelta(seconds=10)
_TRIES: Final = 10
_MOST_TOLD: Final = 5
"""Incidents that hear of one change; so many of one service at once is a storm of its own."""

Routes = Callable[[Sequence[str]], Awaitable[Mapping[str, tuple[IncidentId, ...]]]]
"""Claims -> the open incidents that have them: no private one and no drill. Raises Unavailable."""

_log = structlog.get_logger(__name__)


class FreezeBook(Protocol):
    """Freezes that hold, or are over since a week at most. Each method raises Unavailable."""

    async def freezes(self) -> Sequence[Freeze]:
        """In the order in which they began."""

    async def next_number(self) -> FreezeNumber: ...

    async def write(self, change: FreezeChange, effects: Sequence[Effect] = ()) -> bool:
        """The change, its line of the log and what is to be told, in one step. False: somebody else was faster."""


class FreezeKeeper:
    """`woken` is called once there is something in the outbox."""

    def __init__(
        self,
        book: FreezeBook,
        policy: Callable[[], Policy],
        routes: Routes,
        now: Callable[[], datetime],
        woken: Callable[[], None],
    ) -> None:
        self._book = book
        self._policy = policy
        self._routes = routes
        self._now = now
        self._woken = woken

    @property
    def rule(self) -> FreezeRule:
        return self._policy().freezes

    async def freezes(self) -> Sequence[Freeze]:
        """Those that hold, and those that are over since a week at most. Raises Unavailable."""
        return await self._book.freezes()

    async def find(self, number: int) -> Freeze | None:
        """None: it is forgotten. Raises Unavailable."""
        return next((each for each in await self._book.freezes() if each.number == number), None)

    async def covering(self, services: Sequence[str], at: datetime | None = None) -> Freeze | None:
        """The freeze of one of these services (by name or alias) at this moment. Raises Unavailable."""
        return covering(await self._book.freezes(), spelt(services, self._policy()), at or self._now())

    async def of(self, incident: Incident) -> Sequence[Freeze]:
        """Those of the services with which it has to do. Raises Unavailable."""
        if not incident.is_active:
            return ()
        services, now = services_of(incident, self._policy()), self._now()
        return [
            each
            for each in (await self._book.freezes() if services else ())
            if any(each.covers(service, now) for service in services)
        ]

    async def begin(self, by: Person, wish: FreezeWish) -> Freeze:
        """The new freeze, or the one that this request has begun already. Raises Rejected and Unavailable."""
        for _ in range(_TRIES):
            now, known = self._now(), await self._book.freezes()
            if done := next((each for each in known if each.request == wish.request), None):
                return done
            freeze = await self._new(by, granted(by, wish, known, self._policy(), now), known, now)
            if await self._write(FreezeChange(at=now, by=by.id, turn=FreezeTurn.BEGAN, freeze=freeze)):
                return freeze
        raise _busy()

    async def extend(self, by: Person, which: str, lasts: timedelta | None) -> Freeze:
        """`which` as of `end`; it ends so long from now. Raises Rejected and Unavailable."""
        return await self._change(which, lambda freeze: extended(by, freeze, lasts, self._policy(), self._now()))

    async def end(self, by: Person, which: str) -> Freeze:
        """By its number, or by a service of it. Raises Rejected and Unavailable."""
        return await self._change(which, lambda freeze: ended(by, freeze, self._now()))

    async def heard(self, change: ServiceChange) -> tuple[Freeze | None, Sequence[Effect]]:
        """The freeze during which a service was changed, and what is to be told of that, which is not done here.

        Raises Unavailable.
        """
        freeze = await self.covering([change.service], change.at)
        if freeze is None:
            return None, ()
        marked = replace(change, freeze=freeze.reference)
        concerned = await self._shown_by(freeze, spelt([change.service], self._policy()))
        return freeze, [PostFrozenChange(incident=number, change=marked) for number in concerned[:_MOST_TOLD]]

    def wake(self) -> None:
        """There is something in the outbox."""
        self._woken()

    async def look(self) -> None:
        """Ends what is over, reminds of what soon is. Raises Unavailable; then the next look goes on."""
        for each in due(await self._book.freezes(), self.rule, self._now()):
            await self._write(each)

    async def _change(self, which: str, asked: Callable[[Freeze], FreezeChange]) -> Freeze:
        for _ in range(_TRIES):
            change = asked(self._meant(which, await self._book.freezes()))
            if await self._write(change):
                return change.freeze
        raise _busy()

    async def _new(self, by: Person, wish: FreezeWish, known: Sequence[Freeze], now: datetime) -> Freeze:
        return Freeze(
            number=await self._book.next_number(),
            services=wish.services,
            since=now,
            until=now + (wish.lasts or self.rule.lasts),
            by=by.id,
            request=wish.request,
            after=max((each.number for each in known), default=0),
            why=wish.why,
            incident=wish.incident,
        )

    async def _write(self, change: FreezeChange) -> bool:
        is_told = change.turn is not FreezeTurn.FORGOTTEN
        done = await self._book.write(change, await self._told(change) if is_told else ())
        crash_point(CrashPoint.AFTER_FREEZE)
        if done and is_told:
            _log.info("freeze", freeze=change.freeze.number, turn=change.turn.value, by=change.by)
            self._woken()
        return done

    async def _told(self, change: FreezeChange) -> list[Effect]:
        freeze = change.freeze
        told: list[Effect] = [
            TellFreeze(incident=NO_INCIDENT, freeze=freeze.number, turn=change.turn, until=freeze.until, place=place)
            for place in places(freeze.services, self._policy())
        ]
        if change.turn is FreezeTurn.REMINDED:
            return told
        if freeze.incident and change.turn in (FreezeTurn.BEGAN, FreezeTurn.ENDED):
            told.append(NoteFreeze(incident=freeze.incident, freeze=freeze.number, turn=change.turn))
        shown_by = await self._shown_by(freeze, freeze.services)
        return [*told, *(RefreshCard(incident=number, card=SUMMARY) for number in shown_by)]

    async def _shown_by(self, freeze: Freeze, services: Sequence[str]) -> list[IncidentId]:
        """Open incidents of these services, and that from which the freeze follows: their cards tell of it."""
        found = await self._routes([service_claim(each) for each in services])
        follows_from = [freeze.incident] if freeze.incident else []
        return list(dict.fromkeys([*follows_from, *(number for those in found.values() for number in those)]))

    def _meant(self, which: str, known: Sequence[Freeze]) -> Freeze:
        """Raises Rejected."""
        now = self._now()
        numbered = [each for each in known if each.reference.casefold() == which.strip().casefold()]
        if numbered:
            return numbered[0]
        named = covering(known, spelt([which], self._policy()), now)
        if named is None:
            raise Rejected(f"“{which[:75]}” names no freeze: “freeze” lists them.", verb="freeze")
        return named


def _busy() -> Rejected:
    return Rejected("Somebody else has just changed the freezes: look again.", verb="freeze")
