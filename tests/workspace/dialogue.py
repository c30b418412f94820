"""What the tests of the workspace share: calls whose refusal is an answer, and small blocks and views."""

from collections.abc import Awaitable, Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError

Json = dict[str, Any]
Connect = Callable[[AsyncApp], Awaitable[None]]

BUTTON = {"type": "button", "action_id": "go", "value": "7", "text": {"type": "plain_text", "text": "Go on"}}
ROW = [{"type": "actions", "block_id": "row", "elements": [BUTTON]}]


async def answer_of(call: Awaitable[Any]) -> Json:
    """The answer's body, also when it is a refusal."""
    try:
        return dict((await call).data)
    except SlackApiError as refused:
        return dict(refused.response.data)


async def refusal(call: Awaitable[Any]) -> str:
    return str((await answer_of(call)).get("error", "accepted"))


def section(text: str, **more: Any) -> Json:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}, **more}


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def modal(**more: Any) -> Json:
    title = {"type": "plain_text_input", "action_id": "text"}
    blocks = [{"type": "input", "block_id": "title", "label": plain("Title"), "element": title}]
    form = {"type": "modal", "callback_id": "form", "title": plain("Form"), "submit": plain("Send")}
    return {**form, "blocks": blocks, **more}
