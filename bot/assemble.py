"""Builds the parts from Settings and joins them; the only file that knows them all.

Parts are entered in the order in which they need each other and leave in the opposite one: first nothing new comes
in, then what is at work is finished, then the store is closed.
"""

import asyncio
import gc
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog
from slack_bolt.app.async_app import AsyncApp

from bot.clock import Clock
from bot.command_handler import CommandHandler
from bot.effect_runner import EffectRunner, Pauses
from bot.playbook.library import Library, load
from bot.playbook.reloading import look_for_changes
from bot.playbook.rules import LibraryRules
from bot.playbook.templates import read_template
from bot.schedule import daily_head, weekly_round
from bot.schedule.background import background
from bot.schedule.daily_head import DailyHead
from bot.schedule.ticker import Ticker
from bot.schedule.weekly_round import WeeklyRound
from bot.settings import Settings, Transport
from bot.slack.announcements import Announcements, WhereAnnounced
from bot.slack.app import build_app
from bot.slack.audit_channel import AuditChannel
from bot.slack.chat import SlackChat
from bot.slack.directory import SlackDirectory
from bot.slack.limiter import A_MINUTE, POSTS_A_SECOND, Limiter
from bot.slack.listening import Desk
from bot.slack.numbering import highest_number
from bot.slack.posts import Posts
from bot.slack.renderer import BlockRenderer
from bot.slack.response_urls import HttpResponseUrls
from bot.slack.slack_readiness import SlackProbe
from bot.slack.slack_socket import LOST_AFTER, PING_EVERY, SocketMode
from bot.slack.transports import http_handler
from bot.slack.web_client import BotIdentity, WebClient, open_web_client
from bot.slack.weekly_posts import WeeklyPosts
from bot.store.audit_key import ensure_key
from bot.store.census import count
from bot.store.codec import build_adapters
from bot.store.embedded import EmbeddedServer
from bot.store.redis_store import RedisStore, open_store
from bot.store.store_readiness import StoreProbe
from bot.telemetry import Metrics, configure_logs
from bot.web.web_server import WebServer, listening

