"""Shortcuts: declare from anywhere or from a message, and put a message on the timeline."""

from bot.incident.terms import IncidentId
from bot.workspace.person import Person
from tests.scenarios.team import Team
from tests.scenarios.test_declare_modal import room


async def at_a_message(team: Team, text: str) -> tuple[Person, str]:
    ada = team.person("ada")
    return ada, await ada.say("general", text)


async def test_the_global_shortcut_opens_the_declare_form(team: Team) -> None:
    ada = team.person("ada")
    assert (await ada.shortcut("declare_shortcut")).ok
    await ada.wait_for_modal("Declare incident")
    assert (await ada.submit({"Title": "Search is slow"})).closed
    await team.says("ada", (await room(team)).name, "Search is slow")


async def test_whoever_declared_by_the_global_shortcut_is_told_in_person(team: Team) -> None:
    """A global shortcut has no response_url, so there is no place to answer in."""
    ada = team.person("ada")
    await ada.shortcut("declare_shortcut")
    await ada.wait_for_modal("Declare incident")
    await ada.submit({"Title": "Search is slow"})
    await team.says("ada", "muster", "INC-1 is open in #inc-1-search-is-slow")


async def test_a_message_starts_the_title_and_its_permalink_is_kept(team: Team) -> None:
    ada, ts = await at_a_message(team, "Search times out\nsince the deploy")
    await ada.message_shortcut("declare_from_message", "general", ts)
    modal = await ada.wait_for_modal("Declare incident")
    assert modal.blocks[0]["element"]["initial_value"] == "Search times out"
    await ada.submit()
    channel = (await room(team)).name
    source = (await team.bot.handler.read(IncidentId(1))).source
    assert source.endswith(f"/archives/{team.workspace.channel_id('general')}/p{ts.replace('.', '')}")
    timeline = await ada.slash("/incident", "timeline", channel=channel)
    assert timeline.message is not None
    assert source in [url for _, url in timeline.message.links]


async def test_a_message_is_added_to_the_timeline_with_its_author_and_link(team: Team) -> None:
    channel = await team.declare(by="ada")
    await team.person("ada").invite(channel, "ben")
    ts = await team.person("ben").say(channel, "Errors rise on two hosts")
    ada = team.person("ada")
    assert (await ada.message_shortcut("add_to_timeline", channel, ts)).ok
    timeline = await ada.slash("/incident", "timeline", channel=channel)
    assert "Errors rise on two hosts" in timeline.text
    assert "ben" in timeline.text
    assert timeline.message is not None
    assert any(url.endswith(f"p{ts.replace('.', '')}") for _, url in timeline.message.links)


async def test_a_message_added_twice_is_one_entry(team: Team) -> None:
    channel = await team.declare(by="ada")
    ada = team.person("ada")
    ts = await ada.say(channel, "Errors rise on two hosts")
    await ada.message_shortcut("add_to_timeline", channel, ts)
    await ada.message_shortcut("add_to_timeline", channel, ts)
    assert (await team.type("ada", "timeline", channel)).count("Errors rise on two hosts") == 1


async def test_adding_where_there_is_no_incident_says_so(team: Team) -> None:
    ada, ts = await at_a_message(team, "Errors rise")
    await ada.message_shortcut("add_to_timeline", "general", ts)
    await ada.wait_for_ephemeral("There is no incident in this channel.", channel="general")


async def test_muster_does_not_log_its_own_messages(team: Team) -> None:
    channel = await team.declare(by="ada")
    card = (await team.person("ada").pins(channel))[0]
    await team.person("ada").message_shortcut("add_to_timeline", channel, card.ts)
    await team.person("ada").wait_for_ephemeral("That is Muster's own message", channel=channel)
