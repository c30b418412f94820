"""What must follow from what became of the review: who hears of it, and whose calendar. Pure.

The channel is told once; in person, whoever leads it, and those who are invited and do not read the channel.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from bot.incident.afterwards_effects import PostPreread, PostReviewOverdue, RememberFacilitator, SendPreread
from bot.incident.change import Change, Follows, tell_channel, upload_draft
from bot.incident.effects import Effect, TellPerson
from bot.incident.events import Event
from bot.incident.invitation_consequences import bring_to_calendars
from bot.incident.invitations import MeetingEvent
from bot.incident.review import ReviewPlan, ReviewStage
from bot.incident.review_events import (
    PrereadGiven,
    ReviewAsked,
    ReviewBooked,
    ReviewCancelled,
    ReviewHeld,
    ReviewMoved,
    ReviewWaived,
    named_facilitator,
)
from bot.incident.rights import may_hear
from bot.incident.terms import UserId


def _booked(change: Change, event: ReviewBooked) -> Iterator[Effect]:
    yield from tell_channel(change, event)
    yield from _tell(change, _concerned(change, event.plan), event)
    yield from _remember(change, event)


def _moved(change: Change, event: ReviewMoved) -> Iterator[Effect]:
    """Where only other people come, they alone hear of it. Whoever is new gets the pack that the others have."""
    yield from _remember(change, event)
    new = [user for user in event.after.everyone if user not in event.before.everyone]
    if event.after.starts_at != event.before.starts_at:
        yield from tell_channel(change, event)
        yield from _tell(change, _concerned(change, event.after), event)
    else:
        leads = [event.after.facilitator] if event.after.facilitator != event.before.facilitator else []
        yield from _tell(change, dict.fromkeys((*leads, *new)), event)
    if change.after.review.preread == event.number:
        yield from _send_preread(change, new, event.number)


def _cancelled(change: Change, event: ReviewCancelled) -> Iterator[Effect]:
    yield from tell_channel(change, event)
    yield from _tell(change, _concerned(change, event.plan), event)


def _held(change: Change, event: ReviewHeld) -> Iterator[Effect]:
    yield from tell_channel(change, event)
    yield from _remember(change, event)


def _remember(change: Change, event: Event) -> Iterator[Effect]:
    if user := named_facilitator(event):
        yield RememberFacilitator(incident=change.after.id, user=user, named_at=event.at)


def _waived(change: Change, event: ReviewWaived) -> Iterator[Effect]:
    yield from tell_channel(change, event)
    if event.plan:
        yield from _tell(change, _concerned(change, event.plan), event)


def _concerned(change: Change, plan: ReviewPlan) -> Iterator[UserId]:
    for user in plan.everyone:
        if user == plan.facilitator or user not in change.after.members:
            yield user


def _tell(change: Change, users: Iterable[UserId], event: Event) -> Iterator[Effect]:
    """Nobody is told what they did themselves, nor what they may not know of."""
    for user in users:
        if user != event.by and may_hear(change.after, user):
            yield TellPerson(incident=change.after.id, user=user, about=event)


def _asked(change: Change, event: ReviewAsked) -> Iterator[Effect]:
    """In person; and the digest channel once it has climbed, but never of a private incident or a drill."""
    for user in event.asked:
        yield TellPerson(incident=change.after.id, user=user, about=event)
    may_announce = change.policy.review.announce_overdue and not change.after.private and not change.after.drill
    if event.stage is ReviewStage.CLIMBED and may_announce:
        yield PostReviewOverdue(incident=change.after.id, number=event.number)


def _and_calendars(told: Follows) -> Follows:
    """What people are told, and then their calendars."""

    def rule(change: Change, event: MeetingEvent) -> Iterator[Effect]:
        yield from told(change, event)
        yield from bring_to_calendars(change, event)

    return rule


def _preread_given(change: Change, event: PrereadGiven) -> Iterator[Effect]:
    """The draft anew, since people have written since; the pack names it."""
    incident = change.after
    if not event.in_time:
        return
    yield from upload_draft(change, event)
    if incident.channel is not None:
        yield PostPreread(incident=incident.id, channel=incident.channel, number=event.number)
    yield from _send_preread(change, event.to, event.number)


def _send_preread(change: Change, users: Iterable[UserId], number: int) -> Iterator[Effect]:
    for user in users:
        if may_hear(change.after, user):
            yield SendPreread(incident=change.after.id, user=user, number=number)


REVIEW_FOLLOWS: Final[Mapping[type[Event], Follows]] = {
    ReviewBooked: _and_calendars(_booked),
    ReviewMoved: _and_calendars(_moved),
    ReviewCancelled: _and_calendars(_cancelled),
    ReviewHeld: _held,
    ReviewWaived: _and_calendars(_waived),
    ReviewAsked: _asked,
    PrereadGiven: _preread_given,
}
