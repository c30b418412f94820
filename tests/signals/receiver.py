"""A receiver of signals on loopback, as somebody outside would write one: it verifies with the library of Standard
Webhooks and parses with that of CloudEvents, and knows nothing of the bot.
"""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Self

from aiohttp import web
from cloudevents.core.bindings.http import HTTPMessage, from_structured_event
from standardwebhooks import Webhook

SECRET = "whsec_" + base64.b64encode(b"0123456789abcdef01234567").decode()
ANOTHER = "whsec_" + base64.b64encode(b"another secret, also long enough").decode()


@dataclass(frozen=True, kw_only=True)
class Received:
    """`answered`: the status, 0 where the answer was lost."""

    id: str
    answered: int
    envelope: dict[str, Any]
    data: dict[str, Any]
    headers: dict[str, str] = field(repr=False)

    @property
    def type(self) -> str:
        return str(self.envelope["type"]).removeprefix("muster.incident.")


@dataclass(frozen=True, kw_only=True)
class Answer:
    """`lost`: it takes the request, and the connection breaks. `endless`: a body without end. `late`: none for now."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    endless: bool = False
    late: bool = False


class Receiver:
    """`async with Receiver() as receiver:`; `next_answers` are given first, then `always`."""

    def __init__(self, secret: str = SECRET, *, now: Callable[[], datetime] | None = None) -> None:
        self.webhook = Webhook(secret)
        self.now = now
        self.got: list[Received] = []
        self.next_answers: list[Answer] = []
        self.always = Answer()
        self.redirected = 0
        self.released = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        application = web.Application()
        application.router.add_post("/hook", self._take)
        application.router.add_route("*", "/elsewhere", self._elsewhere)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        self.released.set()
        assert self._runner is not None
        await self._runner.cleanup()

    @property
    def port(self) -> int:
        assert self._runner is not None
        return int(self._runner.addresses[0][1])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    @property
    def taken(self) -> list[Received]:
        """What it acknowledged, each id once: as a receiver is to do it."""
        return list({each.id: each for each in self.got if each.answered in {200, 0}}.values())

    @property
    def types(self) -> list[str]:
        return [each.type for each in self.taken]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        body, headers = await request.read(), dict(request.headers)
        self._verify(body, headers)
        event = from_structured_event(HTTPMessage(headers, body))
        answer = self.next_answers.pop(0) if self.next_answers else self.always
        self.got.append(
            Received(
                id=request.headers["webhook-id"],
                answered=0 if answer.lost else answer.status,
                envelope=dict(event.get_attributes()),
                data=dict(event.get_data()),  # type: ignore[arg-type]  # JSON, and ours is an object
                headers=headers,
            )
        )
        return await self._answer(request, answer)

    async def _answer(self, request: web.Request, answer: Answer) -> web.StreamResponse:
        if answer.late:
            await self.released.wait()
        if answer.lost:
            assert request.transport is not None
            request.transport.abort()
        if not answer.endless:
            return web.Response(status=answer.status, headers=answer.headers)
        response = web.StreamResponse(status=answer.status)
        await response.prepare(request)
        while not self.released.is_set():
            try:
                await response.write(b"x" * 65536)
            except ConnectionError:
                break
        return response

    async def _elsewhere(self, _: web.Request) -> web.Response:
        self.redirected += 1
        return web.Response()

    def _verify(self, body: bytes, headers: dict[str, str]) -> None:
        """The library knows the real time only, so where time is moved on, it is asked for the signature alone."""
        if self.now is None:
            self.webhook.verify(body, headers)
            return
        named = {name.lower(): value for name, value in headers.items()}
        at = datetime.fromtimestamp(int(named["webhook-timestamp"]), tz=UTC)
        assert abs((self.now() - at).total_seconds()) < 300
        assert self.webhook.sign(named["webhook-id"], at, body.decode()) in named["webhook-signature"].split()
