"""The shortcuts, global and on messages."""

from typing import Any

from bot.incident import commands as ask
from bot.incident.terms import File, FileId
from bot.slack import action_ids as ids
from bot.slack.action_ids import pack
from bot.slack.shortcuts import on_shortcut
from tests.slack.blocks.given import CHANNEL
from tests.slack.given_desk import ADA, BEN, DEE, given

LINK = f"https://acme.slack.com/archives/{CHANNEL}/p1763647200000100"


def shortcut(callback: str, user: str = ADA, **message: Any) -> dict[str, Any]:
    whole = {"ts": "1763647200.000100", "user": BEN, "text": "Checkout\nis &lt;down&gt;", **message}
    asked = {"callback_id": callback, "trigger_id": "1.2.abc", "user": {"id": user}}
    return {"type": "message_action", **asked, "response_url": "https://hooks.example/x",
            "channel": {"id": CHANNEL}, "message": whole}  # fmt: skip


async def test_the_global_shortcut_opens_the_declare_form() -> None:
    here = given()
    body = {"type": "shortcut", "callback_id": ids.DECLARE_SHORTCUT, "trigger_id": "1.2", "user": {"id": ADA}}
    await on_shortcut(here.desk, body)
    assert here.slack.view["private_metadata"] == pack(0, "", "")


async def test_declaring_from_a_message_keeps_its_permalink_and_drafts_the_title() -> None:
    here = given()
    await on_shortcut(here.desk, shortcut(ids.DECLARE_FROM_MESSAGE))
    assert here.slack.view["private_metadata"] == pack(0, "https://hooks.example/x", LINK)
    assert here.slack.view["blocks"][0]["element"]["initial_value"] == "Checkout"


async def test_a_message_is_added_to_the_timeline_as_it_stands() -> None:
    here = given()
    files = [{"id": "F1", "name": "graph.png", "permalink": "https://acme.slack.com/files/1"}]
    await on_shortcut(here.desk, shortcut(ids.ADD_TO_TIMELINE, files=files))
    command = here.command
    assert isinstance(command, ask.AddMessageToTimeline)
    assert (command.author, command.text, command.permalink) == (BEN, "Checkout\nis &lt;down&gt;", LINK)
    assert command.files == (File(name="graph.png", link="https://acme.slack.com/files/1", id=FileId("F1")),)


async def test_a_reply_is_found_again_in_its_thread() -> None:
    here = given()
    await on_shortcut(here.desk, shortcut(ids.ADD_TO_TIMELINE, thread_ts="1763647100.000000"))
    command = here.command
    assert isinstance(command, ask.AddMessageToTimeline)
    assert command.permalink == f"{LINK}?thread_ts=1763647100.000000&cid={CHANNEL}"


async def test_the_bots_own_messages_are_no_entries() -> None:
    here = given()
    await on_shortcut(here.desk, shortcut(ids.ADD_TO_TIMELINE, bot_id="B0MUSTER"))
    assert here.door.commands == []
    assert "Muster's own message" in here.slack.answer


async def test_a_guest_opens_no_form_by_a_shortcut() -> None:
    here = given()
    await on_shortcut(here.desk, shortcut(ids.DECLARE_FROM_MESSAGE, user=DEE))
    assert here.slack.calls == []
    assert "Guests" in here.slack.answer
