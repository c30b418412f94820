"""Searching 1,000 past incidents with 20,000 entries, three contributing factors each, and the register of these.

How soon it is answered, what its index weighs and costs."""

import random
import time
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from redis.asyncio import Redis

from bot.command_handler import CommandHandler
from bot.incident.commands import AddNote, DeclareIncident, RecordChannel, ResolveIncident
from bot.incident.effects import KeepGist
from bot.incident.evolve import evolve
from bot.incident.factor import FactorClass, FactorContent, Surrounding
from bot.incident.factor_commands import AddFactor
from bot.incident.factor_index import ReindexedFactor, factor_lines
from bot.incident.gist import gist
from bot.incident.listing import listing
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import (
    MUSTER_ITSELF,
    ChannelId,
    Checklist,
    IncidentId,
    Person,
    RequestId,
    Severity,
    UserId,
    Version,
)
from bot.ports import Append, Appended
from bot.slack.lessons import themes_of
from bot.store.redis_factors import RedisFactors
from bot.store.redis_store import RedisStore, open_store
from bot.telemetry import configure_logs
from bot.workspace.cast import TEAM_ID
from tests.benchmarks.asking import Asking
from tests.benchmarks.bench import Bench
from tests.benchmarks.figures import Figure, Goal
from tests.benchmarks.rounds import percentile
from tests.benchmarks.stage import Program, Setting, Stage, staged
from tests.store.appends import declared, note

INCIDENTS: Final = 1_000
ENTRIES: Final = 20
"""Of each, its declaration, its end and its contributing factors among them."""
FACTORS: Final = 3
WORDS_OF_A_FACTOR: Final = 7
WORDS_OF_A_NOTE: Final = 9
VOCABULARY: Final = 4_000
AT_MOST: Final = 200
"""Milliseconds: the goal."""
COST: Final = 1.5
"""An effect more is pushed after the end, some words are written at the declaration; all else costs what it did."""
_ASKED: Final = 60
_APPENDS: Final = 300
_START: Final = datetime.fromisoformat("2025-01-01T00:00:00+00:00")
_SERVICES: Final = ("checkout", "search", "mail", "login", "reports")
GROUP: Final = f"Search: {INCIDENTS:,} past incidents with {INCIDENTS * ENTRIES:,} entries"


@dataclass
class Rules:
    policy: Policy = field(default_factory=Policy)

    def checklist_for(self, command: DeclareIncident, severity: Severity) -> Checklist | None:
        return None


class Past:
    """Incidents of made-up words, a few of which are in nearly all and most of which are in few, as in any language."""

    def __init__(self, store: RedisStore) -> None:
        self.store = store
        self.at = _START
        self.door = CommandHandler(store.log, store.timers, Rules(), self, lambda: None)
        self._dice = random.Random(42)
        self._requests = 0

    def now(self) -> datetime:
        return self.at

    def text(self, words: int) -> str:
        return " ".join(f"word{int(VOCABULARY * self._dice.random() ** 3)}x" for _ in range(words))

    async def happen(self, channel: ChannelId) -> None:
        ada = Person(id=UserId("U0ADA"), name="Ada", speaks_in=channel)
        service = self._dice.choice(_SERVICES)
        declare = DeclareIncident(
            by=ada, title=self.text(5), service=service, severity=self._dice.choice([*Severity][:3])
        )
        declared = await self.door.declare(declare, request=self._request())
        number = declared.incident.id
        await self.door.handle(
            number, RecordChannel(by=MUSTER_ITSELF, channel=channel, name=f"inc-{number}"), request=self._request()
        )
        for _ in range(ENTRIES - 2 - FACTORS):
            said = AddNote(by=ada, text=self.text(WORDS_OF_A_NOTE))
            await self.door.handle(number, said, request=self._request())
        await self.door.handle(number, ResolveIncident(by=ada, summary=self.text(8)), request=self._request())
        for content in self.factors():
            await self.door.handle(number, AddFactor(by=ada, content=content), request=self._request())
        self.at += timedelta(hours=6)

    def factors(self) -> Iterator[FactorContent]:
        """Of any class; of the environment of one of its kinds."""
        for _ in range(FACTORS):
            kind, surrounding = self._dice.choice([*FactorClass]), self._dice.choice([*Surrounding])
            yield FactorContent(text=self.text(WORDS_OF_A_FACTOR), kind=kind, surrounding=surrounding)

    async def states(self) -> list[Incident]:
        return [await self.door.read(IncidentId(number)) for number in range(1, INCIDENTS + 1)]

    def _request(self) -> RequestId:
        self._requests += 1
        return RequestId(f"past:{self._requests}")


