"""Serves the outbox: many lanes at once, each effect in order within its lane, retried and recorded once.

It knows no Slack: what an effect means is the chat's affair, what it changes is the command handler's.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Final, Protocol
from weakref import WeakValueDictionary

import structlog

from bot.clock import new_bug_reference
from bot.crash_point import CrashPoint, crash_point
from bot.incident.commands import Command, RecordFailure
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, NO_INCIDENT, IncidentId, Rejected, Version
from bot.ports import MAIL, Completion, Lease, Outbox, Unavailable
from bot.slack_ports import Blame, Chat, Refused
from bot.verdict import Decision, Pauses, Verdict, after_bug, after_failure, after_refusal, backoff, pace

__all__ = ["EffectRunner", "Pauses", "Verdict"]

IDLE_POLL: Final = timedelta(seconds=0.5)
"""How soon an effect is seen that another process appended; our own are announced by wake()."""
BREATH: Final = timedelta(milliseconds=5)
"""At least so long between two looks; a lane that is ready but leased by others would make it a busy loop."""
STORE_PAUSE: Final = timedelta(seconds=1)
FIRST_PROBE: Final = timedelta(seconds=1)
LONGEST_PROBE: Final = timedelta(seconds=15)
"""How often Slack is asked whether it answers again; each process asks for itself."""
LONGEST_WORK: Final = timedelta(seconds=16)
"""With the 2 s in which Slack is asked whose fault a failure is, less than a lease (20 s): nobody else begins an
effect while we are still at it."""
_NONE: Final = timedelta(0)
_ADVICE: Final = "mend what the reason names; muster doctor lists what was given up, and what can be tried again"

_log = structlog.get_logger(__name__)


class Observer(Protocol):
    """Counts what becomes of effects; `effect` is the class's name, so it is a small set. `drill`: counted apart."""

    def effect_attempted(self, effect: str, outcome: str, took: timedelta, *, drill: bool) -> None: ...


class Unobserved:
    def effect_attempted(self, effect: str, outcome: str, took: timedelta, *, drill: bool) -> None:
        """Nobody counts."""


