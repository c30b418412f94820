"""WebSockets that tell pages what changed, each only of what its viewer may know. It never waits for a page within a
change: what a page has not been told yet is merged, and past a bound it is greeted anew, to ask for everything.
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
GOODBYE_SECONDS = 0.5
PING_SECONDS = 20.0
MOST_UNTOLD = 500
LONGEST_FRAME = 1024
"""A page has nothing to say here."""
FLAGS = ("front", "journal", "drill", "people", "clock")


@dataclass(slots=True)
class Untold:
    """What happened since a page was last told, merged. Of a channel only what its viewer could see then."""

    messages: dict[str, dict[str, None]] = field(default_factory=dict)
    headers: dict[str, None] = field(default_factory=dict)
    lists: dict[str, None] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    size: int = 0

    def add(self, what: Touched) -> None:
        self.flags.update(name for name in FLAGS if getattr(what, name))
        if what.sidebar and not what.channel:
            self.flags.add("sidebar")

    def add_of_channel(self, what: Touched) -> None:
        if self.is_too_much:
            return
        for ts in what.messages:
            self._keep(self.messages.setdefault(what.channel, {}), ts)
        if what.header:
            self._keep(self.headers, what.channel)
        if what.sidebar:
            self._keep(self.lists, what.channel)

    def _keep(self, kept: dict[str, None], name: str) -> None:
        self.size += name not in kept
        kept[name] = None

    @property
    def is_too_much(self) -> bool:
        return self.size >= MOST_UNTOLD


class Watcher:
    """One page of one viewer. `hear` returns at once; `tell` is all that waits for the page."""

    def __init__(self, site: Site, user_id: str, socket: web.WebSocketResponse, patience: float) -> None:
        self._site, self._user_id, self._socket, self._patience = site, user_id, socket, patience
        self._untold = Untold()
        self._wanted = asyncio.Event()

    @property
    def viewer(self) -> Account:
        return self._site.team.account(self._user_id)

    def sees(self, channel_id: str) -> bool:
        channel = self._site.team.channels.get(channel_id)
        return channel is not None and self._site.team.sees(self.viewer, channel)

    def hear(self, what: Touched) -> None:
        if what.only not in {"", self._user_id}:
            return
        self._untold.add(what)
        if what.also == self._user_id:
            self._untold.flags.add("sidebar")
        if what.channel and self.sees(what.channel):
            self._untold.add_of_channel(what)
        if self._untold.flags or self._untold.size:
            self._wanted.set()

    async def tell(self) -> None:
        """Until cancelled. Raises TimeoutError where the page does not take in what it is told."""
        await self._send(self._hello())
        while True:
            await self._wanted.wait()
            await asyncio.sleep(TOGETHER_SECONDS)
            for said in self._due():
                await self._send(said)

    def _due(self) -> list[Json]:
        untold, self._untold = self._untold, Untold()
        self._wanted.clear()
        if untold.is_too_much:
            return [self._hello()]
        said: list[Json] = [{"kind": "clock", "now": self._site.clock.now()}] if "clock" in untold.flags else []
        found = self._told(untold)
        return [*said, {"kind": "changed", **self._now(), **found}] if any(found.values()) else said

    def _told(self, untold: Untold) -> Json:
        """Judged once more by what the viewer may see now: they may have left since."""
        found: Json = {
            "messages": {channel: list(order) for channel, order in untold.messages.items() if self.sees(channel)},
            "headers": [channel for channel in untold.headers if self.sees(channel)],
            "sidebar": "sidebar" in untold.flags or any(self.sees(channel) for channel in untold.lists),
        }
        return found | {name: name in untold.flags for name in ("front", "journal", "drill", "people")}

    def _hello(self) -> Json:
        return {"kind": "hello", **self._now(), "workspace": self._site.id}

    def _now(self) -> Json:
        return {"number": self._site.changes.number, "now": self._site.clock.now()}

    async def _send(self, said: Json) -> None:
        async with asyncio.timeout(self._patience):
            await self._socket.send_json(said)


class Live:
    """`patience`: real seconds within which a page must take in what it is told."""

    def __init__(self, site: Site, patience: float = PATIENCE_SECONDS) -> None:
        self._site, self.patience = site, patience
        self._open: dict[web.WebSocketResponse, asyncio.Transport | None] = {}

    async def watch(self, request: web.Request) -> web.StreamResponse:
        try:
            viewer = self._site.team.account_named(request.query.get("as", ""))
        except Refusal as refusal:
            return web.json_response(refusal.answer(), status=web.HTTPConflict.status_code)
        socket = web.WebSocketResponse(heartbeat=PING_SECONDS, max_msg_size=LONGEST_FRAME, timeout=GOODBYE_SECONDS)
        await socket.prepare(request)
        watcher = Watcher(self._site, viewer.id, socket, self.patience)
        self._open[socket] = request.transport
        self._site.changes.listen(watcher.hear)
        try:
            await self._attend(watcher, socket)
        finally:
            self._site.changes.forget(watcher.hear)
            self._open.pop(socket, None)
        return socket

    async def _attend(self, watcher: Watcher, socket: web.WebSocketResponse) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                telling = group.create_task(watcher.tell())
                async for _ in socket:
                    continue
                telling.cancel()
        except* (TimeoutError, ConnectionError):
            self._break(socket)

    def _break(self, socket: web.WebSocketResponse) -> None:
        """Without a goodbye: this page takes in nothing, and asks again when it is awake."""
        if line := self._open.get(socket):
            line.abort()

    async def close(self) -> None:
        await asyncio.gather(*(self._say_goodbye(socket) for socket in list(self._open)))

    async def _say_goodbye(self, socket: web.WebSocketResponse) -> None:
        try:
            async with asyncio.timeout(2 * GOODBYE_SECONDS):
                await socket.close(code=WSCloseCode.GOING_AWAY)
        except TimeoutError:
            self._break(socket)
