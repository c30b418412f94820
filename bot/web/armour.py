"""What every request meets and every answer gets: time for its body, safe headers, a reference instead of a trace."""

import asyncio

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
