"""Looks up who took part in an incident and can be asked how it went, and in which zone they are. It asks nobody."""

import asyncio

from bot.incident.afterwards_effects import FindRespondents
from bot.incident.commands import Command
from bot.incident.feedback_commands import RecordRespondents
from bot.incident.participation import took_part
from bot.incident.rights import may_hear
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, Standing, UserId
from bot.slack.posts import History
from bot.slack_ports import Directory


class Respondents:
    def __init__(self, directory: Directory, *, history: History) -> None:
        self._directory = directory
        self._history = history

    async def find(self, effect: FindRespondents, incident: Incident) -> Command | None:
        """None: nobody is left to ask, or it goes on again. Raises Unavailable where Slack cannot say who they are."""
        if incident.feedback.opened_at is None:
            return None
        events = await self._history(effect.incident)
        # Reading a long log takes a while, so it is done apart.
        everybody = await asyncio.to_thread(took_part, events)
        zones = [await self._zone(user) for user in everybody if _is_to_be_asked(user, incident)]
        found = tuple(each for each in zones if each)
        return RecordRespondents(by=MUSTER_ITSELF, zones=found) if found else None

    async def _zone(self, user: UserId) -> tuple[UserId, str] | None:
        """None for whoever could not answer: bots, guests, people of other organisations, closed accounts."""
        person = await self._directory.person(user)
        return (user, person.time_zone) if person.standing is Standing.MEMBER else None


def _is_to_be_asked(user: UserId, incident: Incident) -> bool:
    feedback = incident.feedback
    return may_hear(incident, user) and user not in feedback.asked and user not in feedback.waiting
