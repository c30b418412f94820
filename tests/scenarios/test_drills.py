"""Drills as people play them: marked in every word, announced as what they are or not at all, and scored at the end."""

from datetime import timedelta
from pathlib import Path

import aiohttp

from bot.slack.action_ids import JOIN
from bot.workspace.cast import CAST
from bot.workspace.seen import SeenMessage
from tests.scenarios import witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.host import Host
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team

MARK = "DRILL"
EVERY = timedelta(minutes=30)
"""SEV1's cadence in the shipped policy."""
ID = {account.name: account.id for account in CAST}
CALLING = f"""
severities:
  SEV1: {{rubric: Down., update_every: 30m, summary_every: 20m, invite: [{ID["grace"]}]}}
  SEV2: {{rubric: Degraded., update_every: 60m}}
services: {{checkout: [{ID["finn"]}]}}
"""


async def practise(team: Team, text: str = "sev1 Checkout is down") -> str:
    """Ada opens a drill; answers with its channel's name, once it is furnished."""
    channel = await team.declare(text, verb="drill")
    await team.settle()
    return channel


async def with_drill_channel(start_team: StartTeam) -> Team:
    """Muster announces drills in #drills, which is there before the first of them."""
    team = await start_team(drill_channel="#drills")
    ada = team.person("ada")
    await ada.create_channel("drills")
    await ada.invite("drills", "muster")
    return team


async def every_word_of_muster(team: Team) -> list[tuple[str, str]]:
    """(where, what) of all that Muster shows anybody: names, topics, bookmarks, messages, threads, Home, modals."""
    found: set[tuple[str, str]] = set()
    for account in (account for account in CAST if not account.is_bot):
        person = team.person(account.name)
        for channel in await person.channels():
            if not channel.name.startswith("inc-") and account.name not in channel.members:
                continue
            found |= {(channel.name, each) for each in await words_in(team, account.name, channel.name)}
        found |= {("only visible to you", each.rendered) for each in await person.ephemerals()}
        views = [await person.modal(), await person.home()]
        found |= {(view.type, view.rendered) for view in views if view and "INC-" in view.rendered}
        found |= {("direct message", each.rendered) for each in await by_muster(team, account.name, "muster")}
    return sorted(found)


async def words_in(team: Team, name: str, channel: str) -> list[str]:
    person = team.person(name)
    if not channel.startswith("inc-"):
        return [each.rendered for each in await by_muster(team, name, channel)]
    shown = await person.channel(channel)
    if name not in shown.members:
        return [shown.name.upper(), shown.topic]
    marks = [str(each["title"]) for each in await person.bookmarks(channel)]
    return [shown.name.upper(), shown.topic, *marks, *(each.rendered for each in await by_muster(team, name, channel))]


async def by_muster(team: Team, name: str, channel: str) -> list[SeenMessage]:
    """With what stands in threads, without what Slack itself says there."""
    person = team.person(name)
    top = await person.messages(channel)
    inner = [each for parent in top if parent.reply_count for each in (await person.thread(channel, parent.ts))[1:]]
    return [each for each in (*top, *inner) if each.user == "muster" and not each.subtype]


async def lived_through(team: Team) -> str:
    """A whole drill, with everything that makes Muster speak; answers with its channel's name."""
    channel = await practise(team)
    await team.type("ada", "assign communications @ben", channel)
    await team.person("cleo").slash("/incident", "join INC-1")
    await team.settle()
    await team.type("ada", "playbook bad-deploy", channel)
    await team.move_on(EVERY + timedelta(seconds=1))
    await team.move_on(timedelta(minutes=5))
    await team.move_on(timedelta(minutes=5))
    await team.type("ben", "update Half of the checkouts fail.", channel)
    await team.type("ada", "severity sev2 it is smaller", channel)
    await team.type("ada", "note Roll back first.", channel)
    await team.type("ada", "status closed", channel)
    await team.type("ada", "status mitigated", channel)
    await team.type("ada", "timeline", channel)
    await team.type("ada", "", channel)
    await witness.opens(team, "ada", "Post update", channel)
    await team.person("cleo").open_home()
    await team.type("cleo", "list", "general")
    await team.type("ada", "resolve Rolled back.", channel)
    await team.settle()
    await team.type("ada", "reopen It was not.", channel)
    await team.type("ada", "resolve Now it is.", channel)
    await team.settle()
    return channel


