"""An alert at which Muster itself fails holds up no other, and is given up in the end, for all to read."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, cast

from structlog.testing import capture_logs

from bot.alerts.desk import AlertDesk
from bot.alerts.suspects import GIVEN_UP, MOST_ATTEMPTS, Suspects
from bot.command_handler import CommandHandler
from bot.incident.alert import AlertDecision, Arrived, Reason
from bot.incident.maintenance import Window
from bot.incident.policy import Policy
from bot.maintenance_keeper import MaintenanceKeeper
from bot.proposal_keeper import ProposalKeeper
from bot.watchdog_keeper import WatchdogKeeper
from tests.alerts.sending import InboxDouble
from tests.api.given import HandSetClock, Rules
from tests.incident.alerts import alert, arrived
from tests.incident.given import NOON
from tests.log_double import LogDouble
from tests.maintenance_double import BookDouble
from tests.proposals_double import ProposalsDouble, no_window
from tests.watchdogs_double import WatchdogsDouble

MINOR = {"severity": "info"}
GOOD = [arrived(alert(fingerprint=f"f{number}", labels=MINOR), f"{number}-0") for number in (1, 3)]
POISON = arrived(replace(alert(fingerprint="f2"), labels=cast("Any", None)), "2-0")
"""Of a shape that nothing here makes."""


@dataclass(kw_only=True)
class Inbox(InboxDouble):
    """One from which alerts are taken, too."""

    waits: list[Arrived] = field(default_factory=list)
    decided: list[AlertDecision] = field(default_factory=list)
    empty: asyncio.Event = field(default_factory=asyncio.Event)

    async def waiting(self, most: int) -> Sequence[Arrived]:
        return self.waits[:most]

    async def routes(self, claims: Sequence[str]) -> dict[str, Any]:
        return {}

    async def answered(self, claims: Sequence[str]) -> dict[str, Any]:
        return {}

    async def settle(self, settled: Sequence[tuple[Arrived, AlertDecision | None]]) -> frozenset[str]:
        gone = {each.entry for each, _ in settled}
        self.waits = [each for each in self.waits if each.entry not in gone]
        self.decided += [decision for _, decision in settled if decision]
        if not self.waits:
            self.empty.set()
        return frozenset(gone)


class Silent:
    def alert_decided(self, source: str, reason: str) -> None: ...

    def bug_met(self, where: str) -> None: ...


async def covered(_services: Sequence[str]) -> Window | None:
    return None


def desk(inbox: Inbox) -> AlertDesk:
    log, clock, observer = LogDouble(now=NOON), HandSetClock(), Silent()
    door = CommandHandler(log, log, Rules(), clock, lambda: None)
    book = ProposalsDouble()
    return AlertDesk(
        inbox,
        door,
        clock.now,
        asyncio.Event(),
        observer,
        maintenance=MaintenanceKeeper(BookDouble(), Policy, lambda _since, _until: (), clock.now, lambda: None),
        watchdogs=WatchdogKeeper(WatchdogsDouble(), Policy, covered, clock.now, lambda: None),
        proposals=ProposalKeeper(
            book, inbox, door, covering=no_window, now=clock.now, woken=lambda: None, observer=observer
        ),
        breath=timedelta(microseconds=1),
    )


async def test_an_alert_that_is_a_bug_is_given_up_and_all_others_are_decided_about_at_once() -> None:
    inbox = Inbox(waits=[GOOD[0], POISON, GOOD[1]])
    with capture_logs() as logs:
        running = asyncio.create_task(desk(inbox).run())
        async with asyncio.timeout(2):
            await inbox.empty.wait()
        running.cancel()
        await asyncio.wait([running])
    assert [each.key for each in inbox.decided] == [each.alert.key for each in (*GOOD, POISON)]
    assert (inbox.decided[-1].reason, inbox.decided[-1].why) == (Reason.RECORDED, GIVEN_UP)
    bugs = [each for each in logs if each["event"] == "alerts_bug"]
    assert [each["alerts"] for each in bugs] == [3] + [1] * MOST_ATTEMPTS


def test_the_least_often_tried_goes_first() -> None:
    suspects, (one, two) = Suspects(), GOOD
    suspects.failed(GOOD)
    suspects.failed([one])
    assert list(suspects.parts([*GOOD, POISON])) == [[POISON], (two,), (one,)]


def test_whoever_has_left_the_inbox_is_forgotten() -> None:
    suspects = Suspects()
    for _ in range(MOST_ATTEMPTS):
        suspects.failed([POISON])
    assert suspects.is_hopeless([POISON])
    list(suspects.parts(GOOD))
    assert not suspects.is_hopeless([POISON])
