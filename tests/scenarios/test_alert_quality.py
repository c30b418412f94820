"""Alert quality: what alerts did is counted by their rule, and on Monday the triage channel hears what to fix."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.incident.alert_quality import monday, newest_weeks, week_of
from bot.incident.alert_tally import Figure
from bot.workspace.seen import SeenMessage
from tests.scenarios import witness
from tests.scenarios.alarms import SECRETS, channel_of, send, told
from tests.scenarios.asking import asked, fire, press
from tests.scenarios.conftest import StartTeam
from tests.scenarios.host import Host
from tests.scenarios.team import Team

TRIAGE = "#general"
HOSTILE = "<!channel> *x*"


async def noise(team: Team, name: str = "DiskFills", times: int = 12) -> None:
    """It fires so often and is recorded each time."""
    fired = [told(name, fingerprint=f"{name}{n}", labels={"severity": "warning"}) for n in range(times)]
    await send(team, *fired, group=name, times=2)


async def to_monday(team: Team, *others: Team) -> None:
    """Plans, moves to the Monday after this week, 09:00 UTC, and looks twice, in every process."""
    await team.bot.look_at_alert_quality()
    now = team.clock.now()
    morning = datetime.combine(monday(week_of(now)) + timedelta(days=7), time(9, 1), tzinfo=UTC)
    team.clock.move_on(morning - now)
    for each in (team, *others) * 2:
        await each.bot.look_at_alert_quality()
    await team.settle()


async def lists(team: Team, channel: str = "general") -> list[SeenMessage]:
    return await witness.posts(team, channel, "to fix first")


async def figures(team: Team, name: str = "HighErrorRate") -> dict[Figure, int]:
    weeks = await team.bot.store.alert_quality.weeks(newest_weeks(team.clock.now(), 2))
    return next(dict(each.figures) for week in weeks for each in week.rules if each.sounding.name == name)


async def test_on_monday_the_triage_channel_hears_what_to_fix(start_team: StartTeam) -> None:
    team = await start_team(alert_secrets=SECRETS, triage_channel=TRIAGE)
    await noise(team)
    await noise(team, HOSTILE, 10)
    await to_monday(team)
    (listed,) = await lists(team)
    assert "2 rules fired 22 times and opened 0 incidents" in listed.rendered
    assert "1. *DiskFills* · alertmanager" in listed.rendered
    assert "fired 12 times and led to no incident: raise its threshold, or take it out" in listed.rendered
    assert "<!channel>" in listed.rendered
    assert not listed.pings
    await to_monday(team)
    assert len(await lists(team)) == 1


async def test_without_a_triage_channel_it_is_told_where_incidents_are_announced(start_team: StartTeam) -> None:
    team = await start_team(alert_secrets=SECRETS, announcement_channel="#incidents")
    await noise(team)
    await to_monday(team)
    assert len(await lists(team, "incidents")) == 1


async def test_where_no_source_is_let_in_nothing_is_said(host: Host) -> None:
    opened = host.settings.model_copy(update={"alert_secrets": SecretStr(SECRETS), "triage_channel": TRIAGE})
    async with Host(workspace=host.workspace, settings=opened, clock=host.clock).muster() as team:
        await noise(team)
    closed = opened.model_copy(update={"alert_secrets": SecretStr("")})
    async with Host(workspace=host.workspace, settings=closed, clock=host.clock).muster() as team:
        await to_monday(team)
        assert await lists(team) == []


async def test_it_is_said_once_over_processes_and_restarts_and_after_a_downtime(host: Host) -> None:
    settings = host.settings.model_copy(update={"alert_secrets": SecretStr(SECRETS), "triage_channel": TRIAGE})
    shared = Host(workspace=host.workspace, settings=settings, clock=host.clock)
    async with shared.muster() as team, shared.muster() as other:
        await noise(team)
        await to_monday(team, other)
        assert len(await lists(team)) == 1
        await noise(team)
    host.clock.move_on(timedelta(days=8))
    async with shared.muster() as team:
        for _ in range(2):
            await team.bot.look_at_alert_quality()
        await team.settle()
        assert len(await lists(team)) == 2


async def test_a_list_whose_answer_was_lost_is_not_posted_twice(start_team: StartTeam) -> None:
    team = await start_team(alert_secrets=SECRETS, triage_channel=TRIAGE)
    await noise(team)
    await team.workspace.client.fault("chat.postMessage", "lose_reply", count=1, after=True)
    await to_monday(team)
    assert len(await lists(team)) == 1


async def test_what_an_alert_led_to_is_counted_and_how_long_nobody_led(start_team: StartTeam) -> None:
    team = await start_team(alert_secrets=SECRETS)
    at = team.clock.now() - timedelta(minutes=18)
    await send(team, told(at=at), told(fingerprint="f2", at=at), times=3)
    await team.type("ada", "claim commander", await channel_of(team))
    page = await team.type("cleo", "alerts quality", "general")
    assert "1 rule fired 2 times and opened 1 incident" in page
    assert "*HighErrorRate* · alertmanager · checkout · rule “grave”" in page
    assert "fired 2, opened 1, joined 1, 18 min to command" in page


async def test_a_firing_is_counted_once_whatever_becomes_of_it(start_team: StartTeam) -> None:
    """It is recorded, and people open an incident of its service; there it is a note like any other."""
    team = await start_team(alert_secrets=SECRETS)
    disk = told("DiskFills", labels={"severity": "warning", "service": "checkout", "customer_impact": "none"})
    await send(team, disk, group="disks", times=2)
    await team.declare("sev1 Checkout is down")
    await send(team, told("HighErrorRate", fingerprint="f2"), group="errors")
    await send(team, disk, group="disks", times=2)
    assert await figures(team, "DiskFills") == {Figure.FIRED: 1, Figure.RECORDED: 1, Figure.JOINED: 1}


async def test_an_incident_that_was_cancelled_counts_against_its_rule(start_team: StartTeam) -> None:
    team = await start_team(alert_secrets=SECRETS)
    await send(team, told())
    await team.type("ada", "cancel A test of the monitoring.", await channel_of(team))
    await team.settle()
    assert (await figures(team))[Figure.CANCELLED] == 1


async def test_the_page_of_quality_is_turned_by_its_button(start_team: StartTeam) -> None:
    team = await start_team(alert_secrets=SECRETS)
    await send(team, *(told(f"R{n}", fingerprint=str(n), labels={"severity": "warning"}) for n in range(9)))
    assert "page 1 of 2" in await team.type("ada", "alerts quality", "general")
    assert (await team.person("ada").click("Next", channel="general", where="ephemeral")).ok
    await witness.until(team, lambda: _shown(team, "page 2 of 2"))
    assert "page 2 of 2" in await team.type("ada", "alerts quality 2", "general")
    assert "is no number of a page" in await team.type("ada", "alerts quality often", "general")


async def test_what_was_decided_lately_leads_to_the_quality_of_its_rules(start_team: StartTeam) -> None:
    team = await start_team(alert_secrets=SECRETS)
    await send(team, told(labels={"severity": "warning"}))
    assert "Alerts lately" in await team.type("ada", "alerts", "general")
    assert (await team.person("ada").click("Alert quality", channel="general", where="ephemeral")).ok
    await witness.until(team, lambda: _shown(team, "Alert quality since"))


async def _shown(team: Team, part: str) -> bool:
    return any(part in each.rendered for each in await team.person("ada").ephemerals("general"))


async def test_what_people_ignore_counts_against_its_rule(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    for fingerprint in ("f1", "f2", "f3"):
        await fire(team, fingerprint=fingerprint)
    await press(team, "Ignore")
    await team.person("ada").wait_for_modal("Ignore these alerts")
    assert (await team.person("ada").submit({})).closed
    await team.settle()
    await fire(team, fingerprint="f4")
    await to_monday(team)
    (listed,) = await lists(team)
    assert "proposed, and not taken up 4 times: record it, or raise its threshold" in listed.rendered
    counted = await figures(team)
    assert [counted[each] for each in (Figure.FIRED, Figure.PROPOSED, Figure.TURNED_DOWN)] == [4, 3, 4]


async def test_what_people_declare_was_opened_once_and_commanded_at_once(start_team: StartTeam, tmp_path: Path) -> None:
    team = await asked(start_team, tmp_path)
    for fingerprint in ("f1", "f2", "f3"):
        await fire(team, fingerprint=fingerprint, again=True)
    await press(team, "Declare incident")
    await team.settle()
    page = await team.type("cleo", "alerts quality", "general")
    assert "fired 3, opened 1, joined 2, proposed 3, 0 min to command" in page
