"""A storm of alerts while Slack or the store is away: all of it counts, in one war room, and there is no flood."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.incident.terms import IncidentId
from bot.store.embedded import EmbeddedServer
from tests.faults.agreement import doubled
from tests.faults.delivering import Asked, brisk_host, hurry, letters, seen_in, settle_in_haste
from tests.scenarios import alarms, witness
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team

POLICY = "watchdogs: {prometheus: {match: {alertname: Watchdog}, silent_after: 5m}}\n"
MANY = 120
A_MINUTE = timedelta(minutes=1)


def settings(folder: Path) -> dict[str, Any]:
    return {"alert_secrets": alarms.SECRETS, "playbooks_dir": playbooks(folder, POLICY)}


@pytest.fixture
async def team(empty_redis: str, tmp_path: Path) -> AsyncIterator[Team]:
    async with brisk_host(empty_redis, tmp_path, settings(tmp_path)) as host, host.muster() as team:
        yield team


async def delivered(team: Team, number: int, *, resolved: bool = False) -> int:
    """One alert of the storm, in a delivery of its own; the status that it is answered with."""
    alert = alarms.told(f"Alarm {number}", fingerprint=f"f{number}", resolved=resolved)
    return (await alarms.post(team, alarms.notification(alert)))[0]


async def is_taken(team: Team, number: int) -> bool:
    return await delivered(team, number) == 200


async def until_decided(team: Team) -> None:
    async def is_empty() -> bool:
        await team.bot.look_at_alerts()
        return not await team.bot.store.alerts.count()

    await team.person("ada").wait_until(is_empty)


async def members(team: Team) -> int:
    return len((await team.bot.handler.read(IncidentId(1))).alerts.members)


async def assert_one_war_room(team: Team) -> None:
    assert len(await team.bot.store.log.listings(active=False)) == 1
    assert await members(team) == MANY
    announced = await seen_in(team, "incidents", "INC-1")
    assert len([each for each in announced if "Triage" in each.rendered]) == 1
    assert (doubled(team.workspace), await letters(team)) == ([], [])


async def test_a_storm_while_slack_is_away_is_one_war_room_once_it_is_back(team: Team) -> None:
    await team.workspace.client.fault("*", "bad_gateway")
    asked = Asked(team)
    for number in range(MANY):
        assert await delivered(team, number) == 200
        if number % 20 == 0:
            team.clock.move_on(A_MINUTE)
            await team.bot.look_at_alerts()
            await hurry(team)
    await until_decided(team)
    assert asked.methods.total() < MANY
    await team.workspace.client.clear_faults()
    back = Asked(team)
    await settle_in_haste(team)
    await assert_one_war_room(team)
    assert back.methods.total() < 40, back.methods
    card = await team.says("ada", await alarms.channel_of(team), f"{MANY} firing")
    assert "INC-1" in card.rendered


async def test_a_storm_while_the_store_is_away_is_taken_in_once_it_is_back(tmp_path: Path) -> None:
    async with (
        EmbeddedServer(tmp_path / "store") as server,
        brisk_host(server.url, tmp_path, settings(tmp_path)) as host,
        host.muster() as team,
    ):
        assert await delivered(team, 0) == 200
        await settle_in_haste(team)
        await server.__aexit__(None, None, None)
        answers = await asyncio.gather(*(delivered(team, number) for number in range(MANY)))
        assert set(answers) == {503}
        await server.__aenter__()
        for number in range(MANY):
            await team.person("ada").wait_until(partial(is_taken, team, number))
        await until_decided(team)
        await settle_in_haste(team)
        await assert_one_war_room(team)


@pytest.mark.parametrize("heard_at_last", [True, False])
async def test_a_watchdog_that_flapped_while_slack_was_away_is_told_of_once(team: Team, heard_at_last: bool) -> None:
    watchdog = alarms.told("Watchdog", labels={"alertname": "Watchdog"})
    await team.workspace.client.fault("*", "bad_gateway")
    for minute in range(32):
        if minute % 8 == 0 or (heard_at_last and minute == 31):
            await alarms.post(team, alarms.notification(watchdog, group="w"))
            await until_decided(team)
        team.clock.move_on(A_MINUTE)
        await team.bot.look_at_watchdogs()
    await team.workspace.client.clear_faults()
    await settle_in_haste(team)
    said = [len(await witness.posts(team, "incidents", part)) for part in ("be blind", "is heard again")]
    assert said == ([0, 1] if heard_at_last else [1, 0])


async def test_alerts_that_recovered_again_and_again_while_slack_was_away_are_asked_about_once(team: Team) -> None:
    assert await delivered(team, 0) == 200
    await until_decided(team)
    await settle_in_haste(team)
    channel = await alarms.channel_of(team)
    await team.type("ada", "claim commander", channel)
    await settle_in_haste(team)
    await team.workspace.client.fault("*", "bad_gateway")
    for _ in range(4):
        for resolved in (True, False, True):
            now = team.clock.now()
            alert = alarms.told("Alarm 0", fingerprint="f0", resolved=resolved, at=now)
            alert["endsAt"] = now.isoformat() if resolved else "0001-01-01T00:00:00Z"
            await alarms.post(team, alarms.notification(alert))
            await until_decided(team)
            team.clock.move_on(timedelta(minutes=40))
            await team.bot.tick()
    await team.workspace.client.clear_faults()
    await settle_in_haste(team)
    assert len(await seen_in(team, "muster", "mitigated?")) == 1
