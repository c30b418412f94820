"""WebSockets that tell pages what changed, each only of what its viewer may know. It never waits for a page within a
change: what a slow page has not been told is merged, and past a bound it is greeted anew and asks for everything.
"""

import asyncio
from dataclasses import dataclass, field

from aiohttp import WSCloseCode, web

from bot.workspace.cast import Account
from bot.workspace.changes import Touched
from bot.workspace.refusal import Json, Refusal
from bot.workspace.site import Site

TOGETHER_SECONDS = 0.03
PATIENCE_SECONDS = 10.0
PING_SECONDS = 20.0
MOST_UNTOLD = 500
LONGEST_FRAME = 1024
"""A page has nothing to say here."""


@dataclass(slots=True)
class Untold:
    """What happened since a page was last told, merged."""

    messages: dict[str, dict[str, None]] = field(default_factory=dict)
    headers: dict[str, None] = field(default_factory=dict)
    lists: dict[str, None] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    size: int = 0

    def add(self, what: Touched, user_id: str) -> None:
        if what.only not in {"", user_id}:
            return
        for name in ("front", "journal", "drill", "people", "clock"):
            if getattr(what, name):
                self.flags.add(name)
        if what.sidebar and (not what.channel or what.also == user_id):
            self.flags.add("sidebar")
        if self.size >= MOST_UNTOLD:
            return
        for ts in what.messages:
            self._count(self.messages.setdefault(what.channel, {}), ts)
        if what.header:
            self._count(self.headers, what.channel)
        if what.sidebar and what.channel:
            self._count(self.lists, what.channel)

    def _count(self, kept: dict[str, None], name: str) -> None:
        self.size += name not in kept
        kept[name] = None

    @property
    def is_too_much(self) -> bool:
        return self.size >= MOST_UNTOLD

    def told_to(self, site: Site, viewer: Account) -> Json | None:
        """Judged by what the viewer may see now, not when it happened. None: nothing of it is theirs."""

        def is_seen(channel_id: str) -> bool:
            channel = site.team.channels.get(channel_id)
            return channel is not None and site.team.sees(viewer, channel)

        told: Json = {
            "messages": {channel: list(order) for channel, order in self.messages.items() if is_seen(channel)},
            "headers": [channel for channel in self.headers if is_seen(channel)],
            "sidebar": "sidebar" in self.flags or any(is_seen(channel) for channel in self.lists),
        }
        told |= {name: name in self.flags for name in ("front", "journal", "drill", "people")}
        return told if any(told.values()) else None


class Watcher:
    """One page of one viewer. `hear` returns at once."""

    def __init__(self, site: Site, user_id: str, socket: web.WebSocketResponse) -> None:
        self._site, self._user_id, self._socket = site, user_id, socket
        self._untold = Untold()
        self._wanted = asyncio.Event()

    def hear(self, what: Touched) -> None:
        self._untold.add(what, self._user_id)
        if self._untold.flags or self._untold.size:
            self._wanted.set()

    async def tell(self) -> None:
        """Until the socket is closed, or the page does not take in what it is told."""
        try:
            await self._send(self._hello())
            while not self._socket.closed:
                await self._wanted.wait()
                await asyncio.sleep(TOGETHER_SECONDS)
                for said in self._due():
                    await self._send(said)
        except (TimeoutError, ConnectionError):
            await self._socket.close(code=WSCloseCode.TRY_AGAIN_LATER)

    def _due(self) -> list[Json]:
        untold, self._untold = self._untold, Untold()
        self._wanted.clear()
        if untold.is_too_much:
            return [self._hello()]
        said: list[Json] = [{"kind": "clock", "now": self._site.clock.now()}] if "clock" in untold.flags else []
        if found := untold.told_to(self._site, self._site.team.account(self._user_id)):
            said.append({"kind": "changed", **self._now(), **found})
        return said

    def _hello(self) -> Json:
        return {"kind": "hello", **self._now(), "workspace": self._site.id}

    def _now(self) -> Json:
        return {"number": self._site.changes.number, "now": self._site.clock.now()}

    async def _send(self, said: Json) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self._socket.send_json(said)


class Live:
    def __init__(self, site: Site) -> None:
        self._site = site
        self._sockets: set[web.WebSocketResponse] = set()

    async def watch(self, request: web.Request) -> web.StreamResponse:
        try:
            viewer = self._site.team.account_named(request.query.get("as", ""))
        except Refusal as refusal:
            return web.json_response(refusal.answer(), status=web.HTTPConflict.status_code)
        socket = web.WebSocketResponse(heartbeat=PING_SECONDS, max_msg_size=LONGEST_FRAME)
        await socket.prepare(request)
        watcher = Watcher(self._site, viewer.id, socket)
        self._sockets.add(socket)
        self._site.changes.listen(watcher.hear)
        telling = asyncio.create_task(watcher.tell())
        try:
            async for _ in socket:
                pass
        finally:
            self._site.changes.forget(watcher.hear)
            self._sockets.discard(socket)
            telling.cancel()
            await asyncio.gather(telling, return_exceptions=True)
        return socket

    async def close(self) -> None:
        for socket in list(self._sockets):
            await socket.close(code=WSCloseCode.GOING_AWAY)