_DRAIN_WITHIN: Final = timedelta(seconds=5)
"""For effects at work when we are asked to stop; with the rest it stays under the 15 s that hosts usually give."""
_REQUESTS_WITHIN: Final = timedelta(seconds=3)
"""For requests in flight; Slack gives up on any after as long."""
_JOBS_WITHIN: Final = timedelta(seconds=3)
_LOOK_AT_PLAYBOOKS_EVERY: Final = timedelta(seconds=10)
_COUNT_EVERY: Final = timedelta(seconds=15)
_LOOK_AT_ARCHIVE_EVERY: Final = timedelta(seconds=10)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A running Muster. `port`: where health, metrics and Slack's HTTP deliveries are served."""

    handler: CommandHandler
    store: RedisStore
    runner: EffectRunner
    port: int
    identity: BotIdentity
    _count: Callable[[], Awaitable[None]] = field(repr=False)
    _library: Library = field(repr=False)
    _head: DailyHead | None = field(repr=False)
    _weekly: WeeklyRound = field(repr=False)
    _ticker: Ticker = field(repr=False)
    _losses: tuple[asyncio.Task[None], ...] = field(repr=False)

    async def tick(self) -> int:
        """Fires what is due now, without waiting for the next tick; answers how many timers that were."""
        return await self._ticker.tick()

    async def look_at_playbooks(self) -> None:
        """Takes changed playbooks into use without waiting for the next look; a broken change is only logged."""
        await look_for_changes(self._library)

    async def count(self) -> None:
        """Counts what is open and what waits, for the metrics, without waiting for the next time."""
        await self._count()

    async def look_at_head(self) -> None:
        """Posts the day's audit head if it is due, without waiting for the next look."""
        if self._head:
            await self._head.look()

    async def look_at_followups(self) -> None:
        """Tells of follow-ups whoever's turn it is, without waiting for the next look."""
        await self._weekly.look()

    async def is_idle(self) -> bool:
        """Whether no effect waits or is at work."""
        return self.runner.is_idle and await self.store.outbox.next_ready_in() is None

    async def until_lost(self) -> None:
        """Returns or raises when a part that all else needs has ended by itself."""
        done, _ = await asyncio.wait(self._losses, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            await task


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How Slack is spared, and how patient we are with its socket (seconds from ping to ping; how long it may be lost).

    The defaults are Slack's own wishes; a local workspace, whose people wait, has none.
    """

    pauses: Pauses = field(default_factory=Pauses)
    posts_a_second: float = POSTS_A_SECOND
    calls_a_minute: Mapping[int, float] = field(default_factory=lambda: A_MINUTE)
    ping: float = PING_EVERY
    lost_after: timedelta = LOST_AFTER


async def run(settings: Settings, clock: Clock | None = None, *, pace: Pace = Pace()) -> None:
    """Runs until SIGTERM or SIGINT, or until a part is lost. Raises Unavailable and LibraryProblems."""
    metrics = Metrics()
    console = settings.console_logs(sys.stderr.isatty())
    configure_logs(level=settings.log_level, console=console, on_bug=metrics.bug_met)
    serving = asyncio.create_task(_serve(settings, metrics, clock, pace), name="muster")
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _stop, serving)
    _log.info("muster_is_starting")
    await asyncio.wait([serving])
    if not serving.cancelled():
        serving.result()


def _stop(serving: asyncio.Task[None]) -> None:
    """Once: a second signal must not cut short what the first one lets finish."""
    if not serving.cancelling():
        _log.info("muster_is_stopping")
        serving.cancel()


async def _serve(settings: Settings, metrics: Metrics, clock: Clock | None, pace: Pace) -> None:
    """Until it is cancelled, even while it starts, or a part is lost."""
    async with assembled(settings, clock=clock, metrics=metrics, pace=pace) as bot:
        # What was made until now stays: looking through it for garbage would stop everything for 30 to 50 ms.
        gc.freeze()
        gc.enable()
        _log.info("muster_is_up", transport=settings.transport.value, port=bot.port, command=settings.command_name)
        await bot.until_lost()


@asynccontextmanager
async def assembled(
    settings: Settings,
    *,
    clock: Clock | None = None,
    metrics: Metrics | None = None,
    pace: Pace = Pace(),
    drills_only: Callable[[], bool] = lambda: False,
) -> AsyncIterator[Bot]:
    """Muster with every part at work. Raises Unavailable and LibraryProblems where it cannot start.

    `drills_only`: while it says so, whatever is declared is a drill (as long as a practice scenario plays).
    """
    clock, metrics = clock or Clock(), metrics or Metrics()
    limiter = Limiter(posts_a_second=pace.posts_a_second, a_minute=pace.calls_a_minute)
    async with AsyncExitStack() as stack:
        library = await asyncio.to_thread(load, settings.playbooks_dir)
        token = settings.slack_bot_token.get_secret_value()
        client = await stack.enter_async_context(
            open_web_client(token, base_url=settings.slack_api_url, limiter=limiter, observer=metrics)
        )
        identity = await client.identity()
        store, losses = await _store(settings, identity, clock, limiter, stack)
        await store.recognise(lambda: highest_number(client, identity))
        parts = Parts(
            settings=settings,
            clock=clock,
            metrics=metrics,
            library=library,
            client=client,
            identity=identity,
            store=store,
            announced=WhereAnnounced(
                incidents=Announcements(client, settings.announcement_channel),
                drills=Announcements(client, settings.drill_channel),
            ),
            pace=pace,
            drills_only=drills_only,
        )
        yield await _joined(parts, losses, stack)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the rest is made from."""

    settings: Settings
    clock: Clock
    metrics: Metrics
    library: Library
    client: WebClient
    identity: BotIdentity
    store: RedisStore
    announced: WhereAnnounced
    pace: Pace
    drills_only: Callable[[], bool]


async def _store(
    settings: Settings, identity: BotIdentity, clock: Clock, limiter: Limiter, stack: AsyncExitStack
) -> tuple[RedisStore, list[asyncio.Task[None]]]:
    """The server of REDIS_URL, else our own."""
    losses: list[asyncio.Task[None]] = []
    audit_keys = settings.audit_keys
    if settings.redis_url is not None:
        url = settings.redis_url.get_secret_value()
    else:
        server = await stack.enter_async_context(EmbeddedServer(settings.data_dir))
        losses.append(background(stack, server.until_lost(), "embedded server"))
        url = server.url
        audit_keys = ensure_key(audit_keys, settings.data_dir)
    store = await open_store(
        url,
        identity.team,
        offset=lambda: clock.offset,
        told=clock.follow,
        heed=limiter.heed,
        audit_keys=audit_keys,
    )
    stack.push_async_callback(store.close)
    build_adapters()
    await store.warm_up()
    return store, losses


async def _joined(parts: Parts, losses: list[asyncio.Task[None]], stack: AsyncExitStack) -> Bot:
    """The handler, what it wakes, what wakes it, and at last the way in."""
    directory = SlackDirectory(parts.client, parts.identity.team, parts.store.people)
    woken = asyncio.Event()
    handler = CommandHandler(
        parts.store.log,
        parts.store.timers,
        LibraryRules(parts.library),
        parts.clock,
        on_append=woken.set,
        observer=parts.metrics,
        drills_only=parts.drills_only,
    )
    runner = EffectRunner(
        parts.store.outbox,
        _chat(parts, directory, handler),
        handler.read,
        handler.record,
        handler.report,
        woken=woken,
        observer=parts.metrics,
        is_drill=handler.is_drill,
        pauses=parts.pace.pauses,
    )
    losses.append(background(stack, runner.run(), "effect runner"))
    stack.push_async_callback(runner.drain, _DRAIN_WITHIN)
    head, weekly = _daily_head(parts), _weekly_round(parts, directory, woken)
    ticker = await stack.enter_async_context(_ticker(parts, handler, head, weekly))
    desk = Desk(
        door=handler,
        people=directory,
        shelf=parts.library,
        slack=parts.client,
        answers=HttpResponseUrls(parts.client.session),
        clock=parts.clock,
        identity=parts.identity,
        letters=parts.store.outbox,
        archive=parts.store.archive,
        followups=parts.store.followups,
        command=parts.settings.command_name,
    )
    port = await _open_the_way_in(parts, desk, losses, stack)
    return Bot(
        handler=handler,
        store=parts.store,
        runner=runner,
        port=port,
        identity=parts.identity,
        _count=lambda: _count(parts),
        _library=parts.library,
        _head=head,
        _weekly=weekly,
        _ticker=ticker,
        _losses=tuple(losses),
    )


def _chat(parts: Parts, directory: SlackDirectory, handler: CommandHandler) -> SlackChat:
    return SlackChat(
        parts.client,
        parts.identity,
        BlockRenderer(lambda: parts.library.policy, parts.library.guide),
        directory,
        parts.clock,
        announced=parts.announced,
        history=handler.history,
        archive=parts.store.archive,
        weekly=lambda posts: _weekly_posts(parts, directory, posts),
        rules=lambda: (parts.library.policy, read_template(parts.library.folder).text),
    )


def _weekly_posts(parts: Parts, directory: SlackDirectory, posts: Posts) -> WeeklyPosts:
    where = Announcements(parts.client, parts.settings.digest_channel)
    return WeeklyPosts(posts, parts.store.followups, directory, lambda: parts.library.policy, parts.clock, where=where)


def _weekly_round(parts: Parts, directory: SlackDirectory, woken: asyncio.Event) -> WeeklyRound:
    return WeeklyRound(parts.store.followups, directory, lambda: parts.library.policy, parts.clock.now, woken=woken.set)


def _daily_head(parts: Parts) -> DailyHead | None:
    """None: nothing is sealed, so there is nothing that a head would prove."""
    if parts.store.checkpoint is None:
        return None
    where = Announcements(parts.client, parts.settings.audit_channel)
    return DailyHead(parts.store.checkpoint, AuditChannel(parts.client, where), parts.clock.now)


def _ticker(parts: Parts, handler: CommandHandler, head: DailyHead | None, weekly: WeeklyRound) -> Ticker:
    ticker = Ticker(
        parts.store.timers,
        handler.fire,
        stop_patience=_JOBS_WITHIN,
        observer=parts.metrics,
        now=parts.clock.now,
    )
    ticker.also("playbooks", _LOOK_AT_PLAYBOOKS_EVERY, lambda: look_for_changes(parts.library))
    ticker.also("counts", _COUNT_EVERY, lambda: _count(parts))
    ticker.also("archive", _LOOK_AT_ARCHIVE_EVERY, parts.store.archive.make_up)
    ticker.also("follow-ups", weekly_round.LOOK_EVERY, weekly.look)
    if head:
        ticker.also("audit head", daily_head.LOOK_EVERY, head.look)
    return ticker


async def _count(parts: Parts) -> None:
    await count(parts.store, parts.metrics, parts.clock.now().date())


async def _open_the_way_in(parts: Parts, desk: Desk, losses: list[asyncio.Task[None]], stack: AsyncExitStack) -> int:
    """Starts to listen, last of all; answers with the port."""
    settings = parts.settings
    secret = settings.slack_signing_secret
    app = build_app(desk, client=parts.client.sdk, signing_secret=secret.get_secret_value() if secret else "")
    socket = _socket(parts, app)
    if socket:
        stack.push_async_callback(socket.close)
    web = WebServer(
        settings.host,
        settings.port,
        readiness=(StoreProbe(store=parts.store), SlackProbe(socket=socket, client=parts.client)),
        metrics=parts.metrics,
        slack_handler=None if socket else http_handler(app, secret.get_secret_value() if secret else ""),
        stop_patience=_REQUESTS_WITHIN,
    )
    await listening(web, settings.host, settings.port, stack)
    if socket:
        await socket.start()
        losses.append(background(stack, socket.until_lost(), "socket"))
    background(stack, parts.announced.warm_up(), "announcement channels")
    return web.port


def _socket(parts: Parts, app: AsyncApp) -> SocketMode | None:
    settings = parts.settings
    if settings.transport is not Transport.SOCKET_MODE or settings.slack_app_token is None:
        return None
    return SocketMode(
        app,
        app_token=settings.slack_app_token.get_secret_value(),
        base_url=settings.slack_api_url,
        slack_answers=parts.client.answers,
        ping=parts.pace.ping,
        lost_after=parts.pace.lost_after,
    )
