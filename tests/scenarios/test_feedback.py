"""A day after the end those who took part are asked how it went; what they say is theirs, and nobody's by name."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.incident.feedback_events import FeedbackGiven
from bot.incident.giving_feedback import FEEDBACK_TIMER
from bot.incident.informing import due_timers
from bot.incident.terms import MUSTER, IncidentId
from bot.workspace.cast import CAST
from bot.workspace.seen import SeenMessage
from tests.scenarios import witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.host import Host
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team
from tests.scenarios.test_private_incidents import declare_privately, seen_by

ZONES = {each.name: ZoneInfo(each.tz) for each in CAST}
ID = {each.name: each.id for each in CAST}
QUESTION = "How did it go? Three short questions."
LED, INFORMED, CHANGE = "Was it clear who led?", "Did updates reach you in time?", "What should change?"


async def joined(team: Team, *names: str) -> None:
    """They come into INC-1's channel, and the log knows."""
    for name in names:
        await team.type(name, "INC-1 join", "general")

    async def inside() -> bool:
        return {ID[name] for name in names} <= (await witness.first_incident(team)).members

    await witness.until(team, inside)


async def resolved_with(team: Team, *names: str) -> str:
    channel = await team.declare("sev1 Checkout is down")
    await joined(team, *names)
    await team.type("ada", "resolve Rolled back.", channel)
    return channel


async def all_asked(team: Team) -> None:
    """Moves the clock on until everybody has had their question, wherever they are."""
    while due_at := await next_turn(team):
        await team.move_on(max(due_at - team.clock.now(), timedelta()) + timedelta(seconds=1))


async def next_turn(team: Team) -> datetime | None:
    incident = await witness.first_incident(team)
    return due_timers(incident, team.bot.handler.policy).get(FEEDBACK_TIMER)


async def questions(team: Team, name: str) -> list[SeenMessage]:
    return await witness.posts(team, "muster", QUESTION, by=name)


async def answers(team: Team, name: str, **values: str) -> None:
    """By the button of their own question."""
    question = await witness.told(team, name, QUESTION)
    assert (await team.person(name).click("Answer", ts=question.ts)).ok
    await team.person(name).wait_for_modal("How it went")
    await witness.fills(team, name, **values)


async def three_answers(team: Team) -> str:
    """Ada, Ben and Cleo were there, were asked, and answered in this order."""
    channel = await resolved_with(team, "ben", "cleo")
    await all_asked(team)
    await answers(team, "ada", **{LED: "clear throughout", CHANGE: "Zoom in <!channel> *less*."})
    await answers(team, "ben", **{LED: "unclear at times", INFORMED: "often too late", CHANGE: "A page for status."})
    await answers(team, "cleo", **{LED: "clear throughout", INFORMED: "often too late"})
    return channel


async def test_each_is_asked_once_in_their_own_working_hours(team: Team) -> None:
    await resolved_with(team, "ben", "cleo")
    await team.move_on(timedelta(hours=23))
    assert [await questions(team, name) for name in ("ada", "ben", "cleo")] == [[], [], []]
    await all_asked(team)
    await team.move_on(timedelta(days=5))
    for name in ("ada", "ben", "cleo"):
        (question,) = await questions(team, name)
        at = datetime.fromtimestamp(float(question.ts), ZONES[name])
        assert (at.weekday() < 5, 9 <= at.hour < 17) == (True, True)
        assert "INC-1 (Checkout is down) was resolved" in question.rendered
        assert "Your name is kept nowhere beside your answer." in question.rendered


async def test_those_who_were_not_there_are_asked_nothing(team: Team) -> None:
    await resolved_with(team)
    await all_asked(team)
    assert len(await questions(team, "ada")) == 1
    assert await questions(team, "cleo") == []
    assert "Only those who took part" not in await team.type("cleo", "INC-1 feedback", "general")
    assert "[Answer]" not in await team.type("cleo", "INC-1 feedback", "general")


