"""Whether invitations go out by e-mail, and if not, why. Pure."""

from enum import StrEnum
from typing import Final

from bot.ports import Mail

EMAIL_SCOPE: Final = "users:read.email"


class Mailing(StrEnum):
    READY = "ready"
    NO_SERVER = "no mail server"
    NO_ADDRESSES = "no addresses"


def mailing(mail: Mail | None, scopes: frozenset[str] | None) -> Mailing:
    """`scopes`: those that Slack said the app has; None: it has not said so yet."""
    if mail is None:
        return Mailing.NO_SERVER
    return Mailing.READY if scopes is None or EMAIL_SCOPE in scopes else Mailing.NO_ADDRESSES
