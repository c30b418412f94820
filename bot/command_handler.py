"""The one door: every input becomes a command and is handled here, and nowhere else.

It reads the log, lets the core decide, and appends all that follows in one atomic step.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Protocol
from weakref import WeakValueDictionary

import structlog

from bot.clock import waited_for_until
from bot.incident.alert_routes import rerouted
from bot.incident.alert_settling import AlertsTaken, settled
from bot.incident.alert_tally import tallies
from bot.incident.change import Change
from bot.incident.commands import Command, DeclareIncident, FireTimer
from bot.incident.consequences import consequences
from bot.incident.decide import decide, declare
from bot.incident.events import Event
from bot.incident.evolve import replay
from bot.incident.factor_index import reindexed_factors
from bot.incident.followup_index import reindexed
from bot.incident.gist import gist
from bot.incident.informing import due_timers
from bot.incident.listing import listing
from bot.incident.policy import Policy
from bot.incident.rights import unknown
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, Checklist, IncidentId, Rejected, RequestId, Severity, Version
from bot.observer import Observer, Unobserved
from bot.ports import (
    AlreadyHandled,
    Append,
    Appended,
    Conflict,
    DueTimer,
    Lease,
    LeaseLost,
    Log,
    Taken,
    Timers,
    TooLate,
    Unavailable,
    WallClock,
)
from bot.sure_append import SureAppend

_MOST_CONFLICTS: Final = 50
"""With 50 writers on one incident the unluckiest lost 20 races in a row; beyond 50 something else is wrong."""

_MOST_REMEMBERED: Final = 2000
"""States kept in memory, least recently used first out; a forgotten one is replayed from its log."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What became of a command. `repeated`: this request had been handled before, so nothing was done now."""

    incident: Incident
    events: tuple[Event, ...] = ()
    repeated: bool = False


class Rules(Protocol):
    """What the organisation wrote down, in its newest valid form."""

    @property
    def policy(self) -> Policy: ...

    def checklist_for(self, command: DeclareIncident, severity: Severity) -> Checklist | None:
        """The playbook that matches a new incident, if any."""


