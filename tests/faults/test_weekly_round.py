"""The weekly message of follow-ups: a process that dies between the turn and the post neither loses nor doubles it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.command_handler import CommandHandler
from bot.crash_point import CrashPoint
from bot.incident.followup import FollowupContent
from bot.incident.followup_commands import AddFollowup
from bot.incident.terms import MUSTER_ITSELF, IncidentId, Person, RequestId, UserId
from bot.index_ports import Turn
from bot.workspace.cast import CAST
from bot.workspace.seen import SeenMessage
from tests.faults.conftest import StartFleet
from tests.faults.fleet import Fleet
from tests.faults.seeding import PlainRules, SetTime, channels_for, seed_incidents

WEEKLY = "Your follow-ups this week"
FAR = timedelta(days=1)
A_LOOK = 75.0
"""Seconds: each process looks once a minute, and first when a minute has passed."""


def somebody_awake(at: datetime) -> str:
    """Of the cast, whose zones go round the world: nobody is told anything at night."""
    members = [each for each in CAST if each.name in {"ada", "ben", "cleo", "grace"}]
    return next(each.name for each in members if 10 <= hour(at, each.tz) < 18)


def hour(at: datetime, zone: str) -> int:
    return at.astimezone(ZoneInfo(zone)).hour


async def with_a_turn_that_has_come(fleet: Fleet, name: str) -> None:
    """INC-1 leaves them a follow-up, and it is their turn."""
    now = datetime.now(tz=UTC)
    await seed_incidents(fleet, [now + FAR])
    user = UserId(fleet.workspace.user_id(name))
    door = CommandHandler(fleet.store.log, fleet.store.timers, PlainRules(), SetTime(now), on_append=lambda: None)
    content = FollowupContent(what="Alert earlier", owner=user)
    add = AddFollowup(by=MUSTER_ITSELF, content=content, people=(Person(id=user),))
    await door.handle(IncidentId(1), add, request=RequestId("seed:1:followup"))
    planned = Turn(who=user, due_at=None)
    assert await fleet.store.followups.take(planned, now - timedelta(minutes=1), None, has_nothing=False)


async def weekly_of(fleet: Fleet, name: str) -> list[SeenMessage]:
    return [seen for seen in await fleet.person(name).messages("muster") if WEEKLY in seen.rendered]


@pytest.mark.long
@pytest.mark.timeout(300)
async def test_a_turn_that_was_taken_is_told_once_whoever_dies_before_the_post(start_fleet: StartFleet) -> None:
    fleet = await start_fleet(channels=channels_for(1))
    name = somebody_awake(datetime.now(tz=UTC))
    await with_a_turn_that_has_come(fleet, name)
    holder = await fleet.start(crash_at=CrashPoint.AFTER_TURN)
    await holder.muster.ended(within=A_LOOK)
    assert await weekly_of(fleet, name) == []
    await fleet.start()
    await fleet.workspace.client.wait_until(lambda: weekly_of(fleet, name), timeout=A_LOOK)
    await fleet.until_quiet()
    assert len(await weekly_of(fleet, name)) == 1
    assert await fleet.store.followups.turns(datetime.now(tz=UTC) + timedelta(hours=1)) == []