class EffectRunner:
    """`read` answers with the newest state, given the version that the lease came with. `record` appends a command and
    completes the lease in the same step, and answers whether the result that stands is this one; `report` appends a
    command and leaves the lease as it is.

    `woken` is set by whoever leaves work in the outbox; without one, only `wake` does. `is_drill` tells what is to be
    counted apart.
    """

    def __init__(
        self,
        outbox: Outbox,
        chat: Chat,
        read: Callable[[IncidentId, Version | None], Awaitable[Incident]],
        record: Callable[[IncidentId, Command, Lease], Awaitable[bool]],
        report: Callable[[IncidentId, Command, Lease], Awaitable[object]],
        *,
        woken: asyncio.Event | None = None,
        observer: Observer | None = None,
        is_drill: Callable[[IncidentId], bool] = lambda _: False,
        most: int = 32,
        pauses: Pauses | None = None,
        store_pause: timedelta = STORE_PAUSE,
    ) -> None:
        self._outbox = outbox
        self._chat = chat
        self._read = read
        self._record = record
        self._report = report
        self._observer = observer or Unobserved()
        self._is_drill = is_drill
        self._most = most
        self._pauses = pauses or Pauses()
        self._store_pause = store_pause
        # Results of one incident come in at once; taking turns costs less than losing races for its version.
        self._recording: WeakValueDictionary[IncidentId, asyncio.Lock] = WeakValueDictionary()
        self._running = 0
        self._stopping = False
        # Slack does not answer: nothing is begun until it does. Failures are weighed one at a time, so that only
        # the first asks.
        self._outage = False
        self._weighing = asyncio.Lock()
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
                    if self._outage:
                        await self._wait_for_slack()
                        continue
                    room = self._most - self._running
                    leases = await self._lease(room)
                    for lease in leases:
                        self._running += 1
                        tasks.create_task(self._serve(lease), name=f"effect {lease.id}")
                    # Fewer than there was room for: nothing else is ready, and asking again would only cost.
                    if (not leases or len(leases) < room) and not self._stopping:
                        await self._pause(found_some=bool(leases))
        finally:
            self._finished.set()

    async def _lease(self, room: int) -> Sequence[Lease]:
        if room <= 0:
            return ()
        try:
            return await self._outbox.lease(room)
        except Unavailable as failure:
            _log.warning("outbox_unavailable", reason=str(failure))
            await asyncio.sleep(self._store_pause.total_seconds())
            return ()

    async def _pause(self, *, found_some: bool) -> None:
        """Until woken, or until a lane may be ready. In the thick of work the next wake is near: no need to ask."""
        if await self._is_woken_within(BREATH):
            return
        wait = await self._next_ready_in() if not found_some and self._running < self._most else None
        await self._is_woken_within(min(IDLE_POLL if wait is None else wait, IDLE_POLL))

    async def _wait_for_slack(self) -> None:
        """Until it answers, or we stop."""
        _log.warning("slack_outage", advice="what is to happen in Slack waits; nothing is lost")
        probes = 0
        while not self._stopping:
            probes += 1
            if await self._answers_after(backoff(probes, min(FIRST_PROBE, 2 * self._pauses.first_retry))):
                self._outage = False
                _log.info("slack_answers_again", probes=probes)
                return

    async def _answers_after(self, pause: timedelta) -> bool:
        await self._rest(min(pause, LONGEST_PROBE))
        return not self._stopping and await self._chat.answers()

    async def _rest(self, pause: timedelta) -> None:
        """A pause that only the end cuts short."""
        until = time.monotonic() + pause.total_seconds()
        while not self._stopping and (left := until - time.monotonic()) > 0:
            self._woken.clear()
            await self._is_woken_within(timedelta(seconds=left))

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
            if self._running == self._most:
                self.wake()  # there was no room to lease what is ready
            self._running -= 1
        took = timedelta(seconds=time.monotonic() - started)
        effect = lease.effect
        self._observer.effect_attempted(type(effect).__name__, verdict, took, drill=self._is_drill(effect.incident))

    async def _attempt(self, lease: Lease) -> Verdict:
        """Raises Unavailable where the store cannot take what became of it."""
        try:
            return await self._try(lease)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 - the one entry point of effects: a bug in one never stops the others
            reference = new_bug_reference()
            _log.exception("effect_bug", effect=lease.id, kind=type(lease.effect).__name__, reference=reference)
            return await self._settle(lease, after_bug(lease, self._pauses), f"a bug (ref {reference})")

    async def _try(self, lease: Lease) -> Verdict:
        try:
            return await self._work(lease)
        except Unavailable as failure:
            return await self._failed(lease, failure)
        except Refused as refusal:
            return await self._refused(lease, refusal)

    async def _work(self, lease: Lease) -> Verdict:
        try:
            command = await self._done(lease)
        except TimeoutError:
            raise Unavailable("Slack", "no answer in time", unknown=True) from None
        crash_point(CrashPoint.AFTER_WORK)
        if not await self._finish(lease, command):
            await self._withdraw(lease, command)
            return Verdict.LATE
        crash_point(CrashPoint.AFTER_RECORD)
        return Verdict.DONE

    async def _done(self, lease: Lease) -> Command | None:
        """Raises TimeoutError besides what the chat raises."""
        if lease.effect.incident == NO_INCIDENT:
            async with asyncio.timeout(LONGEST_WORK.total_seconds()):
                await self._chat.perform_alone(lease.effect, lease)
            return None
        incident = await self._read(lease.effect.incident, lease.version)
        async with asyncio.timeout(LONGEST_WORK.total_seconds()):
            return await self._chat.perform(lease.effect, incident, lease)

    async def _finish(self, lease: Lease, command: Command | None) -> bool:
        """False: the lease was lost meanwhile, and somebody else does or did the same.

        It was done, so a store that fails now, however surely, leaves an outcome to be looked up.
        """
        try:
            if command is None:
                return await self._complete(lease, pace(lease.effect, self._pauses))
            return await self._keep(lease, command)
        except Unavailable as failure:
            raise Unavailable(failure.what, failure.reason, unknown=True) from failure

    async def _keep(self, lease: Lease, command: Command) -> bool:
        """Records what is known of it."""
        turn = self._recording.setdefault(lease.effect.incident, asyncio.Lock())
        try:
            async with turn:
                kept = await self._record(lease.effect.incident, command, lease)
                # What follows from this is leased before the next result is written, which may keep the store busy.
                await asyncio.sleep(0)
        except Rejected as rejected:
            _log.warning("effect_result_rejected", effect=lease.id, reason=rejected.sentence)
            return await self._complete(lease, _NONE)
        return kept

    async def _complete(self, lease: Lease, ready_in: timedelta) -> bool:
        """Looks for more work only where there is some: most lanes are empty then. False: the lease was lost."""
        completion = await self._outbox.complete(lease, ready_in)
        if completion is not Completion.LANE_EMPTY or ready_in:
            self.wake()
        return completion is not Completion.LOST

    async def _withdraw(self, lease: Lease, command: Command | None) -> None:
        """We were frozen or cut off for longer than the lease: what was then done twice is undone, if it can be."""
        _log.warning("effect_done_without_lease", effect=lease.id, kind=type(lease.effect).__name__)
        try:
            async with asyncio.timeout(LONGEST_WORK.total_seconds()):
                if lease.effect.incident == NO_INCIDENT:
                    await self._chat.withdraw_alone(lease.effect, lease)
                    return
                newest = await self._read(lease.effect.incident, None)
                await self._chat.withdraw(lease.effect, newest, lease, command)
        except (Unavailable, Refused, TimeoutError) as failure:
            _log.error("effect_not_withdrawn", effect=lease.id, reason=str(failure))

    async def _failed(self, lease: Lease, failure: Unavailable) -> Verdict:
        blame = await self._blame(failure)
        decision = after_failure(lease, failure, blame, self._pauses)
        return await self._settle(lease, decision, str(failure), limit=failure.limit, unknown=failure.unknown)

    async def _blame(self, failure: Unavailable) -> Blame:
        """Whose fault it is, of those who can be blamed: what says itself when to come back is nobody's."""
        if failure.own or failure.what == MAIL:
            return Blame.EFFECT
        if failure.what != "Slack":
            return Blame.SLACK
        if failure.after is not None or not failure.retryable:
            return Blame.EFFECT
        async with self._weighing:
            if self._outage:
                return Blame.SLACK
            blame = await self._chat.blame(failure)
            self._outage = blame is Blame.SLACK
            return blame

    async def _refused(self, lease: Lease, refusal: Refused) -> Verdict:
        verdict = after_refusal(lease.effect)
        if verdict is Verdict.BURY_REFUSED:
            return await self._settle(lease, Decision(verdict=verdict), str(refusal))
        _log.warning("effect_refused", effect=lease.id, step=refusal.step, reason=refusal.reason)
        failed = RecordFailure(by=MUSTER_ITSELF, step=refusal.step, reason=refusal.reason)
        try:
            if verdict is Verdict.RECORD_FAILURE:
                await self._keep(lease, failed)
                return verdict
            await self._report(lease.effect.incident, failed, lease)
        except Unavailable as failure:
            return await self._failed(lease, failure)
        return await self._settle(lease, Decision(verdict=verdict), str(refusal))

    async def _settle(
        self, lease: Lease, decision: Decision, reason: str, *, limit: str = "", unknown: bool = False
    ) -> Verdict:
        """`unknown`: this attempt may have taken effect, so it is looked after where the lease was lost meanwhile."""
        about = {
            "effect": lease.id,
            "kind": type(lease.effect).__name__,
            "incident": lease.effect.incident,
            "attempt": lease.attempt,
        }
        if decision.verdict.is_retry:
            _log.warning("effect_retried", verdict=decision.verdict, reason=reason, **about)
            crash_point(CrashPoint.BEFORE_RETRY)
            is_ours = await self._outbox.retry(
                lease,
                decision.after,
                reason=reason,
                uncertain=decision.uncertain,
                counts=decision.counts,
                limit=limit,
            )
            crash_point(CrashPoint.AFTER_RETRY)
        else:
            _log.error("effect_buried", verdict=decision.verdict, reason=reason, advice=_ADVICE, **about)
            crash_point(CrashPoint.BEFORE_BURY)
            is_ours = await self._outbox.bury(lease, reason)
            crash_point(CrashPoint.AFTER_BURY)
        if not is_ours and unknown:
            await self._withdraw(lease, None)
        self.wake()
        return decision.verdict