async def test_a_drill_looks_like_an_incident_and_says_in_every_place_that_it_is_none(team: Team) -> None:
    channel = await practise(team)
    ada = team.person("ada")
    assert channel == "inc-1-drill-checkout-is-down"
    card = await team.says("ada", channel, "Checkout is down", "Next update by")
    assert card.rendered.startswith("DRILL · SEV1 · Triage · INC-1")
    assert (await ada.topic(channel)).startswith("DRILL · SEV1 · triage")
    assert [each["title"] for each in await ada.bookmarks(channel)] == ["Incident summary (DRILL)"]
    told = [each.rendered for each in await ada.ephemerals()]
    assert any(each.startswith(f"DRILL INC-1 is open in #{channel}") for each in told)


async def test_the_form_declares_a_drill_by_its_box(team: Team) -> None:
    ada = team.person("ada")
    await ada.slash("/incident", "drill", channel="general")
    await ada.wait_for_modal("Declare incident")
    assert (await ada.submit({"Title": "Search is slow"})).closed

    async def opened() -> object:
        return await ada.channel_named("inc-1-drill-search-is-slow")

    await ada.wait_until(opened)


async def test_all_that_muster_says_in_the_life_of_a_drill_is_marked(start_team: StartTeam) -> None:
    team = await with_drill_channel(start_team)
    await lived_through(team)
    words = await every_word_of_muster(team)
    unmarked = [(where, what) for where, what in words if MARK not in what]
    assert unmarked == []
    places = {where for where, _ in words}
    assert {
        "drills",
        "inc-1-drill-checkout-is-down",
        "only visible to you",
        "direct message",
        "home",
        "modal",
    } <= places


async def test_nothing_of_it_reaches_the_announcement_channel(start_team: StartTeam) -> None:
    team = await with_drill_channel(start_team)
    await lived_through(team)
    news = (await team.person("ada").channel("incidents")).id
    assert [call["method"] for call in await team.calls() if call["args"].get("channel") == news] == []
    assert await team.person("ada").messages("incidents") == []


async def test_where_no_channel_is_set_for_drills_it_is_announced_nowhere(team: Team) -> None:
    channel = await lived_through(team)
    assert await team.person("ada").messages("incidents") == []
    assert await team.person("ada").messages("random") == []
    await team.says("ada", channel, "Update 1", "Half of the checkouts fail.")


async def test_it_is_announced_where_drills_are_with_its_updates_below(start_team: StartTeam) -> None:
    team = await with_drill_channel(start_team)
    channel = await practise(team)
    card = await team.says("ada", "drills", "DRILL · SEV1", f"#{channel}")
    await team.type("ada", "update Half of the checkouts fail.", channel)
    await witness.in_thread(team, card, "drills", "DRILL", "Half of the checkouts fail.")
    await team.person("ben").join("drills")
    await team.person("ben").click(JOIN, channel="drills")

    async def inside() -> bool:
        return "ben" in await team.person("ben").members(channel)

    await team.person("ben").wait_until(inside)


async def test_a_reminder_climbs_to_the_commander_and_no_further(team: Team) -> None:
    channel = await practise(team)
    await team.type("ada", "assign communications @ben", channel)
    await team.move_on(EVERY + timedelta(seconds=1))
    asked = await team.says("ada", channel, "the next update is due now")
    assert asked.rendered.startswith("DRILL · ")
    await team.move_on(timedelta(minutes=5))
    await witness.told(team, "ada", "DRILL INC-1 (Checkout is down) owes a status update")
    await team.move_on(timedelta(minutes=5))
    await witness.edited_to(team, asked, channel, "In a real incident the announcement channel would be told now.")
    assert await team.person("ada").messages("incidents") == []


