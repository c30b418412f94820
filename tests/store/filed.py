"""Incidents as the store comes by them: commands through the one door, and each gist kept as the effect would."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from redis.asyncio import Redis

from bot.command_handler import CommandHandler
from bot.incident.commands import Command, DeclareIncident, RecordChannel, ResolveIncident
from bot.incident.effects import KeepGist
from bot.incident.likeness import Findings
from bot.incident.listing import may_see
from bot.incident.policy import Policy
from bot.incident.search_words import words_of
from bot.incident.terms import MUSTER_ITSELF, ChannelId, Checklist, IncidentId, Person, RequestId, Severity, UserId
from bot.store.archive import SearchedArchive
from bot.store.keys import Keys
from bot.store.redis_gists import RedisGists
from bot.store.redis_log import RedisLog
from bot.store.redis_outbox import RedisOutbox
from bot.store.redis_timers import RedisTimers
from tests.incident.given import ADA, NOON, POLICY

REQUESTS = itertools.count()


@dataclass
class Rules:
    policy: Policy = POLICY

    def checklist_for(self, command: DeclareIncident, severity: Severity) -> Checklist | None:
        return None


@dataclass
class Files:
    """`at`: now. What is declared is answered by number."""

    client: Redis
    keys: Keys
    at: datetime = NOON
    door: CommandHandler = field(init=False)
    archive: SearchedArchive = field(init=False)
    outbox: RedisOutbox = field(init=False)

    def __post_init__(self) -> None:
        log = RedisLog(self.client, self.keys)
        self.door = CommandHandler(log, RedisTimers(self.client, self.keys), Rules(), self, lambda: None)
        self.archive = SearchedArchive(log, RedisGists(self.client, self.keys))
        self.outbox = RedisOutbox(self.client, self.keys)

    def now(self) -> datetime:
        return self.at

    async def declare(self, title: str, **more: Any) -> IncidentId:
        request = RequestId(f"declare:{next(REQUESTS)}")
        handled = await self.door.declare(DeclareIncident(by=ADA, title=title, **more), request=request)
        number = handled.incident.id
        await self.do(number, RecordChannel(by=MUSTER_ITSELF, channel=ChannelId(f"C{number}"), name=f"inc-{number}"))
        return number

    async def do(self, number: IncidentId, command: Command) -> None:
        await self.door.handle(number, command, request=RequestId(f"do:{next(REQUESTS)}"))

    async def resolved(self, title: str, summary: str = "", **more: Any) -> IncidentId:
        """Declared and resolved by Ada."""
        number = await self.declare(title, **more)
        by = self.inside(number)
        await self.do(number, ResolveIncident(by=by, summary=summary))
        return number

    @staticmethod
    def inside(number: IncidentId) -> Person:
        """Ada, speaking in that incident's channel."""
        return replace(ADA, speaks_in=ChannelId(f"C{number}"))

    async def keep(self) -> None:
        """Does what the effects that wait ask of the archive, and drops all others."""
        while leases := await self.outbox.lease(100):
            for lease in leases:
                if isinstance(lease.effect, KeepGist):
                    await self.archive.keep(await self.door.read(lease.effect.incident))
                await self.outbox.complete(lease, timedelta())

    async def search(
        self, text: str, *, by: UserId = ADA.id, drills: bool = False, page: int = 1, see: Sequence[UserId] = ()
    ) -> Findings:
        await self.keep()
        return await self.archive.search(
            words_of(text),
            drills=drills,
            may_see=lambda each: may_see(each, by, frozenset(see)),
            at=self.at,
            page=page,
            page_size=5,
        )

    async def found(self, text: str, **more: Any) -> list[int]:
        return [int(each.listing.incident) for each in (await self.search(text, **more)).hits]
