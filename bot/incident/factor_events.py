"""What happened to contributing factors. As events.py: names and fields are stored for ever."""

from dataclasses import dataclass

from bot.incident.events import Event
from bot.incident.factor import FactorContent


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorAdded(Event):
    """`number` counts the incident's factors from 1, those that were removed too."""

    number: int
    content: FactorContent


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorChanged(Event):
    number: int
    before: FactorContent
    after: FactorContent


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorRemoved(Event):
    """It was none after all, or stands there already. `text`: what it said."""

    number: int
    text: str
    why: str
