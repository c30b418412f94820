"""Who is asked to the review by their calendar, and what they are told there. Rules; nothing here sends anything."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.incident.events import Event
from bot.incident.policy import Policy
from bot.incident.review import ReviewPlan
from bot.incident.review_commands import RecordInvitation
from bot.incident.review_events import InvitationPosted, ReviewBooked, ReviewCancelled, ReviewMoved, ReviewWaived
from bot.incident.rights import may_hear, require_muster
from bot.incident.state import Incident
from bot.incident.terms import UserId

MeetingEvent = ReviewBooked | ReviewMoved | ReviewCancelled | ReviewWaived
"""What calendars hear of."""
MEETING_EVENTS: Final = (ReviewBooked, ReviewMoved, ReviewCancelled, ReviewWaived)


class Errand(StrEnum):
    """What a letter says to whoever gets it."""

    INVITED = "invited"
    MOVED = "moved"
    CANCELLED = "cancelled"
    UNINVITED = "no longer invited"


def plan_of(event: MeetingEvent) -> ReviewPlan | None:
    """The meeting as it is from then on, or as it would have been; None: there was none."""
    return event.after if isinstance(event, ReviewMoved) else event.plan


def is_off(event: MeetingEvent) -> bool:
    return isinstance(event, ReviewCancelled | ReviewWaived)


def same_in_calendars(before: ReviewPlan, after: ReviewPlan) -> bool:
    """Whoever was invited and still is has nothing to change."""
    return (before.starts_at, before.length, before.facilitator) == (after.starts_at, after.length, after.facilitator)


def recipients(event: MeetingEvent) -> tuple[UserId, ...]:
    """Whose calendar changes by it."""
    plan = plan_of(event)
    if plan is None:
        return ()
    if not isinstance(event, ReviewMoved):
        return plan.everyone
    before = event.before.everyone
    gone = tuple(user for user in before if user not in plan.everyone)
    if same_in_calendars(event.before, plan):
        return tuple(user for user in plan.everyone if user not in before) + gone
    return plan.everyone + gone


def is_current(incident: Incident, event: MeetingEvent) -> bool:
    """Whether the meeting is still so; where it is not, a later event has told calendars, or will."""
    if is_off(event):
        return True
    booked, plan = incident.review.booked, plan_of(event)
    if booked is None or plan is None or booked.number != event.number:
        return False
    return same_in_calendars(booked.plan, plan)


def errand(incident: Incident, event: MeetingEvent, user: UserId, at: datetime) -> Errand | None:
    """What this person is to be told of it by now; None: nothing, for it is over, or a later letter says all.

    Whoever was invited and may no longer hear of a private incident only learns that they are not invited any more.
    """
    plan = plan_of(event)
    if plan is None or plan.ends_at <= at or incident.drill:
        return None
    if user not in plan.everyone:
        return Errand.UNINVITED
    if is_off(event):
        return Errand.CANCELLED if may_hear(incident, user) else Errand.UNINVITED
    booked = incident.review.booked
    if not may_hear(incident, user) or not is_current(incident, event) or booked is None:
        return None
    if user not in booked.plan.everyone:
        return None
    was_invited = isinstance(event, ReviewMoved) and user in event.before.everyone
    return Errand.MOVED if was_invited else Errand.INVITED


def record_invitation(incident: Incident, command: RecordInvitation, policy: Policy, at: datetime) -> tuple[Event, ...]:
    require_muster(command.by)
    if (command.number, command.sequence) in incident.invitations:
        return ()
    posted = InvitationPosted(
        at=at, by=command.by.id, number=command.number, sequence=command.sequence, file=command.file
    )
    return (posted,)
