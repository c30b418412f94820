"""A small Jira Cloud on loopback: a project with a workflow, comments, JQL as far as it is asked, an index that lags.

Written from developer.atlassian.com/cloud/jira/platform/rest/v3, and knows nothing of the bot. It keeps time by the
clock that it is given.
"""

import json
import re
from base64 import b64decode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from aiohttp import web

from tests.trackers.small_github import Fault

USER, TOKEN = "muster@example.com", "ATATT3xsmall"
WORKFLOW = {"To Do": "new", "In Progress": "indeterminate", "Done": "done", "Won't do": "done"}


class SmallJira:
    """`async with SmallJira() as jira:` has one project, OPS. Its methods are people's acts, its API is Muster's.

    `lags`: for how long the search does not know of an issue, or of its last change.
    """

    def __init__(self, project: str = "OPS", *, now: Callable[[], datetime] | None = None) -> None:
        self.project = project
        self.token = TOKEN
        self.now = now or (lambda: datetime.now(tz=UTC))
        self.zone = "Europe/Berlin"
        self.lags = timedelta()
        self.is_there = True
        self.archived = False
        self.rights = True
        self.asks_for_resolution = False
        self.workflow = dict(WORKFLOW)
        self.issues: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.moved: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.asked: list[tuple[str, str]] = []
        self.jql: list[str] = []
        self.numbered = 0
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_route("*", "/rest/api/3/{path:.*}", self._serve)
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
        return [each for each in self.asked if each[0] != "GET" and "search" not in each[1]]

    def somebody_moves(self, key: str, status: str, resolution: str = "") -> None:
        self.issues[key] |= {"status": status, "resolution": resolution, "updated": self.now()}

    def somebody_deletes(self, key: str) -> None:
        del self.issues[key]

    def somebody_moves_it_away(self, key: str, to: str) -> None:
        self.issues[to] = self.issues.pop(key) | {"key": to}
        self.moved[key] = to

    def said(self, key: str) -> list[str]:
        return [_plain(each["body"]) for each in self.comments.get(key, [])]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.asked.append((request.method, request.path))
        fault = self._fault_for(request)
        if fault is None:
            return self._answer(request, await request.read())
        if fault.after:
            self._answer(request, await request.read())
        if fault.status == 0:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"errorMessages": [fault.message]}, status=fault.status or 500, headers=fault.headers)

    def _fault_for(self, request: web.Request) -> Fault | None:
        for fault in self.faults:
            if fault.count and fault.method == request.method and fault.where in request.path:
                fault.count -= 1
                return fault
        return None

    def _answer(self, request: web.Request, body: bytes) -> web.Response:
        given = request.headers.get("Authorization", "").removeprefix("Basic ")
        if b64decode(given).decode() != f"{USER}:{self.token}":
            return web.Response(status=401, text="Client must be authenticated to access this resource.")
        path = request.path.removeprefix("/rest/api/3/").split("/")
        content = json.loads(body) if body else {}
        match request.method, path:
            case "GET", ["myself"]:
                return web.json_response({"accountId": "1", "timeZone": self.zone})
            case "GET", ["project", key]:
                return self._about_project(key)
            case "GET", ["mypermissions"]:
                names = request.query["permissions"].split(",")
                rights = {name: {"key": name, "havePermission": self.rights} for name in names}
                return web.json_response({"permissions": rights})
            case "POST", ["search", "jql"]:
                return self._search(content)
            case "POST", ["issue"]:
                return self._file(content["fields"])
            case method, ["issue", key, *rest]:
                return self._of_issue(method, self.moved.get(key, key), rest, content)
        return _refusal(404, "dead link")

    def _about_project(self, key: str) -> web.Response:
        if key != self.project or not self.is_there:
            return _refusal(404, f"No project could be found with key '{key}'.")
        types = [{"id": "1", "name": "Task"}, {"id": "2", "name": "Bug"}]
        return web.json_response({"key": key, "archived": self.archived, "issueTypes": types})

    def _file(self, fields: dict[str, Any]) -> web.Response:
        if fields["project"]["key"] != self.project or not self.is_there:
            return _invalid("project", "valid project is required")
        if not fields["summary"].strip() or len(fields["summary"]) > 255:
            return _invalid("summary", "You must specify a summary of the issue.")
        assert fields["description"]["type"] == "doc"
        assert not [label for label in fields["labels"] if " " in label]
        key = f"{self.project}-{len(self.issues) + len(self.moved) + 1}"
        now = self.now()
        self.issues[key] = {
            "key": key,
            "summary": fields["summary"],
            "description": fields["description"],
            "labels": fields["labels"],
            "status": "To Do",
            "resolution": "",
            "created": now,
            "updated": now,
        }
        return web.json_response({"id": "1", "key": key, "self": f"{self.url}/rest/api/3/issue/1"}, status=201)

    def _of_issue(self, method: str, key: str, rest: list[str], given: dict[str, Any]) -> web.Response:
        if key not in self.issues:
            return _refusal(404, "Issue does not exist or you do not have permission to see it.")
        issue = self.issues[key]
        match method, rest:
            case "GET", []:
                return web.json_response(self._shown(issue))
            case "PUT", []:
                issue |= {**given["fields"], "updated": self.now()}
                return web.Response(status=204)
            case "GET", ["transitions"]:
                offered = [self._transition(name) for name in self.workflow if name != issue["status"]]
                return web.json_response({"transitions": offered})
            case "POST", ["transitions"]:
                return self._move(issue, given)
            case "POST", ["comment"]:
                self.numbered += 1
                comment = {"id": str(self.numbered), "author": {"accountId": "1"}, **given}
                self.comments.setdefault(key, []).insert(0, comment)
                issue["updated"] = self.now()
                return web.json_response(comment, status=201)
            case "DELETE", ["comment", number]:
                self.comments[key] = [each for each in self.comments[key] if each["id"] != number]
                return web.Response(status=204)
            case "GET", ["comment"]:
                return web.json_response({"comments": self.comments.get(key, [])[:100]})
        return _refusal(404, "dead link")

    def _transition(self, name: str) -> dict[str, Any]:
        number = list(self.workflow).index(name)
        fields = {"resolution": {"required": True, "allowedValues": [{"name": "Done"}, {"name": "Won't Do"}]}}
        asked = fields if self.asks_for_resolution and self.workflow[name] == "done" else {}
        return {"id": str(number), "name": f"To {name}", "to": self._status(name), "fields": asked}

    def _move(self, issue: dict[str, Any], given: dict[str, Any]) -> web.Response:
        name = list(self.workflow)[int(given["transition"]["id"])]
        resolution = given.get("fields", {}).get("resolution", {}).get("name", "")
        if self.asks_for_resolution and self.workflow[name] == "done" and not resolution:
            return _invalid("resolution", "Resolution is required.")
        issue |= {"status": name, "resolution": resolution, "updated": self.now()}
        return web.Response(status=204)

    def _status(self, name: str) -> dict[str, Any]:
        return {"name": name, "statusCategory": {"key": self.workflow[name]}}

    def _shown(self, issue: dict[str, Any]) -> dict[str, Any]:
        resolution = {"name": issue["resolution"]} if issue["resolution"] else None
        updated = f"{issue['updated'].astimezone(ZoneInfo(self.zone)):%Y-%m-%dT%H:%M:%S.000%z}"
        fields = {"status": self._status(issue["status"]), "resolution": resolution, "updated": updated}
        return {"id": "1", "key": issue["key"], "fields": fields}

    def _search(self, given: dict[str, Any]) -> web.Response:
        jql = given["jql"]
        self.jql.append(jql)
        found = [each for each in self.issues.values() if self.now() - each["updated"] >= self.lags]
        label, since = re.search(r'labels = "([^"]+)"', jql), re.search(r'updated >= "([^"]+)"', jql)
        if label:
            found = [each for each in found if label[1] in each["labels"]]
        if since:
            begin = datetime.strptime(since[1], "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(self.zone))
            found = [each for each in found if each["updated"] >= begin]
        found.sort(key=lambda each: each["updated"])
        begin_at, size = int(given.get("nextPageToken", "0")), given["maxResults"]
        rest = {} if len(found) <= begin_at + size else {"nextPageToken": str(begin_at + size)}
        shown = [self._shown(each) for each in found[begin_at : begin_at + size]]
        return web.json_response({"issues": shown, "isLast": not rest, **rest})


def _plain(node: Any) -> str:
    if isinstance(node, list):
        return " ".join(map(_plain, node))
    return str(node.get("text", "")) + _plain(node.get("content", []))


def _refusal(status: int, message: str) -> web.Response:
    return web.json_response({"errorMessages": [message], "errors": {}}, status=status)


def _invalid(name: str, sentence: str) -> web.Response:
    return web.json_response({"errorMessages": [], "errors": {name: sentence}}, status=400)
