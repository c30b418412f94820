"""`kill -9` where a maintenance window or a deploy freeze begins or ends, or a watchdog is raised or heard again, and
again while the next process recovers: each happens once, and is told once.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from bot.crash_point import CrashPoint
from bot.incident.freeze import FreezeTurn
from bot.incident.maintenance import Turn
from bot.incident.watchdog import Stage
from bot.store.connection import ask
from tests.faults.agreement import doubled, posts
from tests.faults.fleet import KILLED, Fleet, Member
from tests.faults.test_killed_at_alerts import send
from tests.scenarios.alarms import SECRETS, notification, told
from tests.scenarios.house_rules import playbooks

WITHIN = 60.0
POLICY = "watchdogs: {prometheus: {match: {alertname: Watchdog}, silent_after: 1m, climbs_after: 1h}}\n"
SIGNAL = notification(told("Watchdog", labels={"alertname": "Watchdog"}), group="w")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """`ask` brings it about, `is_done` looks into the store. `returns`: nobody has to ask again."""

    ask: Callable[[Fleet], Awaitable[object]]
    is_done: Callable[[Fleet], Awaitable[bool]]
    returns: bool = False


async def turns(fleet: Fleet) -> list[Turn]:
    return [change.turn for change in await fleet.store.maintenance.log()]


def typed(text: str) -> Callable[[Fleet], Awaitable[object]]:
    return lambda fleet: fleet.person("ada").slash("/incident", text, channel="general")


def turned(*wanted: Turn) -> Callable[[Fleet], Awaitable[bool]]:
    async def is_done(fleet: Fleet) -> bool:
        return await turns(fleet) == list(wanted)

    return is_done


def frozen(*wanted: FreezeTurn) -> Callable[[Fleet], Awaitable[bool]]:
    async def is_done(fleet: Fleet) -> bool:
        return [change.turn for change in await fleet.store.freezes.log()] == list(wanted)

    return is_done


async def two_hours_pass(fleet: Fleet) -> None:
    fleet.move_on(timedelta(hours=2, seconds=1))


BEGIN = Step(ask=typed("maintenance search 2h new index"), is_done=turned(Turn.BEGAN))
END = Step(ask=typed("maintenance end search"), is_done=turned(Turn.BEGAN, Turn.ENDED))
FREEZE = Step(ask=typed("freeze search 2h budget is spent"), is_done=frozen(FreezeTurn.BEGAN))
THAW = Step(ask=typed("freeze end search"), is_done=frozen(FreezeTurn.BEGAN, FreezeTurn.ENDED))
ENDS = Step(ask=two_hours_pass, is_done=turned(Turn.BEGAN, Turn.ENDED), returns=True)


async def start(fleet: Fleet, crash_at: str, rules: Path | None = None) -> Member:
    more = {"PLAYBOOKS_DIR": str(rules)} if rules else {}
    return await fleet.start(settings={"ALERT_SECRETS": SECRETS, **more}, crash_at=crash_at)


async def is_over_or_dead(fleet: Fleet, member: Member, step: Step) -> bool:
    """False: it died first."""
    async with asyncio.timeout(WITHIN):
        while member.runs:
            if await step.is_done(fleet) and await fleet.is_quiet():
                return True
            await asyncio.sleep(0.02)
    assert await member.muster.ended() == KILLED, member.log
    return False


async def asked(fleet: Fleet, step: Step) -> None:
    with suppress(ConnectionError):
        await step.ask(fleet)


async def survived(fleet: Fleet, point: str, step: Step, rules: Path | None = None) -> int:
    """How often a process died of it: the first that is armed does. One that is not brings it to its end."""
    deaths = 0
    for number, armed in enumerate((point, point, "")):
        member = await start(fleet, armed, rules)
        asking = None
        if number == 0 or not (step.returns or await step.is_done(fleet)):
            asking = asyncio.create_task(asked(fleet, step))
        if armed and number == 0:  # all may be done in the instant before its death
            assert await member.muster.ended(within=WITHIN) == KILLED, member.log
            deaths += 1
        else:
            deaths += not await is_over_or_dead(fleet, member, step)
        if asking:
            asking.cancel()
            await asyncio.wait([asking])
        await fleet.kill_all()
        await fleet.lapse()
    return deaths


def told_of_no_incident(fleet: Fleet) -> int:
    return sum(post.effect[0] == 0 for post in posts(fleet.workspace))


@pytest.mark.long
@pytest.mark.timeout(120)
@pytest.mark.parametrize(
    "point",
    [
        CrashPoint.AFTER_WINDOW,
        CrashPoint.AFTER_LEASE,
        CrashPoint.BEFORE_POST,
        CrashPoint.AFTER_POST,
        CrashPoint.AFTER_WORK,
        CrashPoint.AFTER_RECORD,
    ],
)
async def test_a_window_begins_and_ends_once_through_two_kills_each(fleet: Fleet, point: CrashPoint) -> None:
    for count, step in enumerate((BEGIN, END), start=1):
        assert await survived(fleet, point, step) >= 1, f"{point} was never reached"
        assert told_of_no_incident(fleet) == count
    assert doubled(fleet.workspace) == []
    assert await fleet.store.outbox.dead_letters() == []


@pytest.mark.long
@pytest.mark.timeout(120)
@pytest.mark.parametrize("point", [CrashPoint.AFTER_FREEZE, CrashPoint.AFTER_POST, CrashPoint.AFTER_WORK])
async def test_a_freeze_begins_and_ends_once_through_two_kills_each(fleet: Fleet, point: CrashPoint) -> None:
    for count, step in enumerate((FREEZE, THAW), start=1):
        assert await survived(fleet, point, step) >= 1, f"{point} was never reached"
        assert told_of_no_incident(fleet) == count
    assert doubled(fleet.workspace) == []


@pytest.mark.long
@pytest.mark.timeout(180)
async def test_a_window_whose_time_is_over_ends_once_whoever_dies_of_it(fleet: Fleet) -> None:
    assert await survived(fleet, "", BEGIN) == 0
    assert await survived(fleet, CrashPoint.AFTER_WINDOW, ENDS) == 1
    assert (told_of_no_incident(fleet), doubled(fleet.workspace)) == (2, [])


async def looked_at(fleet: Fleet) -> str:
    return str(await ask(fleet.store.client, "HGET", fleet.store.keys.watchdogs_heard, "#looked"))


async def stage(fleet: Fleet) -> Stage | None:
    watch = (await fleet.store.watchdogs.watches()).get("prometheus")
    return watch.stage if watch else None


async def until_looked(fleet: Fleet) -> None:
    before = await looked_at(fleet)

    async def again() -> bool:
        return await looked_at(fleet) != before

    await fleet.workspace.client.wait_until(again, timeout=WITHIN)


@pytest.mark.long
@pytest.mark.timeout(240)
async def test_a_watchdog_is_raised_and_heard_again_once_whoever_dies_of_it(fleet: Fleet, tmp_path: Path) -> None:
    rules = playbooks(tmp_path, POLICY)
    member = await start(fleet, CrashPoint.AFTER_WATCH, rules)
    await fleet.workspace.client.wait_until(fleet.store.watchdogs.watches, timeout=WITHIN)
    fleet.move_on(timedelta(seconds=70))
    assert await member.muster.ended(within=WITHIN) == KILLED, member.log
    assert (await stage(fleet), told_of_no_incident(fleet)) == (Stage.RAISED, 0)
    member = await start(fleet, CrashPoint.AFTER_WATCH, rules)
    await fleet.until_quiet()
    assert told_of_no_incident(fleet) == 1
    assert await send(member, SIGNAL)
    assert await member.muster.ended(within=WITHIN) == KILLED, member.log
    assert (await stage(fleet), told_of_no_incident(fleet)) == (Stage.HEARD, 1)
    await start(fleet, "", rules)
    await until_looked(fleet)
    await fleet.until_quiet()
    said = [seen.rendered for seen in await fleet.person("ada").messages("incidents")]
    assert [sum(part in text for text in said) for part in ("be blind", "is heard")] == [1, 1]
    assert (told_of_no_incident(fleet), doubled(fleet.workspace)) == (2, [])
