"""The desk: takes alerts from the inbox and does with them what the pure triage says, each alert once.

Any number of processes look at one inbox. What an alert leads to is appended in the step that takes it out, and only
where it still lies there, so of two that decide about one alert the second writes nothing.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.alert_store import AlertStore
from bot.alerts.suspects import GIVEN_UP, Suspects
from bot.clock import new_bug_reference
from bot.command_handler import CommandHandler, Handled
from bot.crash_point import CrashPoint, crash_point
from bot.incident.alert import Alert, AlertDecision, AlertState, Arrived, Judged, Reason
from bot.incident.alert_commands import AttachAlerts
from bot.incident.alert_events import AlertsChanged
from bot.incident.alert_plan import Known, Opening
from bot.incident.alert_settling import AlertsTaken
from bot.incident.alert_triage import is_proposed, looked_up, plan
from bot.incident.proposal_plan import KnownProposals
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, IncidentId, Rejected, RequestId
from bot.incident.watchdog import watchdog_of
from bot.maintenance_keeper import MaintenanceKeeper
from bot.ports import Unavailable
from bot.proposal_keeper import ProposalKeeper
from bot.watchdog_keeper import WatchdogKeeper

BATCH: Final = 200
"""Decided about in some 20 ms, in which nobody else is answered; a full batch is followed by the next at once."""
BREATH: Final = timedelta(seconds=1)
"""Between two looks that found something: what a storm brings within it becomes one entry and one edit of the card."""
IDLE: Final = timedelta(seconds=5)
"""How soon alerts are found that another process took in and did not live to decide about."""
_LONGEST_PAUSE: Final = timedelta(seconds=60)

_log = structlog.get_logger(__name__)


class Observer(Protocol):
    def alert_decided(self, source: str, reason: str) -> None: ...

    def bug_met(self, where: str) -> None: ...


class AlertDesk:
    """`woken` is set by the intake of this process."""

    def __init__(
        self,
        store: AlertStore,
        door: CommandHandler,
        now: Callable[[], datetime],
        woken: asyncio.Event,
        observer: Observer,
        *,
        maintenance: MaintenanceKeeper,
        watchdogs: WatchdogKeeper,
        proposals: ProposalKeeper,
        breath: timedelta = BREATH,
    ) -> None:
        self._store = store
        self._door = door
        self._now = now
        self._woken = woken
        self._observer = observer
        self._maintenance = maintenance
        self._watchdogs = watchdogs
        self._proposals = proposals
        self._breath = breath
        self._suspects = Suspects()
        self._at_work: Sequence[Arrived] = ()

    async def run(self) -> None:
        """Until it is cancelled. A store that is away is waited for; a bug in one alert stops no other."""
        pause = self._breath
        while True:
            try:
                found = await self.look()
                pause = self._breath
            except Unavailable as failure:
                _log.warning("alerts_wait", reason=str(failure))
                found, pause = 1, min(2 * pause, _LONGEST_PAUSE)
            except Exception:  # noqa: BLE001 - the desk's one entry point: what fails now is looked at again later
                first = [each.alert.key for each in self._at_work[:5]]
                _log.exception("alerts_bug", reference=new_bug_reference(), alerts=len(self._at_work), first=first)
                self._suspects.failed(self._at_work)
                found, pause = 1, min(2 * pause, _LONGEST_PAUSE)
            if found:
                await asyncio.sleep(0 if found == BATCH else pause.total_seconds())
            else:
                await self._wait()

    async def look(self) -> int:
        """Decides about what waits, and answers how many that were. Raises Unavailable."""
        self._woken.clear()
        self._at_work = ()
        batch = await self._store.waiting(BATCH)
        for part in self._suspects.parts(batch):
            self._at_work = part
            if self._suspects.is_hopeless(part):
                await self._record(part, GIVEN_UP, counts=False)
            else:
                await self._decide(part)
        return len(batch)

    async def _wait(self) -> None:
        try:
            async with asyncio.timeout(IDLE.total_seconds()):
                await self._woken.wait()
        except TimeoutError:
            return

    async def _decide(self, batch: Sequence[Arrived]) -> None:
        if self._door.drills_only:
            await self._play(batch)
            return
        known = await self._known(batch)
        made = plan(batch, known, self._door.policy, self._now())
        crash_point(CrashPoint.AFTER_TRIAGE)
        await self._watchdogs.heard(made.signals)
        for window, quiet in made.quiet.items():
            await self._maintenance.keep_quiet(window, quiet)
            crash_point(CrashPoint.AFTER_QUIET)
        await self._settle(made.settled)
        crash_point(CrashPoint.AFTER_SETTLE)
        for opening in made.openings:
            await self._open(opening)
        for number, joining in made.joining.items():
            await self._join(number, joining)
        for proposing in made.proposing:
            if proposing.arrived:
                await self._proposals.take(proposing)

    async def _play(self, batch: Sequence[Arrived]) -> None:
        """A drill calls for nothing real; but that monitoring is alive stays true meanwhile."""
        policy = self._door.policy
        signals: list[Arrived] = []
        others: list[Arrived] = []
        for arrived in batch:
            (signals if watchdog_of(arrived.alert, policy.watchdogs) else others).append(arrived)
        heard = plan(signals, Known(), policy, self._now())
        await self._watchdogs.heard(heard.signals)
        await self._settle(heard.settled)
        await self._record(others, "a drill is being played", counts=False)

    async def _known(self, batch: Sequence[Arrived]) -> Known:
        alerts = [arrived.alert for arrived in batch]
        routes = await self._store.routes(looked_up(alerts, self._door.policy))
        firing = {each.group_claim for each in alerts if each.state is AlertState.FIRING}
        firing |= {each.cycle_claim for each in alerts if each.cycle_claim}
        answered = await self._store.answered(sorted(firing - routes.keys()))
        numbers = dict.fromkeys(number for found in routes.values() for number in found)
        found = [await self._incident(number) for number in numbers]
        incidents = {each.id: each for each in found if each}
        windows = await self._maintenance.windows()
        proposals = await self._known_proposals(alerts)
        return Known(routes=routes, incidents=incidents, answered=answered, windows=windows, proposals=proposals)

    async def _known_proposals(self, alerts: Sequence[Alert]) -> KnownProposals:
        """Only what is to be proposed or has resolved can be of one, so a storm that declares asks for none."""
        policy = self._door.policy
        asking = [each for each in alerts if each.state is AlertState.RESOLVED or is_proposed(each, policy)]
        return await self._proposals.known(looked_up(asking, policy)) if asking else KnownProposals()

    async def _incident(self, number: IncidentId) -> Incident | None:
        try:
            return await self._door.read(number)
        except Rejected:
            return None

    async def _open(self, opening: Opening) -> None:
        try:
            handled = await self._door.declare(opening.command(), request=_request(opening.entries))
        except AlertsTaken:
            return
        except Rejected as refusal:
            _log.warning("alerts_opened_nothing", reason=refusal.sentence)
            await self._record(opening.arrived, refusal.sentence)
            return
        self._count(handled)
        if not handled.repeated:
            _log.info("alert_opened_incident", incident=handled.incident.id, rule=opening.rule.name)

    async def _join(self, number: IncidentId, joining: Sequence[tuple[Arrived, Judged]]) -> None:
        """Where nothing changed, all of it was repeated; unless the incident has ended just now."""
        entries = tuple(arrived.entry for arrived, _ in joining)
        command = AttachAlerts(by=MUSTER_ITSELF, judged=tuple(judged for _, judged in joining), entries=entries)
        try:
            handled = await self._door.handle(number, command, request=_request(entries))
        except AlertsTaken:
            return
        self._count(handled)
        if not handled.events and not handled.repeated and handled.incident.is_active:
            await self._settle([(arrived, None) for arrived, _ in joining])

    async def _settle(self, settled: Sequence[tuple[Arrived, AlertDecision | None]]) -> None:
        if not settled:
            return
        still_waited = await self._store.settle(settled)
        for arrived, decision in settled:
            if decision and arrived.entry in still_waited:
                self._observer.alert_decided(decision.source, decision.reason)

    async def _record(self, batch: Iterable[Arrived], why: str, *, counts: bool = True) -> None:
        await self._settle([(arrived, _recorded(arrived, why, self._now(), counts=counts)) for arrived in batch])

    def _count(self, handled: Handled) -> None:
        for event in handled.events:
            if isinstance(event, AlertsChanged):
                for each in event.alerts:
                    self._observer.alert_decided(each.source, each.reason)


def _request(entries: Sequence[str]) -> RequestId:
    """Each entry leaves the inbox once, so the first one names what takes it out."""
    return RequestId(f"alerts:{entries[0]}")


def _recorded(arrived: Arrived, why: str, at: datetime, *, counts: bool) -> AlertDecision:
    alert = arrived.alert
    return AlertDecision(
        key=alert.key,
        source=alert.source,
        name=alert.name,
        state=alert.state,
        reason=Reason.RECORDED,
        why=why,
        at=at,
        summary=alert.summary,
        began_at=alert.began_at,
        counts=counts,
    )
