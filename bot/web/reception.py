"""Where connections arrive: how many at once, for how long one may say nothing, and what is answered to noise.

What comes is not repeated, neither in the answer nor in the log: a line that does not read may hold a secret.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

import structlog
from aiohttp import hdrs, web

LINGERS: Final = 1.0
"""Seconds for which the rest of a body that was refused is read and thrown away, so that its sender hears why."""
_FULL: Final = (
    b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n"
    b"Retry-After: 1\r\n\r\nToo many connections at once. Send this again in a moment.\n"
)
"""Without a length: the end of the connection is the end of it."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """What is borne, in connections and seconds.

    `connections`: one more is sent away; systems often give a process 1,024 descriptors, and store and Slack need some,
    too. `silence`: until a request's head is there, on a new connection as on one that is kept; more than the minute
    for which proxies keep theirs. `body`: until a body is there; Slack's are at once, and Alertmanager gives up after
    about as long.
    """

    connections: int = 256
    silence: float = 75.0
    body: float = 10.0


class Reception(web.BaseSite):
    """Listens on `host` and `port` for the runner, whose server answers."""

    def __init__(self, runner: web.AppRunner, host: str, port: int, patience: Patience) -> None:
        super().__init__(runner)
        assert runner.server is not None
        self._answering = runner.server
        self._host = host
        self._port = port
        self._patience = patience

    @property
    def name(self) -> str:
        return f"http://{self._host}:{self._port}"

    async def start(self) -> None:
        """Raises OSError where nobody can listen there."""
        await super().start()
        self._server = await asyncio.get_running_loop().create_server(self._met, self._host, self._port)

    def _met(self) -> asyncio.Protocol:
        if len(self._answering.connections) >= self._patience.connections:
            return _SentAway()
        return _Connection(
            self._answering,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # as its own runner passes it where there is to be none
            keepalive_timeout=self._patience.silence,
            lingering_time=LINGERS,
            auto_decompress=False,
        )


class _Connection(web.RequestHandler):
    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Bugs are answered before they get here (`armour.answer_bugs`); what does is no HTTP."""
        if status >= 500:
            return super().handle_error(request, status, exc, message)
        log.info("request_does_not_read", why=type(exc).__name__)
        answer = web.Response(status=status, text="This request does not read.\n", headers={hdrs.SERVER: "Muster"})
        answer.force_close()
        return answer


class _SentAway(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        log.warning("too_many_connections")
        transport.write(_FULL)
        transport.close()
