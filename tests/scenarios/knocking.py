"""Requests as nobody's library would make them: every way in by name, its right credentials, and raw bytes."""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.alerts.sources import READERS
from tests.scenarios.team import Team

SOURCES: Final = (*READERS, "pings")
ALERTS: Final = {name: f"the long enough secret of {name}" for name in SOURCES}
READER, DECLARER, DEPLOYER = "r" * 40, "d" * 40, "c" * 40
RING: Final = "0123456789abcdef"
SETTINGS: Final = {
    "alert_secrets": ",".join(f"{name}={secret}" for name, secret in ALERTS.items()),
    "api_tokens": f"page:read:{READER},monitor:declare:{DECLARER},deploys:changes:{DEPLOYER}",
    "github_webhook_secret": RING,
}
POLICY: Final = "alerts: {sources: {pings: {fingerprint: id, name: name}}}\n"
WITHIN: Final = 5.0

Credentials = Callable[[Team, bytes], Mapping[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """`route`: as it is served; `path`: one address of it; `open`: anybody may; `shrugs`: what it answers to whatever
    it does not understand, apart from 4xx."""

    route: str
    path: str
    credentials: Credentials = lambda _team, _body: {}
    open: bool = False
    shrugs: frozenset[int] = frozenset()

    @property
    def method(self) -> str:
        return self.route.split()[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`status` 0: the connection was closed without one."""

    status: int
    head: str
    text: str


def bearer(secret: str) -> Credentials:
    key = {"Idempotency-Key": "alert-4711"}
    return lambda _team, _body: {"Authorization": f"Bearer {secret}", **key}


def _digest(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def signed_as_slack(team: Team, body: bytes, at: float | None = None) -> dict[str, str]:
    stamp = str(int(at or time.time()))
    return {
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={_digest(team.workspace.signing_secret, f'v0:{stamp}:'.encode() + body)}",
    }


def _rung(_team: Team, body: bytes) -> dict[str, str]:
    return {"X-Hub-Signature-256": f"sha256={_digest(RING, body)}", "X-GitHub-Event": "issues"}


WAYS: Final = (
    *(Way(route=f"{method} {path}", path=path, open=True) for method in ("GET", "HEAD") for path in ("/healthz",)),
    *(Way(route=f"{method} {path}", path=path, open=True) for method in ("GET", "HEAD") for path in ("/readyz",)),
    *(Way(route=f"{method} {path}", path=path, open=True) for method in ("GET", "HEAD") for path in ("/metrics",)),
    Way(route="POST /slack/events", path="/slack/events", credentials=signed_as_slack, shrugs=frozenset({200})),
    *(
        Way(route="POST /alerts/{source}", path=f"/alerts/{name}", credentials=bearer(secret), shrugs=frozenset({200}))
        for name, secret in ALERTS.items()
    ),
    Way(route="POST /trackers/github", path="/trackers/github", credentials=_rung, shrugs=frozenset({202})),
    Way(route="GET /api/openapi.json", path="/api/openapi.json", open=True),
    Way(route="GET /api/incidents", path="/api/incidents", credentials=bearer(READER)),
    Way(route="GET /api/incidents/{number}", path="/api/incidents/1", credentials=bearer(READER)),
    Way(route="POST /api/incidents", path="/api/incidents", credentials=bearer(DECLARER)),
    Way(route="GET /api/changes", path="/api/changes", credentials=bearer(READER)),
    Way(route="GET /api/freezes", path="/api/freezes", credentials=bearer(READER)),
    Way(route="POST /api/changes", path="/api/changes", credentials=bearer(DEPLOYER)),
)


def head(method: str, path: str, headers: Mapping[str, str], *, length: int | None = None) -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: muster.example", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [] if length is None else [f"Content-Length: {length}"]
    return "\r\n".join([*lines, "", ""]).encode("utf-8", "surrogateescape")


async def knock(team: Team, way: Way, body: bytes = b"", **headers: str) -> Answer:
    """With the right credentials unless `headers` say otherwise; underscores in their names stand for hyphens."""
    right = {"Content-Type": "application/json", **way.credentials(team, body)}
    sent = {**right, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return await raw(team, head(way.method, way.path, sent, length=len(body)) + body)


async def raw(team: Team, sent: bytes, *, then: Iterable[bytes] = ()) -> Answer:
    """What is answered to these bytes. Raises TimeoutError where nothing is."""
    async with asyncio.timeout(WITHIN):
        reader, writer = await connected(team)
        try:
            writer.write(sent)
            for more in then:
                await writer.drain()
                writer.write(more)
            got = await _answer(reader)
        except (ConnectionError, asyncio.IncompleteReadError):
            got = b""
        finally:
            writer.close()
    top, _, rest = got.decode("utf-8", "replace").partition("\r\n\r\n")
    return Answer(status=int(top.split()[1]) if top else 0, head=top, text=rest)


async def _answer(reader: asyncio.StreamReader) -> bytes:
    """As far as it says that it goes: the connection may stay open for what we have yet to send."""
    top = await reader.readuntil(b"\r\n\r\n")
    said = [line for line in top.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return top + (await reader.readexactly(int(said[0].split(b":")[1])) if said else await reader.read())


async def connected(team: Team) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", team.bot.port)
