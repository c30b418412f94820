"""Which mail server, and how it is spoken to: the URL of SMTP_URL as a value. Pure."""

from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from typing import Final
from urllib.parse import unquote, urlsplit

from bot.calendar.appointment import Mailbox


class Encryption(StrEnum):
    TLS = "TLS"
    STARTTLS = "STARTTLS"
    NONE = "no encryption"


_USUAL_PORT: Final = {Encryption.TLS: 465, Encryption.STARTTLS: 587, Encryption.NONE: 25}
"""RFC 8314, RFC 6409, RFC 5321."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """`user` empty: it asks for no login."""

    host: str
    port: int
    encryption: Encryption
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"


def mail_server(url: str) -> MailServer:
    """smtps:// is TLS from the start, smtp+plain:// none at all; smtp:// is STARTTLS or nothing, but to this machine
    itself, where nobody listens in, it is plain. `url`: as Settings accepts it."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    encryption = _encryption(parts.scheme, host)
    return MailServer(
        host=host,
        port=parts.port or _USUAL_PORT[encryption],
        encryption=encryption,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def sender_of(mail_from: str) -> Mailbox:
    """'Muster <muster@example.org>' or the bare address, as Settings accepts it."""
    name, _, address = mail_from.rpartition("<")
    return Mailbox(address=address.removesuffix(">"), name=name.strip(' "') or "Muster")


def _encryption(scheme: str, host: str) -> Encryption:
    match scheme:
        case "smtps":
            return Encryption.TLS
        case "smtp" if not is_this_machine(host):
            return Encryption.STARTTLS
        case _:
            return Encryption.NONE


def is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
