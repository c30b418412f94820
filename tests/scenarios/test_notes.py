"""Notes and corrections: what people add to the record by hand, in the time of their own clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from tests.scenarios import witness
from tests.scenarios.team import Team


def _wall_clock(team: Team, zone: str, ago: timedelta) -> str:
    return f"{(team.clock.now() - ago).astimezone(ZoneInfo(zone)):%H:%M}"


async def test_a_note_is_an_entry_and_posts_nothing(team: Team) -> None:
    channel = await team.declare()
    before = len(await team.person("ada").messages(channel))
    assert "In the timeline: Rollback begins." in await team.type("ada", "note Rollback begins.", channel)
    assert "Note · @ada: Rollback begins." in await witness.timeline(team, channel)
    assert len(await team.person("ada").messages(channel)) == before


async def test_a_note_is_back_dated_in_its_authors_own_time_zone(team: Team) -> None:
    channel = await team.declare()
    await team.person("ada").invite(channel, "cleo")
    in_tokyo = _wall_clock(team, "Asia/Tokyo", timedelta(minutes=50))
    in_berlin = _wall_clock(team, "Europe/Berlin", timedelta(minutes=50))
    await team.type("cleo", f"note at {in_tokyo} The first alert came in.", channel)
    lines = (await witness.timeline(team, channel)).splitlines()
    assert lines[1].startswith(in_berlin)
    assert "The first alert came in." in lines[1]


async def test_a_note_cannot_be_about_the_future(team: Team) -> None:
    channel = await team.declare()
    refused = await team.type("ada", "note at 2099-01-01 10:00 It will break.", channel)
    assert "still to come" in refused
    assert "It will break" not in await witness.timeline(team, channel)


async def test_a_note_is_added_by_modal_with_its_kind(team: Team) -> None:
    channel = await team.declare()
    await witness.panel(team, "ada", channel)
    await witness.opens(team, "ada", "Add to timeline", channel)
    await witness.fills(team, "ada", **{"What happened": "We fail over to Dublin.", "Kind": "Decision"})
    assert ":scales: Decision · @ada: We fail over to Dublin." in await witness.timeline(team, channel)


async def test_a_note_after_the_end_is_kept_too(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "resolve", channel)
    await team.type("ada", "note The vendor has confirmed it.", channel)
    assert "The vendor has confirmed it." in await witness.timeline(team, channel)


async def test_the_start_of_the_impact_is_corrected_by_verb_and_the_card_shows_it(team: Team) -> None:
    channel = await team.declare()
    began = _wall_clock(team, "Europe/Berlin", timedelta(minutes=20))
    assert f"Impact started: {began}" in await team.type("ada", f"correct impact started {began}", channel)
    assert f"since {began}" in await team.type("ada", "show", channel)
    assert "Impact started (added by @ada)" in await witness.timeline(team, channel)


async def test_a_corrected_time_says_what_it_was_before(team: Team) -> None:
    channel = await team.declare()
    first, second = (_wall_clock(team, "Europe/Berlin", timedelta(minutes=ago)) for ago in (20, 30))
    await team.type("ada", f"correct impact started {first}", channel)
    await team.type("ada", f"correct impact started {second}", channel)
    line = await witness.entry(team, channel, "Impact started")
    assert line.startswith(second)
    assert f"corrected by @ada from {first}" in line


async def test_a_time_is_corrected_by_modal(team: Team) -> None:
    channel = await team.declare()
    at = team.clock.now() - timedelta(minutes=40)
    await witness.panel(team, "ada", channel)
    await witness.opens(team, "ada", "Correct times", channel)
    await witness.fills(team, "ada", **{"Which time": "Detected", "It was": _seconds(at)})
    assert "Detected (corrected by @ada from" in await witness.timeline(team, channel)


def _seconds(at: datetime) -> int:
    return int(at.timestamp()) // 60 * 60


async def test_a_resolution_that_has_not_come_cannot_be_corrected(team: Team) -> None:
    channel = await team.declare()
    refused = await team.type("ada", "correct resolved 00:01", channel)
    assert "INC-1 is not resolved" in refused
