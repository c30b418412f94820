"""A channel's canvas, by the real Slack client library: made once, written anew, found again, refused as by Slack."""

from collections.abc import Awaitable
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.workspace.person import Person
from bot.workspace.server import Workspace
from tests.workspace.dialogue import refusal


@pytest.fixture
async def channel(slack: AsyncWebClient, workspace: Workspace) -> str:
    opened = await slack.conversations_create(name="inc-1", is_private=True)
    await slack.conversations_invite(channel=opened["channel"]["id"], users=workspace.user_id("ada"))
    return str(opened["channel"]["id"])


def content(text: str) -> dict[str, str]:
    return {"type": "markdown", "markdown": text}


def made(slack: AsyncWebClient, channel: str, text: str = "# Draft") -> Awaitable[Any]:
    return slack.conversations_canvases_create(channel_id=channel, document_content=content(text), title="Draft")


async def test_members_of_the_channel_read_it_and_nobody_else(
    slack: AsyncWebClient, channel: str, ada: Person, cleo: Person
) -> None:
    canvas = (await made(slack, channel))["canvas_id"]
    assert await ada.canvas("inc-1") == {"id": canvas, "title": "Draft", "text": "# Draft", "writer": "muster"}
    with pytest.raises(Exception, match="channel_not_found"):
        await cleo.canvas("inc-1")


async def test_a_channel_has_one_and_its_id_is_told_with_the_channel(slack: AsyncWebClient, channel: str) -> None:
    canvas = (await made(slack, channel))["canvas_id"]
    assert await refusal(made(slack, channel)) == "channel_canvas_already_exists"
    about = await slack.conversations_info(channel=channel)
    assert about["channel"]["properties"]["canvas"]["file_id"] == canvas


async def test_without_a_section_all_of_it_is_replaced(slack: AsyncWebClient, channel: str, ada: Person) -> None:
    canvas = (await made(slack, channel))["canvas_id"]
    change = {"operation": "replace", "document_content": content("Written anew.")}
    await slack.canvases_edit(canvas_id=canvas, changes=[change])
    shown = await ada.canvas("inc-1")
    assert shown is not None
    assert shown["text"] == "Written anew."


async def test_a_canvas_is_looked_through_for_words(slack: AsyncWebClient, channel: str) -> None:
    canvas = (await made(slack, channel, "# Draft\n\nOf INC-1."))["canvas_id"]
    for words, number in (("Of INC-1.", 1), ("Of INC-2.", 0)):
        found = await slack.canvases_sections_lookup(canvas_id=canvas, criteria={"contains_text": words})
        assert len(found["sections"]) == number


@pytest.mark.parametrize(
    "text",
    ["#### Deep", "- a\n  1. b", "- a\n  > b", "|" + "a|" * 51 + "\n|" + "-|" * 51 + ("\n|" + "b|" * 51) * 6],
    ids=["heading", "mixed lists", "quote", "table"],
)
async def test_what_a_canvas_cannot_show_is_refused(slack: AsyncWebClient, channel: str, text: str) -> None:
    assert await refusal(made(slack, channel, text)) == "canvas_creation_failed"


async def test_a_plan_without_canvases_refuses_them(slack: AsyncWebClient, channel: str, workspace: Workspace) -> None:
    workspace.site.install.has_canvases = False
    assert await refusal(made(slack, channel)) == "team_tier_cannot_create_channel_canvases"


async def test_one_that_does_not_exist_is_not_found(slack: AsyncWebClient) -> None:
    change = {"operation": "replace", "document_content": content("x")}
    assert await refusal(slack.canvases_edit(canvas_id="F0NONE", changes=[change])) == "canvas_not_found"
