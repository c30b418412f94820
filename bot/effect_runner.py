"""Serves the outbox: many lanes at once, each effect in order within its lane, retried and recorded once.

It knows no Slack: what an effect means is the chat's affair, what it changes is the command handler's.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final, Protocol
from weakref import WeakValueDictionary

import structlog

from bot.clock import new_bug_reference
from bot.crash_point import CrashPoint, crash_point
from bot.incident import effects as wanted
from bot.incident.commands import Command, RecordFailure
from bot.incident.effects import Effect
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, IncidentId, Rejected, Version
from bot.ports import Chat, Lease, Outbox, Refused, Unavailable

FIRST_PAUSE: Final = timedelta(seconds=0.5)
LONGEST_PAUSE: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 30
"""With pauses from 0.5 s to 60 s, thirty attempts outlast an outage of more than twenty minutes."""
MOST_BUGS: Final = 3
IDLE_POLL: Final = timedelta(seconds=0.5)
"""How soon an effect is seen that another process appended; our own are announced by wake()."""
BREATH: Final = timedelta(milliseconds=5)
"""At least so long between two looks; a lane that is ready but leased by others would make it a busy loop."""
STORE_PAUSE: Final = timedelta(seconds=1)
LONGEST_WORK: Final = timedelta(seconds=16)
"""Less than a lease (20 s), so that nobody else begins an effect while we are still at it."""
CARD_PACE: Final = timedelta(seconds=1)
"""Between two edits of one card or topic: a burst of changes becomes one edit."""

_NONE: Final = timedelta(0)

_log = structlog.get_logger(__name__)


class Verdict(StrEnum):
    """What becomes of an effect; the value is log field and metric label."""

    DONE = "done"
    RETRY_RATE_LIMITED = "retry: rate limited"
    RETRY_BACKOFF = "retry: failed before anything happened"
    RETRY_UNKNOWN_OUTCOME = "retry: it may have happened"
    RETRY_BUG = "retry: a bug"
    RECORD_FAILURE = "told the commander: Slack refuses"
    BURY_REFUSED = "buried: Slack refuses"
    BURY_HOPELESS = "buried: trying again cannot help"
    BURY_TOO_MANY_ATTEMPTS = "buried: too many attempts"
    BURY_BUG = "buried: a bug"

    @property
    def is_retry(self) -> bool:
        return self.name.startswith("RETRY")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`uncertain`: the effect may have happened, now or in an earlier attempt."""

    verdict: Verdict
    after: timedelta = _NONE
    uncertain: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """How long we wait for Slack's sake: before a first repetition, and between two edits of one card or topic."""

    first_retry: timedelta = FIRST_PAUSE
    between_edits: timedelta = CARD_PACE


class Observer(Protocol):
    """Counts what becomes of effects; `effect` is the class's name, so it is a small set."""

    def effect_attempted(self, effect: str, outcome: str, took: timedelta) -> None: ...


class Unobserved:
    def effect_attempted(self, effect: str, outcome: str, took: timedelta) -> None:
        """Nobody counts."""


def backoff(attempt: int, first: timedelta = FIRST_PAUSE) -> timedelta:
    """0.5 s, 1 s, 2 s … and never more than a minute. `attempt` counts from 1."""
    return min(first * (1 << min(attempt - 1, 10)), LONGEST_PAUSE)


def is_told(effect: Effect) -> bool:
    """Whether the commander hears that Slack refuses it: what they would miss, and could have mended.

    Announcements are told too, for the incident goes on without them. What is itself a message in the war room or
    to a person is not: the report would take the way that has just failed.
    """
    match effect:
        case wanted.PostCard(channel=None) | wanted.PostNotice(channel=None):
            return True
        case wanted.OpenChannel() | wanted.InviteUsers() | wanted.RefreshTopic() | wanted.PinMessage():
            return True
        case wanted.AddBookmark() | wanted.AddTick() | wanted.RemoveTick():
            return True
        case _:
            return False


