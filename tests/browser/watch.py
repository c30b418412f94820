"""What a page does while a test looks elsewhere: errors in its console, and requests that leave the workspace."""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.async_api import BrowserContext, ConsoleMessage, Request, WebError, WebSocket

REFUSED_BY_THE_WORKSPACE = "status of 409"
"""Chromium logs each refusal as an error, and a refusal is an answer like any other."""
CUT_OFF = (
    "ERR_CONNECTION_REFUSED",
    "ERR_CONNECTION_RESET",
    "ERR_EMPTY_RESPONSE",
    "ERR_SOCKET_NOT_CONNECTED",
    "WebSocket connection",
)


@dataclass(kw_only=True)  # no slots: Playwright keeps a note beside each listener
class Watch:
    """`origin`: the workspace's own, the only host that anything may be asked of. `may_be_cut_off`: the test takes
    the server away."""

    origin: str
    may_be_cut_off: bool = False
    troubles: list[str] = field(default_factory=list)
    frames: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("request", self._request)
        context.on("page", lambda page: page.on("websocket", self._socket))

    def assert_quiet(self) -> None:
        assert not self.troubles, "\n".join(self.troubles)

    def _console(self, said: ConsoleMessage) -> None:
        expected = (REFUSED_BY_THE_WORKSPACE, *(CUT_OFF if self.may_be_cut_off else ()))
        if said.type == "error" and not any(words in said.text for words in expected):
            self.troubles.append(f"console: {said.text} ({said.location.get('url', '')})")

    def _error(self, error: WebError) -> None:
        self.troubles.append(f"uncaught: {error.error}")

    def _request(self, request: Request) -> None:
        self._asked(request.url)

    def _socket(self, socket: WebSocket) -> None:
        self._asked(socket.url.replace("ws://", "http://", 1))
        socket.on("framereceived", lambda frame: self.frames.append(str(frame)))

    def _asked(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "data" and f"{parts.scheme}://{parts.netloc}" != self.origin:
            self.troubles.append(f"asked of somebody else: {url}")