async def test_reopened_meanwhile_nobody_is_asked(team: Team) -> None:
    channel = await resolved_with(team, "ben")
    await team.type("ada", "reopen It is back.", channel)
    await team.move_on(timedelta(days=4))
    assert await questions(team, "ada") == []


async def test_never_turns_it_off(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=playbooks(tmp_path, "feedback: {after: never}\n"))
    channel = await resolved_with(team, "ben")
    await team.move_on(timedelta(days=9))
    assert await questions(team, "ada") == []
    assert "Nobody is asked: policy says so." in await team.type("ada", "feedback", channel)


async def test_after_a_drill_nobody_is_asked(team: Team) -> None:
    channel = await team.declare("Practice", verb="drill")
    await team.type("ada", "resolve", channel)
    await team.move_on(timedelta(days=9))
    assert await questions(team, "ada") == []


async def test_what_was_said_is_shown_when_there_is_enough_of_it(team: Team) -> None:
    channel = await resolved_with(team, "ben", "cleo")
    assert "Nobody is asked yet" in await team.type("ada", "feedback", channel)
    await all_asked(team)
    await answers(team, "ben", **{LED: "unclear at times", CHANGE: "A page for status."})
    await answers(team, "ada", **{CHANGE: "Zoom in less."})
    waits = await team.type("ada", "feedback", channel)
    assert "Asked: 3 · answers are shown 3 at a time, or once the review is held." in waits
    assert "status" not in waits
    await answers(team, "cleo", **{LED: "unclear at times", INFORMED: "often too late"})
    shown = await team.type("ada", "feedback", channel)
    for part in ("answers shown: 3", "2 unclear at times", "1 often too late", "“A page for status.”"):
        assert part in shown


async def test_once_the_review_is_held_all_of_it_is_shown(team: Team) -> None:
    channel = await resolved_with(team, "ben", "cleo")
    await all_asked(team)
    await answers(team, "ben", **{CHANGE: "A page for status."})
    assert "A page for status." not in await team.type("ada", "feedback", channel)
    await team.type("ada", "review held", channel)
    await team.person("ada").wait_for_modal("Review was held")
    await witness.fills(team, "ada", **{"Led by": "ben"})
    await team.says("ada", channel, "The review of INC-1 was held on")
    assert "“A page for status.”" in await team.type("ada", "feedback", channel)


async def test_the_review_sees_it_in_the_panel_and_in_the_document(team: Team) -> None:
    channel = await three_answers(team)
    panel = await team.type("ada", "postmortem", channel)
    assert "2 clear throughout · 1 unclear at times" in panel
    assert "“A page for status.”" in panel
    await team.person("ada").click("Upload again", channel=channel)
    await team.settle()
    (file,) = [each for each in await uploads(team, channel) if "2 clear throughout" in each]
    assert "- “Zoom in \\<!channel\\> \\*less\\*.”" in file


async def uploads(team: Team, channel: str) -> list[str]:
    """The drafts as markdown, oldest first."""
    files = [file for seen in await team.person("ada").messages(channel) for file in seen.files]
    drafts = [file["id"] for file in files if file["name"].endswith(".md")]
    return [(team.workspace.site.uploads.by_id[draft].content or b"").decode() for draft in drafts]


async def test_an_answer_can_be_changed_and_counts_once(team: Team) -> None:
    channel = await three_answers(team)
    await team.type("ben", "feedback", channel)
    await witness.opens(team, "ben", "Change my answer", channel)
    modal = await team.person("ben").wait_for_modal("How it went")
    assert "A page for status." in str(modal.blocks)
    await witness.fills(team, "ben", **{LED: "clear after a while", CHANGE: "Nothing."})
    shown = await team.type("ada", "feedback", channel)
    assert "answers shown: 3" in shown
    assert "1 clear after a while" in shown
    assert "A page for status." not in shown


