"""Feedback from events, for evolve.py. Nothing here decides."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.incident.events import Event
from bot.incident.feedback import Feedback
from bot.incident.feedback_events import FeedbackAsked, FeedbackGiven, FeedbackOpened, RespondentsFound
from bot.incident.state import Incident


def reopened_feedback(feedback: Feedback) -> Feedback:
    """Who was not asked yet is asked after the next end, with whoever comes until then."""
    return replace(feedback, opened_at=None, waiting={})


def _opened(feedback: Feedback, event: FeedbackOpened) -> Feedback:
    return replace(feedback, opened_at=event.at, anonymous=event.anonymous)


def _found(feedback: Feedback, event: RespondentsFound) -> Feedback:
    return replace(feedback, waiting={**feedback.waiting, **dict(event.zones)})


def _asked(feedback: Feedback, event: FeedbackAsked) -> Feedback:
    waiting = {user: zone for user, zone in feedback.waiting.items() if user != event.asked}
    return replace(feedback, waiting=waiting, asked={**feedback.asked, event.asked: event.at})


def _given(feedback: Feedback, event: FeedbackGiven) -> Feedback:
    return replace(feedback, answers={**feedback.answers, event.respondent: event.answer})


def _on(change: Callable[[Feedback, Any], Feedback]) -> Callable[[Incident, Any], Incident]:
    return lambda incident, event: replace(incident, feedback=change(incident.feedback, event))


FEEDBACK_CHANGES: Final[Mapping[type[Event], Callable[[Incident, Any], Incident]]] = {
    FeedbackOpened: _on(_opened),
    RespondentsFound: _on(_found),
    FeedbackAsked: _on(_asked),
    FeedbackGiven: _on(_given),
}
"""None of them shows on a card: one that is drawn anew would tell when somebody answered."""
