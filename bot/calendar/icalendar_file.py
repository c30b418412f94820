"""A meeting as the bytes of an iCalendar object: RFC 5545 the format, RFC 5546 what each kind of it must and must not
say. All times are UTC, so there is no VTIMEZONE. The library folds the lines; all text is escaped here."""

import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from icalendar import Calendar, Event, vCalAddress, vText, vUri

from bot.calendar.meeting import Mailbox, Meeting, Method
from bot.calendar.plain_text import lines, one_line

_MADE_BY: Final = "-//Muster//Muster//EN"
_KEPT_IN_ADDRESSES: Final = "@!$'*+-._~"
"""RFC 6068: the others of a mailbox are percent-encoded in a mailto URI."""
_KEPT_IN_LINKS: Final = ":/?#[]@!$&'()*+,;=%-._~"


def invitation(meeting: Meeting, at: datetime) -> bytes:
    """Asks its attendees to come, or tells them that it is cancelled. `at`: when that was decided (DTSTAMP)."""
    event = _event(meeting, at)
    for attendee in meeting.attendees:
        event.add("attendee", _cancelled(attendee) if meeting.cancelled else _asked(attendee))
    return _written(event, method_of(meeting))


def removal(meeting: Meeting, at: datetime) -> bytes:
    """Takes it out of the calendars of these attendees, while it takes place without them.

    RFC 5546, 3.2.5: whoever is uninvited gets a CANCEL, and it must not say that the meeting is cancelled.
    """
    event = _event(meeting, at)
    del event["status"]
    for attendee in meeting.attendees:
        event.add("attendee", _cancelled(attendee))
    return _written(event, Method.CANCEL)


def publication(meeting: Meeting, at: datetime) -> bytes:
    """For anybody to put into their calendar. It names no attendee: RFC 5546, 3.2.1 forbids it, and a file has many
    readers."""
    return _written(_event(meeting, at), Method.PUBLISH)


def method_of(meeting: Meeting) -> Method:
    """That of an invitation to it."""
    return Method.CANCEL if meeting.cancelled else Method.REQUEST


def _event(meeting: Meeting, at: datetime) -> Event:
    event = Event()
    event.add("uid", _Text(one_line(meeting.uid)))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", _utc(at))
    event.add("dtstart", _utc(meeting.start))
    event.add("dtend", _utc(meeting.start + meeting.length))
    event.add("summary", _Text(one_line(meeting.title)))
    event.add("organizer", _address(meeting.organiser))
    event.add("status", "CANCELLED" if meeting.cancelled else "CONFIRMED")
    event.add("class", "CONFIDENTIAL" if meeting.confidential else "PUBLIC")
    if meeting.description:
        event.add("description", _Text(lines(meeting.description)))
    if meeting.url:
        event.add("url", vUri(quote(meeting.url, safe=_KEPT_IN_LINKS, errors="replace")))
    return event


def _written(event: Event, method: Method) -> bytes:
    calendar = Calendar()
    calendar.add("version", "2.0")
    calendar.add("prodid", _MADE_BY)
    calendar.add("method", method.value)
    calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written


def _utc(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def _asked(who: Mailbox) -> vCalAddress:
    address = _cancelled(who)
    address.params["partstat"] = "NEEDS-ACTION"
    address.params["rsvp"] = "TRUE"
    return address


def _cancelled(who: Mailbox) -> vCalAddress:
    address = _address(who)
    address.params["cutype"] = "INDIVIDUAL"
    address.params["role"] = "REQ-PARTICIPANT"
    return address


def _address(who: Mailbox) -> vCalAddress:
    """A parameter has no way to say a double quote that all calendars know; RFC 6868's '^' is read by few."""
    address = vCalAddress(f"mailto:{quote(who.address, safe=_KEPT_IN_ADDRESSES, errors='replace')}")
    if name := one_line(who.name).replace('"', "'"):
        address.params["cn"] = name
    return address


class _Text(vText):
    """The library takes a '\\N' that somebody typed ('D:\\News') for a line break."""

    def to_ical(self) -> bytes:
        return re.sub(r"[\\;,]", r"\\\g<0>", self).replace("\n", r"\n").encode()
