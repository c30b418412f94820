"""What must happen outside because of deploy freezes. As effects.py."""

from dataclasses import dataclass
from datetime import datetime

from bot.incident.effects import Effect
from bot.incident.freeze import FreezeTurn
from bot.incident.service_change import ServiceChange


@dataclass(frozen=True, slots=True, kw_only=True)
class PostFrozenChange(Effect):
    """Tells the incident's channel that a service was changed although its deploys are frozen."""

    change: ServiceChange

    @property
    def lane(self) -> str:
        return "freezes:posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteFreeze(Effect):
    """Notes in the incident from which a freeze follows that it began, or is over; answers with AddNote."""

    freeze: int
    turn: FreezeTurn

    @property
    def lane(self) -> str:
        return f"{self.incident}:freezes"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellFreeze(Effect):
    """Tells those who care for the services that a freeze began, ends soon, lasts longer, or is over.

    `incident`: NO_INCIDENT. `until`: when it was to end when this was asked for. `place`: a channel's id, or its name
    with its #; '' is where incidents are announced.
    """

    freeze: int
    turn: FreezeTurn
    until: datetime
    place: str

    @property
    def lane(self) -> str:
        return "freezes:posts"
