"""Socket Mode: WebSocket connections of the app, and envelopes that each go to one of them."""

import asyncio
import json
import secrets
from itertools import count

from aiohttp import WSMsgType, web

from bot.workspace.changes import Changes
from bot.workspace.deliveries import Undelivered
from bot.workspace.install import Install
from bot.workspace.refusal import Json

PING_SECONDS = 10.0
TAKES_ANSWER = frozenset({"slash_commands", "interactive"})


class SocketMode:
    """A Transport. A ticket from `apps.connections.open` is good for one connection."""

    def __init__(self, install: Install, changes: Changes) -> None:
        self._install = install
        self._changes = changes
        self._tickets: set[str] = set()
        self._turn = count()
        self._answers: dict[str, asyncio.Future[Json]] = {}
        self.connections: list[web.WebSocketResponse] = []
        self._lines: dict[web.WebSocketResponse, asyncio.Transport] = {}
        self._silent: set[web.WebSocketResponse] = set()

    def ticket(self) -> str:
        ticket = secrets.token_hex(16)
        self._tickets.add(ticket)
        return ticket

    async def connect(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            raise web.HTTPForbidden
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(heartbeat=PING_SECONDS, autoping=False)
        await socket.prepare(request)
        self.connections.append(socket)
        if request.transport is not None:
            self._lines[socket] = request.transport
        try:
            await socket.send_json(self._hello())
            self._changes.happened()
            await self._listen(socket)
        finally:
            self.connections.remove(socket)
            self._lines.pop(socket, None)
            self._silent.discard(socket)
            self._changes.happened()
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.connections),
            "debug_info": {"host": "localhost", "build_number": 1, "approximate_connection_time": 18060},
            "connection_info": {"app_id": self._install.app_id},
        }

    async def _listen(self, socket: web.WebSocketResponse) -> None:
        async for frame in socket:
            if socket in self._silent:
                continue
            if frame.type is WSMsgType.PING:
                await socket.pong(frame.data)
            if frame.type is not WSMsgType.TEXT:
                continue
            try:
                said = json.loads(frame.data)
            except ValueError:
                continue  # clients also send "ping" as text
            if isinstance(said, dict):
                self._settle(said)

    def _settle(self, said: Json) -> None:
        answer = self._answers.get(said.get("envelope_id", ""))
        if answer and not answer.done():
            answer.set_result(said.get("payload") or {})

    async def send(self, kind: str, payload: Json, attempt: int, reason: str) -> Json:
        if not self.connections:
            raise Undelivered("connection_failed")
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": kind,
            "accepts_response_payload": kind in TAKES_ANSWER,
            "payload": payload,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        socket = self.connections[next(self._turn) % len(self.connections)]
        return await self._exchange(socket, envelope)

    async def _exchange(self, socket: web.WebSocketResponse, envelope: Json) -> Json:
        answer: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        self._answers[envelope["envelope_id"]] = answer
        try:
            await socket.send_json(envelope)
            said = await answer
            return said if envelope["accepts_response_payload"] else {}
        except ConnectionError:
            raise Undelivered("connection_failed") from None
        finally:
            del self._answers[envelope["envelope_id"]]

    async def refresh(self) -> None:
        """Ask every connection to reconnect, as Slack does now and then."""
        for socket in list(self.connections):
            await socket.send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})

    def reset(self) -> None:
        """Break every connection, as a machine does that dies: nobody says goodbye."""
        for line in list(self._lines.values()):
            line.abort()

    def silence(self) -> None:
        """From now on the connections that are open stay open and say nothing, not even to a ping."""
        self._silent.update(self.connections)

    async def close(self) -> None:
        for socket in list(self.connections):
            await socket.close()
