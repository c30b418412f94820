"""Follow-ups: from an emoji or a line to a card with its buttons, and chased once a week until they are settled."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import aiohttp

from bot.incident.followup import FollowupState
from bot.incident.policy import FollowupRule
from bot.incident.weekly import next_round
from bot.workspace.cast import CAST
from bot.workspace.seen import SeenMessage
from tests.scenarios import forged, witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.host import Host
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team
from tests.scenarios.test_private_incidents import declare_privately, seen_by

ZONE = {account.name: ZoneInfo(account.tz) for account in CAST}
DIGEST = "#incidents"


async def resolved(team: Team, text: str = "sev2 Checkout is down") -> str:
    """Declared and resolved by Ada; answers with the channel."""
    channel = await team.declare(text)
    await team.type("ada", "resolve Rolled back.", channel)
    await team.settle()
    return channel


async def add(team: Team, channel: str, text: str, *, by: str = "ada") -> str:
    answer = await team.type(by, f"followup {text}", channel)
    await team.settle()
    return answer


async def to_the_round_of(team: Team, name: str) -> None:
    """Plans what is to be planned, moves to Monday 09:00 where this person lives, and looks twice."""
    await team.bot.look_at_followups()
    now = team.clock.now()
    team.clock.move_on(next_round(now, ZONE[name], FollowupRule()) - now + timedelta(minutes=1))
    for _ in range(2):
        await team.bot.look_at_followups()
    await team.settle()


async def weekly_of(team: Team, name: str) -> list[SeenMessage]:
    found = await team.person(name).messages("muster")
    return [seen for seen in found if "Your follow-ups this week" in seen.rendered]


async def card(team: Team, channel: str, *parts: str) -> SeenMessage:
    return await team.says("ada", channel, "F1", *parts)


async def test_memo_after_resolve_is_a_draft_that_somebody_takes_and_brings_to_its_end(team: Team) -> None:
    channel = await resolved(team)
    ada, ben = team.person("ada"), team.person("ben")
    await ada.invite(channel, "ben")
    ts = await ben.say(channel, "Alert 30 days before a certificate expires")
    await ada.react(channel, ts, "memo")
    draft = await card(team, channel, "Alert 30 days before", "nobody owns it yet")
    assert (await ben.click("I own it", channel=channel, ts=draft.ts)).ok
    await card(team, channel, "@ben")
    assert (await ben.click("Start", channel=channel, ts=draft.ts)).ok
    await card(team, channel, "In progress")
    await ben.click("Done", channel=channel, ts=draft.ts)
    await ben.wait_for_modal("Done")
    assert (await ben.submit({"What shows it": "https://grafana.example/alert"})).closed
    await card(team, channel, "Done", "Evidence: https://grafana.example/alert")
    timeline = await witness.timeline(team, channel)
    assert "Follow-up · @ben" in timeline
    assert "Follow-up F1 in progress → done by @ben" in timeline


async def test_memo_during_the_response_stays_an_action_item(team: Team) -> None:
    channel = await team.declare()
    ada = team.person("ada")
    ts = await ada.say(channel, "Tell the shops to pay by cash")
    await ada.react(channel, ts, "memo")
    await witness.entry_once(team, channel, "Tell the shops", ":memo: Action item")
    assert "0 open" in await team.type("ada", "followups", channel)


async def test_the_draft_goes_when_the_emoji_is_taken_off(team: Team) -> None:
    channel = await resolved(team)
    ada = team.person("ada")
    ts = await ada.say(channel, "Perhaps an alert")
    await ada.react(channel, ts, "memo")
    await card(team, channel, "Perhaps an alert")
    await ada.unreact(channel, ts, "memo")
    await card(team, channel, "Will not do", "taken off its message")


async def test_a_line_names_its_owner_who_is_told_and_may_change_it_from_outside(team: Team) -> None:
    channel = await resolved(team)
    assert "Follow-up F1: Alert earlier · @cleo" in await add(team, channel, "Alert earlier @cleo")
    told = await witness.told(team, "cleo", "The follow-up INC-1 F1 is yours now")
    await team.type("ada", "close because it was small", channel)
    cleo = team.person("cleo")
    await cleo.click("Blocked", channel="muster", ts=told.ts)
    await cleo.wait_for_modal("Blocked")
    sent = await cleo.submit({})
    assert sent.errors == {"waits_for": "Say on whom or what it waits."}
    assert (await cleo.submit({"On whom it waits": "finn", "What it waits for": "the vendor"})).closed
    await card(team, channel, "Blocked", "Waits for @finn: the vendor")
    await witness.told(team, "finn", "INC-1 F1 is blocked and waits for @finn: the vendor")


async def test_every_field_is_in_the_form_and_its_sponsor_hears_when_it_is_blocked(team: Team) -> None:
    channel = await resolved(team)
    ada = team.person("ada")
    await ada.slash("/incident", "followup", channel=channel)
    await ada.wait_for_modal("Add follow-up")
    due = (team.clock.now() + timedelta(days=14)).date()
    filled = {
        "What is to be done": "Alert earlier",
        "Class": "Monitoring",
        "Deadline": due.isoformat(),
        "How we shall know": "no certificate under 30 days",
        "Technical owner": "cleo",
        "Product sponsor": "ben",
        "Reliability sponsor": "grace",
        "Impact": "High",
        "Effort": "Low",
    }
    sent = await ada.submit(filled)
    assert sent.closed, sent.errors
    shown = await card(team, channel, "Alert earlier", "How we shall know: no certificate under 30 days")
    for part in ("@cleo", "Product sponsor @ben", "Reliability sponsor @grace", "impact high", f"due {due.day} "):
        assert part in shown.rendered
    await ada.click("Blocked", channel=channel, ts=shown.ts)
    await ada.wait_for_modal("Blocked")
    assert (await ada.submit({"What it waits for": "the vendor"})).closed
    for sponsor in ("ben", "grace"):
        await witness.told(team, sponsor, "INC-1 F1 is blocked")


async def test_it_is_edited_and_given_to_somebody_by_its_buttons(team: Team) -> None:
    channel = await resolved(team)
    await add(team, channel, "Alert earlier")
    ada, shown = team.person("ada"), await card(team, channel, "Alert earlier")
    await ada.click("Edit", channel=channel, ts=shown.ts)
    await ada.wait_for_modal("Edit follow-up")
    assert (await ada.submit({"What is to be done": "Alert 30 days before"})).closed
    await card(team, channel, "Alert 30 days before")
    await ada.click("Give to", channel=channel, ts=shown.ts)
    await ada.wait_for_modal("Give follow-up")
    refused = await ada.submit({"Technical owner": "dee"})
    assert "guest" in refused.errors["owner"]
    assert (await ada.submit({"Technical owner": "finn"})).closed
    await witness.told(team, "finn", "is yours now; @ada gave it to you")


async def test_lists_by_person_by_incident_overdue_and_all(team: Team) -> None:
    channel = await resolved(team)
    await add(team, channel, "Alert earlier @cleo")
    await add(team, channel, "Write it down @ben")
    assert "Follow-ups of INC-1: 2 open, 0 overdue" in await team.type("ada", "followups", channel)
    mine = await team.type("cleo", "followups", "general")
    assert "Your follow-ups: 1 open" in mine
    assert "Write it down" not in mine
    assert "Write it down" in await team.type("cleo", "followups @ben", "general")
    assert "Follow-ups overdue: 0" in await team.type("cleo", "followups overdue", "general")
    every = await team.type("cleo", "followups all", "general")
    assert every.index("Alert earlier") < every.index("Write it down")
    assert "no follow-up is 90 days old yet" in every
    assert "Alert earlier" in await team.type("cleo", "INC-1 followup F1", "general")


async def test_the_list_of_a_team_is_that_of_its_people(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=playbooks(tmp_path, "teams: {payments: [U0CLEO0001, U0FINN0001]}\n"))
    channel = await resolved(team)
    await add(team, channel, "Alert earlier @cleo")
    await add(team, channel, "Write it down @ben")
    listed = await team.type("ada", "followups payments", "general")
    assert "Follow-ups of payments: 1 open" in listed
    assert "Write it down" not in listed
    assert "write mine, overdue, all, payments" in await team.type("ada", "followups checkout", "general")


async def test_the_owner_hears_once_a_week_where_they_live_until_it_is_done(team: Team) -> None:
    channel = await resolved(team)
    await add(team, channel, "Alert earlier @cleo")
    await add(team, channel, "Write it down @cleo")
    await team.type("ada", "close because it was small", channel)
    await to_the_round_of(team, "cleo")
    (first,) = await weekly_of(team, "cleo")
    assert "2 to do" in first.text
    assert "Alert earlier" in first.rendered
    assert "Write it down" in first.rendered
    assert await weekly_of(team, "ada") == []
    cleo = team.person("cleo")
    for number in (1, 2):
        await cleo.click(f"settle_followup:1.{number}.done", channel="muster", ts=first.ts)
        await cleo.wait_for_modal("Done")
        assert (await cleo.submit({"What shows it": "seen"})).closed
    await to_the_round_of(team, "cleo")
    assert len(await weekly_of(team, "cleo")) == 1


async def test_what_nobody_owns_is_asked_of_who_led(team: Team) -> None:
    channel = await resolved(team)
    await add(team, channel, "Alert earlier")
    await to_the_round_of(team, "ada")
    (asked,) = await weekly_of(team, "ada")
    assert "1 without an owner" in asked.text


async def test_what_is_overdue_goes_to_its_sponsor_and_a_week_later_to_the_digest(start_team: StartTeam) -> None:
    team = await start_team(digest_channel=DIGEST)
    channel = await resolved(team)
    ada = team.person("ada")
    await ada.slash("/incident", "followup", channel=channel)
    await ada.wait_for_modal("Add follow-up")
    due = team.clock.now().date()
    fields = {"Deadline": due.isoformat(), "Technical owner": "cleo", "Product sponsor": "ben"}
    assert (await ada.submit({"What is to be done": "Alert earlier", **fields})).closed
    await team.settle()
    await to_the_round_of(team, "ben")
    (sponsor,) = await weekly_of(team, "ben")
    assert "1 overdue that you sponsor" in sponsor.text
    (first,) = await digests(team)
    assert ("1 open, 1 overdue" in first.rendered, "Overdue for long" in first.rendered) == (True, False)
    await to_the_round_of(team, "ben")
    await to_the_round_of(team, "ben")
    last = (await digests(team))[-1]
    assert "Overdue for long" in last.rendered
    assert "INC-1 F1" in last.rendered
    assert "Follow-ups overdue: 1" in await team.type("finn", "followups overdue", "general")


async def digests(team: Team) -> list[SeenMessage]:
    return await witness.posts(team, DIGEST.removeprefix("#"), "Follow-ups this week")


async def test_once_a_week_over_restarts_and_one_catch_up_after_a_downtime(host: Host) -> None:
    async with host.muster() as team:
        channel = await resolved(team)
        await add(team, channel, "Alert earlier @cleo")
        await to_the_round_of(team, "cleo")
        assert len(await weekly_of(team, "cleo")) == 1
    async with host.muster() as team:
        await team.bot.look_at_followups()
        await team.settle()
        assert len(await weekly_of(team, "cleo")) == 1
    host.clock.move_on(timedelta(days=15, hours=3))
    async with host.muster() as team, host.muster() as other:
        for bot in (team.bot, other.bot, team.bot):
            await bot.look_at_followups()
        await team.settle()
        assert len(await weekly_of(team, "cleo")) == 2


async def test_a_message_whose_answer_was_lost_is_not_sent_again(team: Team) -> None:
    channel = await resolved(team)
    await add(team, channel, "Alert earlier @finn")
    await team.bot.look_at_followups()
    await team.workspace.client.fault("chat.postMessage", "lose_reply", count=1, after=True)
    await to_the_round_of(team, "finn")
    assert len(await weekly_of(team, "finn")) == 1


async def test_a_private_incidents_follow_ups_are_its_members_alone(start_team: StartTeam) -> None:
    team = await start_team(digest_channel=DIGEST)
    channel = await declare_privately(team)
    await team.person("ada").invite(channel, "ben")
    await team.type("ada", "resolve Contained.", channel)
    refused = await team.type("ada", "followup Rotate the keys @cleo", channel)
    assert "not in the channel of this private incident" in refused
    await add(team, channel, "Rotate the keys @ben")
    await to_the_round_of(team, "ben")
    assert len(await weekly_of(team, "ben")) == 1
    assert await digests(team) == []
    assert "Follow-ups: 0 open, 0 overdue" in await team.type("cleo", "followups all", "general")
    assert "Follow-ups overdue: 0" in await team.type("cleo", "followups overdue", "general")
    assert "0 open" in await team.type("cleo", "followups @ben", "general")
    for action, value in (("show_followup", "1"), ("own_followup", "1"), ("edit_followup", "1")):
        answers = [await forged.pressed(team, "cleo", action, f"{number}|{value}") for number in (1, 77)]
        assert answers[0] == answers[1].replace("INC-77", "INC-1"), action
    assert "Rotate" not in await seen_by(team, "cleo")
    assert "muster_open_followups 0.0" in await metrics(team)


async def test_a_drills_follow_ups_chase_nobody_and_are_counted_nowhere(start_team: StartTeam) -> None:
    team = await start_team(digest_channel=DIGEST)
    channel = await team.declare(verb="drill")
    await add(team, channel, "Practise it again @ben")
    assert "DRILL INC-1" in await team.type("ada", "followups", channel)
    await to_the_round_of(team, "ben")
    assert await weekly_of(team, "ben") == []
    assert await digests(team) == []
    assert "0 open" in await team.type("ada", "followups all", "general")


async def test_the_gauges_count_what_is_open_and_overdue(team: Team) -> None:
    channel = await resolved(team)
    await add(team, channel, "Alert earlier @cleo")
    assert "muster_open_followups 1.0" in await metrics(team)
    incident = await witness.first_incident(team)
    assert incident.followups[1].state is FollowupState.OPEN


async def metrics(team: Team) -> str:
    await team.bot.count()
    async with aiohttp.ClientSession() as session:
        return await (await session.get(f"http://127.0.0.1:{team.bot.port}/metrics")).text()


async def test_what_somebody_who_left_owned_is_told_their_sponsor(start_team: StartTeam) -> None:
    team = await start_team(digest_channel=DIGEST)
    channel = await resolved(team)
    ada = team.person("ada")
    await ada.slash("/incident", "followup", channel=channel)
    await ada.wait_for_modal("Add follow-up")
    fields = {"What is to be done": "Alert earlier", "Technical owner": "cleo", "Product sponsor": "ben"}
    assert (await ada.submit(fields)).closed
    await team.settle()
    await team.workspace.client.change_person("cleo", deleted=True)
    await to_the_round_of(team, "ben")
    (sponsor,) = await weekly_of(team, "ben")
    assert "1 whose owner has left" in sponsor.text
    assert "Their owner has left, and you sponsor them" in sponsor.rendered
    assert await team.bot.store.outbox.given_up() is None
    await to_the_round_of(team, "ben")
    last = (await digests(team))[-1]
    assert "Nobody owns these, or their owner has left" in last.rendered
