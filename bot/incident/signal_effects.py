"""Telling targets outside of events. As effects.py."""

from dataclasses import dataclass

from bot.incident.effects import Effect
from bot.incident.events import Event
from bot.incident.terms import Severity, Status, Version


@dataclass(frozen=True, slots=True, kw_only=True)
class SendSignal(Effect):
    """Tells one target of one event, the incident's `version`-th.

    `severity`, `status`: as they were when it was recorded.
    A lane a target: each hears of events in their order, and none waits for another.
    """

    target: str
    version: Version
    severity: Severity
    status: Status
    about: Event

    @property
    def lane(self) -> str:
        return f"signal:{self.target}"