async def test_nobody_is_called_to_a_drill_by_policy(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=playbooks(tmp_path, CALLING))
    channel = await practise(team)
    await team.type("ada", "severity sev2", channel)
    await team.type("ada", "severity sev1", channel)
    await team.settle()
    assert set(await team.person("ada").members(channel)) == {"ada", "muster"}
    real = await team.declare("sev1 Payroll leaks")
    assert "grace" in await team.person("ada").members(real)


async def test_summaries_for_stakeholders_go_where_drills_are_announced(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=playbooks(tmp_path, CALLING), drill_channel="#general")
    await practise(team)
    card = await team.says("ada", "general", "DRILL · SEV1")
    await team.move_on(timedelta(minutes=20, seconds=1))
    await witness.in_thread(team, card, "general", "DRILL · SEV1", "No update yet.")
    assert await team.person("ada").messages("incidents") == []


async def test_a_private_drill_shows_no_title_and_is_announced_nowhere(start_team: StartTeam) -> None:
    team = await with_drill_channel(start_team)
    ada = team.person("ada")
    await ada.slash("/incident", "drill", channel="general")
    await ada.wait_for_modal("Declare incident")
    assert (await ada.submit({"Title": "Kestrel reads our mail", "Private": ["yes"]})).closed

    async def furnished() -> object:
        found = await ada.channel_named("inc-1-drill")
        return found and await ada.pins(found.name)

    await ada.wait_until(furnished)
    await team.settle()
    found = await ada.channel("inc-1-drill")
    assert (found.name, found.is_private) == ("inc-1-drill", True)
    assert await by_muster(team, "ada", "drills") == []
    words = await every_word_of_muster(team)
    assert all(MARK in what for _, what in words)


async def metrics(team: Team) -> str:
    await team.bot.count()
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{team.bot.port}/metrics") as page:
        return await page.text()


async def test_a_drill_counts_in_no_metric_of_incidents(team: Team) -> None:
    channel = await practise(team)
    await team.type("ada", "status closed", channel)
    said = await metrics(team)
    assert "muster_open_incidents 0.0" in said
    assert "muster_open_drills 1.0" in said
    assert "muster_commands_seconds_count{" not in said
    assert "muster_effects_seconds_count{" not in said
    assert 'muster_drill_commands_seconds_count{outcome="appended",type="DeclareIncident"} 1.0' in said
    assert 'muster_drill_commands_seconds_count{outcome="rejected",type="CloseIncident"} 1.0' in said
    assert 'muster_drill_effects_seconds_count{outcome="done",type="OpenChannel"} 1.0' in said


async def test_an_incident_counts_in_no_metric_of_drills(team: Team) -> None:
    await team.declare()
    await team.settle()
    said = await metrics(team)
    assert "muster_open_incidents 1.0" in said
    assert "muster_open_drills 0.0" in said
    assert "muster_drill_commands_seconds_count{" not in said
    assert "muster_drill_effects_seconds_count{" not in said


async def test_real_incidents_come_first_in_every_list(team: Team) -> None:
    await team.declare("sev3 Search is slow")
    await practise(team)
    await team.person("ada").open_home()
    home = await team.person("ada").wait_until(team.person("ada").home)
    for text in (await team.type("ada", "list", "general"), await team.type("ada", "", "general"), home.rendered):
        assert "SEV3" in text.partition("DRILL · SEV1 · Triage")[0]
    assert "1 incident is open. 1 drill is on." in home.rendered


async def played(team: Team) -> str:
    """A drill in which much goes well and one promise does not hold."""
    channel = await practise(team)
    await team.move_on(timedelta(minutes=2))
    await team.type("ada", "claim commander", channel)
    await team.type("ada", "assign communications @ben", channel)
    await team.type("ada", "playbook bad-deploy", channel)
    await team.type("ada", "note Roll back first.", channel)
    await team.move_on(timedelta(minutes=7))
    await team.type("ben", "update Half of the checkouts fail. next 10m", channel)
    await team.move_on(timedelta(minutes=14))
    await team.type("ben", "update One in ten fails.", channel)
    await team.move_on(timedelta(minutes=8))
    await team.type("ada", "status mitigated", channel)
    await team.move_on(timedelta(minutes=13))
    await team.type("ada", "resolve Rolled back.", channel)
    await team.settle()
    return channel