class CommandHandler:
    """`on_append` is called after each append that has left work for the effect runner.

    `drills_only`: asked at each declaration; while it says so, whatever is declared is a drill.
    """

    def __init__(
        self,
        log: Log,
        timers: Timers,
        rules: Rules,
        clock: WallClock,
        on_append: Callable[[], None],
        *,
        observer: Observer | None = None,
        drills_only: Callable[[], bool] = lambda: False,
    ) -> None:
        self.log = log
        self._timers = timers
        self._rules = rules
        self._clock = clock
        self._on_append = on_append
        self._observer = observer or Unobserved()
        self._drills_only = drills_only
        self._sure = SureAppend(log, self._observer.appended)
        self._states: OrderedDict[IncidentId, Incident] = OrderedDict()
        self._declaring = asyncio.Lock()
        self._declarers = 0
        # Of those who change one incident at once all but one would lose the race for its version, and read it anew.
        self._turns: WeakValueDictionary[IncidentId, asyncio.Lock] = WeakValueDictionary()
        # What the last declaration of this process leads one to expect; the append refuses it where it is taken.
        self._next_number: IncidentId | None = None

    @property
    def policy(self) -> Policy:
        return self._rules.policy

    @property
    def drills_only(self) -> bool:
        return self._drills_only()

    async def declare(
        self, command: DeclareIncident, *, request: RequestId, remember_for: timedelta | None = None
    ) -> Handled:
        """Opens a new incident under the next number. Raises Rejected, Unavailable. `remember_for`: as ports.Append.

        One at a time in a process: the number is read before the append that takes it, and taking turns is
        cheaper than losing races. Other processes may still win one; then it is tried again.
        """
        command = self._with_playbook(replace(command, drill=command.drill or self.drills_only))
        return await self._observed(command, self._declare(command, request, remember_for), lambda: command.drill)

    async def _declare(self, command: DeclareIncident, request: RequestId, remember_for: timedelta | None) -> Handled:
        """The war rooms of a crowd are begun when nobody of it waits any more to be acknowledged."""
        self._declarers += 1
        try:
            async with self._declaring:
                return await self._take_number(command, request, remember_for)
        finally:
            self._declarers -= 1
            if not self._declarers:
                self._on_append()

    async def _take_number(
        self, command: DeclareIncident, request: RequestId, remember_for: timedelta | None
    ) -> Handled:
        number = self._next_number or await self.log.next_number()
        for _ in range(_MOST_CONFLICTS):
            events = declare(number, command, self.policy, self._clock.now())
            handled = await self._append(
                command, events, number=number, before=None, request=request, remember_for=remember_for
            )
            if handled:
                self._next_number = IncidentId(handled.incident.id + 1)
                return handled
            number = await self.log.next_number()
        raise Unavailable("the store", "another process took every number")

    async def handle(
        self, incident: IncidentId, command: Command, *, request: RequestId, completes: Lease | None = None
    ) -> Handled:
        """Decides on the newest state and appends what follows; again where somebody was faster.

        Raises Rejected (nothing has changed) and Unavailable (with `unknown`, it may have).
        """
        work = self._handle(incident, command, request, completes)
        return await self._observed(command, work, lambda: self.is_drill(incident))

    async def _handle(
        self, incident: IncidentId, command: Command, request: RequestId, completes: Lease | None
    ) -> Handled:
        turn = self._turns.setdefault(incident, asyncio.Lock())
        async with turn:
            handled = await self._handle_at_once(incident, command, request=request, completes=completes)
            return handled or await self._handle_on_the_newest(incident, command, request=request, completes=completes)

    async def _handle_on_the_newest(
        self, incident: IncidentId, command: Command, *, request: RequestId, completes: Lease | None
    ) -> Handled:
        for _ in range(_MOST_CONFLICTS):
            before = await self.read(incident)
            try:
                events = decide(before, command, self.policy, self._clock.now())
            except Rejected:
                if await self.log.handled(request):
                    return Handled(incident=before, repeated=True)
                raise
            if not events and completes is None:
                return Handled(incident=before)
            handled = await self._append(
                command, events, number=incident, before=before, request=request, completes=completes
            )
            if handled:
                return handled
        raise Unavailable("the store", f"INC-{incident} changes faster than it can be written")

    async def _handle_at_once(
        self, incident: IncidentId, command: Command, *, request: RequestId, completes: Lease | None
    ) -> Handled | None:
        """On the state that is remembered, which saves a question: the store refuses an append to any but the newest.

        None: it was not the newest, or nothing follows from it. A refusal is only given on what was read.
        """
        before = self._states.get(incident)
        if before is None:
            return None
        try:
            events = decide(before, command, self.policy, self._clock.now())
        except Rejected:
            return None
        if not events:
            return None
        return await self._append(command, events, number=incident, before=before, request=request, completes=completes)

    async def record(self, incident: IncidentId, command: Command, lease: Lease) -> bool:
        """The result of an effect: recorded, and the effect done, in one step.

        False: the lease was lost, and somebody else's result stands or will.
        """
        request = RequestId(f"effect:{lease.id}")
        return not (await self.handle(incident, command, request=request, completes=lease)).repeated

    async def report(self, incident: IncidentId, command: Command, lease: Lease) -> None:
        """What is to be known of an effect that is not done."""
        await self.handle(incident, command, request=RequestId(f"report:{lease.id}:{lease.attempt}"))

    async def fire(self, timer: DueTimer) -> None:
        """A due timer is just a command; one whose reason has gone is set as the state wants it."""
        command = FireTimer(by=MUSTER_ITSELF, name=timer.name, due_at=timer.due_at)
        request = RequestId(f"timer:{timer.incident}:{timer.name}:{timer.due_at.timestamp():.3f}")
        handled = await self.handle(timer.incident, command, request=request)
        if not handled.events:
            await self.restore_timers(handled.incident)

    async def read(self, incident: IncidentId, newest: Version | None = None) -> Incident:
        """The newest state. Raises Rejected for an incident that does not exist, and Unavailable.

        `newest`: a version that the store has just told; a remembered state that has come so far is not read again.
        """
        known = self._states.get(incident)
        if known and newest and newest <= known.version:
            return known
        events = await self.log.read(incident, known.version if known else Version(0))
        state = replay(events, known)
        if state is None:
            raise Rejected(unknown(incident), verb="list")
        self._remember(state)
        return state

    def is_drill(self, incident: IncidentId) -> bool:
        """As far as this process remembers: for counting, which nobody waits for."""
        known = self._states.get(incident)
        return known is not None and known.drill

    async def history(self, incident: IncidentId) -> Sequence[Event]:
        """Every event of the incident, oldest first."""
        return await self.log.read(incident, Version(0))

    async def restore_timers(self, incident: Incident) -> None:
        """As its state wants them; until nothing was appended meanwhile, for an append sets timers too, and newer ones
        must not be undone."""
        for _ in range(_MOST_CONFLICTS):
            await self._timers.restore(incident.id, due_timers(incident, self.policy))
            newest = await self.read(incident.id)
            if newest.version == incident.version:
                return
            incident = newest
        raise Unavailable("the store", f"INC-{incident.id} changes faster than its timers can be set")

    async def _append(
        self,
        command: Command,
        events: tuple[Event, ...],
        *,
        number: IncidentId,
        before: Incident | None,
        request: RequestId,
        completes: Lease | None = None,
        remember_for: timedelta | None = None,
    ) -> Handled | None:
        """None: somebody else was faster."""
        after = replay(events, before)
        if after is None:
            raise ValueError("an incident begins with at least one event")
        change = Change(command=command, before=before, after=after, policy=self.policy)
        append = _append_of(change, events, request=request, completes=completes, remember_for=remember_for)
        result = await self._sure.append(append)
        if isinstance(result, TooLate):
            raise Unavailable("the store", "it answered too late, nothing was written")
        if isinstance(result, AlreadyHandled):
            return Handled(incident=await self.read(result.incident), repeated=True)
        if isinstance(result, Taken):
            raise AlertsTaken("These alerts were decided about by another process.")
        if isinstance(result, LeaseLost):
            return Handled(incident=await self.read(number), repeated=True)
        if not isinstance(result, Appended):
            if isinstance(result, Conflict) and result.diverged:
                self._states.pop(number, None)
            return None
        self._remember(after)
        if before and (append.effects or result.more):
            self._on_append()
        told = _log.debug if completes else _log.info
        told("command_handled", command=type(command).__name__, incident=number, version=after.version)
        return Handled(incident=after, events=events)

    async def _observed(self, command: Command, work: Awaitable[Handled], is_drill: Callable[[], bool]) -> Handled:
        """Counts what became of it, and how long that took."""
        started, outcome = time.monotonic(), "bug"
        try:
            handled = await work
            outcome = _outcome(handled)
        except Rejected:
            outcome = "rejected"
            raise
        except Unavailable:
            outcome = "unavailable"
            raise
        except asyncio.CancelledError:
            outcome = "cut short"
            raise
        finally:
            self._observer.command_handled(command, outcome, _since(started), drill=is_drill())
        return handled

    def _with_playbook(self, command: DeclareIncident) -> DeclareIncident:
        if command.checklist:
            return command
        severity = command.severity or self.policy.default_severity
        return replace(command, checklist=self._rules.checklist_for(command, severity))

    def _remember(self, incident: Incident) -> None:
        self._states[incident.id] = incident
        self._states.move_to_end(incident.id)
        if len(self._states) > _MOST_REMEMBERED:
            self._states.popitem(last=False)


def _outcome(handled: Handled) -> str:
    if handled.repeated:
        return "repeated"
    return "appended" if handled.events else "unchanged"


def _since(started: float) -> timedelta:
    return timedelta(seconds=time.monotonic() - started)


def _append_of(
    change: Change,
    events: tuple[Event, ...],
    *,
    request: RequestId,
    completes: Lease | None,
    remember_for: timedelta | None,
) -> Append:
    """The events with all that follows from them."""
    before, after = change.before, change.after
    settles = settled(change.command, events, after)
    return Append(
        incident=after.id,
        expected=before.version if before else Version(0),
        request=request,
        events=events,
        listing=listing(after),
        effects=(*consequences(change, events), *settles.effects),
        timers=due_timers(after, change.policy),
        followups=reindexed(before, after),
        factors=reindexed_factors(before, after),
        completes=completes,
        valid_until=waited_for_until(),
        gist=None if before else gist(after),
        routes=rerouted(before, after),
        settles=settles,
        tallies=tallies(before, after),
        remember_for=remember_for,
    )
