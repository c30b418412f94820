"""The API on loopback over the real door and a log in memory: what a caller sends and hears."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from aiohttp import ClientSession

from bot.api.routes import Api
from bot.api_tokens import read_tokens
from bot.command_handler import CommandHandler
from bot.freeze_keeper import FreezeKeeper
from bot.incident.commands import DeclareIncident
from bot.incident.effects import Effect
from bot.incident.policy import Policy
from bot.incident.service_change import ServiceChange
from bot.incident.state import Incident
from bot.incident.terms import ChannelId, Checklist, Person, RequestId, Severity, Standing, UserId
from bot.telemetry import Metrics
from bot.web.web_server import WebServer
from tests.freezes_double import FreezesDouble, no_routes
from tests.incident.given import ADA, NOON
from tests.log_double import LogDouble

READER, INSIDER, DECLARER, DEPLOYER = ("r" * 40, "i" * 40, "d" * 40, "c" * 40)
TOKENS: Final = (
    f"status-page:read:{READER},auditor:read+read-private:{INSIDER},"
    f"monitor:declare:{DECLARER},deploys:changes:{DEPLOYER}"
)
KEY: Final = {"Idempotency-Key": "alert-4711"}
ADA_LOVELACE: Final = Person(id=UserId("U0ADALOVE"), name="Ada")
DEE: Final = Person(id=UserId("U0DEEDEE"), name="Dee", standing=Standing.GUEST)
DOWN: Final = {"title": "Checkout returns 500"}


@dataclass
class People:
    async def person(self, user: UserId) -> Person:
        known = {ADA_LOVELACE.id: ADA_LOVELACE, DEE.id: DEE}
        return known.get(user) or Person(id=user, standing=Standing.GONE)

    async def is_in(self, channel: ChannelId, user: UserId) -> bool:
        return False


@dataclass
class Rules:
    policy: Policy = field(default_factory=Policy)

    def checklist_for(self, command: DeclareIncident, severity: Severity) -> Checklist | None:
        return None


@dataclass
class HandSetClock:
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


@dataclass
class ChangesDouble:
    """In memory, once a key."""

    told: dict[str, ServiceChange] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)

    async def record(self, change: ServiceChange, key: str, now: datetime, effects: Sequence[Effect] = ()) -> bool:
        new = self.told.setdefault(key, change) is change
        self.effects += effects if new else ()
        return new

    async def since(self, at: datetime) -> Sequence[ServiceChange]:
        found = [change for change in self.told.values() if change.at >= at]
        return sorted(found, key=lambda change: change.at, reverse=True)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    said: Any


@dataclass
class Caller:
    """Calls the API as one who holds `secret`."""

    session: ClientSession
    origin: str
    log: LogDouble
    door: CommandHandler
    rules: Rules
    changes: ChangesDouble
    freezes: FreezeKeeper

    async def get(self, path: str, secret: str = READER, **headers: str) -> Answer:
        return await self.send("GET", path, secret, headers=headers)

    async def declare(self, wish: object = DOWN, *, secret: str = DECLARER, key: Mapping[str, str] = KEY) -> Answer:
        return await self.send("POST", "/api/incidents", secret, headers=key, json=wish)

    async def send(self, method: str, path: str, secret: str, **more: Any) -> Answer:
        headers = {"Authorization": f"Bearer {secret}", **more.pop("headers", {})}
        async with self.session.request(method, f"{self.origin}{path}", headers=headers, **more) as answer:
            said = await answer.json() if answer.content_type.endswith("json") else await answer.text()
            return Answer(status=answer.status, headers=answer.headers, said=said)

    async def declared(self, title: str, **fields: Any) -> Incident:
        command = DeclareIncident(by=ADA, title=title, **fields)
        return (await self.door.declare(command, request=RequestId(f"test:{title}"))).incident


@asynccontextmanager
async def calling() -> AsyncIterator[Caller]:
    log = LogDouble(now=NOON)
    clock, changes, rules = HandSetClock(), ChangesDouble(), Rules()
    door = CommandHandler(log, log, rules, clock, lambda: None)
    freezes = FreezeKeeper(FreezesDouble(), lambda: door.policy, no_routes, clock.now, lambda: None)
    api = Api(door=door, people=People(), changes=changes, freezes=freezes, clock=clock, tokens=read_tokens(TOKENS))
    async with (
        WebServer("127.0.0.1", 0, readiness=(), metrics=Metrics(), routes=api.routes()) as server,
        ClientSession() as session,
    ):
        yield Caller(
            session=session,
            origin=f"http://127.0.0.1:{server.port}",
            log=log,
            door=door,
            rules=rules,
            changes=changes,
            freezes=freezes,
        )