async def measure(bench: Bench) -> list[Figure]:
    configure_logs(level="ERROR", console=False)
    setting = bench.placed(Setting())
    async with _past(setting.redis_url) as past:
        weight, keeping = await _kept(past)
        asked = await _asked_within(past)
        costs = [await _cost_of_a_note(past), await _cost_of_a_declaration(past), await _cost_of_a_factor(past)]
        texts = [f"search {past.text(1 + number % 3)}" for number in range(_ASKED - 2)]
    placed = replace(setting, emptied=False)
    answered = {
        "search, as its person is answered": await _answered(placed, [*texts, "search word0x", "search kestrel"]),
        "risk register of all, as its person is answered": await _answered(placed, ["risks", "risks 2"] * 15),
    }
    return [*_figures({**asked, **answered}), *_weights(weight, keeping), *costs]


@asynccontextmanager
async def _past(url: str) -> AsyncIterator[Past]:
    """All of it happened; what waits in the outbox is nobody's to do, so it is thrown away in the end."""
    async with Redis.from_url(url) as client:
        await client.flushdb()
    store = await open_store(url, TEAM_ID)
    try:
        await store.identity.begin(after=0)
        past = Past(store)
        for number in range(1, INCIDENTS + 1):
            await past.happen(ChannelId(f"C0PAST{number}"))
        yield past
    finally:
        await _thrown_away(store, "lane:*", "lease:*", "ready", "timers*", "request:*")
        await store.close()


async def _thrown_away(store: RedisStore, *patterns: str) -> None:
    client, prefix = store.client, store.keys.prefix
    for pattern in patterns:
        keys = [key async for key in client.scan_iter(f"{prefix}{pattern}", count=5_000)]
        for start in range(0, len(keys), 500):
            await client.unlink(*keys[start : start + 500])


async def _kept(past: Past) -> tuple[float, list[float]]:
    """Bytes of the index for each incident, and the milliseconds in which each was kept."""
    await _thrown_away(past.store, "gists", "words:*")
    states, before = await past.states(), await _used(past.store)
    took = [await _timed(past.store.archive.keep(state)) for state in states]
    return (await _used(past.store) - before) / INCIDENTS, took


async def _used(store: RedisStore) -> int:
    return int((await store.client.info("memory"))["used_memory"])