def after_failure(lease: Lease, failure: Unavailable | Refused, pauses: Pauses = Pauses()) -> Decision:
    """What becomes of an effect that failed. An outcome once unknown stays so until it is looked up."""
    if isinstance(failure, Refused):
        return Decision(verdict=Verdict.RECORD_FAILURE if is_told(lease.effect) else Verdict.BURY_REFUSED)
    if not failure.retryable:
        return Decision(verdict=Verdict.BURY_HOPELESS)
    uncertain = lease.uncertain or failure.unknown
    if failure.after is not None:
        # Slack (or an operator who must mend a token) says when; waiting as told is no failed attempt.
        return Decision(verdict=Verdict.RETRY_RATE_LIMITED, after=failure.after, uncertain=uncertain)
    if lease.attempt >= MOST_ATTEMPTS:
        return Decision(verdict=Verdict.BURY_TOO_MANY_ATTEMPTS)
    verdict = Verdict.RETRY_UNKNOWN_OUTCOME if failure.unknown else Verdict.RETRY_BACKOFF
    return Decision(verdict=verdict, after=backoff(lease.attempt, pauses.first_retry), uncertain=uncertain)


def after_bug(lease: Lease, pauses: Pauses = Pauses()) -> Decision:
    """A bug may be one of a moment's state, so it is tried a few times; it never blocks its lane for long."""
    if lease.attempt >= MOST_BUGS:
        return Decision(verdict=Verdict.BURY_BUG)
    return Decision(verdict=Verdict.RETRY_BUG, after=backoff(lease.attempt, pauses.first_retry), uncertain=True)


def pace(effect: Effect, pauses: Pauses) -> timedelta:
    """How long the lane rests after this effect; the rates of posts are kept by the chat's limiter."""
    return pauses.between_edits if isinstance(effect, wanted.RefreshCard | wanted.RefreshTopic) else _NONE