async def scorecards(team: Team, channel: str) -> list[SeenMessage]:
    return [each for each in await by_muster(team, "ada", channel) if "Scorecard of DRILL INC-1" in each.rendered]


FIGURES = """
Scorecard of DRILL INC-1 · Checkout is down
Went well: command was taken early, the first update came in time, the mitigation was recorded, people kept the record.
Command taken: after 2 min
First update: after 9 min
Mitigated: after 31 min
Resolved: after 44 min
Promised updates kept: 1 of 2
Roles filled: 2 of 4 (nobody: operations lead, scribe)
Bad deploy and rollback · 0 of
Entries in the timeline by people: 1
To try next time: post an update when it was promised, also when nothing is new: update.
Measured from the declaration
"""


async def test_a_resolved_drill_is_scored_once(team: Team) -> None:
    channel = await played(team)
    (card,) = await scorecards(team, channel)
    said = card.rendered.replace("`", "").replace("*", "")
    assert [figure for figure in FIGURES.strip().split("\n") if figure not in said] == []


async def test_a_corrected_time_is_corrected_in_the_scorecard_too(team: Team) -> None:
    channel = await practise(team)
    await team.move_on(timedelta(minutes=30))
    await team.type("ada", "status mitigated", channel)
    await team.type("ada", "resolve", channel)
    card = await team.says("ada", channel, "Scorecard of DRILL INC-1", "Mitigated: after 30 min")
    declared_at = (await witness.first_incident(team)).declared_at
    earlier = f"{declared_at + timedelta(minutes=12):%H:%M} UTC"
    await team.type("ada", f"correct mitigated {earlier}", channel)
    await witness.edited_to(team, card, channel, "Mitigated: after 1")
    assert len(await scorecards(team, channel)) == 1


async def test_one_that_is_reopened_gets_a_new_scorecard_and_the_old_one_says_so(team: Team) -> None:
    channel = await practise(team)
    await team.type("ada", "resolve", channel)
    first = await team.says("ada", channel, "Scorecard of DRILL INC-1")
    await team.type("ada", "reopen", channel)
    await witness.edited_to(team, first, channel, "the drill is open again")
    await team.move_on(timedelta(minutes=5))
    await team.type("ada", "resolve", channel)
    await witness.edited_to(team, first, channel, "the newer one below takes its place")
    await team.settle()
    _, second = await scorecards(team, channel)
    assert "the reopening included; it takes the place of the earlier scorecard" in second.rendered


async def test_an_incident_is_not_scored(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "resolve", channel)
    await team.settle()
    assert not [each for each in await by_muster(team, "ada", channel) if "Scorecard" in each.rendered]


async def test_a_scorecard_whose_answer_is_lost_is_not_posted_twice(team: Team) -> None:
    channel = await practise(team)
    await team.workspace.client.fault(
        "chat.postMessage", "lose_reply", count=1, after=True, where={"text": "Scorecard of"}
    )
    await team.type("ada", "resolve", channel)
    await team.says("ada", channel, "Scorecard of DRILL INC-1")
    await team.settle()
    assert await team.calls("conversations.history"), "it was not looked for"
    assert len(await scorecards(team, channel)) == 1


async def test_a_scorecard_that_was_still_to_be_posted_comes_after_the_restart(host: Host) -> None:
    async with host.muster() as team:
        channel = await practise(team)
        team.bot.runner.stop()
        await team.type("ada", "resolve", channel)
        assert await scorecards(team, channel) == []
    async with host.muster() as team:
        await team.says("ada", channel, "Scorecard of DRILL INC-1")
        await team.settle()
        assert len(await scorecards(team, channel)) == 1
