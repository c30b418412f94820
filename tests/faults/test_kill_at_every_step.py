"""`kill -9` at every named moment of everything that people do, and again while the next process recovers.

A process that is armed with a moment is asked for one thing after another. Where it dies, the next one is armed with
the same moment, and where that dies too, one that is not armed must bring it to its end.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

import pytest

from bot.crash_point import CrashPoint
from bot.incident.effects import ANNOUNCEMENT, SUMMARY
from bot.incident.events import StepFailed
from bot.incident.state import Incident
from bot.incident.terms import COMMUNICATIONS_LEAD, IncidentId, Status, Version
from tests.faults.agreement import assert_agreement
from tests.faults.conftest import StartFleet
from tests.faults.fleet import KILLED, Fleet, Member

WITHIN = 40.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`ask` does it in Slack; `is_done` looks at the log. `returns`: Slack or the timer asks again by itself."""

    name: str
    ask: Callable[[Fleet], Awaitable[object]]
    is_done: Callable[[Incident], bool]
    returns: bool = False


async def _channel(fleet: Fleet) -> str:
    found = (await fleet.incident()).channel
    assert found is not None
    return found


def _typed(text: str) -> Callable[[Fleet], Awaitable[object]]:
    async def types(fleet: Fleet) -> object:
        channel = "general" if text.startswith("declare") else await _channel(fleet)
        return await fleet.person("ada").slash("/incident", text, channel=channel)

    return types


async def _falls_due(fleet: Fleet) -> object:
    fleet.move_on(timedelta(minutes=20, seconds=1))
    return None


async def _flagged(fleet: Fleet) -> object:
    channel = await _channel(fleet)
    ts = await fleet.person("ada").say(channel, "Errors rise.")
    await fleet.person("ada").react(channel, ts, "pushpin")
    return ts


DECLARE = Step(name="declare", ask=_typed("declare sev1 Checkout is down"), is_done=lambda _: True)
ASSIGN = Step(
    name="assign", ask=_typed("assign communications @ben"), is_done=lambda it: bool(it.holder(COMMUNICATIONS_LEAD))
)
UPDATE = Step(name="update", ask=_typed("update Half of all checkouts fail."), is_done=lambda it: it.updates == 1)
REMIND = Step(name="remind", ask=_typed("remind every 20m"), is_done=lambda it: it.clock.set_by_hand)
REMINDER = Step(name="reminder", ask=_falls_due, is_done=lambda it: it.clock.reminders == 1, returns=True)
FLAG = Step(name="flag", ask=_flagged, is_done=lambda it: bool(it.flagged), returns=True)
RESOLVE = Step(
    name="resolve", ask=_typed("resolve The cache is whole again."), is_done=lambda it: it.status is Status.RESOLVED
)
STEPS = (DECLARE, ASSIGN, UPDATE, REMIND, REMINDER, FLAG, RESOLVE)


class Trial:
    """One fleet of one process at a time, and how often it has died."""

    def __init__(self, fleet: Fleet, armed_at: str) -> None:
        self._fleet = fleet
        self._armed_at = armed_at
        self._member: Member | None = None
        self.deaths: list[str] = []

    async def goes_through(self, step: Step, *, agrees: bool = True) -> None:
        """With a first death at the work itself, and a second one at what the first left behind."""
        if self._member is None or not self._member.runs:
            self._member = await self._fleet.start(crash_at=self._armed_at)
        asking = asyncio.create_task(self._ask(step))
        if not await self._is_finished(step):
            await self._recover(step, armed=True)
        asking.cancel()
        await asyncio.wait([asking])
        if agrees:
            await assert_agreement(self._fleet)

    async def _ask(self, step: Step) -> None:
        with suppress(ConnectionError):
            await step.ask(self._fleet)

    async def _recover(self, step: Step, *, armed: bool) -> None:
        self.deaths.append(step.name)
        await self._fleet.lapse()
        self._member = await self._fleet.start(crash_at=self._armed_at if armed else "")
        if not step.returns and not await self._is_stored(step):
            assert self._armed_at.startswith(CrashPoint.BEFORE_APPEND), "what was stored is gone"
            await self._ask(step)
        if not await self._is_finished(step):
            assert armed, "it died although nothing killed it"
            await self._recover(step, armed=False)
        elif not armed:
            await self._fleet.kill(self._member)

    async def _is_finished(self, step: Step) -> bool:
        """False: it died first. Raises TimeoutError where neither happens."""
        assert self._member is not None
        async with asyncio.timeout(WITHIN):
            while self._member.runs:
                await self._wait_for_slack(step)
                if await self._is_stored(step) and await self._fleet.is_quiet():
                    return True
                await asyncio.sleep(0.02)
        assert await self._member.muster.ended() == KILLED, self._member.log
        return False

    async def _wait_for_slack(self, step: Step) -> None:
        """An event that was not acknowledged is sent again at once, after a minute and after five."""
        if step.returns and self.deaths[-1:] == [step.name] and not await self._is_stored(step):
            self._fleet.move_on(timedelta(seconds=2))

    async def _is_stored(self, step: Step) -> bool:
        if not await self._fleet.store.log.read(IncidentId(1), Version(0)):
            return False
        return step.is_done(await self._fleet.incident())


