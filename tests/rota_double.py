"""A rota for tests of what stands on it: it gives back what it was told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.incident.terms import UserId


@dataclass
class RotaDouble:
    named: dict[UserId, datetime] = field(default_factory=dict)

    async def led(self, user: UserId, at: datetime) -> None:
        self.named[user] = max(at, self.named.get(user, at))

    async def last_led(self, users: Sequence[UserId]) -> Mapping[UserId, datetime]:
        return {user: at for user, at in self.named.items() if user in users}
