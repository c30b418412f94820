"""Slack's limits of blocks and views, and the words in which they are refused."""

from typing import Any

import pytest

from bot.workspace.block_rules import check_message_blocks, check_view
from bot.workspace.refusal import Refusal
from tests.workspace.dialogue import BUTTON, Json, modal, plain, section


def option(number: int) -> Json:
    return {"text": plain(f"Option {number}"), "value": str(number)}


def select(options: int) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": [option(n) for n in range(options)]}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


TOO_MUCH: dict[str, list[Json]] = {
    "51 blocks": [{"type": "divider"}] * 51,
    "long section": [section("x" * 3001)],
    "empty section": [{"type": "section"}],
    "empty text": [section("")],
    "11 fields": [{"type": "section", "fields": [plain("x")] * 11}],
    "long field": [{"type": "section", "fields": [plain("x" * 2001)]}],
    "long header": [{"type": "header", "text": plain("x" * 151)}],
    "mrkdwn header": [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}],
    "11 context elements": [{"type": "context", "elements": [plain("x")] * 11}],
    "26 actions": [actions(*({**BUTTON, "action_id": str(n)} for n in range(26)))],
    "long button": [actions({**BUTTON, "text": plain("x" * 76)})],
    "long value": [actions({**BUTTON, "value": "x" * 2001})],
    "odd style": [actions({**BUTTON, "style": "warning"})],
    "101 options": [actions(select(101))],
    "no options": [actions({"type": "static_select", "action_id": "pick"})],
    "long option": [actions({**select(1), "options": [{"text": plain("x" * 76), "value": "1"}]})],
    "6 overflow options": [actions({"type": "overflow", "action_id": "o", "options": [option(n) for n in range(6)]})],
    "input element in actions": [actions({"type": "plain_text_input", "action_id": "t"})],
    "unknown block": [{"type": "banner"}],
    "unknown element": [actions({"type": "slider", "action_id": "s"})],
    "unknown field": [section("x", colour="red")],
    "same block_id": [section("x", block_id="a"), section("y", block_id="a")],
    "same action_id": [actions(BUTTON, BUTTON)],
    "no list": [actions(BUTTON)] and [{"type": "actions", "elements": BUTTON}],
}


@pytest.mark.parametrize("name", TOO_MUCH)
def test_a_message_that_slack_would_refuse_is_refused(name: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_message_blocks(TOO_MUCH[name])
    assert refused.value.error == "invalid_blocks"


def test_the_limits_themselves_are_allowed() -> None:
    check_message_blocks([section("x" * 3000)] * 50)
    check_message_blocks([actions(select(100), {**BUTTON, "text": plain("x" * 75), "value": "x" * 2000})])
    check_message_blocks([{"type": "header", "text": plain("x" * 150)}])


def test_a_refusal_points_to_the_place() -> None:
    with pytest.raises(Refusal) as refused:
        check_view(modal(title=plain("x" * 25)), "modal")
    messages = refused.value.details["response_metadata"]["messages"]
    assert messages == ["[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"]


@pytest.mark.parametrize(
    "change",
    [
        {"submit": None},
        {"submit": plain("x" * 25)},
        {"close": plain("x" * 25)},
        {"private_metadata": "x" * 3001},
        {"callback_id": "x" * 256},
        {"blocks": [{"type": "divider"}] * 101},
        {"blocks": [{"type": "markdown", "text": "only in messages"}]},
        {"type": "home"},
    ],
)
def test_a_view_that_slack_would_refuse_is_refused(change: Json) -> None:
    with pytest.raises(Refusal, match="invalid_arguments"):
        check_view(modal(**change), "modal")
