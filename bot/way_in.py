"""How the world reaches Muster: Slack, over HTTP or its socket, and whatever else calls. Opened last of all."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Final

from aiohttp import web
from pydantic import SecretStr
from slack_bolt.app.async_app import AsyncApp

from bot.api.routes import Api
from bot.command_handler import CommandHandler
from bot.freeze_keeper import FreezeKeeper
from bot.parts import Parts
from bot.schedule.background import background
from bot.settings import Transport
from bot.slack.app import build_app
from bot.slack.directory import SlackDirectory
from bot.slack.listening import Desk
from bot.slack.slack_readiness import SlackProbe
from bot.slack.slack_socket import SocketMode
from bot.slack.transports import http_handler
from bot.store.store_readiness import StoreProbe
from bot.web.armour import few_large
from bot.web.web_server import SLACK_PATH, WebServer, listening

_REQUESTS_WITHIN: Final = timedelta(seconds=3)
"""For requests in flight; Slack gives up on any after as long."""


async def open_the_way_in(
    parts: Parts, desk: Desk, routes: Sequence[web.RouteDef], losses: list[asyncio.Task[None]], stack: AsyncExitStack
) -> WebServer:
    """Starts to listen, last of all."""
    settings = parts.settings
    secret = settings.slack_signing_secret
    app = build_app(desk, client=parts.client.sdk, signing_secret=secret.get_secret_value() if secret else "")
    socket = _socket(parts, app)
    if socket:
        stack.push_async_callback(socket.close)
    server = WebServer(
        settings.host,
        settings.port,
        readiness=(StoreProbe(store=parts.store), SlackProbe(socket=socket, client=parts.client)),
        metrics=parts.metrics,
        routes=[*_slack_routes(app, secret, socket), *routes],
        stop_patience=_REQUESTS_WITHIN,
    )
    await listening(server, settings.host, settings.port, stack)
    if socket:
        await socket.start()
        losses.append(background(stack, socket.until_lost(), "socket"))
    background(stack, parts.announced.warm_up(), "announcement channels")
    return server


def _slack_routes(app: AsyncApp, secret: SecretStr | None, socket: SocketMode | None) -> list[web.RouteDef]:
    if socket:
        return []
    return [web.post(SLACK_PATH, few_large(http_handler(app, secret.get_secret_value() if secret else "")))]


def api_routes(
    parts: Parts, handler: CommandHandler, directory: SlackDirectory, freezes: FreezeKeeper
) -> list[web.RouteDef]:
    """None where nobody may call."""
    if not parts.settings.callers:
        return []
    api = Api(
        door=handler,
        people=directory,
        changes=parts.store.changes,
        freezes=freezes,
        clock=parts.clock,
        tokens=parts.settings.callers,
    )
    return api.routes()


def _socket(parts: Parts, app: AsyncApp) -> SocketMode | None:
    settings = parts.settings
    if settings.transport is not Transport.SOCKET_MODE or settings.slack_app_token is None:
        return None
    return SocketMode(
        app,
        app_token=settings.slack_app_token.get_secret_value(),
        base_url=settings.slack_api_url,
        slack_answers=parts.client.answers,
        ping=parts.pace.ping,
        lost_after=parts.pace.lost_after,
    )
