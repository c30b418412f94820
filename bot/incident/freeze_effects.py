"""What must happen outside because of deploy freezes. As effects.py."""

from dataclasses import dataclass
from datetime import datetime

from bot.incident.effects import Effect
from bot.incident.freeze import FreezeTurn


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
