"""Follow-ups in step with GitHub and Jira: filed once, told of each change, followed when one closes the issue."""

import hmac
import random
from collections.abc import AsyncIterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import aiohttp
import pytest

from bot.incident.followup import FollowupState
from tests.scenarios import witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team
from tests.scenarios.test_followups import add, card, resolved
from tests.scenarios.test_private_incidents import declare_privately
from tests.trackers import small_jira
from tests.trackers.small_github import TOKEN, SmallGitHub
from tests.trackers.small_jira import SmallJira

ALL = "followups: {tracker: all}\n"


@pytest.fixture
async def github() -> AsyncIterator[SmallGitHub]:
    async with SmallGitHub() as github:
        yield github


@pytest.fixture
async def team(start_team: StartTeam, github: SmallGitHub) -> Team:
    return await with_github(start_team, github)


async def with_github(start_team: StartTeam, github: SmallGitHub, folder: Path | None = None) -> Team:
    """`folder`: where the policy says that all go there."""
    settings = {"github_token": TOKEN, "github_repository": github.repository, "github_api_url": github.url}
    rules = {"playbooks_dir": playbooks(folder, ALL)} if folder else {}
    team = await start_team(**settings, **rules)
    github.now = team.clock.now
    return team


async def tracked(team: Team, text: str = "Alert earlier @cleo") -> str:
    """One follow-up of a resolved incident, in GitHub; answers with the channel."""
    channel = await resolved(team)
    await add(team, channel, text)
    await team.type("ada", "followup 1 track", channel)
    await team.settle()
    await card(team, channel, "acme/ops#1 in GitHub")
    return channel


async def look(team: Team, after: timedelta = timedelta(minutes=2)) -> None:
    team.clock.move_on(after)
    await team.bot.look_at_tracker()
    await team.settle()


async def test_asked_for_by_verb_it_is_filed_and_both_sides_say_so(team: Team, github: SmallGitHub) -> None:
    channel = await resolved(team)
    await add(team, channel, "Alert earlier @cleo")
    assert github.asked == []
    assert "F1 is being put into GitHub" in await team.type("ada", "followup 1 track", channel)
    await card(team, channel, "acme/ops#1 in GitHub")
    (issue,) = github.issues.values()
    assert issue["title"] == "Alert earlier"
    for part in ("INC-1 F1", "Checkout is down", "Owner: cleo"):
        assert part in issue["body"]
    assert "U0CLEO" not in issue["body"]
    assert "acme/ops" in await team.type("ada", "followups", channel)
    assert "in step with GitHub already" in await team.type("ada", "followup track F1", channel)


async def test_asked_for_by_button_from_outside_by_its_owner(team: Team, github: SmallGitHub) -> None:
    channel = await resolved(team)
    await add(team, channel, "Alert earlier @cleo")
    shown = await card(team, channel, "Alert earlier")
    assert (await team.person("ada").click("Track in GitHub", channel=channel, ts=shown.ts)).ok
    await card(team, channel, "acme/ops#1 in GitHub")
    assert len(github.issues) == 1


async def test_what_happens_in_slack_is_told_there_by_name(team: Team, github: SmallGitHub) -> None:
    channel = await tracked(team)
    ada, shown = team.person("ada"), await card(team, channel)
    await ada.click("Edit", channel=channel, ts=shown.ts)
    await ada.wait_for_modal("Edit follow-up")
    assert (await ada.submit({"What is to be done": "Alert 30 days before", "Technical owner": "ben"})).closed
    await team.settle()
    assert github.issues[1]["title"] == "Alert 30 days before"
    (first,) = github.said(1)
    assert "INC-1 F1: ada renamed it. It was “Alert earlier”." in first
    assert "INC-1 F1: ada gave it to ben." in first
    await ada.click("Done", channel=channel, ts=shown.ts)
    await ada.wait_for_modal("Done")
    assert (await ada.submit({"What shows it": "https://grafana.example/alert"})).closed
    await team.settle()
    assert (github.issues[1]["state"], github.issues[1]["state_reason"]) == ("closed", "completed")
    assert "ada says that it is done" in github.said(1)[1]
    assert (await ada.click("Open again", channel=channel, ts=shown.ts)).ok
    await team.settle()
    assert github.issues[1]["state"] == "open"
    await ada.click("Will not do", channel=channel, ts=shown.ts)
    await ada.wait_for_modal("Will not do")
    assert (await ada.submit({"Why not": "The service goes away"})).closed
    await team.settle()
    assert github.issues[1]["state_reason"] == "not_planned"
    assert len(github.said(1)) == 4


