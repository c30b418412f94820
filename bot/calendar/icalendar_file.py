"""An appointment as the bytes of an iCalendar object: RFC 5545 the format, RFC 5546 what each kind of it must and must
not say. All times are UTC, so there is no VTIMEZONE. The library folds the lines; all text is escaped here."""

import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote

from icalendar import Calendar, Event, vCalAddress, vText, vUri

from bot.calendar.appointment import Appointment, Mailbox, Method
from bot.calendar.plain_text import lines, one_line

_MADE_BY: Final = "-//Muster//Muster//EN"
_KEPT_IN_ADDRESSES: Final = "@!$'*+-._~"
"""RFC 6068: the others of a mailbox are percent-encoded in a mailto URI."""
_KEPT_IN_LINKS: Final = ":/?#[]@!$&'()*+,;=%-._~"


def invitation(appointment: Appointment, at: datetime) -> bytes:
    """Asks its attendees to come, or tells them that it is cancelled. `at`: when that was decided (DTSTAMP)."""
    event = _event(appointment, at)
    for attendee in appointment.attendees:
        event.add("attendee", _cancelled(attendee) if appointment.cancelled else _asked(attendee))
    return _written(event, method_of(appointment))


def removal(appointment: Appointment, at: datetime) -> bytes:
    """Takes it out of the calendars of these attendees, while it takes place without them.

    RFC 5546, 3.2.5: whoever is uninvited gets a CANCEL, and it must not say that the appointment is cancelled.
    """
    event = _event(appointment, at)
    del event["status"]
    for attendee in appointment.attendees:
        event.add("attendee", _cancelled(attendee))
    return _written(event, Method.CANCEL)


def publication(appointment: Appointment, at: datetime) -> bytes:
    """For anybody to put into their calendar, or to take it out again. It names no attendee: RFC 5546, 3.2.1 forbids
    it, and a file has many readers."""
    return _written(_event(appointment, at), Method.CANCEL if appointment.cancelled else Method.PUBLISH)


def method_of(appointment: Appointment) -> Method:
    """That of an invitation to it."""
    return Method.CANCEL if appointment.cancelled else Method.REQUEST


def _event(appointment: Appointment, at: datetime) -> Event:
    event = Event()
    event.add("uid", _Text(one_line(appointment.uid)))
    event.add("sequence", appointment.sequence)
    event.add("dtstamp", _utc(at))
    event.add("dtstart", _utc(appointment.start))
    event.add("dtend", _utc(appointment.start + appointment.length))
    event.add("summary", _Text(one_line(appointment.title)))
    event.add("organizer", _address(appointment.organiser))
    event.add("status", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    event.add("class", "CONFIDENTIAL" if appointment.confidential else "PUBLIC")
    if appointment.description:
        event.add("description", _Text(lines(appointment.description)))
    if appointment.url:
        event.add("url", vUri(quote(appointment.url, safe=_KEPT_IN_LINKS, errors="replace")))
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
