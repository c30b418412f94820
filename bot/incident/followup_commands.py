"""What people ask of follow-ups. As commands.py: a wish, and nothing more."""

from dataclasses import dataclass

from bot.incident.commands import Command
from bot.incident.followup import FollowupContent, FollowupState
from bot.incident.terms import Person


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFollowup(Command):
    """`people`: whoever the content names, as Slack says they are. `addresses`: a factor, by its number."""

    content: FollowupContent
    people: tuple[Person, ...] = ()
    addresses: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeFollowup(Command):
    """`people`: as above; those whom it named before need not be among them."""

    number: int
    content: FollowupContent
    people: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveFollowup(Command):
    number: int
    owner: Person


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveFollowup(Command):
    """`seen`: the state that the button showed, so that a stale one changes nothing; None: whatever it is."""

    number: int
    state: FollowupState
    note: str = ""
    waits_for: Person | None = None
    seen: FollowupState | None = None
