"""The HTTP side of the process: health, readiness, metrics, and whatever else it is given.

It knows nothing of incidents; what it serves, it is given.
"""

import errno
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from types import TracebackType
from typing import Final, Self

from aiohttp import hdrs, web

from bot.ports import Unavailable
from bot.telemetry import Metrics, redacted
from bot.web.armour import add_headers, answer_bugs, taking_in_time
from bot.web.probe import PROBE_PATIENCE, Probe, ask
from bot.web.reception import Patience, Reception

SLACK_PATH: Final = "/slack/events"
BODY_LIMIT: Final = 1024 * 1024
"""Bytes. Slack's largest payload, a modal's submission with all its blocks, stays under 300 KB."""
STOP_PATIENCE: Final = timedelta(seconds=5)
"""How long requests in flight may take once we stop; Slack gives up on any after 3 s."""


async def listening(web_server: "WebServer", host: str, port: int, stack: AsyncExitStack) -> None:
    """Enters it into the stack. Raises Unavailable with what to do where nobody can listen there."""
    try:
        await stack.enter_async_context(web_server)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"another program listens on {port} already; stop it, or set PORT to another number"
        else:
            reason = f"{host}:{port} cannot be listened on; correct HOST or PORT ({error.strerror})"
        raise Unavailable("PORT", reason, retryable=False) from None


class WebServer:
    """`async with WebServer(...)`: listens inside the block, and lets requests in flight finish at its end.

    `port` 0 takes a free one, which `.port` then names. `routes`: what else is served, such as Slack's deliveries.
    `stop_patience` bounds each of the two steps of stopping: waiting for a request, then waiting for its cancellation.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        readiness: Sequence[Probe],
        metrics: Metrics,
        routes: Sequence[web.RouteDef] = (),
        probe_patience: timedelta = PROBE_PATIENCE,
        stop_patience: timedelta = STOP_PATIENCE,
        patience: Patience = Patience(),  # noqa: B008 - a frozen value
    ) -> None:
        self._host = host
        self._wanted_port = port
        self._readiness = readiness
        self._metrics = metrics
        self._routes = routes
        self._probe_patience = probe_patience
        self._stop_patience = stop_patience
        self._patience = patience
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        """Raises OSError when the port is taken."""
        patience = self._stop_patience.total_seconds()
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=patience)
        try:
            await self._runner.setup()
            await Reception(self._runner, self._host, self._wanted_port, self._patience).start()
        except BaseException:
            await self._runner.cleanup()
            raise
        return self

    async def __aexit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if self._runner:
            await self._runner.cleanup()

    @property
    def port(self) -> int:
        """The port that is listened on; only while serving."""
        assert self._runner is not None, "the server is not started"
        port: int = self._runner.addresses[0][1]
        return port

    @property
    def served(self) -> frozenset[str]:
        """What is answered, such as 'POST /slack/events'; only while serving."""
        assert self._runner is not None, "the server is not started"
        routes = self._runner.app.router.routes()
        return frozenset(f"{each.method} {each.resource.canonical}" for each in routes if each.resource)

    def _application(self) -> web.Application:
        application = web.Application(
            client_max_size=BODY_LIMIT, middlewares=[answer_bugs, taking_in_time(self._patience.body)]
        )
        application.on_response_prepare.append(add_headers)
        application.router.add_get("/healthz", self._healthz)
        application.router.add_get("/readyz", self._readyz)
        application.router.add_get("/metrics", self._metrics_page)
        application.router.add_routes(self._routes)
        return application

    async def _healthz(self, _request: web.Request) -> web.Response:
        """The process is alive and its loop turns; nothing else is asked, or a store's outage would restart us."""
        return web.Response(text="ok\n")

    async def _readyz(self, _request: web.Request) -> web.Response:
        readiness = await ask(self._readiness, self._probe_patience)
        parts = {name: redacted(why) if why else "ready" for name, why in readiness.parts.items()}
        return web.json_response({"ready": readiness.ready, "parts": parts}, status=200 if readiness.ready else 503)

    async def _metrics_page(self, _request: web.Request) -> web.Response:
        body, content_type = self._metrics.exposition()
        return web.Response(body=body, headers={hdrs.CONTENT_TYPE: content_type})
