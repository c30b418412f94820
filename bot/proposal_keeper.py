"""Keeps the proposals: what alerts make of them, what people answer, and what time asks for.

Any number of processes look; each change is written by one of them, with all that follows from it, and an incident that
follows is appended in the same step. So whoever dies on the way leaves a proposal that waits, or one that is answered.
"""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final, Protocol

import structlog

from bot.command_handler import Handled
from bot.crash_point import CrashPoint, crash_point
from bot.incident.alert import AlertDecision, AttachedAlert, Reason
from bot.incident.alert_commands import AttachProposal
from bot.incident.alert_events import AlertsChanged
from bot.incident.alert_settling import AlertsTaken
from bot.incident.commands import Command, DeclareIncident
from bot.incident.listing import Listing
from bot.incident.maintenance import Window
from bot.incident.policy import Policy
from bot.incident.proposal import (
    Proposal,
    ProposalChange,
    ProposalNumber,
    ProposalState,
    ProposalStep,
)
from bot.incident.proposal_effects import RefreshProposal, RemindProposal
from bot.incident.proposal_plan import KnownProposals, Proposing
from bot.incident.proposing import (
    Turn,
    answered,
    closing_decisions,
    due,
    expires_at,
    frozen,
    ignored,
    judged_for,
    opening_of,
    require_answerable,
    shown,
    takes,
    why_together,
)
from bot.incident.state import Incident, PostedCard
from bot.incident.terms import MUSTER, MUSTER_ITSELF, NO_INCIDENT, IncidentId, Person, Rejected, RequestId
from bot.ports import Log
from bot.proposal_book import ProposalBook

LOOK_EVERY: Final = timedelta(seconds=10)
_MOST_TRIES: Final = 10
"""While alerts pour in, what was read is not the newest for long."""
_SUREST: Final = tuple(Reason)

_log = structlog.get_logger(__name__)


Covering = Callable[[Sequence[str]], Awaitable[Window | None]]
"""The maintenance window that covers one of these services now; raises Unavailable."""


class Observer(Protocol):
    def alert_decided(self, source: str, reason: str) -> None: ...


class Routes(Protocol):
    async def routes(self, claims: Sequence[str]) -> Mapping[str, tuple[IncidentId, ...]]:
        """As alert_store.AlertStore."""


class Door(Protocol):
    """The command handler; its methods raise Rejected and Unavailable."""

    @property
    def log(self) -> Log: ...

    @property
    def policy(self) -> Policy: ...

    @property
    def drills_only(self) -> bool: ...

    async def declare(self, command: DeclareIncident, *, request: RequestId) -> Handled: ...

    async def handle(self, incident: IncidentId, command: Command, *, request: RequestId) -> Handled: ...

    async def read(self, incident: IncidentId) -> Incident: ...