async def test_closed_there_it_is_done_here_with_the_link_and_nothing_goes_back(
    team: Team, github: SmallGitHub
) -> None:
    channel = await tracked(team)
    team.clock.move_on(timedelta(minutes=1))
    github.somebody_closes(1)
    await look(team)
    await card(team, channel, "Done", "Evidence: Closed as done in GitHub: https://github.example/acme/ops/issues/1")
    assert "F1 open → done by Muster" in await witness.timeline(team, channel)
    writes = github.writes()
    for _ in range(3):
        await look(team)
    assert github.writes() == writes
    github.somebody_reopens(1)
    await look(team)
    await card(team, channel, "Open")
    github.somebody_closes(1, "not_planned")
    await look(team)
    await card(team, channel, "Will not do", "Closed as not planned in GitHub")
    assert github.said(1) == []
    assert github.writes() == writes


async def test_our_own_closing_is_no_news(team: Team, github: SmallGitHub) -> None:
    channel = await tracked(team)
    ada, shown = team.person("ada"), await card(team, channel)
    await ada.click("Done", channel=channel, ts=shown.ts)
    await ada.wait_for_modal("Done")
    assert (await ada.submit({"What shows it": "seen"})).closed
    await team.settle()
    await look(team)
    await look(team)
    incident = await witness.first_incident(team)
    assert incident.followups[1].note == "seen"
    assert len(github.said(1)) == 1


async def test_where_the_policy_says_all_an_owner_is_enough(
    start_team: StartTeam, github: SmallGitHub, tmp_path: Path
) -> None:
    team = await with_github(start_team, github, tmp_path)
    channel = await resolved(team)
    await add(team, channel, "Alert earlier @cleo")
    ts = await team.person("ada").say(channel, "Perhaps an alert")
    await team.person("ada").react(channel, ts, "memo")
    draft = await team.says("ada", channel, "F2", "Perhaps an alert")
    assert len(github.issues) == 1
    assert (await team.person("ada").click("I own it", channel=channel, ts=draft.ts)).ok
    await team.settle()
    assert len(github.issues) == 2


async def test_nothing_of_private_incidents_and_drills_goes_there(
    start_team: StartTeam, github: SmallGitHub, tmp_path: Path
) -> None:
    team = await with_github(start_team, github, tmp_path)
    private = await declare_privately(team)
    await add(team, private, "Rotate the keys")
    assert "Nothing of a private incident goes to GitHub" in await team.type("ada", "followup 1 track", private)
    practised = await team.declare(verb="drill")
    await add(team, practised, "Practise it again")
    assert "Nothing of a drill goes to GitHub" in await team.type("ada", "followup 1 track", practised)
    for channel in (private, practised):
        shown = await card(team, channel)
        assert "Track in GitHub" not in shown.rendered
    await team.settle()
    assert github.writes() == []


