"""An in-memory index of follow-ups, for tests of what stands on it: the same answers as the store, without a server."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.incident.effects import Effect
from bot.incident.followup_index import Listed, followup_lines
from bot.incident.listing import Listing, listing
from bot.incident.state import Incident
from bot.incident.terms import UserId
from bot.index_ports import Turn
from bot.ports import Unavailable


@dataclass(kw_only=True)
class FollowupsDouble:
    """`planned`: whose turn is when (None as key: the digest's). `said`: the effects, oldest first."""

    incidents: list[Incident] = field(default_factory=list)
    planned: dict[UserId | None, datetime | None] = field(default_factory=dict)
    said: list[Effect] = field(default_factory=list)
    down: bool = False

    async def open(self) -> Sequence[Listed]:
        return [item for item in self._all() if item.line.is_open]

    async def concerning(self, user: UserId) -> Sequence[Listed]:
        return [item for item in self._all() if user in item.line.chased]

    async def added_between(self, first: datetime, last: datetime) -> Sequence[Listed]:
        return [item for item in self._all() if first <= item.line.added_at <= last]

    async def unclosed(self) -> Sequence[Listing]:
        found = [listing(each) for each in self.incidents if not each.private]
        return [each for each in found if each.unclosed_since]

    async def turns(self, now: datetime) -> Sequence[Turn]:
        if self.down:
            raise Unavailable("the store", "cannot be reached")
        due = [(who, due_at) for who, due_at in self.planned.items() if due_at is None or due_at <= now]
        return [Turn(who=who, due_at=due_at) for who, due_at in due]

    async def take(self, turn: Turn, next_at: datetime, effect: Effect | None, *, has_nothing: bool) -> bool:
        if turn.who not in self.planned or self.planned[turn.who] != turn.due_at:
            return False
        self.planned[turn.who] = next_at
        if has_nothing:
            del self.planned[turn.who]
        self.said += [effect] if effect else []
        return True

    def _all(self) -> list[Listed]:
        found = [
            Listed(line=line, listing=listing(incident))
            for incident in self.incidents
            for line in followup_lines(incident).values()
        ]
        return sorted(found, key=lambda item: item.line.added_at)
