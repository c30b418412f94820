"""Pseudonyms for listeners under test: telling, which the real ones are not."""

from datetime import timedelta

from bot.incident.feedback import Respondent
from bot.incident.terms import IncidentId, UserId


class PseudonymsDouble:
    """The protocol ports.Pseudonyms. `kept_for`: for how long each was to be kept, in order."""

    def __init__(self) -> None:
        self.kept_for: list[timedelta] = []

    async def of(self, incident: IncidentId, user: UserId, keep_for: timedelta) -> Respondent:
        self.kept_for.append(keep_for)
        return Respondent(f"somebody-{incident}-{user.removeprefix('U0').lower()}")
