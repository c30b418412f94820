"""What must happen outside because of proposals; see effects.py. They are about no incident."""

from dataclasses import dataclass

from bot.incident.effects import Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class PostProposal(Effect):
    """Posts the card of a proposal, while it still waits. `incident`: NO_INCIDENT."""

    proposal: int

    @property
    def lane(self) -> str:
        return "proposals:posts"


@dataclass(frozen=True, slots=True, kw_only=True)
class RefreshProposal(Effect):
    """Draws its card anew, if there is one yet."""

    proposal: int

    @property
    def lane(self) -> str:
        return f"proposals:{self.proposal}:card"

    @property
    def keep(self) -> int:
        return 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindProposal(Effect):
    """Reminds of a proposal below its card and in the channel; `others` wait just as long and are named beside it."""

    proposal: int
    others: tuple[int, ...] = ()

    @property
    def lane(self) -> str:
        return "proposals:posts"
