"""What is done by the clock, besides due timers: looking, counting, the day's head, the week's round."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot import freeze_keeper, proposal_keeper, watchdog_keeper
from bot.command_handler import CommandHandler
from bot.freeze_keeper import FreezeKeeper
from bot.maintenance_keeper import LOOK_EVERY, MaintenanceKeeper
from bot.parts import Parts
from bot.playbook.reloading import look_for_changes
from bot.proposal_keeper import ProposalKeeper
from bot.schedule import catching_up, daily_head, quality_round, weekly_round
from bot.schedule.catching_up import CatchingUp
from bot.schedule.daily_head import DailyHead
from bot.schedule.quality_round import QualityRound
from bot.schedule.ticker import Ticker
from bot.schedule.weekly_round import WeeklyRound
from bot.slack.announcements import Announcements
from bot.slack.audit_channel import AuditChannel
from bot.slack.directory import SlackDirectory
from bot.slack.freeze_posts import FreezePosts
from bot.slack.maintenance_posts import MaintenancePosts
from bot.slack.posts import Posts
from bot.slack.proposal_posts import ProposalPosts
from bot.slack.quality_posts import QualityPosts
from bot.slack.service_channels import ServiceChannels
from bot.slack.watchdog_posts import WatchdogPosts
from bot.slack.weekly_posts import WeeklyPosts
from bot.store.census import count
from bot.trackers import issue_round
from bot.trackers.issue_round import IssueRound
from bot.watchdog_keeper import WatchdogKeeper

_JOBS_WITHIN: Final = timedelta(seconds=3)
_LOOK_AT_PLAYBOOKS_EVERY: Final = timedelta(seconds=10)
_COUNT_EVERY: Final = timedelta(seconds=15)
_LOOK_AT_ARCHIVE_EVERY: Final = timedelta(seconds=10)


def build_weekly_posts(parts: Parts, directory: SlackDirectory, posts: Posts) -> WeeklyPosts:
    where = Announcements(parts.client, parts.settings.digest_channel)
    rules, store = (lambda: parts.library.policy), parts.store
    return WeeklyPosts(posts, store.followups, directory, rules, parts.clock, where=where, factors=store.factors)


def build_weekly_round(parts: Parts, directory: SlackDirectory, woken: asyncio.Event) -> WeeklyRound:
    rules, store = (lambda: parts.library.policy), parts.store
    return WeeklyRound(store.followups, directory, rules, parts.clock.now, woken=woken.set, factors=store.factors)


def build_catching_up(parts: Parts, handler: CommandHandler) -> CatchingUp:
    return CatchingUp(handler, parts.store.progress, parts.clock.now)


def build_daily_head(parts: Parts) -> DailyHead | None:
    """None: nothing is sealed, so there is nothing that a head would prove."""
    if parts.store.checkpoint is None:
        return None
    where = Announcements(parts.client, parts.settings.audit_channel)
    return DailyHead(parts.store.checkpoint, AuditChannel(parts.client, where), parts.clock.now)


def build_keeper(parts: Parts, woken: asyncio.Event) -> MaintenanceKeeper:
    return MaintenanceKeeper(
        parts.store.maintenance,
        lambda: parts.library.policy,
        parts.library.wishes,
        parts.clock.now,
        woken=woken.set,
    )


def build_maintenance_posts(parts: Parts, keeper: MaintenanceKeeper, posts: Posts) -> MaintenancePosts:
    return MaintenancePosts(posts, keeper, parts.clock, _service_channels(parts))


def build_freezes(parts: Parts, woken: asyncio.Event) -> FreezeKeeper:
    return FreezeKeeper(
        parts.store.freezes,
        lambda: parts.library.policy,
        parts.store.alerts.routes,
        parts.clock.now,
        woken=woken.set,
    )


def build_freeze_posts(parts: Parts, keeper: FreezeKeeper, posts: Posts) -> FreezePosts:
    return FreezePosts(posts, keeper, parts.clock, _service_channels(parts))


def _service_channels(parts: Parts) -> ServiceChannels:
    return ServiceChannels(parts.client, Announcements(parts.client, parts.settings.announcement_channel))


def build_watchdogs(parts: Parts, keeper: MaintenanceKeeper, woken: asyncio.Event) -> WatchdogKeeper:
    return WatchdogKeeper(
        parts.store.watchdogs, lambda: parts.library.policy, keeper.covering, parts.clock.now, woken=woken.set
    )


def build_proposals(
    parts: Parts, handler: CommandHandler, keeper: MaintenanceKeeper, woken: asyncio.Event
) -> ProposalKeeper:
    return ProposalKeeper(
        parts.store.proposals,
        parts.store.alerts,
        handler,
        covering=keeper.covering,
        now=parts.clock.now,
        woken=woken.set,
        observer=parts.metrics,
    )


def build_proposal_posts(parts: Parts, keeper: ProposalKeeper, posts: Posts) -> ProposalPosts:
    return ProposalPosts(
        posts,
        keeper,
        lambda: parts.library.policy,
        parts.clock,
        triage=Announcements(parts.client, parts.settings.triage_channel),
        announced=Announcements(parts.client, parts.settings.announcement_channel),
    )


def build_watchdog_posts(parts: Parts, posts: Posts) -> WatchdogPosts:
    return WatchdogPosts(
        posts,
        parts.store.watchdogs,
        lambda: parts.library.policy,
        parts.clock,
        triage=Announcements(parts.client, parts.settings.triage_channel),
        announced=Announcements(parts.client, parts.settings.announcement_channel),
    )


def build_quality_round(parts: Parts, woken: asyncio.Event) -> QualityRound | None:
    """None: no source may send alerts, so there is nothing to tell."""
    if not parts.settings.secrets_of_alerts:
        return None
    return QualityRound(parts.store.alert_quality, lambda: parts.library.policy, parts.clock.now, woken=woken.set)


def build_quality_posts(parts: Parts, posts: Posts) -> QualityPosts:
    return QualityPosts(
        posts,
        parts.store.alert_quality,
        parts.clock,
        triage=Announcements(parts.client, parts.settings.triage_channel),
        announced=Announcements(parts.client, parts.settings.announcement_channel),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rounds:
    """Whatever looks by itself, now and then, whether it is time for something."""

    head: DailyHead | None
    weekly: WeeklyRound
    issues: IssueRound | None
    maintenance: MaintenanceKeeper
    freezes: FreezeKeeper
    watchdogs: WatchdogKeeper
    proposals: ProposalKeeper
    quality: QualityRound | None


def build_ticker(parts: Parts, handler: CommandHandler, rounds: Rounds) -> Ticker:
    ticker = Ticker(
        parts.store.timers,
        handler.fire,
        stop_patience=_JOBS_WITHIN,
        observer=parts.metrics,
        now=parts.clock.now,
    )
    ticker.also("playbooks", _LOOK_AT_PLAYBOOKS_EVERY, lambda: look_for_changes(parts.library))
    ticker.also("counts", _COUNT_EVERY, lambda: count_all(parts))
    ticker.also("archive", _LOOK_AT_ARCHIVE_EVERY, parts.store.archive.make_up)
    ticker.also("follow-ups", weekly_round.LOOK_EVERY, rounds.weekly.look)
    ticker.also("catching up", catching_up.LOOK_EVERY, build_catching_up(parts, handler).look)
    ticker.also("maintenance", LOOK_EVERY, rounds.maintenance.look)
    ticker.also("freezes", freeze_keeper.LOOK_EVERY, rounds.freezes.look)
    ticker.also("watchdogs", watchdog_keeper.LOOK_EVERY, rounds.watchdogs.look)
    ticker.also("proposals", proposal_keeper.LOOK_EVERY, rounds.proposals.look)
    if rounds.quality:
        ticker.also("alert quality", quality_round.LOOK_EVERY, rounds.quality.look)
    if rounds.issues:
        ticker.also("tracker", issue_round.LOOK_EVERY, rounds.issues.look)
    if rounds.head:
        ticker.also("audit head", daily_head.LOOK_EVERY, rounds.head.look)
    return ticker


async def count_all(parts: Parts) -> None:
    await count(parts.store, parts.metrics, parts.clock.now().date())
