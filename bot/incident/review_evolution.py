"""The review from events, for evolve.py. Nothing here decides."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.incident.closing_events import ReviewRecorded
from bot.incident.closure import ReviewState
from bot.incident.events import Event
from bot.incident.mending import mended
from bot.incident.review import Meeting, ReviewCourse
from bot.incident.review_events import (
    InvitationPosted,
    PrereadGiven,
    ReviewAsked,
    ReviewBooked,
    ReviewCancelled,
    ReviewHeld,
    ReviewMoved,
    ReviewWaived,
)
from bot.incident.state import Incident
from bot.incident.terms import INVITATION


def reopened_review(course: ReviewCourse) -> ReviewCourse:
    """What was reviewed goes on, so there is to be another; its meeting keeps its number."""
    return ReviewCourse(meeting=course.meeting, asks=course.asks)


def _recorded(course: ReviewCourse, event: ReviewRecorded) -> ReviewCourse:
    """By hand: a day, and nothing that a calendar has."""
    review = event.review
    return ReviewCourse(
        state=review.state,
        on=review.on,
        facilitator=review.facilitator,
        why=review.why,
        meeting=course.meeting,
        asks=course.asks,
    )


def _booked(course: ReviewCourse, event: ReviewBooked) -> ReviewCourse:
    meeting = Meeting(number=event.number, sequence=event.sequence, plan=event.plan)
    return ReviewCourse(state=ReviewState.BOOKED, facilitator=event.plan.facilitator, meeting=meeting, asks=course.asks)


def _moved(course: ReviewCourse, event: ReviewMoved) -> ReviewCourse:
    meeting = Meeting(number=event.number, sequence=event.sequence, plan=event.after)
    return replace(course, facilitator=event.after.facilitator, meeting=meeting, stage=None, asked_at=None)


def _cancelled(course: ReviewCourse, event: ReviewCancelled) -> ReviewCourse:
    return ReviewCourse(meeting=_over(course, event.sequence), asked_at=event.at, asks=course.asks)


def _held(course: ReviewCourse, event: ReviewHeld) -> ReviewCourse:
    return ReviewCourse(
        state=ReviewState.HELD,
        on=event.on,
        facilitator=event.facilitator,
        came=event.came,
        meeting=course.meeting,
        asks=course.asks,
    )


def _waived(course: ReviewCourse, event: ReviewWaived) -> ReviewCourse:
    meeting = _over(course, event.sequence) if event.number else course.meeting
    return ReviewCourse(state=ReviewState.WAIVED, why=event.why, meeting=meeting, asks=course.asks)


def _asked(course: ReviewCourse, event: ReviewAsked) -> ReviewCourse:
    return replace(course, stage=event.stage, asked_at=event.at, asks=event.number)


def _given(course: ReviewCourse, event: PrereadGiven) -> ReviewCourse:
    return replace(course, preread=event.number)


def _over(course: ReviewCourse, sequence: int) -> Meeting | None:
    return replace(course.meeting, sequence=sequence, cancelled=True) if course.meeting else None


def _on(change: Callable[[ReviewCourse, Any], ReviewCourse]) -> Callable[[Incident, Any], Incident]:
    return lambda incident, event: replace(incident, review=change(incident.review, event))


def _invitation_posted(incident: Incident, event: InvitationPosted) -> Incident:
    invitations = {**incident.invitations, (event.number, event.sequence): event.file}
    return mended(replace(incident, invitations=invitations), INVITATION)


REVIEW_CHANGES: Final[Mapping[type[Event], Callable[[Incident, Any], Incident]]] = {
    ReviewRecorded: _on(_recorded),
    ReviewBooked: _on(_booked),
    ReviewMoved: _on(_moved),
    ReviewCancelled: _on(_cancelled),
    ReviewHeld: _on(_held),
    ReviewWaived: _on(_waived),
    ReviewAsked: _on(_asked),
    InvitationPosted: _invitation_posted,
    PrereadGiven: _on(_given),
}
REVIEW_UNSEEN: Final = (ReviewAsked, InvitationPosted, PrereadGiven)
"""Events of these that no card of the war room shows."""
