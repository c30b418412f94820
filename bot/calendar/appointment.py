"""An appointment as a value, and who is asked to it. It holds what people wrote unchanged: writing escapes it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Method(StrEnum):
    """What an iCalendar object does with the appointment (RFC 5546, 1.4)."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    PUBLISH = "PUBLISH"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """`address`: 'ada@example.org'; `name`: how they are called, in anybody's words."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """`uid` is the same for ever, `sequence` rises with each change that matters to whoever comes (RFC 5545, 3.8.7.4).

    `start`: aware. `cancelled`: it does not take place. `confidential`: whoever may look into an attendee's calendar
    is asked not to see what it is (RFC 5545, 3.8.1.3).
    """

    uid: str
    sequence: int
    start: datetime
    length: timedelta
    title: str
    organiser: Mailbox
    attendees: tuple[Mailbox, ...] = ()
    description: str = ""
    url: str = ""
    cancelled: bool = False
    confidential: bool = False