class ProposalKeeper:
    """`woken` is called once there is something in the outbox."""

    def __init__(
        self,
        book: ProposalBook,
        alerts: Routes,
        door: Door,
        *,
        covering: Covering,
        now: Callable[[], datetime],
        woken: Callable[[], None],
        observer: Observer,
    ) -> None:
        self._book = book
        self._alerts = alerts
        self._door = door
        self._covering = covering
        self._now = now
        self._woken = woken
        self._observer = observer

    async def known(self, claims: Sequence[str]) -> KnownProposals:
        """What triage needs to know of proposals. Raises Unavailable."""
        claimed, waiting = await self._book.claimed(claims), await self._book.waiting()
        found = KnownProposals(claimed=claimed, waiting=waiting)
        numbers = dict.fromkeys([*claimed.values(), *([found.newest] if found.newest else [])])
        return replace(found, known=await self._book.proposals(list(numbers)))

    async def take(self, proposing: Proposing) -> None:
        """What triage found for one proposal. Where somebody else was faster, the alerts wait for the next look."""
        before = proposing.before
        number = before.number if before else await self._book.next_number()
        if await self._write(proposing.step(number, self._now())) and before is None:
            _log.info("proposed", proposal=number, rule=proposing.draft.rule)

    async def waiting(self) -> Sequence[Proposal]:
        """All that wait for an answer, the oldest first. Raises Unavailable."""
        return list((await self._book.proposals(list(await self._book.waiting()))).values())

    async def find(self, key: str) -> Proposal:
        """By what its buttons carry. Raises Rejected for one that is forgotten."""
        number, _, _ = key.partition(".")
        known = await self.read(ProposalNumber(int(number))) if number.isascii() and number.isdigit() else None
        if known is None or known.key != key:
            raise Rejected("That proposal is not known any more. To open an incident: declare.", verb="declare")
        return known

    async def read(self, number: ProposalNumber) -> Proposal | None:
        """None: it is forgotten."""
        return (await self._book.proposals([number])).get(number)

    async def declare(self, by: Person, key: str, answer_url: str = "") -> tuple[Incident, bool]:
        """Opens the incident that was proposed, once, whoever presses how often; False: its alerts belong to one that
        was opened meanwhile. Raises Rejected and Unavailable.
        """
        for _ in range(_MOST_TRIES):
            proposal = await self.answerable(by, key)
            if (open_one := await self._folded(proposal)) is not None:
                return open_one, False
            try:
                request = RequestId(f"proposal:{proposal.key}")
                handled = await self._door.declare(await self._declaration(by, proposal, answer_url), request=request)
            except AlertsTaken:
                continue
            self._count(handled)
            if handled.repeated and (await self.find(key)).decided_by != by.id:
                continue  # somebody else's request was the first, and this person hears of it
            return handled.incident, True
        raise _busy(key)

    async def attach(self, by: Person, key: str, incident: IncidentId) -> Incident:
        """Raises Rejected and Unavailable."""
        for _ in range(_MOST_TRIES):
            proposal = await self.answerable(by, key)
            why = f"{proposal.reference}: {by.name or 'somebody'} said so"
            attached = await self._attach(by, proposal, incident, Reason.ATTACHED_BY_PERSON, why)
            if attached is not None:
                return attached
        raise _busy(key)

    async def ignore(self, by: Person, key: str, why: str = "") -> Proposal:
        """Raises Rejected and Unavailable."""
        return await self._settle(by, key, lambda proposal: ignored(by, proposal, why, self._now()))

    async def freeze(self, by: Person, key: str, freeze: str) -> Proposal:
        """Deploys are frozen because of it. Raises Rejected and Unavailable."""
        return await self._settle(by, key, lambda proposal: frozen(by, proposal, freeze, self._now()))

    async def _settle(self, by: Person, key: str, to: Callable[[Proposal], Proposal]) -> Proposal:
        for _ in range(_MOST_TRIES):
            proposal = await self.answerable(by, key)
            after = to(proposal)
            if await self._answer(proposal, after):
                return after
        raise _busy(key)

    async def shown(self, number: ProposalNumber, card: PostedCard | None) -> Proposal | None:
        """Its card has come to stand there, or there is nowhere to post one; answers how it stands by now."""
        for _ in range(_MOST_TRIES):
            before = await self.read(number)
            if before is None or before.shown_at is not None:
                return before  # whoever posted it a second time takes that back
            after = shown(before, card, self._now())
            if await self._write(ProposalStep(changes=(ProposalChange(before=before, after=after),))):
                return after
        raise _busy(f"{number}")

    async def nearby(self, proposal: Proposal) -> Sequence[Listing]:
        """Open incidents that it may belong to, the likeliest first; none that is private or a drill."""
        listings = await self._door.log.listings(active=True)
        routes = await self._alerts.routes(list(proposal.claims))
        related = {number for found in routes.values() for number in found}
        fitting = [each for each in listings if not (each.private or each.drill)]
        return sorted(fitting, key=lambda each: (each.incident not in related, each.severity, -each.incident))

    async def look(self) -> None:
        """Reminds, expires, lets go what recovered, and hands over what an incident has taken up since.

        Raises Unavailable where the store cannot say; then the next look goes on.
        """
        await self._forget()
        left = [each for each in await self.waiting() if await self._folded(each) is None]
        now, rules = self._now(), self._door.policy.alerts
        turns = [(each, due(each, rules, now)) for each in left]
        for each, turn in turns:
            if turn in (Turn.EXPIRE, Turn.RECOVER):
                state = ProposalState.EXPIRED if turn is Turn.EXPIRE else ProposalState.RECOVERED
                await self._answer(each, answered(each, state, MUSTER, now))
        late = [each for each, turn in turns if turn is Turn.REMIND]
        await self._remind([each for each in late if not await self._is_expected(each)], now)

    async def _is_expected(self, proposal: Proposal) -> bool:
        """Its service is in maintenance: nobody is called, and it waits until that is over."""
        return bool(proposal.service) and await self._covering([proposal.service]) is not None

    async def _remind(self, late: Sequence[Proposal], now: datetime) -> None:
        """One message for all whose time has come, so that an hour away ends in one."""
        if not late:
            return
        first, *others = sorted(late, key=lambda each: (each.severity, each.opened_at))
        numbers = tuple(each.number for each in others)
        reminder = RemindProposal(incident=NO_INCIDENT, proposal=first.number, others=numbers)
        changes = tuple(ProposalChange(before=each, after=replace(each, reminded_at=now)) for each in late)
        moved = (each for each in changes if self._expires_later(each, now))
        cards = (RefreshProposal(incident=NO_INCIDENT, proposal=each.number) for each in moved)
        await self._write(ProposalStep(changes=changes, effects=(reminder, *cards)))

    def _expires_later(self, change: ProposalChange, now: datetime) -> bool:
        """By more than the seconds between two looks, so that its card would tell another time."""
        before, after = (
            expires_at(each, self._door.policy.alerts, now) for each in (change.before, change.after) if each
        )
        return after - before > timedelta(minutes=1)

    async def _forget(self) -> None:
        numbers = await self._book.outdated(self._now())
        for each in (await self._book.proposals(numbers)).values():
            await self._write(ProposalStep(changes=(ProposalChange(before=each, after=None),)))

    async def _folded(self, proposal: Proposal) -> Incident | None:
        """The incident that its alerts belong to by now, which has them from here on. None: there is none."""
        routes = await self._alerts.routes(list(proposal.claims))
        by_surest = sorted(proposal.claims.items(), key=lambda each: _SUREST.index(each[1]))
        for claim, reason in by_surest:
            for number in routes.get(claim, ()):
                incident = await self._incident(number)
                if incident is None or not takes(incident, proposal, reason):
                    continue
                why = f"{proposal.reference}: {why_together(proposal, reason)}"
                with suppress(Rejected):  # it has ended just now
                    if attached := await self._attach(MUSTER_ITSELF, proposal, number, reason, why):
                        return attached
        return None

    async def _attach(
        self, by: Person, proposal: Proposal, number: IncidentId, reason: Reason, why: str
    ) -> Incident | None:
        """None: the proposal was changed meanwhile."""
        after = answered(proposal, ProposalState.ATTACHED, by.id, self._now(), incident=number)
        change = ProposalChange(before=proposal, after=after)
        command = AttachProposal(by=by, judged=judged_for(proposal, reason, why), answers=change)
        request = RequestId(f"proposal:{proposal.key}:{proposal.revision}:{number}")
        try:
            handled = await self._door.handle(number, command, request=request)
        except AlertsTaken:
            return None
        self._count(handled)
        if handled.events or handled.repeated or await self._answer(proposal, after):
            return handled.incident
        return None  # it has all of these alerts already, and somebody else was faster to say so

    async def answerable(self, by: Person, key: str) -> Proposal:
        """One that waits for this person's answer. Raises Rejected and Unavailable."""
        proposal = await self.find(key)
        require_answerable(by, proposal)
        if self._door.drills_only:
            raise Rejected("A drill is being played, and these alerts are none of it. Answer once it is over.")
        return proposal

    async def _declaration(self, by: Person, proposal: Proposal, answer_url: str) -> DeclareIncident:
        """As it is proposed; whatever is not so can be changed in the war room."""
        now, policy = self._now(), self._door.policy
        taken = await self._alerts.routes(list(proposal.claims))
        return DeclareIncident(
            by=by,
            title=proposal.title,
            severity=proposal.severity if proposal.severity in policy.severities else None,
            service=proposal.service,
            impact_started_at=min(proposal.began_at, now),
            answer_url=answer_url,
            opening=opening_of(proposal, taken),
            answers=ProposalChange(before=proposal, after=answered(proposal, ProposalState.DECLARED, by.id, now)),
        )

    async def _incident(self, number: IncidentId) -> Incident | None:
        try:
            return await self._door.read(number)
        except Rejected:
            return None

    async def _answer(self, before: Proposal, after: Proposal) -> bool:
        step = ProposalStep(
            changes=(ProposalChange(before=before, after=after),),
            decisions=tuple(closing_decisions(before, after, after.decided_at or self._now())),
            effects=(RefreshProposal(incident=NO_INCIDENT, proposal=before.number),),
        )
        is_written = await self._write(step)
        if is_written:
            _log.info("proposal_answered", proposal=before.number, state=after.state, by=after.decided_by)
        return is_written

    async def _write(self, step: ProposalStep) -> bool:
        if not await self._book.write(step):
            return False
        crash_point(CrashPoint.AFTER_PROPOSAL)
        self._count_all(step.decisions)
        if step.effects:
            self._woken()
        return True

    def _count(self, handled: Handled) -> None:
        for event in handled.events:
            if isinstance(event, AlertsChanged):
                self._count_all(event.alerts)

    def _count_all(self, decided: Iterable[AlertDecision | AttachedAlert]) -> None:
        for each in decided:
            self._observer.alert_decided(each.source, each.reason)


def _busy(key: str) -> Rejected:
    number = key.partition(".")[0]
    return Rejected(f"P{number} is changing too fast just now: nothing was done. Press again in a moment.")
