"""The clock's hand: APScheduler ticks, each tick claims what is due and hands it on.

It decides nothing and keeps nothing: timers live in the store, and what they mean is decided where all else is.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Final, Protocol, Self

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.clock import new_bug_reference, wall_clock
from bot.crash_point import CrashPoint, crash_point
from bot.ports import DueTimer, Timers, Unavailable
from bot.schedule.heartbeat import BEAT, Heartbeat

BATCH: Final = 50
"""Timers claimed at a time: after a long downtime the backlog comes in portions."""
TICK: Final = timedelta(seconds=1)
"""So that what is due starts within 2 s, even when one tick is skipped because the last still runs."""
STOP_PATIENCE: Final = timedelta(seconds=10)

Job = Callable[[], Awaitable[object]]

log = structlog.get_logger(__name__)


class Observer(Protocol):
    """Counts due timers, and by how much each was late; and how long the loop was held up."""

    def timer_fired(self, outcome: str, late: timedelta) -> None: ...

    def loop_lagged(self, lag: timedelta) -> None: ...


class Unobserved:
    def timer_fired(self, outcome: str, late: timedelta) -> None:
        """Nobody counts."""

    def loop_lagged(self, lag: timedelta) -> None:
        """Nobody counts."""


class Ticker:
    """`async with Ticker(timers, handle):` ticks inside the block; at its end running jobs finish (bounded).

    `handle` turns a due timer into a command; what it raises concerns that timer only, whose lease then runs out,
    so that it is due again. `now` is only for the observer, who is told how late each was.
    """

    def __init__(
        self,
        timers: Timers,
        handle: Callable[[DueTimer], Awaitable[None]],
        *,
        every: timedelta = TICK,
        stop_patience: timedelta = STOP_PATIENCE,
        observer: Observer | None = None,
        now: Callable[[], datetime] | None = None,
        beat: timedelta = BEAT,
    ) -> None:
        self._observer = observer or Unobserved()
        self._now = now
        self._timers = timers
        self._handle = handle
        self._stop_patience = stop_patience
        self._jobs: list[_Guarded] = []
        # In memory and in UTC; late runs are made up for by one run, never by a burst, and never dropped.
        once = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        self._scheduler = AsyncIOScheduler(timezone=UTC, job_defaults=once)
        self._heartbeat = Heartbeat(self._beat, every=beat)
        self.also("timers", every, self.tick)

    def also(self, name: str, every: timedelta, job: Job) -> None:
        """Runs `job` besides, such as a look whether the playbooks have changed; it never overlaps itself."""
        guarded = _Guarded(name, job, every)
        self._jobs.append(guarded)
        self._scheduler.add_job(guarded.run, _Every(every), id=name)

    async def tick(self) -> int:
        """Hands on all that is due now and answers how many; raises Unavailable when the store cannot say."""
        count = 0
        while due := await self._timers.claim_due(BATCH):
            crash_point(CrashPoint.AFTER_CLAIM)
            async with asyncio.TaskGroup() as group:
                for timer in due:
                    group.create_task(self._fire(timer))
            count += len(due)
            if len(due) < BATCH:
                break
        return count

    async def _fire(self, timer: DueTimer) -> None:
        """One timer's failure must not stop its neighbours, so it ends here: the entry point of due timers."""
        with structlog.contextvars.bound_contextvars(incident=timer.incident, timer=timer.name):
            late, outcome = self._now() - timer.due_at if self._now else timedelta(), "bug"
            try:
                await self._handle(timer)
                crash_point(CrashPoint.AFTER_FIRE)
                outcome = "handled"
            except Unavailable as failure:
                outcome = "put off"
                log.warning("timer_put_off", reason=str(failure))
            except Exception:
                log.exception("timer_failed", reference=new_bug_reference())
            finally:
                self._observer.timer_fired(outcome, late)

    def _beat(self, late: timedelta) -> None:
        self._observer.loop_lagged(late)
        self._hold_to_intervals()

    def _hold_to_intervals(self) -> None:
        """APScheduler plans by the wall clock. Set back by an hour, that would leave every job an hour to wait; no run
        is ever further away than the job's interval. Set forward, it runs each job once at once, which is harmless.
        """
        now = wall_clock()
        for job in self._jobs:
            planned = self._scheduler.get_job(job.name)
            if planned and planned.next_run_time and planned.next_run_time - now > job.every:
                log.warning("wall_clock_went_back", job=job.name)
                self._scheduler.modify_job(job.name, next_run_time=now)

    async def __aenter__(self) -> Self:
        self._scheduler.start()
        self._heartbeat.start()
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        """No new run starts; those that run may finish. APScheduler itself would cancel them at once."""
        self._heartbeat.stop()
        self._scheduler.pause()
        try:
            async with asyncio.timeout(self._stop_patience.total_seconds()):
                for job in self._jobs:
                    await job.finished()
        except TimeoutError:
            log.warning("jobs_cut_short", jobs=[job.name for job in self._jobs if job.running])
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # the shutdown is itself a callback of the loop


class _Every(BaseTrigger):  # type: ignore[misc]  # APScheduler is not typed
    """One interval from now. APScheduler's own trigger counts through each run that was missed, which takes seconds
    after a month's sleep of the machine, and for ever after a clock that began in 1970.
    """

    def __init__(self, interval: timedelta) -> None:
        self._interval = interval

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        return now + self._interval


class _Guarded:
    """A job whose failures are logged, an outage once and not at every tick."""

    def __init__(self, name: str, job: Job, every: timedelta) -> None:
        self.name = name
        self.every = every
        self._job = job
        self._outage = False
        self._idle = asyncio.Lock()

    @property
    def running(self) -> bool:
        return self._idle.locked()

    async def finished(self) -> None:
        async with self._idle:
            pass

    async def run(self) -> None:
        async with self._idle:
            try:
                await self._job()
            except Unavailable as failure:
                self._tell(failure)
            except Exception:
                log.exception("job_failed", job=self.name, reference=new_bug_reference())
            else:
                self._recover()

    def _tell(self, failure: Unavailable) -> None:
        if not self._outage:
            log.warning("job_waits", job=self.name, reason=str(failure))
        self._outage = True

    def _recover(self) -> None:
        if self._outage:
            log.info("job_goes_on", job=self.name)
        self._outage = False
