"""The control API, for people and tests; an app never calls it. Refusals are 409 with {"error": …}.

POST /control/act {"as": name, "do": verb, …}            verbs: doing.VERBS
GET  /control/see?as=name&what=…&channel=…&ts=…          questions: seeing.QUESTIONS
     of the page: history.QUESTIONS, sidebar.QUESTIONS
GET  /control/live?as=name   WebSocket: live.Watcher    GET /control/app   GET /control/drills   GET /control/alerts
GET  /control/changes?after=N&seconds=S                  answers {"number": N} at the next change
GET  /control/calls?method=…&since=N&limit=L   /control/deliveries?kind=…&since=N&limit=L
GET  /control/answers?since=N&limit=L                    what came through response_urls   /control/about
POST /control/rule {"do": "advance" | "fault" | …}       rules: ruling.RULES
"""

from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Any, TypeVar

from aiohttp import web

from bot.workspace import history, seeing, sidebar
from bot.workspace.app_card import about_app
from bot.workspace.doing import VERBS
from bot.workspace.journal import Numbered
from bot.workspace.redaction import without_tokens
from bot.workspace.refusal import Json, Refusal
from bot.workspace.response_urls import body_of
from bot.workspace.ruling import RULES
from bot.workspace.site import Site

QUESTIONS = seeing.QUESTIONS | sidebar.QUESTIONS | history.QUESTIONS
LONGEST_POLL_SECONDS = 30.0
Found = TypeVar("Found")


def answer(found: Any) -> web.Response:
    return web.json_response(found)


def named(table: Mapping[str, Found], name: Any) -> Found:
    if name not in table:
        raise Refusal("unknown_verb", known=sorted(table))
    return table[name]


def number_of(request: web.Request, name: str) -> int | None:
    asked = request.query.get(name)
    if asked is None:
        return None
    if not asked.isdecimal():
        raise Refusal("invalid_arguments", argument=name)
    return int(asked)


async def answer_or_refuse(work: Callable[[], Awaitable[Any]]) -> web.Response:
    try:
        return answer(await work())
    except Refusal as refusal:
        return web.json_response(refusal.answer(), status=HTTPStatus.CONFLICT)
    except KeyError as missing:
        unsaid = Refusal("missing_argument", argument=str(missing.args[0]))
        return web.json_response(unsaid.answer(), status=HTTPStatus.CONFLICT)


class Control:
    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/control/act", self.act),
            web.get("/control/see", self.see),
            web.get("/control/changes", self.changes),
            web.get("/control/calls", self.calls),
            web.get("/control/deliveries", self.deliveries),
            web.get("/control/answers", self.answers),
            web.get("/control/about", self.about),
            web.get("/control/app", self.app),
            web.get("/control/drills", self.drills),
            web.get("/control/alerts", self.alerts),
            web.post("/control/rule", self.rule),
        ]

    async def act(self, request: web.Request) -> web.Response:
        async def do() -> Any:
            args = await body_of(request)
            user = self._site.team.account_named(str(args.get("as", "")))
            return await named(VERBS, args.get("do"))(self._site, user, args)

        return await answer_or_refuse(do)

    async def see(self, request: web.Request) -> web.Response:
        async def look() -> Any:
            args: Json = dict(request.query)
            user = self._site.team.account_named(args.get("as", ""))
            return named(QUESTIONS, args.get("what"))(self._site, user, args)

        return await answer_or_refuse(look)

    async def changes(self, request: web.Request) -> web.Response:
        after = int(request.query.get("after", "-1"))
        seconds = min(float(request.query.get("seconds", LONGEST_POLL_SECONDS)), LONGEST_POLL_SECONDS)
        return answer({"number": await self._site.changes.after(after, seconds)})

    async def calls(self, request: web.Request) -> web.Response:
        return self._part_of(self._site.journal.calls, "method", request)

    async def deliveries(self, request: web.Request) -> web.Response:
        return self._part_of(self._site.journal.deliveries, "kind", request)

    async def answers(self, request: web.Request) -> web.Response:
        return self._part_of(self._site.journal.answers, "method", request)

    def _part_of(self, entries: Numbered, name: str, request: web.Request) -> web.Response:
        try:
            since, limit = number_of(request, "since"), number_of(request, "limit")
        except Refusal as refusal:
            return web.json_response(refusal.answer(), status=HTTPStatus.CONFLICT)
        found = entries.part(request.query.get(name), since, limit)
        return web.json_response(text=without_tokens(found, self._site.install))

    async def about(self, _request: web.Request) -> web.Response:
        team = self._site.team
        people = {account.name: account.id for account in team.accounts.values()}
        names = {channel.name: channel.id for channel in team.channels.values() if not channel.is_im}
        state = {"team": team.id, "people": people, "channels": names, "now": self._site.clock.now()}
        return answer(state | {"connections": len(self._site.socket_mode.connections)})

    async def app(self, _request: web.Request) -> web.Response:
        return answer(about_app(self._site))

    async def drills(self, _request: web.Request) -> web.Response:
        host = self._site.host
        return answer({"drills": host.drills(), "playing": host.playing()})

    async def alerts(self, _request: web.Request) -> web.Response:
        return answer(self._site.host.alerts())

    async def rule(self, request: web.Request) -> web.Response:
        async def do() -> Any:
            args = await body_of(request)
            return await named(RULES, args.get("do"))(self._site, args)

        return await answer_or_refuse(do)
