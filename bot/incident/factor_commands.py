"""What people ask of contributing factors. As commands.py: a wish, and nothing more."""

from dataclasses import dataclass
from datetime import date

from bot.incident.commands import Command
from bot.incident.factor import FactorContent


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFactor(Command):
    content: FactorContent


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFactor(Command):
    """`seen`: how often it had been changed when the form was opened, so that nobody overwrites what they never saw."""

    number: int
    content: FactorContent
    seen: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveFactor(Command):
    number: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRisk(Command):
    """A factor that is to stay as it is, until a day on which to look again."""

    number: int
    why: str
    look_again_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenRisk(Command):
    """It is accepted no longer."""

    number: int
    why: str = ""
