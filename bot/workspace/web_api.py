"""The Web API over HTTP: reads arguments in every form Slack takes, checks token and scopes, answers,
journals.
"""

import asyncio
import json
import logging
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.workspace import methods_canvases, methods_channels, methods_chat, methods_files, methods_views
from bot.workspace.api_call import Call, Method
from bot.workspace.broken_rules import BROKEN
from bot.workspace.changes import Touched
from bot.workspace.faults import ApiFault, Fault
from bot.workspace.refusal import Json, Refusal
from bot.workspace.site import Site

log = logging.getLogger(__name__)

METHODS: dict[str, Method] = (
    methods_canvases.METHODS
    | methods_channels.METHODS
    | methods_chat.METHODS
    | methods_files.METHODS
    | methods_views.METHODS
)
GATEWAY_PAGE = "<html><body><h1>502 Bad Gateway</h1></body></html>"
PAGES = {ApiFault.HTML_BODY: "<html><body><h1>Please sign in</h1></body></html>", ApiFault.EMPTY_BODY: ""}
"""What stands between us and Slack may say 200 and something that is no answer of Slack's."""


async def arguments(request: web.Request) -> Json:
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except ValueError:
            raise Refusal("invalid_json") from None
        if not isinstance(body, dict):
            raise Refusal("json_not_object")
        return args | body
    for name, value in (await request.post()).items():
        args[name] = value.filename if isinstance(value, FileField) else value
    return args


async def readable_arguments(request: web.Request) -> Json:
    """The arguments, for whoever looks at them before the call is answered; none where they do not read."""
    try:
        return await arguments(request)
    except Refusal:
        return {}


def token_of(request: web.Request, args: Json) -> str:
    """Wherever it stands, it is no argument any more."""
    given = str(args.pop("token", ""))
    return request.headers.get("Authorization", "").removeprefix("Bearer ").strip() or given


def connection_of(request: web.Request) -> int:
    """The caller's port, which tells connections apart; 0 where it has gone already."""
    return int((request.get_extra_info("peername") or ("", 0))[1])


class WebApi:
    def __init__(self, site: Site) -> None:
        self._site = site

    async def receive(self, request: web.Request) -> web.StreamResponse:
        """Every call is journalled with what it answered, also those that a fault then hides from the
        caller.
        """
        name = request.match_info["method"]
        entry: Json = {
            "time": self._site.clock.now(),
            "method": name,
            "args": {},
            "answer": None,
            "status": 200,
            "connection": connection_of(request),
            "broke": False,
        }
        self._site.journal.calls.add(entry)
        started = asyncio.get_running_loop().time()
        try:
            return await self._faulty(request, name, entry)
        finally:
            entry["duration_ms"] = (asyncio.get_running_loop().time() - started) * 1000
            self._site.changes.happened(Touched(journal=True))

    async def _faulty(self, request: web.Request, name: str, entry: Json) -> web.StreamResponse:
        asked = await readable_arguments(request)
        entry["args"] = {name: value for name, value in asked.items() if name != "token"}
        struck = self._site.faults.of_call(name, asked)
        for fault in struck:
            if fault.kind is ApiFault.HOLD:
                await asyncio.sleep(fault.seconds)
        other = next((fault for fault in struck if fault.kind is not ApiFault.HOLD), None)
        if other and not (other.after or other.kind is ApiFault.LOSE_REPLY):
            return struck_by(other, entry, self._headers())
        answer, status, headers = await self._answer(request, name, entry)
        if other and other.kind is ApiFault.LOSE_REPLY:
            entry |= {"answer": answer, "status": 0}
            raise_connection(request)
        if other:
            return struck_by(other, entry, self._headers())
        return respond(entry, answer, status, self._headers() | headers)

    async def _answer(self, request: web.Request, name: str, entry: Json) -> tuple[Json, int, dict[str, str]]:
        try:
            args = await arguments(request)
            token = token_of(request, args)
            entry["args"] = args
            method = self._method(name)
            self._check_token(method, token)
            wait = self._site.rate_limits.retry_after(name, method.tier, str(args.get("channel", "")))
            if wait:
                return {"ok": False, "error": "ratelimited"}, 429, {"Retry-After": str(wait)}
            return {"ok": True, **method.run(Call(site=self._site, args=args))}, 200, {}
        except Refusal as refusal:
            entry["broke"] = refusal.error in BROKEN
            return refusal.answer(), 200, {}

    def _method(self, name: str) -> Method:
        if name not in METHODS:
            log.error("unknown_method %s: the workspace does not speak it", name)
            raise Refusal("unknown_method", req_method=name)
        return METHODS[name]

    def _check_token(self, method: Method, token: str) -> None:
        install = self._site.install
        if method.opened_by == "none":
            return
        if not token:
            raise Refusal("not_authed")
        if token not in {install.bot_token, install.app_token}:
            raise Refusal("invalid_auth")
        if token != (install.app_token if method.opened_by == "app" else install.bot_token):
            raise Refusal("not_allowed_token_type")
        if method.scopes and not set(method.scopes) & set(install.scopes):
            raise Refusal("missing_scope", needed=",".join(method.scopes), provided=",".join(install.scopes))

    def _headers(self) -> dict[str, str]:
        return {"X-OAuth-Scopes": ",".join(self._site.install.scopes)}


def struck_by(fault: Fault, entry: Json, headers: dict[str, str]) -> web.StreamResponse:
    if isinstance(fault.kind, ApiFault) and fault.kind in PAGES:
        entry |= {"answer": None, "status": int(HTTPStatus.OK)}
        kind = "text/html" if fault.kind is ApiFault.HTML_BODY else "application/json"
        return web.Response(text=PAGES[fault.kind], content_type=kind, headers=headers)
    return respond(entry, *broken(fault), headers)


def broken(fault: Fault) -> tuple[Json | None, int, dict[str, str]]:
    match fault.kind:
        case ApiFault.BAD_GATEWAY:
            return None, HTTPStatus.BAD_GATEWAY, {}
        case ApiFault.RATELIMITED:
            wait = str(max(1, round(fault.seconds)))
            return {"ok": False, "error": "ratelimited"}, HTTPStatus.TOO_MANY_REQUESTS, {"Retry-After": wait}
        case ApiFault.REFUSE:
            return {"ok": False, "error": fault.error}, HTTPStatus.OK, {}
        case _:
            return {"ok": False, "error": "internal_error"}, HTTPStatus.INTERNAL_SERVER_ERROR, {}


def respond(entry: Json, answer: Json | None, status: int, *headers: dict[str, str]) -> web.StreamResponse:
    """`answer` None is what a proxy in front of Slack says: HTML."""
    entry |= {"answer": json.loads(json.dumps(answer)), "status": int(status)}
    merged = {name: value for each in headers for name, value in each.items()}
    if answer is None:
        return web.Response(status=status, text=GATEWAY_PAGE, content_type="text/html", headers=merged)
    return web.json_response(answer, status=status, headers=merged)


def raise_connection(request: web.Request) -> None:
    """Drop the connection, so that the caller never learns what became of the call."""
    if request.transport is not None:
        request.transport.abort()
    raise web.HTTPServiceUnavailable
