"""A letter as the bytes of a message (RFC 5322, RFC 6047). No text of people's can add a header or a part.

The invitation is in it twice: as the alternative that mail programs with a calendar act on, and as a file for others.
"""

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import Final

from bot.calendar.appointment import Mailbox
from bot.calendar.plain_text import lines, one_line
from bot.ports import Letter

FILE_NAME: Final = "invite.ics"
LONGEST_SUBJECT: Final = 200
LONGEST_NAME: Final = 80
"""Nobody reads more of one in a list of letters, and what folds long ones does it slowly."""
_POLICY: Final = SMTP.clone(cte_type="7bit")
"""Every mail server takes seven bits."""
_DELIVERABLE: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
"""A dot-atom of RFC 5322 at a host. What is rarer (quoted parts, other scripts) not every server takes."""
_IN_NAMES: Final = re.compile(r"[^\w '-]+")
"""All else would have to be quoted in a header, which mail programs read in more than one way."""


def is_deliverable(address: str) -> bool:
    return len(address) <= 254 and _DELIVERABLE.fullmatch(address) is not None  # RFC 5321, 4.5.3.1.3


def message(letter: Letter, sender: Mailbox) -> bytes:
    """Both addresses must be deliverable."""
    form = EmailMessage(policy=_POLICY)
    form["From"] = _address(sender)
    form["To"] = _address(letter.to)
    form["Subject"] = one_line(letter.subject)[:LONGEST_SUBJECT]
    form["Date"] = format_datetime(letter.written_at)
    form["Message-ID"] = message_id(letter, sender)
    form["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday note is to answer it
    form.set_content(f"{lines(letter.text)}\n", cte="quoted-printable")
    form.add_alternative(
        letter.calendar.decode(), subtype="calendar", cte="base64", params={"method": letter.method.value}
    )
    form.add_attachment(letter.calendar, maintype="application", subtype="ics", filename=FILE_NAME)
    return form.as_bytes()


def message_id(letter: Letter, sender: Mailbox) -> str:
    """Of this letter to this person: the same whenever it is repeated, so that a mail program may show it once."""
    told = sha256(f"{letter.id}\0{letter.to.address.lower()}".encode()).hexdigest()[:40]
    return f"<{told}@{sender.address.rpartition('@')[2]}>"


def _address(who: Mailbox) -> Address:
    return Address(display_name=one_line(_IN_NAMES.sub(" ", who.name))[:LONGEST_NAME], addr_spec=who.address)
