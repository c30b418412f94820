"""What one person said of how it went, found by the name under which the log knows them."""

from datetime import timedelta
from typing import Final

from bot.incident.feedback import Answer, Respondent
from bot.incident.state import Incident
from bot.incident.terms import UserId
from bot.slack.listening import Desk

_KEPT_LONGER: Final = timedelta(days=1)
"""Than answers are taken, so that the last of them still meets its own."""


async def own_answer(desk: Desk, incident: Incident, user: UserId) -> Answer | None:
    """What they said so far; empty where nothing; None where they cannot answer, or no longer."""
    if not incident.feedback.is_open_to(user, desk.clock.now()):
        return None
    return incident.feedback.answers.get(await respondent(desk, incident, user), Answer())


async def respondent(desk: Desk, incident: Incident, user: UserId) -> Respondent:
    """A pseudonym where answers carry no name. Raises Unavailable."""
    feedback = incident.feedback
    if not feedback.anonymous:
        return Respondent(user)
    left = (feedback.keeps_until or desk.clock.now()) - desk.clock.now()
    return await desk.pseudonyms.of(incident.id, user, left + _KEPT_LONGER)
