"""Keeps other sites out of the page and its API: a browser on this machine also runs strangers' scripts. What the app
itself uses is left alone; tokens guard that.
"""

from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
OF_THE_APP = ("/api/", "/link/", "/commands/", "/upload/")
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
ELSEWHERE = frozenset({"cross-site", "same-site"})


def names_loopback(host: str) -> bool:
    """Whether a Host header names this machine, so that no foreign name that leads here is served (DNS rebinding)."""
    try:
        return urlsplit(f"//{host}").hostname in LOOPBACK
    except ValueError:
        return False


def is_foreign(request: web.Request) -> bool:
    """Whoever sends no Origin is no page's script: our own client, curl, or a person who followed a link."""
    if not names_loopback(request.headers.get("Host", "")):
        return True
    origin = request.headers.get("Origin")
    if origin is not None and origin != f"http://{request.headers['Host']}":
        return True
    is_asked_by_a_site = request.headers.get("Sec-Fetch-Site") in ELSEWHERE
    return is_asked_by_a_site and request.headers.get("Sec-Fetch-Mode") != "navigate"


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    if request.path.startswith(OF_THE_APP):
        return await handler(request)
    if is_foreign(request):
        return web.Response(status=HTTPStatus.FORBIDDEN, text="This workspace serves its own page only.\n")
    try:
        response = await handler(request)
    except web.HTTPException as failure:
        failure.headers.update(HEADERS)
        raise
    if not response.prepared:
        response.headers.update(HEADERS)
    return response
