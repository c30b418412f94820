"""The two ways in which Slack reaches the app: Socket Mode and signed HTTP. Both finish what they began."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import ClientSession, web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.slack.event_table import is_heard

PING_EVERY: Final = 5.0
"""Seconds. Four unanswered pings in a row and the client opens a new connection."""
DRAINED_WITHIN: Final = 3.0
"""Seconds: Slack gives no answer more than that."""


class SocketMode(AsyncSocketModeHandler):
    """Socket Mode with a count of the requests at work, so that closing loses no acknowledgement.

    Make it within a running loop: Slack's client opens its session in its constructor.
    """

    def __init__(self, app: AsyncApp, app_token: str, web_client: AsyncWebClient, ping_interval: float) -> None:
        super().__init__(app, app_token, web_client=web_client, ping_interval=ping_interval)
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
            await super().handle(client, req)  # type: ignore[arg-type]
        finally:
            self._at_work -= 1
            if self._at_work == 0:
                self._idle.set()

    async def start(self) -> None:
        """Returns once connected; from then on the client reconnects by itself."""
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


def socket_mode(
    app: AsyncApp, *, app_token: str, base_url: str, session: ClientSession | None = None, ping: float = PING_EVERY
) -> SocketMode:
    """`base_url`: the Web API's, which also says where the socket is (a proxy, GovSlack, the local workspace)."""
    web_client = AsyncWebClient(base_url=base_url, session=session, timeout=10)
    return SocketMode(app, app_token, web_client, ping)


def http_handler(app: AsyncApp) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Answers POST /slack/events. Bolt checks the signature and its age before any listener runs."""

    async def receive(request: web.Request) -> web.Response:
        try:
            asked = await to_bolt_request(request)
        except ValueError:
            return web.Response(status=400, text="unreadable body")
        return await to_aiohttp_response(await app.async_dispatch(asked))

    return receive