async def _survives(fleet: Fleet, point: str, steps: tuple[Step, ...]) -> Trial:
    trial = Trial(fleet, point)
    for step in steps:
        if point.partition(":")[0] in {CrashPoint.BEFORE_RETRY, CrashPoint.AFTER_RETRY}:
            await fleet.workspace.client.fault("chat.postMessage", "internal_error", count=2, after=True)
        await trial.goes_through(step)
    return trial


BURIES = {CrashPoint.BEFORE_BURY, CrashPoint.AFTER_BURY}
WEEKLY = {CrashPoint.AFTER_TURN}
ISSUES = {CrashPoint.BEFORE_FILE, CrashPoint.AFTER_FILE, CrashPoint.AFTER_ISSUE_CHANGE, CrashPoint.AFTER_COMMENT}
"""Of a tracker, which has tests of its own (test_tracker.py)."""
LETTERS = {CrashPoint.BEFORE_LETTER, CrashPoint.AFTER_LETTER}
"""See test_invitations.py."""
ALERTS = {CrashPoint.AFTER_INTAKE, CrashPoint.AFTER_TRIAGE, CrashPoint.AFTER_QUIET, CrashPoint.AFTER_SETTLE}
"""See test_killed_at_alerts.py."""
WATCHES = {CrashPoint.AFTER_WINDOW, CrashPoint.AFTER_WATCH, CrashPoint.AFTER_FREEZE}
"""See test_killed_on_watch.py."""
ASKING = {CrashPoint.AFTER_PROPOSAL}
"""See test_killed_while_asking.py."""
ELSEWHERE = BURIES | ISSUES | LETTERS | WEEKLY | ALERTS | WATCHES | ASKING
"""What the steps of an incident do not come by."""


@pytest.mark.parametrize("point", [CrashPoint.AFTER_APPEND, CrashPoint.AFTER_CREATE, CrashPoint.AFTER_POST])
async def test_a_declaration_survives_two_kills(fleet: Fleet, point: CrashPoint) -> None:
    trial = await _survives(fleet, point, (DECLARE,))
    assert trial.deaths, f"{point} was never reached"


@pytest.mark.long
@pytest.mark.parametrize("point", sorted(BURIES))
async def test_what_slack_refuses_is_given_up_once_through_two_kills(fleet: Fleet, point: CrashPoint) -> None:
    """Each refused post is one dead letter, whoever waits is told once, and the lane goes on."""
    trial = Trial(fleet, "")
    await trial.goes_through(DECLARE)
    await fleet.kill_all()
    await fleet.workspace.client.fault("chat.postMessage", "refuse", error="restricted_action", where={"text": "Half"})
    trial = Trial(fleet, point)
    await trial.goes_through(UPDATE, agrees=False)
    assert trial.deaths
    await fleet.kill_all()
    await Trial(fleet, "").goes_through(RESOLVE, agrees=False)
    letters = await fleet.store.outbox.dead_letters()
    assert len({letter.id for letter in letters}) == len(letters) == 2
    log = await fleet.store.log.read(IncidentId(1), Version(0))
    assert sum(isinstance(event, StepFailed) for event in log) == 1, "told again"
    incident = await fleet.incident()
    for card in (SUMMARY, ANNOUNCEMENT):
        seen = await fleet.person("ada").messages(incident.cards[card].channel)
        threads = [await fleet.person("ada").thread(each.channel, each.ts) for each in seen]
        assert sum("is resolved" in each.rendered for thread in threads for each in thread) == 1


@pytest.mark.long
@pytest.mark.parametrize("moment", ["after_append", "before_acknowledgement:2"])
async def test_what_was_stored_and_not_acknowledged_is_done_over_http_too(start_fleet: StartFleet, moment: str) -> None:
    """The first request that is acknowledged is the one by which the workspace sees that somebody is there."""
    await _survives(await start_fleet(transport="http"), moment, (DECLARE, ASSIGN, UPDATE))


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("point", sorted(set(CrashPoint) - ELSEWHERE))
async def test_an_incident_survives_two_kills_at_each_step(fleet: Fleet, point: CrashPoint) -> None:
    trial = await _survives(fleet, point, STEPS)
    assert trial.deaths, f"{point} was never reached"


@pytest.mark.long
@pytest.mark.timeout(300)
@pytest.mark.parametrize("draw", range(4))
async def test_an_incident_survives_kills_at_moments_drawn_by_lot(fleet: Fleet, draw: int, seed: int) -> None:
    """At the second, third or later time that a moment is reached, which may be in the midst of a later step."""
    chance = random.Random(seed)
    moment = f"{chance.choice(sorted(set(CrashPoint) - ELSEWHERE))}:{chance.randint(2, 6)}"
    print(f"draw {draw}: {moment}")  # noqa: T201
    await _survives(fleet, moment, STEPS)
