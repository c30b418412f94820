"""Hands letters to the organisation's mail server, one connection each. What became of one is said once and surely.

No text of it ever names the password, and none the address: both could end in logs and in channels.
"""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from aiosmtplib import SMTP, SMTPAuthenticationError, SMTPException, SMTPResponseException

from bot.calendar.appointment import Mailbox
from bot.calendar.plain_text import one_line
from bot.crash_point import CrashPoint, crash_point
from bot.incident.terms import INVITATION
from bot.mail.letter_form import is_deliverable, message
from bot.mail.mail_server import Encryption, MailServer
from bot.ports import MAIL, Letter, Unavailable
from bot.slack_ports import Refused

PATIENCE: Final = timedelta(seconds=12)
"""For the whole of it: less than an effect may take (16 s)."""
MOST_AT_ONCE: Final = 3
"""Connections; mail servers turn away whoever opens many. Nobody waits for one here: a letter that waited would hold up
what is to happen in Slack meanwhile, where a mail server that does not answer must not be felt."""
COME_BACK_IN: Final = timedelta(seconds=5)
OUR_NAME: Final = "[127.0.0.1]"
"""In EHLO: a client behind a translated address has no name to give (RFC 5321, 4.1.4). Asking for one may take long."""
LEAVE_WITHIN: Final = 1.0
"""Seconds for the answer to QUIT."""
LONGEST_REASON: Final = 200

_NOT_ITS_FAULT: Final = frozenset({421, 530, 534, 535, 538})
"""The server goes, or wants another login or encryption: the set-up's fault, which an operator can mend."""


@dataclass(slots=True, kw_only=True)
class _Way:
    """How far a letter has come. `handed_over`: the server may have taken it."""

    to: str = ""
    handed_over: bool = False


class SmtpMail:
    """The protocol ports.Mail. `tls`: whom to trust; None: whom this machine trusts (SSL_CERT_FILE names others)."""

    def __init__(
        self,
        server: MailServer,
        sender: Mailbox,
        *,
        tls: ssl.SSLContext | None = None,
        patience: timedelta = PATIENCE,
    ) -> None:
        self._server = server
        self._sender = sender
        self._tls = tls
        self._patience = patience
        self._turn = asyncio.Semaphore(MOST_AT_ONCE)

    @property
    def sender(self) -> Mailbox:
        return self._sender

    async def send(self, letter: Letter) -> None:
        """Raises Unavailable and Refused."""
        to = letter.to.address
        if not is_deliverable(to):
            raise Refused(INVITATION, "the address in their profile is none that mail can be sent to")
        if self._turn.locked():
            raise Unavailable(MAIL, "other letters are on their way", after=COME_BACK_IN)
        content = message(letter, self._sender)
        way = _Way(to=to)
        client = self._client()
        try:
            async with self._turn, self._sorted(way):
                await _connect(client)
                await client.mail(self._sender.address)
                await client.rcpt(to)
                way.handed_over = True
                crash_point(CrashPoint.BEFORE_LETTER)
                await client.data(content)
                crash_point(CrashPoint.AFTER_LETTER)
            await _take_leave(client)
        finally:
            client.close()

    async def probe(self) -> None:
        """Connects and logs in, and sends nothing. Raises Unavailable."""
        client = self._client()
        try:
            async with self._sorted(_Way()):
                await _connect(client)
            await _take_leave(client)
        finally:
            client.close()

    def _client(self) -> SMTP:
        return SMTP(
            hostname=self._server.host,
            port=self._server.port,
            username=self._server.user or None,
            password=self._server.password or None,
            use_tls=self._server.encryption is Encryption.TLS,
            start_tls=self._server.encryption is Encryption.STARTTLS,
            tls_context=self._tls,
            local_hostname=OUR_NAME,
            timeout=None,  # one patience for all of it
        )

    @asynccontextmanager
    async def _sorted(self, way: _Way) -> AsyncIterator[None]:
        """Failures as the effects know them."""
        try:
            async with asyncio.timeout(self._patience.total_seconds()):
                yield
        except SMTPResponseException as refused:
            raise _meant(refused, way) from refused
        except TimeoutError as late:
            raise Unavailable(MAIL, "no answer in time", unknown=way.handed_over) from late
        except (SMTPException, OSError) as failure:
            reason = one_line(str(failure))[:LONGEST_REASON] or "the connection was lost"
            raise Unavailable(MAIL, reason, unknown=way.handed_over) from failure


async def _connect(client: SMTP) -> None:
    """Whatever the server refuses here, it is no letter's fault."""
    try:
        await client.connect()
    except SMTPAuthenticationError as refused:
        raise Unavailable(MAIL, f"the login is refused ({_said(refused)})") from refused
    except SMTPResponseException as refused:
        raise Unavailable(MAIL, _said(refused)) from refused


async def _take_leave(client: SMTP) -> None:
    """A courtesy: what was taken stays taken, whatever is answered."""
    with suppress(SMTPException, OSError, TimeoutError):
        async with asyncio.timeout(LEAVE_WITHIN):
            await client.quit()


def _meant(refused: SMTPResponseException, way: _Way) -> Unavailable | Refused:
    """RFC 5321, 4.2.1: 4yz may be tried again, 5yz not; whatever else is said is no answer."""
    said = _said(refused, way.to)
    if refused.code in _NOT_ITS_FAULT or 400 <= refused.code < 500:
        return Unavailable(MAIL, said)
    if refused.code >= 500:
        return Refused(INVITATION, f"{MAIL} does not take it ({said})")
    return Unavailable(MAIL, said, unknown=way.handed_over)


def _said(refused: SMTPResponseException, to: str = "") -> str:
    """Without the address, which servers like to repeat."""
    text = one_line(refused.message)
    return f"{refused.code} {re.sub(re.escape(to), '…', text, flags=re.IGNORECASE) if to else text}"[:LONGEST_REASON]
