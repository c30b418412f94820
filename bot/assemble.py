"""Builds the parts from Settings and joins them; the only file that knows them all.

Parts are entered in the order in which they need each other and leave in the opposite one: first nothing new comes
in, then what is at work is finished, then the store is closed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog
from aiohttp import web
from pydantic import SecretStr
from slack_bolt.app.async_app import AsyncApp

from bot.alert_parts import AlertParts
from bot.api.routes import Api
from bot.chores import (
    Rounds,
    build_daily_head,
    build_issue_keeper,
    build_issue_round,
    build_keeper,
    build_maintenance_posts,
    build_ticker,
    build_weekly_posts,
    build_weekly_round,
    count_all,
)
from bot.clock import Clock
from bot.command_handler import CommandHandler
from bot.effect_runner import EffectRunner
from bot.incident.service_change import WITHIN, Suspect, suspects
from bot.incident.state import Incident
from bot.incident.terms import Milestone
from bot.issue_ports import Tracker
from bot.maintenance_keeper import MaintenanceKeeper
from bot.parts import Pace, Parts
from bot.playbook.library import Library, load
from bot.playbook.reloading import look_for_changes
from bot.playbook.rules import LibraryRules
from bot.playbook.templates import read_template
from bot.schedule.background import background
from bot.schedule.daily_head import DailyHead
from bot.schedule.ticker import Ticker
from bot.schedule.weekly_round import WeeklyRound
from bot.settings import Settings, Transport
from bot.slack.announcements import Announcements, WhereAnnounced
from bot.slack.app import build_app
from bot.slack.chat import SlackChat
from bot.slack.directory import SlackDirectory
from bot.slack.limiter import Limiter
from bot.slack.listening import Desk
from bot.slack.numbering import highest_number
from bot.slack.papers import Papers
from bot.slack.renderer import BlockRenderer
from bot.slack.response_urls import HttpResponseUrls
from bot.slack.slack_readiness import SlackProbe
from bot.slack.slack_socket import SocketMode
from bot.slack.still_pictures import StillPictures
from bot.slack.transports import http_handler
from bot.slack.web_client import BotIdentity, open_web_client
from bot.store.audit_key import ensure_key
from bot.store.codec import build_adapters
from bot.store.embedded import EmbeddedServer
from bot.store.redis_store import RedisStore, open_store
from bot.store.store_readiness import StoreProbe
from bot.telemetry import Metrics
from bot.trackers.chat_and_tracker import ChatAndTracker
from bot.trackers.doorbell import Doorbell
from bot.trackers.github_webhook import webhook_route
from bot.trackers.issue_round import IssueRound
from bot.trackers.opening import open_tracker
from bot.web.web_server import SLACK_PATH, WebServer, listening

_DRAIN_WITHIN: Final = timedelta(seconds=5)
"""For effects at work when we are asked to stop; with the rest it stays under the 15 s that hosts usually give."""
_REQUESTS_WITHIN: Final = timedelta(seconds=3)
"""For requests in flight; Slack gives up on any after as long."""

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
    _alerts: AlertParts = field(repr=False)
    _head: DailyHead | None = field(repr=False)
    _weekly: WeeklyRound = field(repr=False)
    _keeper: MaintenanceKeeper = field(repr=False)
    _issues: IssueRound | None = field(repr=False)
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

    async def look_at_maintenance(self) -> None:
        """Begins and ends what is due, without waiting for the next look."""
        await self._keeper.look()

    async def look_at_tracker(self) -> None:
        """Reads what changed in the tracker, if there is one, without waiting for the next look."""
        if self._issues:
            await self._issues.read()

    async def is_idle(self) -> bool:
        """Whether no effect waits or is at work, and no alert is undecided."""
        waiting = self._alerts.is_open and await self.store.alerts.count()
        return not waiting and self.runner.is_idle and await self.store.outbox.next_ready_in() is None

    async def look_at_alerts(self) -> None:
        """Decides about alerts that wait, without waiting for the next look."""
        await self._alerts.desk.look()

    async def until_lost(self) -> None:
        """Returns or raises when a part that all else needs has ended by itself."""
        done, _ = await asyncio.wait(self._losses, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            await task


@asynccontextmanager
async def assembled(
    settings: Settings,
    *,
    clock: Clock | None = None,
    metrics: Metrics | None = None,
    pace: Pace | None = None,
    drills_only: Callable[[], bool] = lambda: False,
) -> AsyncIterator[Bot]:
    """Muster with every part at work. Raises Unavailable and LibraryProblems where it cannot start.

    `drills_only`: while it says so, whatever is declared is a drill (as long as a practice scenario plays).
    """
    clock, metrics, pace = clock or Clock(), metrics or Metrics(), pace or Pace()
    limiter = Limiter(posts_a_second=pace.posts_a_second, a_minute=pace.calls_a_minute)
    async with AsyncExitStack() as stack:
        library = await asyncio.to_thread(load, settings.playbooks_dir)
        token = settings.slack_bot_token.get_secret_value()
        client = await stack.enter_async_context(
            open_web_client(token, base_url=settings.slack_api_url, limiter=limiter, observer=metrics)
        )
        identity = await client.identity()
        store, losses = await _store(settings, identity, clock, limiter, stack)
        tracker = await stack.enter_async_context(tracker_of(settings))
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
            tracker=tracker,
            pace=pace,
            drills_only=drills_only,
        )
        yield await _joined(parts, losses, stack)


def tracker_of(settings: Settings) -> AbstractAsyncContextManager[Tracker | None]:
    """The one that the settings name. It asks nothing of it."""
    choice = settings.tracker
    if choice is None:
        return nullcontext()
    return open_tracker(
        name=choice.name,
        url=choice.url,
        place=choice.place,
        token=choice.token.get_secret_value(),
        user=choice.user,
        issue_type=choice.issue_type,
    )


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
        LibraryRules(parts.library, tracker=parts.tracker.name if parts.tracker else ""),
        parts.clock,
        on_append=woken.set,
        observer=parts.metrics,
        drills_only=parts.drills_only,
    )
    keeper = build_keeper(parts, woken)
    runner = EffectRunner(
        parts.store.outbox,
        ChatAndTracker(_chat(parts, directory, handler, keeper), build_issue_keeper(parts, directory, handler)),
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
    head, weekly = build_daily_head(parts), build_weekly_round(parts, directory, woken)
    issues = build_issue_round(parts, handler)
    rounds = Rounds(head=head, weekly=weekly, issues=issues, maintenance=keeper)
    ticks = await stack.enter_async_context(build_ticker(parts, handler, rounds))
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
        rota=parts.store.rota,
        followups=parts.store.followups,
        maintenance=keeper,
        factors=parts.store.factors,
        pseudonyms=parts.store.pseudonyms,
        command=parts.settings.command_name,
    )
    alerts = AlertParts(parts, handler)
    alerts.start(stack, losses)
    api = _api_routes(parts, handler, directory)
    routes = [*api, *alerts.routes(), *_tracker_routes(parts, issues, stack)]
    port = await _open_the_way_in(parts, desk, routes, losses, stack)
    return Bot(
        handler=handler,
        store=parts.store,
        runner=runner,
        port=port,
        identity=parts.identity,
        _count=lambda: count_all(parts),
        _library=parts.library,
        _alerts=alerts,
        _head=head,
        _weekly=weekly,
        _keeper=keeper,
        _issues=issues,
        _ticker=ticks,
        _losses=tuple(losses),
    )


def _chat(parts: Parts, directory: SlackDirectory, handler: CommandHandler, keeper: MaintenanceKeeper) -> SlackChat:
    return SlackChat(
        parts.client,
        parts.identity,
        BlockRenderer(lambda: handler.policy, parts.library.guide),
        directory,
        parts.clock,
        announced=parts.announced,
        history=handler.history,
        archive=parts.store.archive,
        suspects=lambda incident: _suspects(parts, incident),
        rota=parts.store.rota,
        weekly=lambda posts: build_weekly_posts(parts, directory, posts),
        maintenance=lambda posts: build_maintenance_posts(parts, keeper, posts),
        papers=Papers(
            directory,
            parts.identity.url,
            history=handler.history,
            rules=lambda: (parts.library.policy, read_template(parts.library.folder).text),
            pictures=StillPictures(),
        ),
    )


async def _suspects(parts: Parts, incident: Incident) -> Sequence[Suspect]:
    """What was changed shortly before its impact began, in what it affects and needs."""
    began = incident.milestones.get(Milestone.IMPACT_STARTED, incident.declared_at)
    since = min(began, incident.declared_at)
    changes = await parts.store.changes.since(since - WITHIN)
    return suspects(changes, incident.service, since, parts.library.policy.catalogue)


async def _open_the_way_in(
    parts: Parts, desk: Desk, routes: Sequence[web.RouteDef], losses: list[asyncio.Task[None]], stack: AsyncExitStack
) -> int:
    """Starts to listen, last of all; answers with the port."""
    settings = parts.settings
    secret = settings.slack_signing_secret
    app = build_app(desk, client=parts.client.sdk, signing_secret=secret.get_secret_value() if secret else "")
    socket = _socket(parts, app)
    if socket:
        stack.push_async_callback(socket.close)
    server = WebServer(
        settings.host,
        settings.port,
        readiness=(StoreProbe(store=parts.store), SlackProbe(socket=socket, client=parts.client)),
        metrics=parts.metrics,
        routes=[*_slack_routes(app, secret, socket), *routes],
        stop_patience=_REQUESTS_WITHIN,
    )
    await listening(server, settings.host, settings.port, stack)
    if socket:
        await socket.start()
        losses.append(background(stack, socket.until_lost(), "socket"))
    background(stack, parts.announced.warm_up(), "announcement channels")
    return server.port


def _slack_routes(app: AsyncApp, secret: SecretStr | None, socket: SocketMode | None) -> list[web.RouteDef]:
    if socket:
        return []
    return [web.post(SLACK_PATH, http_handler(app, secret.get_secret_value() if secret else ""))]


def _tracker_routes(parts: Parts, issues: IssueRound | None, stack: AsyncExitStack) -> list[web.RouteDef]:
    """None where nobody rings."""
    secret = parts.settings.github_rings
    if issues is None or not secret:
        return []
    bell = Doorbell(issues.read)
    background(stack, bell.answer(), "doorbell")
    return [webhook_route(secret, bell.ring)]


def _api_routes(parts: Parts, handler: CommandHandler, directory: SlackDirectory) -> list[web.RouteDef]:
    """None where nobody may call."""
    if not parts.settings.callers:
        return []
    changes, callers = parts.store.changes, parts.settings.callers
    return Api(door=handler, people=directory, changes=changes, clock=parts.clock, tokens=callers).routes()


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
