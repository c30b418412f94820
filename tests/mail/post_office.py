"""A real mail server on loopback, which keeps what it is given and can be told to behave badly."""

import asyncio
import ssl
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Self

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

TAKEN = "250 2.0.0 taken"


@dataclass(kw_only=True)
class PostOffice:
    """`says`: what is answered to MAIL, RCPT or DATA next, one answer each time; then all is well again.

    'drop' ends the connection without an answer, 'drop after' does when the letter was taken, 'stall' never answers.
    `refuses`: what is answered to RCPT for a user of that name. `users`: who may log in; none: nobody is asked to.
    """

    users: Mapping[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext | None = None
    tls_from_the_start: bool = False
    says: dict[str, list[str]] = field(default_factory=dict)
    refuses: dict[str, str] = field(default_factory=dict)
    letters: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)
    logged_in: list[str] = field(default_factory=list)
    port: int = 0

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        tls = self.tls if self.tls_from_the_start else None
        self._stalled = asyncio.Event()
        self._server = await loop.create_server(self._protocol, "127.0.0.1", self.port, ssl=tls)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stalled.set()
        self._server.close()
        await self._server.wait_closed()

    def url(self, login: str = "") -> str:
        return f"smtp://{login}127.0.0.1:{self.port}"

    def _protocol(self) -> SMTP:
        starttls = self.tls if self.tls and not self.tls_from_the_start else None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that logins are not encrypted is what some tests want
            return SMTP(
                self,
                hostname="post.example",
                tls_context=starttls,
                auth_required=bool(self.users),
                auth_require_tls=starttls is not None,
                authenticator=self._knows if self.users else None,
            )

    def _knows(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        user, password = data.login.decode(), data.password.decode()
        if self.users.get(user) != password:
            return AuthResult(success=False, handled=False)
        self.logged_in.append(user)
        return AuthResult(success=True)

    async def _answer(self, command: str, server: SMTP, otherwise: str) -> str:
        waiting = self.says.get(command)
        said = waiting.pop(0) if waiting else otherwise
        if said == "stall":
            await self._stalled.wait()
        if said.startswith("drop"):
            assert server.transport is not None
            server.transport.close()
        return said

    async def handle_MAIL(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await self._answer("MAIL", server, "250 2.1.0 fine")
        envelope.mail_from = address
        return answer

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        always = self.refuses.get(address.partition("@")[0], "250 2.1.5 fine")
        answer = await self._answer("RCPT", server, always)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await self._answer("DATA", server, TAKEN)
        if answer in {TAKEN, "drop after"}:
            content = envelope.original_content or b""
            self.raw.append(content)
            self.letters.append(message_from_bytes(content, policy=policy.default))
            self.recipients += envelope.rcpt_tos
            self.encrypted.append(session.ssl is not None or self.tls_from_the_start)
        return answer
