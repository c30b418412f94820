"""What /metrics says once something has happened, and that it says nothing of what an incident is about."""

import asyncio
import re

import aiohttp

from tests.incident.alerts import alert
from tests.scenarios.alarms import SECRETS, post, send, told
from tests.scenarios.conftest import StartTeam
from tests.scenarios.team import Team


async def metrics(team: Team) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{team.bot.port}/metrics") as page:
        return await page.text()


async def searches(team: Team) -> int:
    """Looks for the announcement channel; the one for incidents of a lost store covers archived channels too."""
    calls = await team.calls("users.conversations")
    return len([call for call in calls if call["args"]["exclude_archived"] == "true"])


async def test_commands_appends_and_slack_calls_are_counted(team: Team) -> None:
    await team.declare("sev1 Payroll leaked")
    said = await metrics(team)
    assert 'muster_commands_seconds_count{outcome="appended",type="DeclareIncident"} 1.0' in said
    assert 'muster_slack_calls_seconds_count{method="conversations.create",outcome="ok"} 1.0' in said
    assert 'muster_appends_seconds_count{outcome="appended"}' in said
    assert "ayroll" not in said


async def test_a_refusal_is_counted_as_one(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "status closed", channel)
    assert 'outcome="rejected"' in await metrics(team)


async def test_slacks_own_word_for_a_refusal_is_counted(team: Team) -> None:
    await team.workspace.client.fault("bookmarks.add", "refuse", error="too_many_bookmarks")
    await team.person("ada").slash("/incident", "declare sev1 Checkout is down", channel="general")
    await team.settle()
    assert 'method="bookmarks.add",outcome="too_many_bookmarks"' in await metrics(team)


async def test_the_announcement_channel_is_known_before_the_first_incident(start_team: StartTeam) -> None:
    team = await start_team()
    known = await team.person("ada").wait_until(lambda: searches(team))
    await team.declare()
    assert await searches(team) == known == 1


async def test_alerts_are_counted_by_what_became_of_them_and_never_by_name(start_team: StartTeam) -> None:
    team = await start_team(alert_secrets=SECRETS)
    await send(team, told("Payroll"), times=2)
    assert (await post(team, b"{"))[0] == 400
    assert (await post(team, b"{}", secret="none of ours"))[0] == 401
    await team.bot.count()
    said = await metrics(team)
    for outcome, count in (("taken", 2), ("malformed", 1), ("unknown", 1)):
        assert f'muster_alert_deliveries_seconds_count{{outcome="{outcome}",source="alertmanager"}} {count}.0' in said
    assert 'muster_alerts_total{reason="DECLARED_BY_RULE",source="alertmanager"} 1.0' in said
    assert "ayroll" not in said


async def test_what_waits_undecided_is_counted_with_how_long_it_has_waited(start_team: StartTeam) -> None:
    team = await start_team()
    await team.bot.count()
    assert "muster_alerts_oldest_waiting_seconds 0.0" in await metrics(team)
    await team.bot.store.alerts.take([alert()] * 2, team.clock.now())
    await asyncio.sleep(0.01)
    await team.bot.count()
    said = await metrics(team)
    assert "muster_alerts_waiting 2.0" in said
    found = re.search(r"^muster_alerts_oldest_waiting_seconds (\S+)$", said, re.MULTILINE)
    assert found
    assert 0 < float(found[1]) < 60
