"""What people ask for between resolved and closed. As commands.py: a wish, and nothing more."""

from dataclasses import dataclass
from datetime import date

from bot.incident.closure import Review
from bot.incident.commands import Command
from bot.incident.terms import (
    Person,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AddWorkaround(Command):
    """`expires_on`: the last day on which it may stay."""

    what: str
    owner: Person
    expires_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendWorkaround(Command):
    """`expires_on` None: two weeks from today. `seen`: the day that the button showed; None: whichever it is."""

    number: int
    expires_on: date | None = None
    seen: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveWorkaround(Command):
    number: int
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateNoWorkarounds(Command):
    """Nothing temporary is in place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseIncident(Command):
    """What is given here is recorded together with the closing, or not at all.

    `because`: why it is closed although something is missing. `release_roles`: whoever holds one gives it up.
    """

    note: str = ""
    because: str = ""
    evidence: str = ""
    release_roles: bool = False
    no_workarounds: bool = False
    workaround: AddWorkaround | None = None
    review: Review | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOffClosing(Command):
    """The answer to being asked whether to close it: not yet."""