async def _timed(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return (time.perf_counter() - began) * 1000


async def _asked_within(past: Past) -> dict[str, list[float]]:
    """Those like each of the newest incidents, as if it were new."""
    newest = [await past.door.read(IncidentId(number)) for number in range(INCIDENTS - _ASKED + 1, INCIDENTS + 1)]
    archive = past.store.archive
    took = [await _timed(archive.precedents(replace(each, factors={}), past.at)) for each in newest]
    factored = [await _timed(archive.precedents(each, past.at)) for each in newest]
    index = past.store.factors
    themes = [await _timed(_returning(index, each, past.at)) for each in newest]
    return {
        "like this one": took,
        "like this one, by its factors too": factored,
        "whether its factors return": themes,
    }


async def _returning(index: RedisFactors, incident: Incident, at: datetime) -> None:
    await themes_of(index, incident, incident.standing_factors, at, sees=lambda each: not each.private)


async def _answered(setting: Setting, texts: Sequence[str]) -> list[float]:
    """Milliseconds until the slash command is answered, in earnest."""
    async with staged(Program.UNLIMITED, setting) as stage:
        people = (await stage.client.about())["people"]
        asked = Asking(people, await _channel(stage), "any", [])
        payloads = [asked.slash(text) for text in texts]
        found: list[float] = (await stage.burst("slash", payloads, apart=0.02))["durations"]
    assert len(found) == len(texts)
    return found


async def _channel(stage: Stage) -> str:
    """Where Ada types it."""
    channels = await stage.client.person("ada").channels()
    return str(next(each.id for each in channels if each.name == "general"))


async def _cost_of_a_note(past: Past) -> Figure:
    """An append to an incident that has ended, which asks for its gist anew, beside the same append without that."""
    number = IncidentId(1)
    state = await past.door.read(number)
    found: dict[bool, list[float]] = {True: [], False: []}
    version = state.version
    for turn in range(2 * _APPENDS):
        keeps = bool(turn % 2)
        append = Append(
            incident=number,
            expected=version,
            request=RequestId(f"cost:{turn}"),
            events=[note(past.text(WORDS_OF_A_NOTE))],
            listing=listing(state),
            effects=[KeepGist(incident=number)] if keeps else [],
        )
        began = time.perf_counter()
        appended = await past.store.log.append(append)
        found[keeps].append((time.perf_counter() - began) * 1000)
        assert isinstance(appended, Appended)
        version = appended.version
    return _beside("a note after the end, beside one that asks for no gist (as floor)", found)


async def _cost_of_a_factor(past: Past) -> Figure:
    """An append that writes a factor's line and words, beside the same append without them."""
    number = IncidentId(2)
    state = await past.door.read(number)
    lines = [ReindexedFactor(line=line) for line in factor_lines(state).values()][:1]
    found: dict[bool, list[float]] = {True: [], False: []}
    version = state.version
    for turn in range(2 * _APPENDS):
        keeps = bool(turn % 2)
        append = Append(
            incident=number,
            expected=version,
            request=RequestId(f"factor:{turn}"),
            events=[note(past.text(WORDS_OF_A_NOTE))],
            listing=listing(state),
            factors=lines if keeps else [],
        )
        began = time.perf_counter()
        appended = await past.store.log.append(append)
        found[keeps].append((time.perf_counter() - began) * 1000)
        assert isinstance(appended, Appended)
        version = appended.version
    return _beside("a factor's line, beside an append without one (as floor)", found)


async def _cost_of_a_declaration(past: Past) -> Figure:
    """With the words of its title, and without."""
    found: dict[bool, list[float]] = {True: [], False: []}
    first = await past.store.log.next_number()
    for turn in range(2 * _APPENDS):
        number, keeps = IncidentId(first + turn), bool(turn % 2)
        said = declared(number, past.text(6))
        state = evolve(None, said)
        append = Append(
            incident=number,
            expected=Version(0),
            request=RequestId(f"declared:{turn}"),
            events=[said],
            listing=listing(state),
            gist=gist(state) if keeps else None,
        )
        began = time.perf_counter()
        await past.store.log.append(append)
        found[keeps].append((time.perf_counter() - began) * 1000)
    return _beside("a declaration, beside one that writes no words (as floor)", found)


def _beside(name: str, found: dict[bool, list[float]]) -> Figure:
    return Figure(group=GROUP, name=name, ours=found[True], floor=found[False], goal=COST, kind=Goal.TIMES_FLOOR)


def _figures(asked: dict[str, list[float]]) -> list[Figure]:
    return [
        Figure(group=GROUP, name=f"{what}, p{share * 100:.0f}", ours=[percentile(took, share)], goal=AT_MOST)
        for what, took in asked.items()
        for share in (0.5, 0.99)
    ]


def _weights(weight: float, keeping: list[float]) -> list[Figure]:
    return [
        Figure(group=GROUP, name="index in Redis, bytes of an incident", ours=[weight], unit="B"),
        Figure(group=GROUP, name="an incident's gist read and written, after its end", ours=keeping),
    ]
