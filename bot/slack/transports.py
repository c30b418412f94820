"""Signed HTTP, the way in which Slack reaches the app where there is no app-level token."""

import json
from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

from bot.crash_point import CrashPoint, crash_point
from bot.slack.event_table import is_heard


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


def _is_unheard(body: str) -> bool:
    """Only events are JSON; whatever else has no event type that is heard is Bolt's to judge. Raises ValueError."""
    if not body.startswith("{"):
        return False
    payload = json.loads(body)
    return payload.get("type") == "event_callback" and not is_heard(payload)
