"""Asking after the review, with a moved clock: not booked, overdue, climbing, and what became of one that is over."""

from datetime import timedelta
from pathlib import Path

from bot.incident.review_chasing import REVIEW_TIMER
from tests.scenarios import witness
from tests.scenarios.conftest import StartTeam
from tests.scenarios.house_rules import playbooks
from tests.scenarios.team import Team
from tests.scenarios.test_closing import BERLIN, is_working_time, move_to
from tests.scenarios.test_private_incidents import declare_privately, seen_by
from tests.scenarios.test_review import booked, next_monday, resolved

GRACE = "U0GRACE001"
CLIMBING = f"""
severities:
  SEV1: {{rubric: Down, review: required, review_within: 48h}}
default_severity: SEV1
review:
  sponsors: [{GRACE}]
"""
NOBODY = "nobody has booked it"


async def climbing(start_team: StartTeam, folder: Path) -> Team:
    return await start_team(playbooks_dir=playbooks(folder, CLIMBING), digest_channel="#general")


async def test_by_half_of_the_span_the_commander_is_asked_with_the_ways_on(team: Team) -> None:
    channel = await resolved(team)
    await move_to(team, REVIEW_TIMER)
    question = await witness.told(team, "ada", "The review of INC-1 (Checkout is down) is due by", NOBODY)
    assert question.buttons == ["Book review", "It was held"]
    assert is_working_time(team, BERLIN)
    assert await witness.posts(team, channel, NOBODY) == []
    assert (await team.person("ada").click("Book review", ts=question.ts)).ok
    await team.person("ada").wait_for_modal("Book review")
    await witness.fills(team, "ada", **{"Led by": "ben"})
    await team.says("ada", channel, "The review of INC-1 is booked for")


async def test_overdue_it_climbs_from_the_commander_to_sponsors_and_the_digest_and_there_it_ends(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await climbing(start_team, tmp_path)
    channel = await resolved(team)
    await move_to(team, REVIEW_TIMER)
    await move_to(team, REVIEW_TIMER)
    await witness.told(team, "ada", "due now, and nobody has booked it", "Book it, or say what became of it.")
    assert await witness.posts(team, "general", NOBODY) == []
    await move_to(team, REVIEW_TIMER)
    told = await witness.told(
        team, "grace", "The review of INC-1 (Checkout is down) is", "overdue, and nobody has booked"
    )
    assert told.buttons == ["Show review"]
    await team.says("ada", "general", "The review of INC-1 (Checkout is down) is", f"#{channel}")
    await team.move_on(timedelta(days=30))
    assert len(await witness.posts(team, "general", "overdue, and " + NOBODY)) == 1
    assert len(await witness.posts(team, "muster", "overdue, and " + NOBODY, by="grace")) == 1
    timeline = await witness.timeline(team, channel)
    assert "Asked after the review (overdue, and told to others): @grace" in timeline


async def test_once_it_is_booked_nothing_climbs(start_team: StartTeam, tmp_path: Path) -> None:
    team = await climbing(start_team, tmp_path)
    channel = await resolved(team)
    await move_to(team, REVIEW_TIMER)
    await booked(team, channel)
    await team.move_on(timedelta(days=1))
    assert await witness.posts(team, "general", NOBODY) == []
    assert await witness.posts(team, "muster", NOBODY, by="grace") == []


async def test_a_day_after_it_whoever_leads_it_says_that_it_was_held(team: Team) -> None:
    channel = await resolved(team)
    await booked(team, channel)
    await move_to(team, REVIEW_TIMER)
    question = await witness.told(team, "ben", "was booked for", "Was it held, moved or waived?")
    assert question.buttons == ["It was held", "Move it"]
    assert (await team.person("ben").click("It was held", ts=question.ts)).ok
    await team.person("ben").wait_for_modal("Review was held")
    await witness.fills(team, "ben", **{"Who came": ["ada", "ben"]})
    await team.says("ada", channel, "The review of INC-1 was held on", "Who came: @ada, @ben.")
    await team.move_on(timedelta(days=30))
    assert len(await witness.posts(team, "muster", "Was it held, moved or waived?", by="ben")) == 1


async def test_after_a_long_absence_it_is_asked_after_once_and_not_for_every_step(
    start_team: StartTeam, tmp_path: Path
) -> None:
    team = await climbing(start_team, tmp_path)
    await resolved(team)
    await team.move_on(timedelta(days=10))
    assert len(await witness.posts(team, "muster", "overdue, and " + NOBODY)) == 1
    assert len(await witness.posts(team, "muster", NOBODY)) == 1


async def test_of_a_private_incident_no_sponsor_and_no_channel_hears(start_team: StartTeam, tmp_path: Path) -> None:
    team = await climbing(start_team, tmp_path)
    await next_monday(team)
    channel = await declare_privately(team)
    await team.type("ada", "resolve It is over", channel)
    await move_to(team, REVIEW_TIMER)
    await move_to(team, REVIEW_TIMER)
    await witness.told(team, "ada", "due now, and nobody has booked it")
    await team.move_on(timedelta(days=10))
    assert "INC-1" not in await seen_by(team, "grace")
    assert await witness.posts(team, "general", "INC-1") == []


async def test_of_a_drill_nobody_is_asked(start_team: StartTeam, tmp_path: Path) -> None:
    team = await climbing(start_team, tmp_path)
    channel = await team.declare(verb="drill")
    await team.type("ada", "resolve", channel)
    await team.move_on(timedelta(days=10))
    assert await witness.posts(team, "muster", NOBODY) == []
    assert await witness.posts(team, "general", NOBODY) == []
