"""The two ways in which Slack reaches the app: Socket Mode and signed HTTP. Both finish what they began."""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import ClientError, ClientSession, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.async_base_handler import AsyncBaseSocketModeHandler
from slack_bolt.adapter.socket_mode.async_internals import run_async_bolt_app, send_async_response
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.crash_point import CrashPoint, crash_point
from bot.ports import Unavailable
from bot.slack.event_table import is_heard
from bot.slack.outcome import SLACK

PING_EVERY: Final = 5.0
"""Seconds. Four unanswered pings in a row and the client opens a new connection."""
DRAINED_WITHIN: Final = 3.0
"""Seconds: Slack gives no answer more than that."""


_METHOD: Final = "apps.connections.open"


class _Client(SocketModeClient):
    """Slack's client, which else tries one address for ever: a ticket opens one socket, so an attempt that failed
    needs a new one. An address counts as long as one attempt takes, less than the pause before the next.
    """

    _address: str | None = None
    _issued: float = 0.0

    @property  # type: ignore[override]  # annotated as str there, and None until the first address
    def wss_uri(self) -> str | None:
        stale = time.monotonic() - self._issued > self.ping_interval * 0.9
        return None if stale else self._address

    @wss_uri.setter
    def wss_uri(self, address: str | None) -> None:
        self._address, self._issued = address, time.monotonic()


class SocketMode(AsyncBaseSocketModeHandler):
    """Socket Mode with a count of the requests at work, so that closing loses no acknowledgement.

    Make it within a running loop: Slack's client opens its session in its constructor.
    """

    app: AsyncApp

    def __init__(self, app: AsyncApp, app_token: str, web_client: AsyncWebClient, ping_interval: float) -> None:
        self.app = app
        self.client: SocketModeClient = _Client(
            app_token, logger=_brief_log(), web_client=web_client, ping_interval=ping_interval
        )
        self.client.socket_mode_request_listeners.append(self.handle)
        self._at_work = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def handle(self, client: AsyncBaseSocketModeClient, req: SocketModeRequest) -> None:
        """One envelope: dispatched and acknowledged. Bolt's way to "nothing to do" takes a millisecond, and every
        message of every channel that we are in would go it."""
        if req.type == "events_api" and not is_heard(req.payload):
            await client.send_socket_mode_response(SocketModeResponse(envelope_id=req.envelope_id))
            return
        self._at_work += 1
        self._idle.clear()
        try:
            started = time.time()
            answer = await run_async_bolt_app(self.app, req)
            crash_point(CrashPoint.BEFORE_ACKNOWLEDGEMENT)
            await send_async_response(client, req, answer, started)
        finally:
            self._at_work -= 1
            if self._at_work == 0:
                self._idle.set()

    async def start(self) -> None:
        """Returns once connected; from then on the client reconnects by itself. Raises Unavailable for a token that
        opens no socket, which the client alone would try for ever."""
        try:
            self.client.wss_uri = await self.client.issue_new_wss_url()
        except SlackApiError as error:
            reason = f"SLACK_APP_TOKEN opens no socket ({_code(error)}); copy it anew from Basic Information"
            raise Unavailable(SLACK, f"{_METHOD}: {reason}", retryable=False) from None
        except (ClientError, TimeoutError, OSError) as error:
            raise Unavailable(SLACK, f"{_METHOD}: {type(error).__name__}") from None
        await self.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it unannotated

    async def is_alive(self) -> bool:
        return bool(await self.client.is_connected())

    async def close(self, within: float = DRAINED_WITHIN) -> None:
        """What is at work is finished and acknowledged first, for at most `within` seconds."""
        try:
            async with asyncio.timeout(within):
                await self._idle.wait()
        except TimeoutError:
            logging.getLogger(__name__).warning("%d requests were unanswered at shutdown", self._at_work)
        await self.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it unannotated


def _is_unheard(body: str) -> bool:
    """Only events are JSON; whatever else has no event type that is heard is Bolt's to judge. Raises ValueError."""
    if not body.startswith("{"):
        return False
    payload = json.loads(body)
    return payload.get("type") == "event_callback" and not is_heard(payload)


def _code(error: SlackApiError) -> str:
    data: Any = getattr(error.response, "data", error.response)
    return str(data.get("error", "no answer")) if isinstance(data, dict) else "no answer"


def _brief_log() -> logging.Logger:
    """An outage of Slack is one line an attempt, not one traceback."""
    brief = logging.getLogger("muster.socket_mode")
    brief.setLevel(logging.WARNING)
    if not brief.filters:
        brief.addFilter(_without_traceback)
    return brief


def _without_traceback(record: logging.LogRecord) -> bool:
    record.exc_info = record.exc_text = None
    return True


def socket_mode(
    app: AsyncApp, *, app_token: str, base_url: str, session: ClientSession | None = None, ping: float = PING_EVERY
) -> SocketMode:
    """`base_url`: the Web API's, which also says where the socket is (a proxy, GovSlack, the local workspace)."""
    web_client = AsyncWebClient(base_url=base_url, session=session, timeout=10)
    return SocketMode(app, app_token, web_client, ping)


def http_handler(app: AsyncApp, signing_secret: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Answers POST /slack/events. Bolt checks the signature and its age before any listener runs; an event of which
    nothing can follow is checked just so here, and goes no further."""
    verifier = SignatureVerifier(signing_secret)

    async def receive(request: web.Request) -> web.Response:
        try:
            asked = await to_bolt_request(request)
            if verifier.is_valid_request(asked.raw_body, dict(request.headers)) and _is_unheard(asked.raw_body):
                return web.Response()
        except ValueError:
            return web.Response(status=400, text="unreadable body")
        answer = await app.async_dispatch(asked)
        crash_point(CrashPoint.BEFORE_ACKNOWLEDGEMENT)
        return await to_aiohttp_response(answer)

    return receive
