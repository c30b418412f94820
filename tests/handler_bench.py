"""A bench for the one door: the handlers of two processes on one log, and one clock."""

from dataclasses import dataclass
from datetime import datetime

from bot.command_handler import CommandHandler, Handled
from bot.incident.commands import (
    AddNote,
    Command,
    DeclareIncident,
    RecordChannel,
)
from bot.incident.policy import Policy
from bot.incident.terms import (
    MUSTER_ITSELF,
    Checklist,
    IncidentId,
    RequestId,
    Severity,
)
from bot.ports import DueTimer
from tests.incident.given import ADA, NOON, POLICY, ROOM
from tests.log_double import LogDouble

ONE, TWO = IncidentId(1), IncidentId(2)
DOWN = DeclareIncident(by=ADA, title="Checkout returns 500")
CHANNEL = RecordChannel(by=MUSTER_ITSELF, channel=ROOM, name="inc-1-checkout-returns-500")


@dataclass
class Rules:
    """The organisation's rules, with one playbook for every SEV2 or none."""

    policy: Policy = POLICY
    playbook: Checklist | None = None

    def checklist_for(self, command: DeclareIncident, severity: Severity) -> Checklist | None:
        return self.playbook if severity is Severity.SEV2 else None


@dataclass
class HandSetClock:
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


class Bench:
    """Two processes' handlers on one log, and one clock."""

    def __init__(self) -> None:
        self.log = LogDouble(now=NOON)
        self.clock = HandSetClock()
        self.rules = Rules()
        self.rings = 0
        self.practising = False
        self.here, self.there = self._handler(), self._handler()

    async def opened(self) -> Handled:
        await self.here.declare(DOWN, request=RequestId("declare"))
        return await self.here.handle(ONE, CHANNEL, request=RequestId("channel"))

    def pass_to(self, at: datetime) -> None:
        self.clock.at = self.log.now = at

    async def fire_due(self) -> list[DueTimer]:
        due = list(await self.log.claim_due(10))
        for timer in due:
            await self.here.fire(timer)
        return due

    def _handler(self) -> CommandHandler:
        drills_only = lambda: self.practising  # noqa: E731 - it is asked again each time
        return CommandHandler(self.log, self.log, self.rules, self.clock, self._ring, drills_only=drills_only)

    def _ring(self) -> None:
        self.rings += 1


def note(text: str = "Rolled back.") -> Command:
    return AddNote(by=ADA, text=text)
