"""Deadman: an alert that always fires falls silent, and people hear that they may be blind."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.workspace.seen import SeenMessage
from tests.scenarios import alarms, witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team

POLICY = """watchdogs:
  prometheus: {match: {alertname: Watchdog}, silent_after: 5m, climbs_after: 10m, service: monitoring}
"""
SERVICES = "services:\n  monitoring: {owner: U0CLEO0001}\n"
STEP = timedelta(seconds=60)


async def watched(start_team: StartTeam, folder: Path, **settings: Any) -> Team:
    rules = playbooks(folder, POLICY)
    (rules / "services.yaml").write_text(SERVICES, encoding="utf-8")
    channels = {"triage_channel": "#general", "announcement_channel": "#incidents"}
    return await start_team(playbooks_dir=rules, alert_secrets=alarms.SECRETS, **{**channels, **settings})


async def signal(team: Team, *, resolved: bool = False) -> None:
    await alarms.send(team, alarms.told("Watchdog", labels={"alertname": "Watchdog"}, resolved=resolved), group="w")


async def pass_by(team: Team, minutes: int, *, signals: bool = False) -> None:
    """Minute by minute, each looked at by two."""
    for _ in range(minutes):
        team.clock.move_on(STEP)
        if signals:
            await signal(team)
        for _ in range(2):
            await team.bot.look_at_watchdogs()
    await team.settle()


async def said(team: Team, channel: str, part: str = "be blind") -> list[SeenMessage]:
    return await witness.posts(team, channel, part)


async def test_silence_is_raised_once_climbs_once_and_its_end_is_told(start_team: StartTeam, tmp_path: Path) -> None:
    team = await watched(start_team, tmp_path)
    await pass_by(team, 8, signals=True)
    assert await said(team, "general") == []
    await pass_by(team, 4)
    assert await said(team, "general") == []
    await pass_by(team, 3)
    (raised,) = await said(team, "general")
    assert "prometheus, last heard at" in raised.rendered
    assert re.search(r"\([56] min ago\)", raised.rendered)  # the second that the machine took may round it up
    assert await said(team, "incidents") == []
    await pass_by(team, 30)
    assert len(await said(team, "general")) == 1
    (climbed,) = await said(team, "incidents")
    assert "@cleo: monitoring is yours." in climbed.rendered
    await pass_by(team, 2, signals=True)
    for channel in ("general", "incidents"):
        (back,) = await said(team, channel, "is heard again")
        assert "What happened meanwhile may not have been told." in back.rendered
    await pass_by(team, 6)
    assert len(await said(team, "general")) == 2
    assert await team.bot.store.log.listings(active=False) == []


async def test_where_both_are_told_in_one_channel_its_return_is_told_once(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await watched(start_team, tmp_path, triage_channel=None)
    await pass_by(team, 2, signals=True)
    await pass_by(team, 20)
    assert len(await said(team, "incidents", "be blind")) == 2
    await pass_by(team, 2, signals=True)
    assert len(await said(team, "incidents", "is heard again")) == 1


async def test_one_that_was_never_heard_is_raised_too(start_team: StartTeam, tmp_path: Path) -> None:
    team = await watched(start_team, tmp_path, triage_channel=None)
    await pass_by(team, 7)
    (raised,) = await said(team, "incidents")
    assert "never heard yet" in raised.rendered


async def test_planned_downtime_is_no_blindness(start_team: StartTeam, tmp_path: Path) -> None:
    team = await watched(start_team, tmp_path)
    await pass_by(team, 2, signals=True)
    await team.type("ada", "maintenance monitoring 30m upgrade", "random")
    await pass_by(team, 20)
    assert await said(team, "general") == []
    await team.type("ada", "maintenance end monitoring", "random")
    await pass_by(team, 4)
    assert await said(team, "general") == []
    await pass_by(team, 2)
    assert len(await said(team, "general")) == 1


async def test_what_nobody_could_have_heard_is_no_silence(start_team: StartTeam, tmp_path: Path) -> None:
    """Muster was away for two hours, and the source's deliveries met a closed door."""
    team = await watched(start_team, tmp_path)
    await pass_by(team, 2, signals=True)
    team.clock.move_on(timedelta(hours=2))
    await pass_by(team, 4)
    assert await said(team, "general") == []
    await pass_by(team, 2)
    assert len(await said(team, "general")) == 1


async def test_the_end_of_the_signal_is_no_signal(start_team: StartTeam, tmp_path: Path) -> None:
    team = await watched(start_team, tmp_path)
    await pass_by(team, 1, signals=True)
    for _ in range(6):
        await signal(team, resolved=True)
        await pass_by(team, 1)
    assert len(await said(team, "general")) == 1


async def test_after_an_outage_of_slack_only_what_is_still_true_is_told(start_team: StartTeam, tmp_path: Path) -> None:
    team = await watched(start_team, tmp_path)
    await pass_by(team, 1, signals=True)
    await team.workspace.client.fault("chat.postMessage", "bad_gateway", count=4)
    for _ in range(6):
        team.clock.move_on(STEP)
        await team.bot.look_at_watchdogs()
    team.clock.move_on(STEP)
    await alarms.post(team, alarms.notification(alarms.told("Watchdog", labels={"alertname": "Watchdog"}), group="w"))
    await team.settle()
    await team.bot.look_at_watchdogs()
    await team.settle()
    assert len(await said(team, "general", "is heard again")) == 1