async def test_nothing_that_is_kept_says_who_answered(team: Team) -> None:
    """Of all that is in Redis, what one answer changes names nobody and no time of its own."""
    await resolved_with(team, "ben", "cleo")
    await all_asked(team)
    await team.move_on(timedelta(hours=1))
    before = await everything_kept(team)
    await answers(team, "ben", **{LED: "unclear at times", CHANGE: "A page for status."})
    after = await everything_kept(team)
    changed = {name: new_in(value, before.get(name, "")) for name, value in after.items() if value != before.get(name)}
    assert [name for name, value in changed.items() if "A page for status." in value] == [log_of(changed)]
    assert not [user for user in ID.values() if user in str(changed)]
    (given,) = [each for each in await team.bot.handler.history(IncidentId(1)) if isinstance(each, FeedbackGiven)]
    assert (given.by, given.at) == (MUSTER, (await witness.first_incident(team)).feedback.since)


def new_in(value: str, before: str) -> str:
    """What follows the part that is as it was."""
    same = next((at for at, (new, old) in enumerate(zip(value, before, strict=False)) if new != old), len(before))
    return value[same:]


def log_of(kept: dict[str, str]) -> str:
    return next(name for name in kept if name.endswith(":incident:1"))


async def everything_kept(team: Team) -> dict[str, str]:
    client = team.bot.store.client
    reads: dict[str, Callable[[str], Any]] = {
        "string": client.get,
        "hash": client.hgetall,
        "list": lambda name: client.lrange(name, 0, -1),
        "zset": lambda name: client.zrange(name, 0, -1),
        "stream": client.xrange,
        "set": lambda name: client.sort(name, alpha=True),
    }
    names = [str(name) for name in await client.keys("*")]
    return {name: str(await reads[str(await client.type(name))](name)) for name in names}


async def test_with_names_where_policy_says_so(start_team: StartTeam, tmp_path: Path) -> None:
    team = await start_team(playbooks_dir=playbooks(tmp_path, "feedback: {anonymous: false}\n"))
    channel = await resolved_with(team, "ben")
    await all_asked(team)
    assert "Your name stands beside your answer" in (await witness.told(team, "ben", QUESTION)).rendered
    await answers(team, "ben", **{CHANGE: "A page for status."})
    assert "@ben: “A page for status.”" in await team.type("ada", "feedback", channel)


async def test_of_a_private_incident_only_its_members_are_asked_and_see_it(team: Team) -> None:
    channel = await declare_privately(team)
    await team.person("ada").invite(channel, "ben")
    await joined_quietly(team, "ben")
    await team.type("ada", "resolve Done.", channel)
    await all_asked(team)
    await answers(team, "ada", **{LED: "never clear"})
    await answers(team, "ben", **{LED: "never clear"})
    assert "There is no INC-1 that you can see." in await team.type("cleo", "INC-1 feedback", "general")
    assert "never clear" not in await seen_by(team, "cleo")
    assert "So few are asked that others may guess" in (await witness.told(team, "ben", QUESTION)).rendered


async def joined_quietly(team: Team, name: str) -> None:
    async def inside() -> bool:
        return ID[name] in (await witness.first_incident(team)).members

    await witness.until(team, inside)


async def test_an_answer_that_says_nothing_is_not_taken(team: Team) -> None:
    await resolved_with(team)
    await all_asked(team)
    question = await witness.told(team, "ada", QUESTION)
    await team.person("ada").click("Answer", ts=question.ts)
    await team.person("ada").wait_for_modal()
    sent = await team.person("ada").submit({})
    assert sent.errors == {"led": "Answer at least one of the questions."}


async def test_words_behind_the_verb_are_led_to_the_form(team: Team) -> None:
    channel = await resolved_with(team)
    assert "given in its form" in await team.type("ada", "feedback Ben was slow", channel)


@pytest.mark.parametrize("stopped_after", ["looking up", "asking"])
async def test_a_restart_asks_nobody_twice_and_forgets_nobody(host: Host, stopped_after: str) -> None:
    async with host.muster() as team:
        await resolved_with(team, "ben")
        await team.move_on(timedelta(days=1, minutes=1))
        if stopped_after == "asking":
            await all_asked(team)
    async with host.muster() as team:
        await all_asked(team)
        await team.move_on(timedelta(days=9))
        assert [len(await questions(team, name)) for name in ("ada", "ben")] == [1, 1]
