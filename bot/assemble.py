"""Builds the parts from Settings and joins them; the only file that knows them all.

Parts are entered in the order in which they need each other and leave in the opposite one: first nothing new comes
in, then what is at work is finished, then the store is closed.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import structlog

from bot.alert_parts import AlertParts
from bot.chat_parts import build_chat
from bot.chores import (
    Rounds,
    build_daily_head,
    build_freezes,
    build_keeper,
    build_proposals,
    build_quality_round,
    build_ticker,
    build_watchdogs,
    build_weekly_round,
    count_all,
)
from bot.clock import Clock
from bot.command_handler import CommandHandler
from bot.effect_runner import EffectRunner
from bot.freeze_keeper import FreezeKeeper
from bot.mail.mail_server import mail_server, sender_of
from bot.mail.smtp_mail import SmtpMail
from bot.maintenance_keeper import MaintenanceKeeper
from bot.parts import Pace, Parts
from bot.playbook.library import Library, load
from bot.playbook.reloading import look_for_changes
from bot.playbook.rules import LibraryRules
from bot.schedule.background import background
from bot.schedule.daily_head import DailyHead
from bot.schedule.quality_round import QualityRound
from bot.schedule.ticker import Ticker
from bot.schedule.weekly_round import WeeklyRound
from bot.settings import Settings
from bot.signal_parts import listeners, open_webhooks
from bot.signals.chat_and_signals import ChatAndSignals
from bot.slack.announcements import Announcements, WhereAnnounced
from bot.slack.directory import SlackDirectory
from bot.slack.limiter import Limiter
from bot.slack.listening import Desk
from bot.slack.mailing import mailing
from bot.slack.numbering import highest_number
from bot.slack.response_urls import HttpResponseUrls
from bot.slack.web_client import BotIdentity, open_web_client
from bot.store.audit_key import ensure_key
from bot.store.codec import build_adapters
from bot.store.embedded import EmbeddedServer
from bot.store.redis_store import RedisStore, open_store
from bot.telemetry import Metrics
from bot.tracker_parts import TrackerParts, tracker_of
from bot.way_in import api_routes, open_the_way_in

_DRAIN_WITHIN: Final = timedelta(seconds=5)
"""For effects at work when we are asked to stop; with the rest it stays under the 15 s that hosts usually give."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """A running Muster. `port`: where it is reached over HTTP; `served`: what is answered there."""

    handler: CommandHandler
    store: RedisStore
    runner: EffectRunner
    port: int
    served: frozenset[str]
    identity: BotIdentity
    _count: Callable[[], Awaitable[None]] = field(repr=False)
    _library: Library = field(repr=False)
    _alerts: AlertParts = field(repr=False)
    _head: DailyHead | None = field(repr=False)
    _weekly: WeeklyRound = field(repr=False)
    _keeper: MaintenanceKeeper = field(repr=False)
    _freezes: FreezeKeeper = field(repr=False)
    _quality: QualityRound | None = field(repr=False)
    _issues: TrackerParts = field(repr=False)
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

    async def look_at_freezes(self) -> None:
        """Ends what is over and reminds of what soon is, without waiting for the next look."""
        await self._freezes.look()

    async def look_at_watchdogs(self) -> None:
        """Raises what has fallen silent, without waiting for the next look."""
        await self._alerts.watchdogs.look()

    async def look_at_proposals(self) -> None:
        """Reminds of proposals and ends them where it is time, without waiting for the next look."""
        await self._alerts.proposals.look()

    async def look_at_alert_quality(self) -> None:
        """Posts the weekly list of rules to fix if it is due, without waiting for the next look."""
        if self._quality:
            await self._quality.look()

    async def look_at_tracker(self) -> None:
        """Reads what changed in the tracker, if there is one, without waiting for the next look."""
        if self._issues.round:
            await self._issues.round.read()

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
            mail=_mail(settings),
            tracker=tracker,
            pace=pace,
            drills_only=drills_only,
        )
        yield await _joined(parts, losses, stack)


def _mail(settings: Settings) -> SmtpMail | None:
    if settings.smtp_url is None or settings.mail_from is None:
        return None
    return SmtpMail(mail_server(settings.smtp_url.get_secret_value()), sender_of(settings.mail_from))


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
    handler = _handler(parts, woken)
    keeper, freezes = build_keeper(parts, woken), build_freezes(parts, woken)
    watchdogs, proposals = build_watchdogs(parts, keeper, woken), build_proposals(parts, handler, keeper, woken)
    alerts = AlertParts(parts, handler, keeper, watchdogs=watchdogs, proposals=proposals)
    issues = TrackerParts(parts, directory, handler)
    webhooks = await stack.enter_async_context(open_webhooks(parts))
    chat = issues.beside(build_chat(parts, directory, handler, keeper=keeper, freezes=freezes, proposals=proposals))
    runner = _runner(parts, handler, ChatAndSignals(chat, webhooks), woken)
    losses.append(background(stack, runner.run(), "effect runner"))
    stack.push_async_callback(runner.drain, _DRAIN_WITHIN)
    head, weekly = build_daily_head(parts), build_weekly_round(parts, directory, woken)
    rounds = Rounds(
        head=head,
        weekly=weekly,
        issues=issues.round,
        maintenance=keeper,
        freezes=freezes,
        watchdogs=watchdogs,
        proposals=proposals,
        quality=build_quality_round(parts, woken),
    )
    ticks = await stack.enter_async_context(build_ticker(parts, handler, rounds))
    desk = _desk(parts, handler, directory, rounds)
    alerts.start(stack, losses)
    routes = [*api_routes(parts, handler, directory, freezes), *alerts.routes(), *issues.routes(stack)]
    web = await open_the_way_in(parts, desk, routes, losses, stack)
    return Bot(
        handler=handler,
        store=parts.store,
        runner=runner,
        port=web.port,
        served=web.served,
        identity=parts.identity,
        _count=lambda: count_all(parts),
        _library=parts.library,
        _alerts=alerts,
        _head=head,
        _weekly=weekly,
        _keeper=keeper,
        _freezes=freezes,
        _quality=rounds.quality,
        _issues=issues,
        _ticker=ticks,
        _losses=tuple(losses),
    )


def _runner(parts: Parts, handler: CommandHandler, chat: ChatAndSignals, woken: asyncio.Event) -> EffectRunner:
    return EffectRunner(
        parts.store.outbox,
        chat,
        handler.read,
        handler.record,
        handler.report,
        woken=woken,
        observer=parts.metrics,
        is_drill=handler.is_drill,
        pauses=parts.pace.pauses,
    )


def _handler(parts: Parts, woken: asyncio.Event) -> CommandHandler:
    return CommandHandler(
        parts.store.log,
        parts.store.timers,
        LibraryRules(
            parts.library,
            tracker=parts.tracker.name if parts.tracker else "",
            listeners=listeners(parts.settings),
        ),
        parts.clock,
        on_append=woken.set,
        observer=parts.metrics,
        drills_only=parts.drills_only,
    )


def _desk(
    parts: Parts,
    handler: CommandHandler,
    directory: SlackDirectory,
    rounds: Rounds,
) -> Desk:
    return Desk(
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
        alerts=parts.store.alerts,
        alert_quality=parts.store.alert_quality,
        maintenance=rounds.maintenance,
        proposals=rounds.proposals,
        freezes=rounds.freezes,
        mailing=lambda: mailing(parts.mail, parts.client.scopes),
        factors=parts.store.factors,
        pseudonyms=parts.store.pseudonyms,
        writers=parts.store.writers,
        command=parts.settings.command_name,
    )
