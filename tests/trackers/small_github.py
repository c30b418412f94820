"""A small GitHub on loopback: issues, comments, labels' rules, pages, ETags, limits, and answers that get lost.

Written from docs.github.com/rest/issues, and knows nothing of the bot. It keeps time by the clock that it is given.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Self

from aiohttp import web

LOGIN = "muster-bot"
TOKEN = "github_pat_small_1"


@dataclass(kw_only=True)
class Fault:
    """What becomes of the next `count` requests of a method whose path holds `where`. `after`: it is done, and lost."""

    method: str
    where: str
    status: int = 500
    count: int = 1
    after: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    message: str = "fault"


class SmallGitHub:
    """`async with SmallGitHub() as github:` has one repository. Its methods are people's acts, its API is Muster's."""

    def __init__(self, repository: str = "acme/ops", *, now: Callable[[], datetime] | None = None) -> None:
        self.repository = repository
        self.token = TOKEN
        self.now = now or (lambda: datetime.now(tz=UTC))
        self.archived = False
        self.has_issues = True
        self.is_there = True
        self.renamed_to = ""
        self.may_push = True
        self.says_who = True
        self.issues: dict[int, dict[str, Any]] = {}
        self.comments: dict[int, list[dict[str, Any]]] = {}
        self.gone: dict[int, int] = {}
        self.faults: list[Fault] = []
        self.weather: Callable[[str], dict[str, Any] | None] = lambda method: None
        self.asked: list[tuple[str, str]] = []
        self.not_modified = 0
        self.numbered = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.down()

    @property
    def url(self) -> str:
        assert self._runner is not None
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def down(self) -> None:
        if self._runner:
            await self._runner.cleanup()

    def fault(self, method: str, where: str, **how: Any) -> None:
        self.faults.append(Fault(method=method, where=where, **how))

    def writes(self) -> list[tuple[str, str]]:
        return [each for each in self.asked if each[0] != "GET"]

    def somebody_files(self, title: str, *, by: str = "octocat", body: str = "") -> int:
        return int(self._file({"title": title, "body": body}, by)["number"])

    def somebody_closes(self, number: int, reason: str = "completed") -> None:
        self.issues[number] |= {"state": "closed", "state_reason": reason, "updated_at": self._stamp()}

    def somebody_reopens(self, number: int) -> None:
        self.issues[number] |= {"state": "open", "state_reason": "reopened", "updated_at": self._stamp()}

    def somebody_deletes(self, number: int) -> None:
        del self.issues[number]
        self.gone[number] = 410

    def somebody_transfers(self, number: int) -> None:
        del self.issues[number]
        self.gone[number] = 301

    def somebody_says(self, number: int, text: str) -> None:
        self.numbered += 1
        comment = {"id": self.numbered, "body": text, "user": {"login": "octocat"}}
        self.comments.setdefault(number, []).append(comment)

    def said(self, number: int) -> list[str]:
        return [str(each["body"]) for each in self.comments.get(number, [])]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.method, request.path))
        fault = self._fault_for(request)
        if fault and not fault.after:
            return self._faulty(request, fault)
        answer = self._answer(request, await request.read())
        if fault:
            return self._faulty(request, fault)
        return answer

    def _fault_for(self, request: web.Request) -> Fault | None:
        for fault in self.faults:
            if fault.count and fault.method == request.method and fault.where in request.path:
                fault.count -= 1
                return fault
        by_chance = self.weather(request.method)
        return Fault(method=request.method, where="", **by_chance) if by_chance else None

    def _faulty(self, request: web.Request, fault: Fault) -> web.Response:
        if fault.status == 0:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"message": fault.message}, status=fault.status or 500, headers=fault.headers)

    def _answer(self, request: web.Request, body: bytes) -> web.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return _refusal(401, "Bad credentials")
        if not request.headers.get("User-Agent"):
            return _refusal(403, "Request forbidden by administrative rules.")
        if request.path == "/user":
            return web.json_response({"login": LOGIN}) if self.says_who else _refusal(403, "Resource not accessible")
        root = f"/repos/{self.repository}"
        if not request.path.startswith(root) or not self.is_there:
            return _refusal(404, "Not Found")
        if self.renamed_to:
            moved = 301 if request.method == "GET" else 307
            return web.json_response({"message": "Moved Permanently"}, status=moved, headers={"Location": self.url})
        given = json.loads(body) if body else {}
        return self._in_repository(request, request.path.removeprefix(root).strip("/").split("/"), given)

    def _in_repository(self, request: web.Request, path: list[str], given: dict[str, Any]) -> web.Response:
        writes = request.method != "GET"
        if writes and self.archived:
            return _refusal(403, "Repository was archived so is read-only.")
        if writes and not self.has_issues:
            return _refusal(410, "Issues has been disabled in this repository.")
        match request.method, path:
            case "GET", [""]:
                return web.json_response(self._repository())
            case "GET", ["issues"]:
                return self._listed(request)
            case "POST", ["issues"]:
                return web.json_response(self._file(given, LOGIN), status=201) if _title(given) else _invalid("title")
            case "DELETE", ["issues", "comments", comment]:
                for number, said in self.comments.items():
                    self.comments[number] = [each for each in said if each["id"] != int(comment)]
                return web.Response(status=204)
            case method, ["issues", number, *rest]:
                return self._of_issue(request, method, int(number), rest, given)
        return _refusal(404, "Not Found")

    def _of_issue(
        self, request: web.Request, method: str, number: int, rest: list[str], given: dict[str, Any]
    ) -> web.Response:
        if number not in self.issues:
            status = self.gone.get(number, 404)
            return web.json_response({"message": "gone"}, status=status, headers={"Location": f"{self.url}/elsewhere"})
        issue = self.issues[number]
        match method, rest:
            case "GET", []:
                return web.json_response(issue)
            case "PATCH", []:
                return self._change(issue, given)
            case "POST", ["comments"]:
                self.numbered += 1
                comment = {"id": self.numbered, "body": given["body"], "user": {"login": LOGIN}}
                self.comments.setdefault(number, []).append(comment)
                issue["updated_at"] = self._stamp()
                return web.json_response(comment, status=201)
            case "GET", ["comments"]:
                return self._page(request, self.comments.get(number, []))
        return _refusal(404, "Not Found")

    def _repository(self) -> dict[str, Any]:
        rights = {"pull": True, "triage": self.may_push, "push": self.may_push, "admin": False}
        return {"archived": self.archived, "has_issues": self.has_issues, "permissions": rights}

    def _file(self, given: dict[str, Any], by: str) -> dict[str, Any]:
        number = len(self.issues) + len(self.gone) + 1
        labels = given.get("labels", []) if self.may_push else []
        self.issues[number] = {
            "number": number,
            "title": given["title"],
            "body": given.get("body"),
            "state": "open",
            "state_reason": None,
            "labels": [{"name": label} for label in labels],
            "user": {"login": by},
            "html_url": f"https://github.example/{self.repository}/issues/{number}",
            "created_at": self._stamp(),
            "updated_at": self._stamp(),
        }
        return self.issues[number]

    def _change(self, issue: dict[str, Any], given: dict[str, Any]) -> web.Response:
        if "title" in given and not _title(given):
            return _invalid("title")
        if given.get("state", issue["state"]) != issue["state"]:
            issue["state_reason"] = given.get("state_reason")
        issue |= {key: given[key] for key in ("title", "state") if key in given}
        issue["updated_at"] = self._stamp()
        return web.json_response(issue)

    def _listed(self, request: web.Request) -> web.Response:
        query = request.query
        found = list(self.issues.values())
        if "creator" in query:
            found = [each for each in found if each["user"]["login"] == query["creator"]]
        if "since" in query:
            found = [each for each in found if each["updated_at"] >= query["since"]]
        if query.get("state", "open") != "all":
            found = [each for each in found if each["state"] == query.get("state", "open")]
        key = "updated_at" if query.get("sort") == "updated" else "created_at"
        found.sort(key=lambda each: (each[key], each["number"]), reverse=query.get("direction", "desc") == "desc")
        return self._page(request, found)

    def _page(self, request: web.Request, found: list[dict[str, Any]]) -> web.Response:
        size, page = int(request.query.get("per_page", "30")), int(request.query.get("page", "1"))
        shown = found[(page - 1) * size : page * size]
        tag = f'W/"{sha256(json.dumps(shown).encode()).hexdigest()}"'
        if request.headers.get("If-None-Match") == tag:
            self.not_modified += 1
            return web.Response(status=304, headers={"ETag": tag})
        last = -(-len(found) // size)
        links = {"Link": f'<{self.url}{request.path}?page={last}>; rel="last"'} if last > page else {}
        return web.json_response(shown, headers={"ETag": tag, **links})

    def _stamp(self) -> str:
        return f"{self.now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _title(given: dict[str, Any]) -> bool:
    return 0 < len(str(given.get("title", "")).strip()) <= 256


def _refusal(status: int, message: str) -> web.Response:
    return web.json_response({"message": message, "documentation_url": "https://docs.github.com/rest"}, status=status)


def _invalid(name: str) -> web.Response:
    errors = [{"resource": "Issue", "field": name, "code": "missing_field"}]
    return web.json_response({"message": "Validation Failed", "errors": errors}, status=422)
