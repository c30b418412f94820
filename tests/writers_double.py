"""Who writes what, for listeners under test: without a server and without forgetting."""

from collections.abc import Sequence
from datetime import datetime

from bot.incident.review_sections import ReviewSection, Writer
from bot.incident.terms import IncidentId, UserId


class WritersDouble:
    """The protocol index_ports.Writers."""

    def __init__(self) -> None:
        self.writing: dict[tuple[IncidentId, ReviewSection], dict[UserId, datetime]] = {}

    async def begins(
        self, incident: IncidentId, section: ReviewSection, user: UserId, at: datetime
    ) -> Sequence[Writer]:
        here = self.writing.setdefault((incident, section), {})
        others = [Writer(user=who, since=since) for who, since in here.items() if who != user]
        here[user] = at
        return others

    async def ends(self, incident: IncidentId, section: ReviewSection, user: UserId) -> None:
        self.writing.get((incident, section), {}).pop(user, None)
