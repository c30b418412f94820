"""The review of an incident as an appointment, and what is written to those who are asked to it. Plain text, unescaped.

Of a private incident it says that there is a review of it, and when, and nothing else: a calendar has many readers.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.calendar.appointment import Appointment, Mailbox, Method
from bot.calendar.icalendar_file import invitation, publication, removal
from bot.incident.invitations import Errand, MeetingEvent, is_off, plan_of
from bot.incident.review import ReviewPlan
from bot.incident.review_events import ReviewBooked, ReviewMoved, ReviewWaived
from bot.incident.state import Incident
from bot.incident.terms import UserId
from bot.incident.time_zones import zone_of

NamesOf = Callable[[UserId], str]

MOST_NAMED: Final = 30
_SUBJECTS: Final = {
    Errand.INVITED: "Invitation",
    Errand.MOVED: "Changed",
    Errand.CANCELLED: "Cancelled",
    Errand.UNINVITED: "No longer invited",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who invites. `team`: Slack's id of the workspace; `workspace`: its address with a closing slash."""

    organiser: Mailbox
    team: str
    workspace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewLetter:
    """What one person is told of the review. `time_zone`: theirs, an IANA name."""

    incident: Incident
    event: MeetingEvent
    errand: Errand
    to: Mailbox
    time_zone: str
    issuer: Issuer
    names: NamesOf

    @property
    def id(self) -> str:
        """The same in each repetition; the recipient is not in it."""
        return f"{uid(self.incident, self.event, self.issuer)} {self.event.sequence} {self.errand}"

    @property
    def subject(self) -> str:
        return f"{_SUBJECTS[self.errand]}: {title(self.incident)}"

    @property
    def text(self) -> str:
        plan = self._plan
        parts = [self._head(), when(plan, self.time_zone)]
        if not self.incident.private and self.errand in (Errand.INVITED, Errand.MOVED):
            parts.append("\n".join(_particulars(self.incident, plan, self.issuer, self.names)))
        return "\n\n".join(parts)

    @property
    def method(self) -> Method:
        return Method.REQUEST if self.errand in (Errand.INVITED, Errand.MOVED) else Method.CANCEL

    def calendar(self) -> bytes:
        """The iCalendar object; the same in each repetition."""
        asked = replace(
            appointment(self.incident, self.event, self._plan, self.issuer, self.names), attendees=(self.to,)
        )
        write = removal if self.errand is Errand.UNINVITED else invitation
        return write(asked, self.event.at)

    @property
    def _plan(self) -> ReviewPlan:
        """Whoever is no longer invited knows it by its former time, and learns of no other."""
        event = self.event
        plan = event.before if self.errand is Errand.UNINVITED and isinstance(event, ReviewMoved) else plan_of(event)
        assert plan is not None
        return plan

    def _head(self) -> str:
        what, why = title(self.incident), _reason(self.incident, self.event)
        match self.errand:
            case Errand.INVITED:
                return f"You are invited: {what}"
            case Errand.MOVED:
                return f"Changed: {what}{why}"
            case Errand.CANCELLED:
                return f"This will not be held: {what}{why}"
            case Errand.UNINVITED:
                return f"You are no longer invited: {what}"


def published(incident: Incident, event: MeetingEvent, issuer: Issuer, names: NamesOf) -> bytes:
    """For the incident's channel. The event has a plan."""
    plan = plan_of(event)
    assert plan is not None
    return publication(appointment(incident, event, plan, issuer, names), event.at)


def appointment(
    incident: Incident, event: MeetingEvent, plan: ReviewPlan, issuer: Issuer, names: NamesOf
) -> Appointment:
    """With nobody asked to it yet."""
    return Appointment(
        uid=uid(incident, event, issuer),
        sequence=event.sequence,
        start=plan.starts_at,
        length=plan.length,
        title=title(incident),
        organiser=issuer.organiser,
        description="" if incident.private else "\n".join(_particulars(incident, plan, issuer, names)),
        url="" if incident.private else _channel(incident, issuer),
        cancelled=is_off(event),
        confidential=incident.private,
    )


def uid(incident: Incident, event: MeetingEvent, issuer: Issuer) -> str:
    """The same for this meeting for ever: calendars know it by nothing else."""
    return f"review-{event.number}.inc-{incident.id}.{issuer.team}@muster"


def title(incident: Incident) -> str:
    head = f"Review of {incident.reference}"
    return head if incident.private else f"{head}: {incident.title}"


def when(plan: ReviewPlan, time_zone: str) -> str:
    """Tue 24 Nov 2026, 10:00 to 10:45 (Europe/Berlin)"""
    zone = zone_of(time_zone)
    start, end = plan.starts_at.astimezone(zone), plan.ends_at.astimezone(zone)
    last = f"{end:%H:%M}" if end.date() == start.date() else _moment(end)
    return f"{_moment(start)} to {last} ({zone.key})"


def _moment(at: datetime) -> str:
    return f"{at:%a} {at.day} {at:%b %Y, %H:%M}"


def _reason(incident: Incident, event: MeetingEvent) -> str:
    if incident.private or isinstance(event, ReviewBooked) or not event.why.strip():
        return ""
    waived = "The review is waived: " if isinstance(event, ReviewWaived) else ""
    return f"\n{waived}{event.why.strip()}"


def _particulars(incident: Incident, plan: ReviewPlan, issuer: Issuer, names: NamesOf) -> Iterator[str]:
    yield f"Led by {names(plan.facilitator)}"
    invited = [*map(names, plan.invited[:MOST_NAMED]), *(each.name for each in plan.functions)]
    if len(plan.invited) > MOST_NAMED:
        invited.append(f"{len(plan.invited) - MOST_NAMED} more")
    if invited:
        yield f"Invited: {', '.join(invited)}"
    if channel := _channel(incident, issuer):
        yield f"What is known stands in its channel: {channel}"
    yield "It is moved and called off in Slack; answers to this invitation are not read there."


def _channel(incident: Incident, issuer: Issuer) -> str:
    return f"{issuer.workspace}archives/{incident.channel}" if incident.channel else ""
