"""A letter to begin with, and how the mail it is sent with is set up."""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

from bot.calendar.appointment import Mailbox, Method
from bot.calendar.icalendar_file import invitation
from bot.mail.mail_server import mail_server
from bot.mail.smtp_mail import SmtpMail
from bot.ports import Letter
from tests.calendar.appointments import ADA, BOOKED_AT, appointment
from tests.mail.post_office import PostOffice

SENDER: Final = Mailbox(address="muster@example.org", name="Muster")
_LETTER: Final = Letter(
    id="INC-42.T0123.0",
    to=ADA,
    subject="Invitation: Review of INC-42",
    text="The review of INC-42 is on Tuesday.\nWhat is known: https://example.slack.com/archives/C1",
    calendar=invitation(appointment(), BOOKED_AT),
    method=Method.REQUEST,
    written_at=BOOKED_AT,
)


def letter(**changed: Any) -> Letter:
    return replace(_LETTER, **changed)


def mail_through(office: PostOffice, login: str = "", patience: timedelta = timedelta(seconds=5)) -> SmtpMail:
    return SmtpMail(mail_server(office.url(login)), SENDER, patience=patience)
