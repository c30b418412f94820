"""The draft of the postmortem in the incident's channel: when it is resolved, again when asked, and nowhere else."""

import json
from collections.abc import Mapping
from datetime import timedelta
from functools import partial

from bot.slack.scopes import NEEDED_SCOPES
from bot.workspace.seen import SeenMessage
from tests.scenarios import witness
from tests.scenarios.team import Team
from tests.scenarios.test_private_incidents import declare_privately


async def drafts(team: Team, channel: str, name: str = "ada") -> list[SeenMessage]:
    return [seen for seen in await team.person(name).messages(channel) if seen.files]


def content(team: Team, seen: SeenMessage) -> str:
    return brought(team, seen.files[0])


def brought(team: Team, file: Mapping[str, str]) -> str:
    kept = team.workspace.site.uploads.by_id[file["id"]].content
    assert kept is not None
    return kept.decode()


async def resolved(team: Team, **declared: str) -> str:
    channel = await team.declare(**declared)
    await team.type("ada", "resolve Rolled back.", channel)
    await team.settle()
    return channel


async def test_a_resolved_incident_gets_its_draft_as_a_file_in_its_channel(team: Team) -> None:
    channel = await resolved(team)
    (seen,) = await drafts(team, channel)
    assert "The draft of the postmortem of INC-1, from its log." in seen.rendered
    text = content(team, seen)
    assert text.startswith("# Postmortem of INC-1: Checkout is down")
    assert "At its end was written: “Rolled back.”" in text
    assert "declared as SEV1 by ada on" in text
    assert not await drafts(team, "incidents")


async def test_beside_it_in_one_message_stand_the_picture_a_page_and_what_programs_read(team: Team) -> None:
    channel = await resolved(team)
    (seen,) = await drafts(team, channel)
    document, picture, page, form = seen.files
    assert [each["filetype"] for each in (document, page, form)] == ["markdown", "html", "json"]
    assert picture["filetype"] in {"png", "svg"}  # as SVG where the machine has no font
    assert "Status: triage for" in picture["alt_txt"]
    assert f"![Picture of INC-1]({picture['name']})" in content(team, seen)
    assert json.loads(brought(team, form))["incident"]["reference"] == "INC-1"
    assert "<svg" in brought(team, page)


async def test_it_tells_what_was_tried_decided_promised_and_done_by_the_clock(team: Team) -> None:
    channel = await team.declare()
    ada = team.person("ada")
    for text, emoji in (
        ("Perhaps the provider.", "bulb"),
        ("Not the provider.", "no_entry_sign"),
        ("Roll back.", "scales"),
    ):
        ts = await ada.say(channel, text)
        await ada.react(channel, ts, emoji)
        await ada.wait_until(partial(witness.ticked, team, channel, ts))
    await team.type("ada", "claim communications", channel)
    await team.move_on(timedelta(minutes=50))
    await team.type("ada", "update Half of the checkouts fail.", channel)
    await team.type("ada", "resolve Rolled back.", channel)
    await team.settle()
    (seen,) = await drafts(team, channel)
    text = content(team, seen)
    for part in (
        "**Hypothesis** · ada: “Perhaps the provider.”",
        "*Ruled out* · ",
        "**Decision** · ada: “Roll back.”",
        "ada is communications lead (was nobody)",
        "Kept 0 of 1 promises of a next update.",
        "the update came late, by 20 min.",
        "| Restoration | at least 50 min |",
        "| ada | incident commander (by default) ",
    ):
        assert part in text, part


async def test_it_is_uploaded_again_only_when_somebody_asks(team: Team) -> None:
    channel = await resolved(team)
    await team.person("ada").slash("/incident", "postmortem people", channel=channel)
    await team.person("ada").wait_for_modal("Postmortem")
    await witness.fills(team, "ada", **{"What is to stand there": "Two people knew the flag."})
    await team.settle()
    assert len(await drafts(team, channel)) == 1
    await team.type("ada", "postmortem", channel)
    answer = await team.person("ada").click("Upload again", channel=channel)
    assert answer.ok, answer
    await team.settle()
    first, second = await drafts(team, channel)
    assert "Two people knew the flag." not in content(team, first)
    assert "Two people knew the flag." in content(team, second)
    assert first.files[0]["name"] != second.files[0]["name"]


async def test_after_a_second_resolution_there_is_a_second_draft(team: Team) -> None:
    channel = await resolved(team)
    await team.type("ada", "reopen It is back.", channel)
    await team.type("ada", "resolve Truly.", channel)
    await team.settle()
    assert ["Truly." in content(team, seen) for seen in await drafts(team, channel)] == [False, True]


async def test_what_is_only_closed_or_cancelled_gets_none(team: Team) -> None:
    channel = await team.declare()
    await team.type("ada", "cancel A test.", channel)
    await team.settle()
    assert not await drafts(team, channel)


async def test_a_drill_gets_none_and_is_told_so(team: Team) -> None:
    channel = await resolved(team, verb="drill")
    assert not await drafts(team, channel)
    assert "Upload" not in str(await team.person("ada").slash("/incident", "postmortem", channel=channel))
    assert await team.calls("files.getUploadURLExternal") == []


async def test_that_of_a_private_incident_stands_in_its_own_channel_only(team: Team) -> None:
    channel = await declare_privately(team, "Merger keys leaked")
    await team.type("ada", "resolve Turned.", channel)
    await team.settle()
    (seen,) = await drafts(team, channel)
    assert "Merger" not in seen.rendered
    assert "> **Private incident.**" in content(team, seen)
    (shared,) = await team.calls("files.completeUploadExternal")
    assert shared["args"]["channel_id"] == team.workspace.channel_id(channel)
    assert not [name for name in ("general", "incidents") if await drafts(team, name, "cleo")]


async def test_without_the_scope_the_incident_goes_on_and_the_commander_is_told_once(team: Team) -> None:
    team.workspace.site.install.scopes = tuple(sorted(NEEDED_SCOPES - {"files:write"}))
    channel = await resolved(team)
    told = await witness.told(team, "ada", "the draft of its postmortem could not be put into its channel")
    assert "files:write" in told.rendered
    assert "The incident is not affected" in told.rendered
    await team.type("ada", "postmortem", channel)
    await team.person("ada").click("Upload draft", channel=channel)
    await team.settle()
    assert len(await witness.posts(team, "muster", "the draft of its postmortem")) == 1
    assert "The draft could not be uploaded: the app lacks files:write" in await team.type("ada", "postmortem", channel)
    assert "Resolved" in await team.type("ada", "show", channel)


async def test_once_the_scope_is_there_the_button_works_and_the_panel_forgets_the_refusal(team: Team) -> None:
    team.workspace.site.install.scopes = tuple(sorted(NEEDED_SCOPES - {"files:write"}))
    channel = await resolved(team)
    team.workspace.site.install.scopes = tuple(sorted(NEEDED_SCOPES))
    await team.type("ada", "postmortem", channel)
    await team.person("ada").click("Upload draft", channel=channel)
    await team.settle()
    assert len(await drafts(team, channel)) == 1
    assert "could not be uploaded" not in await team.type("ada", "postmortem", channel)


async def test_a_share_whose_answer_was_lost_is_not_made_twice(team: Team) -> None:
    await team.workspace.client.fault("files.completeUploadExternal", "lose_reply")
    channel = await resolved(team)
    assert len(await drafts(team, channel)) == 1
    assert len((await witness.first_incident(team)).drafts) == 1
