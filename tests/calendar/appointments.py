"""An appointment to begin with, and an invitation as another library reads it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import vobject

from bot.calendar.appointment import Appointment, Mailbox

BOOKED_AT: Final = datetime(2026, 11, 21, 14, 5, 7, tzinfo=UTC)
ADA: Final = Mailbox(address="ada@example.org", name="Ada")
BEN: Final = Mailbox(address="ben@example.org", name="Ben")
_APPOINTMENT: Final = Appointment(
    uid="INC-42.T0123@muster",
    sequence=0,
    start=datetime(2026, 11, 24, 9, 0, tzinfo=UTC),
    length=timedelta(minutes=45),
    title="Review of INC-42: Checkout returns 500",
    organiser=Mailbox(address="muster@example.org", name="Muster"),
    attendees=(ADA, BEN),
    description="What is known: https://example.slack.com/archives/C1",
    url="https://example.slack.com/archives/C1",
)


def appointment(**changed: Any) -> Appointment:
    return replace(_APPOINTMENT, **changed)


def reread(written: bytes) -> Any:
    """The calendar in the file; there is one, and nothing after it."""
    (calendar,) = vobject.readComponents(written.decode())
    return calendar


def event_of(written: bytes) -> Any:
    (event,) = reread(written).components()
    return event


def property_names(event: Any) -> list[str]:
    return [line.name for line in event.lines()]
