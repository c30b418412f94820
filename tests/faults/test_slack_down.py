"""Hours of Slack downtime lose nothing and end in no flood: one catch-up a place, which says what was missed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.faults.agreement import doubled, misordered
from tests.faults.delivering import Asked, brisk_host, hurry, letters, move_in_steps, seen_in, settle_in_haste
from tests.scenarios.team import Team

TWO_HOURS = timedelta(hours=2)
A_MINUTE = timedelta(minutes=1)
DUE = "the next update is due now"
OVERDUE = "the update is 1 h 40 min overdue"
MISSED = "earlier reminders could not be posted here while Slack was out of reach."


@pytest.fixture
async def team(empty_redis: str, tmp_path: Path) -> AsyncIterator[Team]:
    async with brisk_host(empty_redis, tmp_path) as host, host.muster() as team:
        yield team


async def _four_reminders_fall_due(team: Team, kind: str, method: str) -> Asked:
    """Two hours in which every call ends like this; updates are due every 20 minutes, and unanswered."""
    await team.workspace.client.fault(method, kind)
    asked = Asked(team)
    await move_in_steps(team, TWO_HOURS, A_MINUTE)
    return asked


async def _back(team: Team) -> None:
    await team.workspace.client.clear_faults()
    await settle_in_haste(team)


@pytest.mark.parametrize(
    ("kind", "method"),
    [("bad_gateway", "*"), ("internal_error", "*"), ("html_body", "*"), ("internal_error", "chat.postMessage")],
)
async def test_of_four_updates_due_while_slack_was_down_one_catch_up_says_that_three_were_missed(
    team: Team, kind: str, method: str
) -> None:
    channel = await team.declare()
    await team.type("ada", "remind every 20m", channel)
    await team.settle()
    await _four_reminders_fall_due(team, kind, method)
    await _back(team)
    for place, words in ((channel, OVERDUE), ("incidents", "owes a status update")):
        [catch_up] = await seen_in(team, place, words)
        assert f"3 {MISSED}" in catch_up.rendered
    [summary] = await seen_in(team, "incidents", "No update yet.")
    assert "1 earlier summary could not be posted here" in summary.rendered
    assert await letters(team) == []
    assert doubled(team.workspace) == []


async def test_what_people_did_while_slack_was_down_is_posted_whole_and_in_order(team: Team) -> None:
    channel = await team.declare()
    await team.workspace.client.fault("*", "bad_gateway")
    for number in range(1, 5):
        await team.type("ada", f"update Cluster {number} is back.", channel)
        await move_in_steps(team, timedelta(minutes=31), timedelta(minutes=31))
    await _back(team)
    assert len(await seen_in(team, channel, " by @ada · ")) == 4
    assert len(await seen_in(team, "incidents", " by @ada · ")) == 4
    assert (misordered(team.workspace), doubled(team.workspace), await letters(team)) == ([], [], [])


async def test_the_next_reminder_says_nothing_of_an_outage_that_was_told(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "remind every 20m", channel)
    await team.settle()
    await _four_reminders_fall_due(team, "bad_gateway", "*")
    await _back(team)
    await move_in_steps(team, timedelta(minutes=21), A_MINUTE)
    await settle_in_haste(team)
    [following] = await seen_in(team, channel, DUE)
    assert MISSED not in following.rendered


async def test_a_reminder_that_was_answered_during_the_outage_is_not_posted_late(team: Team) -> None:
    channel = await team.declare()
    await team.settle()
    await team.workspace.client.fault("*", "bad_gateway")
    await move_in_steps(team, timedelta(minutes=31), A_MINUTE)
    await team.type("ada", "update Rolled back.", channel)
    await _back(team)
    assert await seen_in(team, channel, DUE) == []
    assert len(await seen_in(team, channel, "Update 1 by")) == 1


async def test_an_outage_is_waited_out_with_few_questions(team: Team) -> None:
    """However much waits, and however often its turn comes: Slack that struggles is not stormed."""
    channel = await team.declare()
    await team.workspace.client.fault("*", "bad_gateway")
    for number in range(1, 9):
        await team.type("ada", f"severity sev{1 + number % 3}", channel)
    known = Asked(team)
    await team.person("ada").wait_until(lambda: known.methods["auth.test"])
    await asyncio.sleep(0.05)  # what was at work then comes to its end
    asked = Asked(team)
    for _ in range(20):
        await hurry(team)
        await asyncio.sleep(0.02)
    assert set(asked.methods) <= {"auth.test"}
    assert asked.methods["auth.test"] <= 4
    await _back(team)
    assert len(await seen_in(team, channel, "is SEV")) == 8
    assert await letters(team) == []
