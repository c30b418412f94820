"""Where somebody gets their mail, as Slack says it. It is asked each time and kept nowhere."""

from dataclasses import dataclass
from typing import Final

from bot.calendar.appointment import Mailbox
from bot.incident.terms import UserId
from bot.slack.outcome import SlackRefusal
from bot.slack.web_client import WebClient

_GONE: Final = frozenset({"user_not_found", "user_not_visible"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """`mailbox`: its address is empty where Slack shows none. `time_zone`: an IANA name."""

    mailbox: Mailbox
    time_zone: str


class Addresses:
    def __init__(self, client: WebClient) -> None:
        self._client = client

    @property
    def scopes(self) -> frozenset[str] | None:
        return self._client.scopes

    async def of(self, user: UserId) -> Addressee | None:
        """None: somebody who has left. Raises Unavailable and SlackRefusal."""
        try:
            said = (await self._client.call("users.info", user=user)).get("user") or {}
        except SlackRefusal as refusal:
            if refusal.code in _GONE:
                return None
            raise
        if said.get("deleted"):
            return None
        profile = said.get("profile") or {}
        name = next((str(each) for each in (profile.get("real_name"), said.get("name")) if each), "")
        mailbox = Mailbox(address=str(profile.get("email") or ""), name=name)
        return Addressee(mailbox=mailbox, time_zone=str(said.get("tz") or "UTC"))
