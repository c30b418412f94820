"""A server that answers Web API calls from a script and keeps what it was asked: no Slack, only its wire.

Each method has a queue of answers; the last one is repeated, and without any it says ok with made-up ids.
"""

import itertools
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Say:
    """`text` set: this body instead of JSON. `drop`: accept the call, then cut the line."""

    body: Json = field(default_factory=lambda: {"ok": True})
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    content_type: str = "application/json"
    drop: bool = False


def refuse(code: str, **more: object) -> Say:
    return Say(body={"ok": False, "error": code, **more})


def ok(**more: object) -> Say:
    return Say(body={"ok": True, **more})


class ScriptedSlack:
    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.connections: set[object] = set()
        self.script: dict[str, list[Say]] = defaultdict(list)
        self.posted: list[Json] = []
        self.on_call: Callable[[str], None] = lambda _: None
        self.files: list[bytes] = []
        self._ts = itertools.count(1)
        self._origin = ""

    def says(self, method: str, *answers: Say) -> None:
        self.script[method].extend(answers)

    def asked(self, method: str) -> list[dict[str, str]]:
        return [args for name, args in self.calls if name == method]

    async def called(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.calls.append((method, form))
        self.connections.add(request.transport)
        self.on_call(method)
        self._origin = str(request.url.origin())
        queue = self.script[method]
        say = queue.pop(0) if len(queue) > 1 else (queue[0] if queue else None)
        usual = self._usual(method, form) if say is None or say.drop else {}
        return await self._send(request, say or Say(body=usual))

    async def brought(self, request: web.Request) -> web.StreamResponse:
        """The content of a file."""
        self.files.append(await request.read())
        say = (self.script["upload"] or [Say(text="OK")]).pop(0)
        return await self._send(request, say)

    async def answered(self, request: web.Request) -> web.StreamResponse:
        """A response_url."""
        self.calls.append(("response_url", {"body": await request.text()}))
        say = (self.script["response_url"] or [Say(text="ok")])[0]
        return await self._send(request, say)

    async def _send(self, request: web.Request, say: Say) -> web.StreamResponse:
        if say.drop:
            assert request.transport is not None
            request.transport.abort()
        text = json.dumps(say.body) if say.text is None else say.text
        return web.Response(text=text, status=say.status, headers=say.headers, content_type=say.content_type)

    def _usual(self, method: str, form: dict[str, str]) -> Json:
        """What a workspace in order does; posts are kept, so that its history can be read."""
        match method:
            case "files.getUploadURLExternal":
                return {"ok": True, "file_id": f"F{next(self._ts)}", "upload_url": f"{self._origin}/upload"}
            case "chat.postMessage":
                message = {"ts": f"{next(self._ts)}.000100", "metadata": json.loads(form["metadata"]), **_place(form)}
                self.posted.append(message)
                return {"ok": True, "ts": message["ts"], "channel": form["channel"]}
            case "chat.delete":
                self.posted = [each for each in self.posted if each["ts"] != form["ts"]]
                return {"ok": True}
            case "conversations.canvases.create":
                return {"ok": True, "canvas_id": f"F{next(self._ts)}"}
            case "conversations.create":
                return {"ok": True, "channel": {"id": "CNEW", "name": form["name"]}}
            case "conversations.history" | "conversations.replies":
                return {"ok": True, "messages": [each for each in self.posted if each["channel"] == form["channel"]]}
            case "conversations.open":
                return {"ok": True, "channel": {"id": f"D{form['users']}"}}
            case _:
                return {"ok": True}


def _place(form: dict[str, str]) -> Json:
    """A direct message stands in a channel of its own."""
    channel = form["channel"]
    return {"channel": f"D{channel}" if channel.startswith("U") else channel, "thread_ts": form.get("thread_ts")}