class EffectRunner:
    """`record` appends a command and completes the lease in the same step; `read` answers with the newest state,
    given the version that the lease came with.

    `woken` is set by whoever leaves work in the outbox; without one, only `wake` does.
    """

    def __init__(
        self,
        outbox: Outbox,
        chat: Chat,
        read: Callable[[IncidentId, Version | None], Awaitable[Incident]],
        record: Callable[[IncidentId, Command, Lease], Awaitable[object]],
        *,
        woken: asyncio.Event | None = None,
        observer: Observer | None = None,
        most: int = 32,
        pauses: Pauses | None = None,
        store_pause: timedelta = STORE_PAUSE,
    ) -> None:
        self._outbox = outbox
        self._chat = chat
        self._read = read
        self._record = record
        self._observer = observer or Unobserved()
        self._most = most
        self._pauses = pauses or Pauses()
        self._store_pause = store_pause
        # Results of one incident come in at once; taking turns costs less than losing races for its version.
        self._recording: WeakValueDictionary[IncidentId, asyncio.Lock] = WeakValueDictionary()
        self._running = 0
        self._stopping = False
        self._woken = woken or asyncio.Event()
        self._finished = asyncio.Event()
        self._finished.set()

    @property
    def is_idle(self) -> bool:
        """Whether no effect of this process is at work."""
        return self._running == 0

    def wake(self) -> None:
        """There may be work: called after each append of this process."""
        self._woken.set()

    def stop(self) -> None:
        """Lease nothing more; what is at work is finished, then run() returns."""
        self._stopping = True
        self.wake()

    async def drain(self, within: timedelta) -> bool:
        """Stops and waits for what is at work; False: some of it was not done in time, and its lease will lapse."""
        self.stop()
        try:
            async with asyncio.timeout(within.total_seconds()):
                await self._finished.wait()
        except TimeoutError:
            return False
        return True

    async def run(self) -> None:
        """Serves until stop() or cancellation. A store that is down is waited for."""
        self._finished.clear()
        try:
            async with asyncio.TaskGroup() as tasks:
                while not self._stopping:
                    self._woken.clear()
                    leases = await self._lease()
                    for lease in leases:
                        self._running += 1
                        tasks.create_task(self._serve(lease), name=f"effect {lease.id}")
                    # Fewer than there was room for: nothing else is ready, and asking again would only cost.
                    if (not leases or self._running < self._most) and not self._stopping:
                        await self._pause()
        finally:
            self._finished.set()

    async def _lease(self) -> Sequence[Lease]:
        free = self._most - self._running
        if free <= 0:
            return ()
        try:
            return await self._outbox.lease(free)
        except Unavailable as failure:
            _log.warning("outbox_unavailable", reason=str(failure))
            await asyncio.sleep(self._store_pause.total_seconds())
            return ()

    async def _pause(self) -> None:
        """Until woken, or until a lane may be ready. In the thick of work the next wake is near: no need to ask."""
        if await self._is_woken_within(BREATH):
            return
        wait = await self._next_ready_in() if self._running < self._most else None
        await self._is_woken_within(min(IDLE_POLL if wait is None else wait, IDLE_POLL))

    async def _is_woken_within(self, wait: timedelta) -> bool:
        try:
            async with asyncio.timeout(wait.total_seconds()):
                await self._woken.wait()
        except TimeoutError:
            return False
        return True

    async def _next_ready_in(self) -> timedelta | None:
        try:
            return await self._outbox.next_ready_in()
        except Unavailable:
            return self._store_pause

    async def _serve(self, lease: Lease) -> None:
        """One effect, from its lease to its end; the entry point at which bugs end."""
        started = time.monotonic()
        crash_point(CrashPoint.AFTER_LEASE)
        try:
            verdict = await self._attempt(lease)
        except Unavailable as failure:
            # The store cannot take the outcome: the lease lapses, and whoever takes it next looks before repeating.
            _log.warning("effect_outcome_not_stored", effect=lease.id, reason=str(failure))
            return
        finally:
            self._running -= 1
            self.wake()
        took = timedelta(seconds=time.monotonic() - started)
        self._observer.effect_attempted(type(lease.effect).__name__, verdict, took)

    async def _attempt(self, lease: Lease) -> Verdict:
        try:
            return await self._work(lease)
        except Unavailable as failure:
            return await self._settle(lease, after_failure(lease, failure, self._pauses), str(failure))
        except Refused as refusal:
            return await self._refused(lease, refusal)
        except Exception:  # noqa: BLE001 - the one entry point of effects: a bug in one never stops the others
            reference = new_bug_reference()
            _log.exception("effect_bug", effect=lease.id, kind=type(lease.effect).__name__, reference=reference)
            return await self._settle(lease, after_bug(lease, self._pauses), f"a bug (ref {reference})")

    async def _work(self, lease: Lease) -> Verdict:
        incident = await self._read(lease.effect.incident, lease.version)
        try:
            async with asyncio.timeout(LONGEST_WORK.total_seconds()):
                command = await self._chat.perform(lease.effect, incident, lease)
        except TimeoutError:
            raise Unavailable("Slack", "no answer in time", unknown=True) from None
        crash_point(CrashPoint.AFTER_WORK)
        if command is None:
            await self._outbox.complete(lease, pace(lease.effect, self._pauses))
        else:
            await self._keep(lease, command)
        crash_point(CrashPoint.AFTER_RECORD)
        return Verdict.DONE

    async def _keep(self, lease: Lease, command: Command) -> None:
        """Records what was done. It was done, so a store that fails now leaves an outcome to be looked up."""
        turn = self._recording.setdefault(lease.effect.incident, asyncio.Lock())
        try:
            async with turn:
                await self._record(lease.effect.incident, command, lease)
                # What follows from this is leased before the next result is written, which may keep the store busy.
                await asyncio.sleep(0)
        except Unavailable as failure:
            raise Unavailable(failure.what, failure.reason, unknown=True) from failure
        except Rejected as rejected:
            _log.warning("effect_result_rejected", effect=lease.id, reason=rejected.sentence)
            await self._outbox.complete(lease, _NONE)

    async def _refused(self, lease: Lease, refusal: Refused) -> Verdict:
        decision = after_failure(lease, refusal, self._pauses)
        if decision.verdict is Verdict.RECORD_FAILURE:
            _log.warning("effect_refused", effect=lease.id, step=refusal.step, reason=refusal.reason)
            failed = RecordFailure(by=MUSTER_ITSELF, step=refusal.step, reason=refusal.reason)
            try:
                await self._keep(lease, failed)
            except Unavailable as failure:
                return await self._settle(lease, after_failure(lease, failure, self._pauses), str(failure))
            return decision.verdict
        return await self._settle(lease, decision, str(refusal))

    async def _settle(self, lease: Lease, decision: Decision, reason: str) -> Verdict:
        about = {"effect": lease.id, "kind": type(lease.effect).__name__, "attempt": lease.attempt}
        if decision.verdict.is_retry:
            _log.warning("effect_retried", verdict=decision.verdict, reason=reason, **about)
            crash_point(CrashPoint.BEFORE_RETRY)
            await self._outbox.retry(lease, decision.after, reason=reason, uncertain=decision.uncertain)
            crash_point(CrashPoint.AFTER_RETRY)
        else:
            _log.error("effect_buried", verdict=decision.verdict, reason=reason, **about)
            crash_point(CrashPoint.BEFORE_BURY)
            await self._outbox.bury(lease, reason)
            crash_point(CrashPoint.AFTER_BURY)
        return decision.verdict
