"""The draft of the postmortem as the canvas of the incident's channel, where the plan has canvases."""

from bot.slack.scopes import NEEDED_SCOPES
from bot.workspace.canvases import Canvas
from tests.scenarios import witness
from tests.scenarios.team import Team
from tests.scenarios.test_draft_in_the_channel import drafts, resolved
from tests.scenarios.test_private_incidents import declare_privately


async def canvas(team: Team, channel: str, name: str = "ada") -> str:
    found = await team.person(name).canvas(channel)
    return str(found["text"]) if found else ""


async def upload_again(team: Team, channel: str) -> None:
    await team.type("ada", "postmortem", channel)
    assert (await team.person("ada").click("Upload again", channel=channel)).ok
    await team.settle()


async def test_a_resolved_incident_has_its_draft_as_canvas_too_and_its_timeline_is_a_list(team: Team) -> None:
    channel = await resolved(team)
    text = await canvas(team, channel)
    assert "# Postmortem of INC-1: Checkout is down" in text
    assert "**Declared** as SEV1 by ada: Checkout is down" in text
    assert "The channel's canvas is the draft, too." in await team.type("ada", "postmortem", channel)


async def test_it_is_written_anew_when_the_draft_is_asked_for_anew(team: Team) -> None:
    channel = await resolved(team)
    await team.person("ada").slash("/incident", "postmortem people", channel=channel)
    await team.person("ada").wait_for_modal("Postmortem")
    await witness.fills(team, "ada", **{"What is to stand there": "Two people knew the flag."})
    await team.settle()
    assert "Two people knew the flag." not in await canvas(team, channel)
    await upload_again(team, channel)
    assert "Two people knew the flag." in await canvas(team, channel)
    assert len(team.workspace.site.canvases.by_id) == 1


async def test_a_plan_without_canvases_leaves_the_files_and_rings_nobody(team: Team) -> None:
    team.workspace.site.install.has_canvases = False
    channel = await resolved(team)
    assert len(await drafts(team, channel)) == 1
    assert "the workspace's plan has no canvases" in await team.type("ada", "postmortem", channel)
    await upload_again(team, channel)
    assert len(await drafts(team, channel)) == 2
    assert not await witness.posts(team, "muster", "canvas")
    assert await team.calls("canvases.edit") == []


async def test_so_does_a_missing_scope(team: Team) -> None:
    team.workspace.site.install.scopes = tuple(sorted(NEEDED_SCOPES - {"canvases:write", "canvases:read"}))
    channel = await resolved(team)
    assert len(await drafts(team, channel)) == 1
    assert "the app lacks canvases:write; muster check says" in await team.type("ada", "postmortem", channel)


async def test_a_canvas_that_people_made_keeps_what_they_wrote(team: Team) -> None:
    channel = await team.declare()
    theirs = Canvas(id="F0THEIRS", channel=team.workspace.channel_id(channel), title="", text="Ours.", writer="ada")
    team.workspace.site.canvases.by_id[theirs.id] = theirs
    await team.type("ada", "resolve Rolled back.", channel)
    await team.settle()
    assert await canvas(team, channel) == "Ours."
    assert "a canvas that people made, which Muster leaves alone" in await team.type("ada", "postmortem", channel)


async def test_a_canvas_whose_answer_was_lost_is_known_again(team: Team) -> None:
    await team.workspace.client.fault("conversations.canvases.create", "lose_reply", count=1)
    channel = await resolved(team)
    assert "# Postmortem of INC-1" in await canvas(team, channel)
    assert (await witness.first_incident(team)).canvas is not None


async def test_that_of_a_private_incident_is_in_its_own_channel_and_a_drill_has_none(team: Team) -> None:
    channel = await declare_privately(team, "Merger keys leaked")
    await team.type("ada", "resolve Turned.", channel)
    await resolved(team, verb="drill")
    (kept,) = team.workspace.site.canvases.by_id.values()
    assert kept.channel == team.workspace.channel_id(channel)
