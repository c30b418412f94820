"""GitHub's webhook is a doorbell: whoever rings it with the right signature has the changes read at once.

Nothing of its content is believed or kept, so what is lost, comes twice or in another order does no harm: GitHub
repeats no delivery, and what was missed is read a minute later. Signature: HMAC-SHA256 over the body, as
docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries says.
"""

import hmac
from collections.abc import Callable
from hashlib import sha256
from typing import Final

import structlog
from aiohttp import web

PATH: Final = "/trackers/github"
_HEARD: Final = "issues"

_log = structlog.get_logger(__name__)


def webhook_route(secret: str, ring: Callable[[], None]) -> web.RouteDef:
    """Answers 202 before anything is read; 401 without a word where the signature is not right. The server bounds the
    body.
    """

    async def receive(request: web.Request) -> web.Response:
        body = await request.read()
        if not is_signed(body, request.headers.get("X-Hub-Signature-256", ""), secret):
            _log.info("webhook_not_signed", tracker="GitHub")
            return web.Response(status=401)
        if request.headers.get("X-GitHub-Event") != _HEARD:
            return web.Response(status=200)
        ring()
        return web.Response(status=202)

    return web.post(PATH, receive)


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """In the same time, whatever is wrong with it."""
    right = f"sha256={hmac.new(secret.encode(), body, sha256).hexdigest()}"
    return hmac.compare_digest(signature.encode(errors="surrogateescape"), right.encode())
