"""What must follow from a meeting that was booked, moved or called off, for calendars: a file in the channel, and a
letter to each whose calendar changes. Pure.
"""

from collections.abc import Iterator

from bot.incident.change import Change
from bot.incident.effects import Effect
from bot.incident.invitation_effects import MailInvitation, PostInvitation
from bot.incident.invitations import MeetingEvent, plan_of, recipients, same_in_calendars
from bot.incident.review_events import ReviewMoved


def bring_to_calendars(change: Change, event: MeetingEvent) -> Iterator[Effect]:
    """Of a drill nothing: its people's calendars are real."""
    incident = change.after
    if incident.drill or plan_of(event) is None:
        return
    if incident.channel is not None and not _changes_people_only(event):
        yield PostInvitation(incident=incident.id, channel=incident.channel, about=event)
    for user in recipients(event):
        yield MailInvitation(incident=incident.id, user=user, about=event)


def _changes_people_only(event: MeetingEvent) -> bool:
    return isinstance(event, ReviewMoved) and same_in_calendars(event.before, event.after)