async def test_an_outage_there_holds_up_nothing_here_and_is_caught_up_once(team: Team, github: SmallGitHub) -> None:
    channel = await resolved(team)
    await add(team, channel, "Alert earlier @cleo")
    github.fault("POST", "issues", status=503, count=1000)
    github.fault("GET", "", status=503, count=1000)
    await team.type("ada", "followup 1 track", channel)
    shown = await card(team, channel, "Not yet in GitHub")
    assert "not yet in GitHub" in await team.type("ada", "followups", channel)
    ada = team.person("ada")
    assert (await ada.click("Start", channel=channel, ts=shown.ts)).ok
    await card(team, channel, "In progress")
    await team.type("ada", "followup Write it down @ben", channel)
    await team.says("ada", channel, "F2", "Write it down")
    github.faults.clear()
    await witness.until(team, team.bot.is_idle)
    await card(team, channel, "acme/ops#1 in GitHub")
    assert len(github.issues) == 1
    incident = await witness.first_incident(team)
    assert incident.followups[1].state is FollowupState.IN_PROGRESS
    issue = incident.followups[1].issue
    assert issue is not None
    assert not issue.owes


@pytest.mark.parametrize("where", ["issues", "comments"])
async def test_what_was_done_and_whose_answer_was_lost_is_done_once(
    team: Team, github: SmallGitHub, where: str
) -> None:
    channel = await resolved(team)
    await add(team, channel, "Alert earlier @cleo")
    github.fault("POST", where, status=0, after=True)
    await team.type("ada", "followup 1 track", channel)
    shown = await card(team, channel, "acme/ops#1 in GitHub")
    assert (await team.person("ada").click("Start", channel=channel, ts=shown.ts)).ok
    await team.settle()
    assert len(github.issues) == 1
    assert len(github.said(1)) == 1


async def test_an_issue_that_was_deleted_is_told_and_put_there_anew(team: Team, github: SmallGitHub) -> None:
    channel = await tracked(team)
    github.somebody_deletes(1)
    shown = await card(team, channel)
    assert (await team.person("ada").click("Start", channel=channel, ts=shown.ts)).ok
    await card(team, channel, "No longer in step with GitHub: acme/ops#1 was deleted there.")
    await team.type("ada", "followup 1 track", channel)
    await card(team, channel, "acme/ops#2 in GitHub")


async def test_hostile_text_stays_text_there(team: Team, github: SmallGitHub) -> None:
    await tracked(team, "Ask @octocat <!-- muster-x --> <!channel> #1")
    assert "@octocat" not in github.issues[1]["body"]
    assert "<!-- muster-x" not in github.issues[1]["body"].replace("\\<!--", "")


async def test_the_token_is_in_no_log(team: Team, github: SmallGitHub, capsys: pytest.CaptureFixture[str]) -> None:
    github.token = "another"
    channel = await resolved(team)
    await add(team, channel, "Alert earlier")
    await team.type("ada", "followup 1 track", channel)
    await witness.until(team, lambda: has_failed(github))
    assert TOKEN not in "".join(capsys.readouterr())


async def has_failed(github: SmallGitHub) -> bool:
    return len(github.asked) > 1


@pytest.fixture
async def jira() -> AsyncIterator[SmallJira]:
    async with SmallJira() as jira:
        yield jira


async def with_jira(start_team: StartTeam, jira: SmallJira) -> Team:
    access = {"jira_url": jira.url, "jira_user": small_jira.USER, "jira_token": small_jira.TOKEN}
    team = await start_team(**access, jira_project=jira.project)
    jira.now = team.clock.now
    return team


async def test_in_step_with_jira_both_ways(start_team: StartTeam, jira: SmallJira) -> None:
    team = await with_jira(start_team, jira)
    channel = await resolved(team)
    await add(team, channel, "Alert earlier @cleo")
    assert "F1 is being put into Jira" in await team.type("ada", "followup 1 track", channel)
    shown = await card(team, channel, "OPS-1 in Jira")
    ada = team.person("ada")
    await ada.click("Done", channel=channel, ts=shown.ts)
    await ada.wait_for_modal("Done")
    assert (await ada.submit({"What shows it": "https://grafana.example/alert"})).closed
    await team.settle()
    assert jira.issues["OPS-1"]["status"] == "Done"
    (told,) = jira.said("OPS-1")
    assert "INC-1 F1: ada says that it is done: https://grafana.example/alert" in told.replace("  ", " ")
    writes = jira.writes()
    await look(team)
    jira.somebody_moves("OPS-1", "In Progress")
    await look(team)
    await card(team, channel, "Open")
    jira.somebody_moves("OPS-1", "Won't do")
    await look(team)
    await card(team, channel, "Will not do", "Closed as not planned in Jira")
    assert jira.writes() == writes


