"""What every request meets and every answer gets: time for its body, safe headers, a reference instead of a trace."""

import asyncio
from typing import Final

import structlog
from aiohttp import StreamReader, hdrs, web
from aiohttp.typedefs import Handler, Middleware

from bot.clock import new_bug_reference

_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

LARGE: Final = 64 * 1024
"""Bytes, or a body that does not say how long it is. Hardly anything of Slack's or GitHub's is."""
MOST_LARGE: Final = 32

_ONCE: Final = (
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "X-Hub-Signature-256",
    "X-PagerDuty-Signature",
    "X-Slack-Request-Timestamp",
    "X-Slack-Signature",
)
"""Whoever stands before us may have judged the other one."""

log = structlog.get_logger(__name__)


async def add_headers(_request: web.Request, response: web.StreamResponse) -> None:
    """A signal for `on_response_prepare`; a header that the page has set itself stays."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.popall(hdrs.SERVER, None)


@web.middleware
async def answer_bugs(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The entry point's one handler of bugs: the person gets a reference, the log gets the rest."""
    try:
        return await handler(request)
    except web.HTTPException:
        raise
    except Exception:
        reference = new_bug_reference()
        log.exception("page_failed", path=request.path, reference=reference)
        return web.Response(status=500, text=f"This request failed, and why is in the log (ref {reference}).\n")


def taking_in_time(seconds: float) -> Middleware:
    """Whoever sends too slowly is not waited for; what is packed is not unpacked, or a small body could be a huge one.

    Routes that want less patience look after that themselves.
    """

    @web.middleware
    async def take_in_time(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.headers.get(hdrs.CONTENT_ENCODING, "identity").lower() != "identity":
            sentence = "Send the body as it is, without Content-Encoding.\n"
            return web.Response(status=415, text=sentence, headers={hdrs.ACCEPT_ENCODING: "identity"})
        if twice := next((name for name in _ONCE if len(request.headers.getall(name, ())) > 1), ""):
            return web.Response(status=400, text=f"{twice} is there twice.\n")
        late = TimeoutError("the body did not arrive in time")
        timer = asyncio.get_running_loop().call_later(seconds, _give_up, request.content, late)
        try:
            return await handler(request)
        except TimeoutError as error:
            if error is not late:
                raise
            return web.Response(status=408, text="The body did not arrive in time.\n")
        except web.RequestPayloadError:
            return web.Response(status=400, text="This request does not read.\n")
        except ConnectionError:
            if request.transport is not None:
                raise
            return web.Response(status=499, reason="Client hung up")
        finally:
            timer.cancel()

    return take_in_time


def _give_up(body: StreamReader, late: TimeoutError) -> None:
    if not body.is_eof():
        body.set_exception(late)


def few_large(handler: Handler, most: int = MOST_LARGE) -> Handler:
    """For whoever must read the whole body before it is known who sent it: so many large ones at once, and no more."""
    at_work = 0

    async def answered(request: web.Request) -> web.StreamResponse:
        nonlocal at_work
        size = request.content_length if request.content_length is not None else LARGE * request.can_read_body
        if size < LARGE:
            return await handler(request)
        if at_work >= most:
            return web.Response(status=503, text="Too many large requests at once. Send this again in a moment.\n")
        at_work += 1
        try:
            return await handler(request)
        finally:
            at_work -= 1

    return answered
