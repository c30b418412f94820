"""Stands between a client and a server and breaks what passes: Redis, HTTP, WebSocket; it reads bytes only.

An exchange is what a client sends and the first that it hears in return; of requests that overlap on one connection
it knows nothing. Every fault is counted in `struck`.
"""

import asyncio
import random
import socket
import struct
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Self
from urllib.parse import unquote, urlsplit

PART = 65536
_RESET = struct.pack("ii", 1, 0)


class Fault(StrEnum):
    """What becomes of an exchange."""

    RESET = "reset: the request never arrives, and the client's connection is reset"
    LOSE_REPLY = "lose reply: the request arrives, its answer does not, and the client's connection is reset"
    LOSE_REPLY_SILENTLY = "lose reply silently: the same, but the connection stays open and nothing more comes"
    STALL = "stall: the request never arrives, and nobody says so"
    CLIENT_VANISHES = "client vanishes: the request arrives, the client is cut off, and the server is never told"
    SERVER_VANISHES = "server vanishes: the request never arrives, the server is cut off, and the client is never told"


@dataclass(slots=True, kw_only=True)
class _Wish:
    """A fault for the next `left` exchanges whose first bytes hold `within`."""

    fault: Fault
    left: int
    within: bytes


class Proxy:
    """`async with Proxy(upstream) as proxy:` listens on 127.0.0.1; `proxy.url` is `upstream` by way of it.

    `upstream`: redis://host:port, unix:///a/path, http://host:port. `seed` decides where chances strike.
    """

    def __init__(self, upstream: str, *, seed: int = 0) -> None:
        self._upstream = urlsplit(upstream)
        self._random = random.Random(seed)
        self._chances: list[tuple[Fault, float, bytes]] = []
        self._wishes: list[_Wish] = []
        self._links: set[_Link] = set()
        self._serving = 0
        self._passing = asyncio.Event()
        self._passing.set()
        self._listener: asyncio.Server | None = None
        self.port = 0
        self.struck: Counter[Fault] = Counter()

    @property
    def url(self) -> str:
        """Of the same scheme (redis:// for a Unix socket), path and all."""
        scheme = "redis" if self._upstream.scheme == "unix" else self._upstream.scheme
        path = "" if self._upstream.scheme == "unix" else self._upstream.path
        return f"{scheme}://127.0.0.1:{self.port}{path}"

    def by_chance(self, fault: Fault, chance: float, *, within: bytes = b"") -> None:
        """From now on this share of the exchanges is struck, of those whose first bytes hold `within`."""
        self._chances.append((fault, chance, within))

    def next(self, fault: Fault, *, count: int = 1, within: bytes = b"") -> None:
        """Strikes the next `count` exchanges whose first bytes hold `within`."""
        self._wishes.append(_Wish(fault=fault, left=count, within=within))

    def heal(self) -> None:
        """No more faults; what was cut stays cut, and what was held goes on."""
        self._chances.clear()
        self._wishes.clear()
        self._passing.set()

    def hold(self) -> None:
        """Nothing passes either way until `heal`, and nobody is told: a silent peer. New connections wait too."""
        self._passing.clear()

    def sever(self) -> None:
        """Resets every connection that is open now, on both sides."""
        for link in list(self._links):
            link.reset_both()

    async def refuse(self) -> None:
        """Nobody listens any more: the address refuses connections, and those that are open are reset."""
        if self._listener:
            self._listener.close()
            self._listener = None
        self.sever()

    async def accept(self) -> None:
        """Listens again, on the same port."""
        self._listener = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._listener.sockets[0].getsockname()[1]

    async def __aenter__(self) -> Self:
        await self.accept()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.heal()
        await self.refuse()
        while self._serving:
            self.sever()
            await asyncio.sleep(0.001)

    def fault_for(self, request: bytes) -> Fault | None:
        """What shall strike the exchange that begins with these bytes."""
        for wish in self._wishes:
            if wish.left > 0 and wish.within in request:
                wish.left -= 1
                return wish.fault
        for fault, chance, within in self._chances:
            if within in request and self._random.random() < chance:
                return fault
        return None

    async def passing(self) -> None:
        await self._passing.wait()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._serving += 1
        try:
            await self.passing()
            await self._link(reader, writer)
        finally:
            self._serving -= 1

    async def _link(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            upstream = await self._open_upstream()
        except OSError:
            _reset(writer)
            return
        link = _Link(self, (reader, writer), upstream)
        self._links.add(link)
        try:
            await link.run()
        finally:
            self._links.discard(link)

    async def _open_upstream(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._upstream.scheme == "unix":
            return await asyncio.open_unix_connection(Path(unquote(self._upstream.path)))
        return await asyncio.open_connection(self._upstream.hostname, self._upstream.port)


_Ends = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _Link:
    """One client's connection and the server's end that belongs to it."""

    def __init__(self, proxy: Proxy, client: _Ends, server: _Ends) -> None:
        self._proxy = proxy
        self._from_client, self._to_client = client
        self._from_server, self._to_server = server
        self._awaits_answer = False
        self._fault: Fault | None = None

    async def run(self) -> None:
        """Until either side has ended, or a fault has ended it."""
        ways = [asyncio.create_task(way) for way in (self._forth_until_over(), self._back_until_over())]
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        for way in ways:
            way.cancel()
        await asyncio.wait(ways)
        if self._fault:
            self.reset_both()
        else:
            self._to_client.close()
            self._to_server.close()

    def reset_both(self) -> None:
        _reset(self._to_client)
        _reset(self._to_server)

    async def _forth_until_over(self) -> None:
        with suppress(OSError):
            await self._forth()
        if self._fault is Fault.CLIENT_VANISHES:
            await asyncio.Event().wait()  # until the server leaves, and the other way with it

    async def _back_until_over(self) -> None:
        with suppress(OSError):
            await self._back()
        if self._fault is Fault.SERVER_VANISHES:
            await asyncio.Event().wait()

    async def _forth(self) -> None:
        while part := await self._from_client.read(PART):
            await self._proxy.passing()
            if not self._awaits_answer:
                self._awaits_answer = True
                self._fault = self._fault or self._strike(part)
            match self._fault:
                case Fault.RESET:
                    return
                case Fault.STALL | Fault.SERVER_VANISHES:
                    self._cut(self._to_server)
                case _:
                    self._to_server.write(part)
                    await self._to_server.drain()
                    self._cut(self._to_client)

    async def _back(self) -> None:
        while part := await self._from_server.read(PART):
            await self._proxy.passing()
            self._awaits_answer = False
            match self._fault:
                case Fault.LOSE_REPLY:
                    return
                case Fault.LOSE_REPLY_SILENTLY | Fault.CLIENT_VANISHES:
                    continue
                case _:
                    self._to_client.write(part)
                    await self._to_client.drain()

    def _cut(self, end: asyncio.StreamWriter) -> None:
        if self._fault in {Fault.CLIENT_VANISHES, Fault.SERVER_VANISHES}:
            _reset(end)

    def _strike(self, part: bytes) -> Fault | None:
        fault = self._proxy.fault_for(part)
        if fault:
            self._proxy.struck[fault] += 1
        return fault


def _reset(writer: asyncio.StreamWriter) -> None:
    """Ends a connection as a machine does that has lost it: RST where there is TCP, an end of file elsewhere."""
    own = writer.get_extra_info("socket")
    if own is not None and own.family != socket.AF_UNIX and not writer.transport.is_closing():
        own.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    writer.transport.abort()
