"""The API's routes: who calls is asked first, then what for; every refusal is a Problem."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

import structlog
from aiohttp import hdrs, web

from bot.api import changing, freezing, reading
from bot.api.body import as_bytes, read_body
from bot.api.declaring import declare
from bot.api.keys import KEY_HEADER
from bot.api.openapi import document
from bot.api.problems import Problem, busy, forbidden, unauthorised
from bot.api.shapes import Declaration, Question, whole
from bot.api_tokens import ApiToken, Scope, token_of
from bot.command_handler import CommandHandler
from bot.freeze_keeper import FreezeKeeper
from bot.incident.listing import listing
from bot.incident.terms import Rejected
from bot.index_ports import Changes
from bot.ports import Unavailable, WallClock
from bot.slack_ports import Directory

MOST_AT_ONCE: Final = 64
"""Requests at work; one more is told to come again soon, and Slack's own deliveries are never kept waiting."""

Answer = Callable[[web.Request, ApiToken], Awaitable[web.StreamResponse]]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """`tokens`: whoever may call. `door` and `people`: as for Slack's own commands."""

    door: CommandHandler
    people: Directory
    changes: Changes
    freezes: FreezeKeeper
    clock: WallClock
    tokens: Sequence[ApiToken]

    def routes(self) -> list[web.RouteDef]:
        at_work = asyncio.Semaphore(MOST_AT_ONCE)

        def guarded(scope: Scope, answer: Answer) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
            async def answered(request: web.Request) -> web.StreamResponse:
                return await _answered(request, self.tokens, scope, answer, at_work)

            return answered

        return [
            web.get("/api/openapi.json", _document, allow_head=False),
            web.get("/api/incidents", guarded(Scope.READ, self._list), allow_head=False),
            web.get("/api/incidents/{number}", guarded(Scope.READ, self._show), allow_head=False),
            web.post("/api/incidents", guarded(Scope.DECLARE, self._declare)),
            web.get("/api/changes", guarded(Scope.READ, self._changes), allow_head=False),
            web.post("/api/changes", guarded(Scope.CHANGES, self._hear)),
            web.get("/api/freezes", guarded(Scope.READ, self._frozen), allow_head=False),
        ]

    async def _list(self, request: web.Request, token: ApiToken) -> web.StreamResponse:
        question = reading.question_of(request, Question)
        return reading.answer(await reading.page(self.door.log, question, token), request)

    async def _show(self, request: web.Request, token: ApiToken) -> web.StreamResponse:
        number = reading.number_of(request)
        try:
            incident = await self.door.read(number)
        except Rejected:
            raise reading.no_such(number) from None
        return reading.whole_answer(incident, token, request)

    async def _declare(self, request: web.Request, token: ApiToken) -> web.StreamResponse:
        wish = await read_body(request, Declaration)
        declared = await declare(self.door, self.people, wish, token, request.headers.get(KEY_HEADER))
        status = HTTPStatus.OK if declared.repeated else HTTPStatus.CREATED
        incident = declared.incident
        body = as_bytes(whole(incident, listing(incident)).model_dump(mode="json"))
        headers = {hdrs.LOCATION: f"/api/incidents/{incident.id}", hdrs.CONTENT_TYPE: "application/json"}
        return web.Response(status=status, body=body, headers=headers)

    async def _changes(self, request: web.Request, _token: ApiToken) -> web.StreamResponse:
        return reading.answer(await changing.known(self.changes, self.clock.now()), request)

    async def _hear(self, request: web.Request, token: ApiToken) -> web.StreamResponse:
        told = await read_body(request, changing.ToldChange)
        key, now = request.headers.get(KEY_HEADER), self.clock.now()
        heard = await changing.hear(self._hearing, told, token, key, now)
        return web.json_response(
            heard.model_dump(mode="json"), status=HTTPStatus.CREATED if heard.new else HTTPStatus.OK
        )

    async def _frozen(self, request: web.Request, _token: ApiToken) -> web.StreamResponse:
        question = reading.question_of(request, freezing.FreezeQuestion)
        told = await freezing.now_frozen(self.freezes, question, self.door.policy, self.clock.now())
        return reading.answer(told, request)

    @property
    def _hearing(self) -> changing.Hearing:
        return changing.Hearing(changes=self.changes, freezes=self.freezes)


async def _document(_request: web.Request) -> web.Response:
    return web.Response(body=as_bytes(document()), headers={hdrs.CONTENT_TYPE: "application/json"})


async def _answered(
    request: web.Request, tokens: Sequence[ApiToken], scope: Scope, answer: Answer, at_work: asyncio.Semaphore
) -> web.StreamResponse:
    try:
        token = token_of(tokens, request.headers.get(hdrs.AUTHORIZATION, ""))
        if token is None:
            raise unauthorised()
        if scope not in token.scopes:
            raise forbidden(scope)
        if at_work.locked():
            raise busy("Too many requests are at work. Try again in a second.", 1)
        async with at_work:
            return await answer(request, token)
    except Problem as problem:
        return problem.answer()
    except Rejected as refusal:
        return Problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(refusal), field=refusal.field).answer()
    except Unavailable as failure:
        _log.warning("api_unavailable", path=request.path, what=failure.what, reason=failure.reason)
        return _unavailable(failure).answer()


def _unavailable(failure: Unavailable) -> Problem:
    if failure.unknown:
        return busy("Whether it was done is not known. Send it again with the same key: it is done once.", 2)
    return busy("Muster cannot do this right now, and nothing was changed. Try again in a moment.", 5)
