"""What happened to contributing factors. As events.py: names and fields are stored for ever."""

from dataclasses import dataclass
from datetime import date

from bot.incident.events import Event
from bot.incident.factor import FactorContent
from bot.incident.terms import UserId


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


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAccepted(Event):
    """`text`: what the factor says. `look_again_on`: in `time_zone`, which is that of whoever accepts it."""

    number: int
    text: str
    why: str
    look_again_on: date
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskReopened(Event):
    number: int
    text: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskAskedAbout(Event):
    """The day has come on which to look again, and somebody was asked."""

    number: int
    text: str
    asked: UserId
    look_again_on: date