async def test_one_issue_in_jira_though_the_answer_is_lost_and_the_search_lags(
    start_team: StartTeam, jira: SmallJira
) -> None:
    team = await with_jira(start_team, jira)
    jira.lags = timedelta(milliseconds=20)
    channel = await resolved(team)
    await add(team, channel, "Alert earlier @cleo")
    jira.fault("POST", "/issue", status=0, after=True)
    await team.type("ada", "followup 1 track", channel)
    await card(team, channel, "OPS-1 in Jira")
    await team.settle()
    assert list(jira.issues) == ["OPS-1"]


async def test_a_webhook_of_github_is_answered_at_once(start_team: StartTeam, github: SmallGitHub) -> None:
    settings = {"github_token": TOKEN, "github_repository": github.repository, "github_api_url": github.url}
    team = await start_team(**settings, github_webhook_secret="0123456789abcdef")
    github.now = team.clock.now
    channel = await tracked(team)
    github.somebody_closes(1)
    body = b'{"action": "closed"}'
    signature = f"sha256={hmac.new(b'0123456789abcdef', body, sha256).hexdigest()}"
    headers = {"X-GitHub-Event": "issues", "X-Hub-Signature-256": signature}
    url = f"http://127.0.0.1:{team.bot.port}/trackers/github"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        assert answer.status == 202
    await card(team, channel, "Done", "Closed as done in GitHub")


async def test_one_that_github_does_not_accept_is_given_up_with_its_words_and_the_others_go_on(
    team: Team, github: SmallGitHub
) -> None:
    channel = await resolved(team)
    await add(team, channel, "Alert earlier @cleo")
    await add(team, channel, "Write it down @ben")
    github.fault("POST", "issues", status=422, message="Validation Failed: title is too odd")
    for number in (1, 2):
        await team.type("ada", f"followup {number} track", channel)
    await team.says("ada", channel, "F2", "acme/ops#1 in GitHub")
    (letter,) = await team.bot.store.outbox.dead_letters()
    assert "GitHub does not accept it (Validation Failed: title is too odd)" in letter.reason
    await team.bot.store.outbox.revive(letter.id)
    await card(team, channel, "acme/ops#2 in GitHub")


@pytest.mark.parametrize("seed", range(2))
async def test_through_a_storm_of_lost_answers_each_is_filed_and_told_once(
    start_team: StartTeam, github: SmallGitHub, tmp_path: Path, seed: int
) -> None:
    """One in four requests fails: before it was done, or after it, or with a server's error."""
    team = await with_github(start_team, github, tmp_path)
    channel = await resolved(team)
    chance = random.Random(seed)
    hows = [{"status": 0}, {"status": 0, "after": True}, {"status": 502}, {"status": 500, "after": True}]
    github.weather = lambda method: chance.choice(hows) if chance.random() < 0.25 else None
    for number in range(1, 6):
        await team.type("ada", f"followup Task {number} @cleo", channel)
    for number in range(1, 6):
        shown = await team.says("ada", channel, f"F{number}", f"Task {number}")
        assert (await team.person("ada").click("Start", channel=channel, ts=shown.ts)).ok
    await team.person("ada").wait_until(team.bot.is_idle, timeout=40)
    github.weather = lambda method: None
    assert sorted(each["title"] for each in github.issues.values()) == [f"Task {number}" for number in range(1, 6)]
    told = [said for number in github.issues for said in github.said(number)]
    assert len(told) == len(set(told))
    incident = await witness.first_incident(team)
    assert {each.state for each in incident.followups.values()} == {FollowupState.IN_PROGRESS}
    assert not [each for each in incident.followups.values() if each.issue is None or each.issue.owes]
    assert await team.bot.store.outbox.dead_letters() == []
