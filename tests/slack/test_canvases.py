"""The draft as the channel's canvas: made once, written anew, found again; one of people's is left alone."""

import json
from dataclasses import replace

import pytest

from bot.incident.afterwards_effects import WriteCanvas
from bot.incident.policy import Policy
from bot.incident.state import Incident, PostedDraft
from bot.incident.terms import CANVAS, MUSTER_ITSELF, FileId, Status
from bot.incident.writing_commands import RecordCanvas
from bot.ports import Unavailable
from bot.slack.blocks.postmortem_panel import postmortem_panel
from bot.slack.chat import SlackChat
from bot.slack_ports import Refused
from bot.verdict import Verdict, after_refusal
from tests.slack.scripted_slack import Say, ScriptedSlack, ok, refuse
from tests.slack.war_room import FORTY_TWO, NOON, ROOM, incident, lease

WRITE = WriteCanvas(incident=FORTY_TWO, channel=ROOM)
DONE = RecordCanvas(by=MUSTER_ITSELF, canvas=FileId("F9"))
CREATE, EDIT = "conversations.canvases.create", "canvases.edit"
TAKEN = refuse("channel_canvas_already_exists")


def ended(**changes: object) -> Incident:
    return replace(incident(), status=Status.RESOLVED, **changes)  # type: ignore[arg-type]


def written() -> Incident:
    return ended(canvas=PostedDraft(file=FileId("F9"), at=NOON))


async def test_the_first_time_it_is_made_with_the_whole_draft(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says(CREATE, ok(canvas_id="F9"))
    assert await chat.perform(WRITE, ended(), lease(WRITE)) == DONE
    (made,) = slack.asked(CREATE)
    content = json.loads(made["document_content"])
    assert (made["channel_id"], made["title"], content["type"]) == (ROOM, "Postmortem draft of INC-42", "markdown")
    assert content["markdown"].startswith("Draft of the postmortem of INC-42, put here by Muster.")
    assert "# Postmortem of INC-42" in content["markdown"]


async def test_after_that_all_of_it_is_replaced(chat: SlackChat, slack: ScriptedSlack) -> None:
    assert await chat.perform(WRITE, written(), lease(WRITE)) == DONE
    (edited,) = slack.asked(EDIT)
    (change,) = json.loads(edited["changes"])
    assert (edited["canvas_id"], change["operation"], "section_id" in change) == ("F9", "replace", False)
    assert slack.asked(CREATE) == []


async def test_one_that_somebody_deleted_is_made_anew(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says(EDIT, refuse("canvas_not_found"))
    slack.says(CREATE, ok(canvas_id="F10"))
    assert await chat.perform(WRITE, written(), lease(WRITE)) == replace(DONE, canvas=FileId("F10"))


async def test_a_canvas_that_people_made_is_left_alone(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says(CREATE, TAKEN)
    with pytest.raises(Refused, match="a canvas that people made, which Muster leaves alone") as refusal:
        await chat.perform(WRITE, ended(), lease(WRITE))
    assert refusal.value.step == CANVAS
    assert slack.asked(EDIT) == []


async def test_a_lost_answer_leaves_it_open_whether_it_stands(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says(CREATE, Say(drop=True))
    with pytest.raises(Unavailable) as failure:
        await chat.perform(WRITE, ended(), lease(WRITE))
    assert failure.value.unknown


async def test_then_one_that_begins_as_ours_is_ours(chat: SlackChat, slack: ScriptedSlack) -> None:
    slack.says(CREATE, TAKEN)
    slack.says("conversations.info", ok(channel={"properties": {"canvas": {"file_id": "F9"}}}))
    slack.says("canvases.sections.lookup", ok(sections=[{"id": "temp:C:1"}]))
    assert await chat.perform(WRITE, ended(), lease(WRITE, uncertain=True)) == DONE
    (looked,) = slack.asked("canvases.sections.lookup")
    assert json.loads(looked["criteria"]) == {"contains_text": "Draft of the postmortem of INC-42, put here by Muster"}
    assert len(slack.asked(EDIT)) == 1


@pytest.mark.parametrize("look", [ok(sections=[]), refuse("missing_scope", needed="canvases:read")])
async def test_and_any_other_is_not(chat: SlackChat, slack: ScriptedSlack, look: Say) -> None:
    slack.says(CREATE, TAKEN)
    slack.says("conversations.info", ok(channel={"properties": {"canvas": {"file_id": "F8"}}}))
    slack.says("canvases.sections.lookup", look)
    with pytest.raises(Refused):
        await chat.perform(WRITE, ended(), lease(WRITE, uncertain=True))
    assert slack.asked(EDIT) == []


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("team_tier_cannot_create_channel_canvases", "the workspace's plan has no canvases"),
        ("canvas_disabled_user_team", "canvases are switched off"),
        ("missing_scope", "the app lacks canvases:write"),
        ("canvas_creation_failed", "Slack could not make it"),
        ("restricted_action", "an admin can allow it"),
    ],
)
async def test_where_there_can_be_none_the_reason_is_recorded_and_shown_in_the_panel(
    chat: SlackChat, slack: ScriptedSlack, code: str, reason: str
) -> None:
    slack.says(CREATE, refuse(code, needed="canvases:write"))
    with pytest.raises(Refused, match=reason) as refusal:
        await chat.perform(WRITE, ended(), lease(WRITE))
    assert after_refusal(WRITE) is Verdict.RECORD_FAILURE
    told = ended(refusals=frozenset({(refusal.value.step, refusal.value.reason)}))
    assert f"It is not the channel's canvas: {refusal.value.reason}" in str(
        postmortem_panel(told, Policy(), NOON).blocks
    )


def test_the_panel_says_that_there_is_one() -> None:
    assert "The channel's canvas is the draft, too." in str(postmortem_panel(written(), Policy(), NOON).blocks)


async def test_there_is_nothing_to_take_back(chat: SlackChat, slack: ScriptedSlack) -> None:
    await chat.withdraw(WRITE, written(), lease(WRITE), DONE)
    assert slack.calls == []
