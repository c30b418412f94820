"""What every answer gets, whatever made it: safe headers, no banner, and a reference instead of a trace."""

import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

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
