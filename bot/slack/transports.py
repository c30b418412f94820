"""Signed HTTP, the way in which Slack reaches the app where there is no app-level token."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.crash_point import CrashPoint, crash_point
from bot.slack.event_table import is_heard

_SIGNATURE: Final = ("X-Slack-Signature", "X-Slack-Request-Timestamp")
_CERTIFICATE_CHECK: Final = b"ssl_check=1"
"""What Slack sends now and then to look at our certificate; it wants no more than an answer."""


def http_handler(app: AsyncApp, signing_secret: str) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Answers POST /slack/events. Signature and its age are checked before anything of the body is parsed: Bolt would
    parse first. An event of which nothing can follow goes no further than this."""
    verifier = SignatureVerifier(signing_secret)

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        if _CERTIFICATE_CHECK in body.split(b"&"):
            return web.Response()
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return _unreadable()
        if not _is_slacks(verifier, request, text):
            return web.Response(status=401, text="This is not signed as Slack signs.\n")
        asked = _read(request, text)
        if asked is None:
            return _unreadable()
        if asked.body.get("type") == "event_callback" and not is_heard(asked.body):
            return web.Response()
        answer = await app.async_dispatch(asked)
        crash_point(CrashPoint.BEFORE_ACKNOWLEDGEMENT)
        return await to_aiohttp_response(answer)

    return receive


def _unreadable() -> web.Response:
    return web.Response(status=400, text="This body does not read.\n")


def _is_slacks(verifier: SignatureVerifier, request: web.Request, body: str) -> bool:
    """False where the signature cannot be one: slack_sdk makes exceptions of what is no ASCII and no number."""
    signature, stamp = (request.headers.get(name, "") for name in _SIGNATURE)
    if not signature.isascii() or not (stamp.isascii() and stamp.isdecimal() and len(stamp) < 16):
        return False
    return verifier.is_valid(body, stamp, signature)


def _read(request: web.Request, body: str) -> AsyncBoltRequest | None:
    """None where the body is not of Slack's shape, whoever signed it: Bolt finds that out in several ways."""
    try:
        headers: dict[str, str | Sequence[str]] = {name: [value] for name, value in request.headers.items()}
        asked = AsyncBoltRequest(body=body, query=request.query_string, headers=headers)
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    return asked
