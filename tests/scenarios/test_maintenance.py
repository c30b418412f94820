"""Maintenance as it is lived: planned, told of at its beginning and at its end, and over restarts once."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.incident.alert import Reason
from bot.incident.maintenance import QuietAlert, WindowNumber
from bot.workspace.seen import SeenMessage
from tests.scenarios import alarms, witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.host import Host
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team
from tests.scenarios.test_declare_modal import at_the_form, room

SERVICES = 'services:\n  checkout: {channels: ["#general"], tier: 1}\n  search: {tier: 2}\n'
HOURS = timedelta(hours=1)


async def shop(start_team: StartTeam, folder: Path, services: str = SERVICES, policy: str = "") -> Team:
    rules = playbooks(folder, policy)
    (rules / "services.yaml").write_text(services, encoding="utf-8")
    return await start_team(playbooks_dir=rules)


async def later(team: Team, by: timedelta) -> None:
    """Two looks, as of two processes."""
    team.clock.move_on(by)
    for _ in range(2):
        await team.bot.look_at_maintenance()
    await team.settle()


async def told(team: Team, channel: str, part: str = "Maintenance of") -> list[SeenMessage]:
    await team.settle()
    return await witness.posts(team, channel, part)


async def test_it_begins_is_told_of_and_ends_with_what_it_kept_quiet(start_team: StartTeam, tmp_path: Path) -> None:
    team = await shop(start_team, tmp_path)
    assert "has begun (M1)" in await team.type("ada", "maintenance checkout 2h new disks", "random")
    (begun,) = await told(team, "general")
    assert "Planned by @ada" in begun.rendered
    assert "new disks" in begun.rendered
    lag = QuietAlert(key="lag", service="checkout", title="Replication lag")
    await team.bot.store.maintenance.keep_quiet(WindowNumber(1), [lag, lag])
    await later(team, HOURS)
    assert len(await told(team, "general")) == 1
    await later(team, HOURS)
    (_, over) = await told(team, "general")
    assert "Maintenance of checkout is over (M1)" in over.rendered
    assert "checkout: Replication lag (2 times)" in over.rendered
    assert "0 under way" in await team.type("ada", "maintenance list", "general")


async def test_one_without_a_channel_is_told_where_incidents_are_announced(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await shop(start_team, tmp_path)
    await team.type("ada", "maintenance search, checkout 1h", "random")
    assert len(await told(team, "general")) == 1
    assert len(await told(team, "incidents")) == 1


async def test_somebody_ends_it_early_by_its_button(start_team: StartTeam, tmp_path: Path) -> None:
    team = await shop(start_team, tmp_path)
    await team.type("ada", "maintenance checkout 2h", "random")
    (begun,) = await told(team, "general")
    ben = team.person("ben")
    assert (await ben.click("End maintenance", channel="general", ts=begun.ts)).ok
    await ben.wait_for_ephemeral("has ended (M1)", channel="general")
    (_, over) = await told(team, "general")
    assert "ended by @ben" in over.rendered
    await later(team, 3 * HOURS)
    assert len(await told(team, "general")) == 2


async def test_a_declaration_while_it_lasts_says_so_in_its_form_and_its_channel(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await shop(start_team, tmp_path)
    await team.type("ada", "maintenance checkout 2h new disks", "random")
    ben = await at_the_form(team, "ben")
    await ben.select("What is affected", "checkout", where="modal")
    form = await ben.wait_for_modal("Declare incident")
    assert "checkout is in maintenance until" in form.rendered
    assert (await ben.submit({"Title": "Nobody can pay"})).closed
    channel = (await room(team, "ben")).name
    said = await team.says("ben", channel, "checkout is in maintenance until", "M1", "new disks")
    assert "Planned by @ada" in said.rendered
    await team.type("ada", "maintenance end checkout", "random")
    grace = await at_the_form(team, "grace")
    await grace.submit({"Title": "Nobody can pay again", "What is affected": "checkout"})
    second = await room(team, "grace", "again")
    await team.settle()
    assert await witness.posts(team, second.name, "in maintenance", by="grace") == []


async def test_a_planned_one_begins_at_its_time_over_restarts_once(host: Host, tmp_path: Path) -> None:
    rules = playbooks(tmp_path, "")
    (rules / "services.yaml").write_text(SERVICES, encoding="utf-8")
    host = replace(host, settings=host.settings.model_copy(update={"playbooks_dir": rules}))
    async with host.muster() as team:
        when = (team.clock.now() + 3 * HOURS).strftime("%Y-%m-%d %H:%M UTC").split(" ", 1)
        answer = await team.type("ada", f"maintenance checkout at {when[1]} 2h new disks", "random")
        assert "is planned (M1)" in answer, answer
        assert await told(team, "general") == []
    host.clock.move_on(3 * HOURS + timedelta(minutes=2))
    async with host.muster() as team, host.muster() as other:
        for bot in (team.bot, other.bot, team.bot):
            await bot.look_at_maintenance()
        assert len(await told(team, "general")) == 1
    host.clock.move_on(5 * HOURS)
    async with host.muster() as team:
        await team.bot.look_at_maintenance()
        (_, over) = await told(team, "general")
        assert "is over (M1)" in over.rendered


async def test_after_hours_without_slack_only_what_is_still_true_is_told(start_team: StartTeam, tmp_path: Path) -> None:
    team = await shop(start_team, tmp_path)
    await team.workspace.client.fault("chat.postMessage", "bad_gateway", count=4)
    await team.type("ada", "maintenance checkout 1h", "random")
    await team.bot.look_at_maintenance()
    team.clock.move_on(2 * HOURS)
    await team.bot.look_at_maintenance()
    await team.says("ada", "general", "Maintenance of checkout is over")
    await team.settle()
    assert len(await told(team, "general")) == 1


async def test_a_post_whose_answer_was_lost_is_not_made_again(start_team: StartTeam, tmp_path: Path) -> None:
    team = await shop(start_team, tmp_path)
    await team.workspace.client.fault("chat.postMessage", "lose_reply", count=1, after=True)
    await team.type("ada", "maintenance checkout 1h", "random")
    assert len(await told(team, "general")) == 1


async def test_what_files_plan_begins_by_itself_and_is_listed_before(start_team: StartTeam, tmp_path: Path) -> None:
    team = await shop(start_team, tmp_path)
    begins, ends = (team.clock.now() + each for each in (HOURS, 3 * HOURS))
    span = f"begins: {begins:%Y-%m-%dT%H:%M:%SZ}, ends: {ends:%Y-%m-%dT%H:%M:%SZ}"
    planned = f"maintenance:\n  - {{services: checkout, {span}}}\n"
    rules = tmp_path / "rules"
    (rules / "services.yaml").write_text(SERVICES + planned, encoding="utf-8")
    event = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//\r\nBEGIN:VEVENT\r\nUID:1@x\r\nSUMMARY:search: reindex\r\n"
        f"DTSTART:{ends:%Y%m%dT%H%M%SZ}\r\nDURATION:PT1H\r\nRRULE:FREQ=WEEKLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (rules / "m.ics").write_text(event, encoding="utf-8", newline="")
    (rules / "policy.yaml").write_text("maintenance_calendar: m.ics\n", encoding="utf-8")
    await team.bot.look_at_playbooks()
    listed = await team.type("ada", "maintenance", "general")
    assert "0 under way, " in listed
    shown = (await team.person("ada").ephemerals("general"))[-1].rendered
    assert "in services.yaml" in shown
    assert "in the calendar" in shown
    await later(team, HOURS + timedelta(minutes=1))
    (begun,) = await told(team, "general")
    assert "Planned in services.yaml" in begun.rendered
    await later(team, 2 * HOURS)
    assert len(await told(team, "general")) == 2
    (reindex,) = await told(team, "incidents")
    assert "Planned in the calendar" in reindex.rendered
    await later(team, timedelta(days=7))
    assert len(await told(team, "incidents", "has begun")) == 2


async def test_alerts_of_a_service_in_maintenance_call_nobody_and_are_listed_at_its_end(
    start_team: StartTeam, tmp_path: Path
) -> None:
    rules = playbooks(tmp_path, "")
    (rules / "services.yaml").write_text(SERVICES, encoding="utf-8")
    team = await start_team(playbooks_dir=rules, alert_secrets=alarms.SECRETS)
    await team.type("ada", "maintenance checkout 2h new disks", "random")
    await told(team, "general")
    await alarms.send(team, alarms.told(), times=2)
    await alarms.send(team, alarms.told("SlowSearch", labels={"severity": "critical", "service": "search"}), group="s")
    assert len(await team.bot.store.log.listings(active=False)) == 1
    (decision,) = [each for each in await team.bot.store.alerts.decisions(10) if each.service == "checkout"][:1]
    assert decision.reason is Reason.SUPPRESSED_MAINTENANCE
    await later(team, 2 * HOURS)
    (_, over) = await told(team, "general")
    assert "While it lasted 2 alerts called nobody" in over.rendered
    assert "checkout: Checkout returns 500 for half of all customers (2 times)" in over.rendered
    await alarms.send(team, alarms.told())
    assert len(await team.bot.store.log.listings(active=False)) == 2
