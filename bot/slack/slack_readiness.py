"""Whether Slack and we can reach each other, for whoever asks over HTTP."""

from dataclasses import dataclass
from typing import Final

from bot.slack.slack_socket import SocketMode
from bot.slack.web_client import WebClient

_INSTALL_AGAIN: Final = "Install the app again or copy its token anew, then restart Muster; what is to be posted waits."


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackProbe:
    """Ready when Slack accepts our token and can reach us: over HTTP always, in Socket Mode while a socket is alive."""

    socket: SocketMode | None
    client: WebClient
    name: str = "slack"

    async def check(self) -> str | None:
        problem = self.client.pulse.token_problem
        if problem and not await self.client.answers():
            return f"Slack does not accept SLACK_BOT_TOKEN ({problem}). {_INSTALL_AGAIN}"
        if self.socket is None or await self.socket.is_alive():
            return None
        return "The socket to Slack is down; it is being opened again."
