"""What takes alerts in and decides about them, put together. Nothing of it runs where no source has a secret."""

import asyncio
from contextlib import AsyncExitStack

from aiohttp import web

from bot.alerts.desk import AlertDesk
from bot.alerts.intake import Intake
from bot.command_handler import CommandHandler
from bot.maintenance_keeper import MaintenanceKeeper
from bot.parts import Parts
from bot.proposal_keeper import ProposalKeeper
from bot.schedule.background import background
from bot.watchdog_keeper import WatchdogKeeper
from bot.web.alert_route import AlertRoute


class AlertParts:
    """`look` decides about what waits without waiting for the desk's own next look."""

    def __init__(
        self,
        parts: Parts,
        handler: CommandHandler,
        keeper: MaintenanceKeeper,
        *,
        watchdogs: WatchdogKeeper,
        proposals: ProposalKeeper,
    ) -> None:
        self._parts = parts
        self.watchdogs = watchdogs
        self.proposals = proposals
        self._woken = asyncio.Event()
        self.desk = AlertDesk(
            parts.store.alerts,
            handler,
            parts.clock.now,
            self._woken,
            parts.metrics,
            maintenance=keeper,
            watchdogs=watchdogs,
            proposals=proposals,
            breath=parts.pace.between_looks,
        )

    @property
    def is_open(self) -> bool:
        return bool(self._parts.settings.secrets_of_alerts)

    def start(self, stack: AsyncExitStack, losses: list[asyncio.Task[None]]) -> None:
        if self.is_open:
            losses.append(background(stack, self.desk.run(), "alert desk"))

    def routes(self) -> tuple[web.RouteDef, ...]:
        if not self.is_open:
            return ()
        parts = self._parts
        intake = Intake(
            parts.store.alerts,
            parts.settings.secrets_of_alerts,
            lambda: parts.library.policy,
            now=parts.clock.now,
            woken=self._woken.set,
            observer=parts.metrics,
        )
        return (AlertRoute(intake).route,)
