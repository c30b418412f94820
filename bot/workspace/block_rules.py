"""Slack's limits of Block Kit: which blocks exist, where elements may stand, how much each may hold.

The numbers are those of Slack's reference pages, docs.slack.dev/reference/block-kit.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bot.workspace.block_shapes import (
    Problem,
    Rule,
    anything,
    both,
    by_type,
    flag,
    items,
    mapping,
    number,
    one_of,
    record,
    some_of,
    string,
)
from bot.workspace.refusal import Json, Refusal

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
ID = string(255, 1)
URL = string(3000, 1)


def plain(longest: int) -> Rule:
    return record({"type": one_of("plain_text"), "text": string(longest, 1)}, {"emoji": flag})


def mrkdwn(longest: int) -> Rule:
    return record({"type": one_of("mrkdwn"), "text": string(longest, 1)}, {"verbatim": flag})


def words(longest: int) -> Rule:
    return by_type({"plain_text": plain(longest), "mrkdwn": mrkdwn(longest)}, "text object")


CONFIRM = record(
    {"text": words(300)},
    {"title": plain(100), "confirm": plain(30), "deny": plain(30), "style": one_of("primary", "danger")},
)
OPTION = record({"text": words(75), "value": string(150, 1)}, {"description": words(75), "url": URL})
PLAIN_OPTION = record({"text": plain(75), "value": string(150, 1)}, {"description": plain(75), "url": URL})
GROUP = record({"label": plain(75), "options": items(PLAIN_OPTION, 100)}, {})
DISPATCH = record({}, {"trigger_actions_on": items(one_of("on_enter_pressed", "on_character_entered"), 2)})


def element(name: str, required: Mapping[str, Rule], optional: Mapping[str, Rule]) -> Rule:
    return record({"type": one_of(name), **required}, {"action_id": ID, "confirm": CONFIRM, **optional})


def field(name: str, required: Mapping[str, Rule], optional: Mapping[str, Rule]) -> Rule:
    """A menu or picker, which has a placeholder."""
    return element(name, required, {"placeholder": plain(150), "focus_on_load": flag, **optional})


def typed(name: str, required: Mapping[str, Rule], optional: Mapping[str, Rule]) -> Rule:
    """A field to type in; it asks for no confirmation."""
    shared = {"action_id": ID, "placeholder": plain(150), "focus_on_load": flag, **TYPED}
    return record({"type": one_of(name), **required}, {**shared, **optional})


def static(name: str, initial: Mapping[str, Rule]) -> Rule:
    lists = {"options": items(PLAIN_OPTION, 100), "option_groups": items(GROUP, 100)}
    return both(field(name, {}, {**lists, **initial}), some_of("options", "option_groups"))


MANY: Mapping[str, Rule] = {"max_selected_items": number}
PEOPLE = items(ID, 100, 0)
CHOSEN = items(PLAIN_OPTION, 100)
SHOWN: Mapping[str, Rule] = {"response_url_enabled": flag}
TYPED: Mapping[str, Rule] = {"initial_value": string(3000), "dispatch_action_config": DISPATCH}
CONVERSATIONS: Mapping[str, Rule] = {"default_to_current_conversation": flag, "filter": mapping}
ICON: Mapping[str, Rule] = {
    "value": string(2000),
    "accessibility_label": string(75),
    "visible_to_user_ids": PEOPLE,
}

BUTTON = element(
    "button",
    {"text": plain(75)},
    {
        "value": string(2000),
        "url": URL,
        "style": one_of("primary", "danger"),
        "accessibility_label": string(75),
    },
)
IMAGE_ELEMENT = record({"type": one_of("image"), "alt_text": string(2000)}, {"image_url": URL, "slack_file": mapping})
SELECTS: Mapping[str, Rule] = {
    "static_select": static("static_select", {"initial_option": PLAIN_OPTION}),
    "external_select": field("external_select", {}, {"initial_option": PLAIN_OPTION, "min_query_length": number}),
    "users_select": field("users_select", {}, {"initial_user": ID}),
    "conversations_select": field("conversations_select", {}, {"initial_conversation": ID, **CONVERSATIONS, **SHOWN}),
    "channels_select": field("channels_select", {}, {"initial_channel": ID, **SHOWN}),
}
MULTI_SELECTS: Mapping[str, Rule] = {
    "multi_static_select": static("multi_static_select", {"initial_options": CHOSEN, **MANY}),
    "multi_external_select": field(
        "multi_external_select", {}, {"initial_options": CHOSEN, "min_query_length": number, **MANY}
    ),
    "multi_users_select": field("multi_users_select", {}, {"initial_users": PEOPLE, **MANY}),
    "multi_conversations_select": field(
        "multi_conversations_select", {}, {"initial_conversations": PEOPLE, **CONVERSATIONS, **MANY}
    ),
    "multi_channels_select": field("multi_channels_select", {}, {"initial_channels": PEOPLE, **MANY}),
}
PICKERS: Mapping[str, Rule] = {
    "datepicker": field("datepicker", {}, {"initial_date": string(10, 10)}),
    "timepicker": field("timepicker", {}, {"initial_time": string(5, 5), "timezone": string(100)}),
    "datetimepicker": element("datetimepicker", {}, {"focus_on_load": flag, "initial_date_time": number}),
    "checkboxes": element(
        "checkboxes",
        {"options": items(OPTION, 10)},
        {"focus_on_load": flag, "initial_options": items(OPTION, 10)},
    ),
    "radio_buttons": element(
        "radio_buttons", {"options": items(OPTION, 10)}, {"focus_on_load": flag, "initial_option": OPTION}
    ),
}
NUMBERS: Mapping[str, Rule] = {"min_value": string(100), "max_value": string(100)}
LINES: Mapping[str, Rule] = {"initial_value": mapping, "min_lines": number, "max_lines": number}
LENGTHS: Mapping[str, Rule] = {"multiline": flag, "min_length": number, "max_length": number}
FILES: Mapping[str, Rule] = {"action_id": ID, "filetypes": items(ID, 100), "max_files": number}
TEXT_INPUTS: Mapping[str, Rule] = {
    "plain_text_input": typed("plain_text_input", {}, LENGTHS),
    "email_text_input": typed("email_text_input", {}, {}),
    "url_text_input": typed("url_text_input", {}, {}),
    "number_input": typed("number_input", {"is_decimal_allowed": flag}, NUMBERS),
    "rich_text_input": typed("rich_text_input", {}, LINES),
    "file_input": record({"type": one_of("file_input")}, FILES),
}
PRESSED: Mapping[str, Rule] = {
    "button": BUTTON,
    "overflow": element("overflow", {"options": items(PLAIN_OPTION, 5)}, {}),
    "workflow_button": element("workflow_button", {"text": plain(75), "workflow": mapping}, {"style": ID}),
}
RATED: Mapping[str, Rule] = {
    "feedback_buttons": element("feedback_buttons", {"positive_button": mapping, "negative_button": mapping}, {}),
    "icon_button": element("icon_button", {"icon": one_of("trash"), "text": plain(75)}, ICON),
}
ACTION_ELEMENTS = {**PRESSED, **SELECTS, **MULTI_SELECTS, **PICKERS}
SECTION_ELEMENTS = {**ACTION_ELEMENTS, "image": IMAGE_ELEMENT}
INPUT_ELEMENTS = {**SELECTS, **MULTI_SELECTS, **PICKERS, **TEXT_INPUTS}
CONTEXT_ELEMENTS = {"plain_text": plain(2000), "mrkdwn": mrkdwn(2000), "image": IMAGE_ELEMENT}
RICH_PARTS = {
    name: record({"type": one_of(name), "elements": items(mapping, 1000, 0)}, extra)
    for name, extra in {
        "rich_text_section": {},
        "rich_text_list": {
            "style": one_of("bullet", "ordered"),
            "indent": number,
            "offset": number,
            "border": number,
        },
        "rich_text_quote": {"border": number},
        "rich_text_preformatted": {"border": number, "language": ID},
    }.items()
}


def block(name: str, required: Mapping[str, Rule], optional: Mapping[str, Rule]) -> Rule:
    return record({"type": one_of(name), **required}, {"block_id": ID, **optional})


EVERYWHERE: Mapping[str, Rule] = {
    "section": both(
        block(
            "section",
            {},
            {
                "text": words(3000),
                "fields": items(words(2000), 10),
                "accessory": by_type(SECTION_ELEMENTS, "section accessory"),
                "expand": flag,
            },
        ),
        some_of("text", "fields"),
    ),
    "header": block("header", {"text": plain(150)}, {}),
    "divider": block("divider", {}, {}),
    "image": block(
        "image", {"alt_text": string(2000)}, {"image_url": URL, "slack_file": mapping, "title": plain(2000)}
    ),
    "context": block("context", {"elements": items(by_type(CONTEXT_ELEMENTS, "context element"), 10)}, {}),
    "actions": block("actions", {"elements": items(by_type(ACTION_ELEMENTS, "action element"), 25)}, {}),
    "rich_text": block("rich_text", {"elements": items(by_type(RICH_PARTS, "rich text part"), 1000, 0)}, {}),
    "video": block(
        "video",
        {"alt_text": ID, "thumbnail_url": URL, "title": plain(200), "video_url": URL},
        dict.fromkeys(("title_url", "author_name", "provider_name", "provider_icon_url", "description"), anything),
    ),
    "input": block(
        "input",
        {"label": plain(2000), "element": by_type(INPUT_ELEMENTS, "input element")},
        {"hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
}
MESSAGE_ONLY: Mapping[str, Rule] = {
    "file": block("file", {"external_id": ID, "source": one_of("remote")}, {}),
    "markdown": block("markdown", {"text": string(12_000, 1)}, {}),
    "table": block("table", {"rows": items(items(mapping, 20), 100)}, {"column_settings": items(anything, 20)}),
    "context_actions": block("context_actions", {"elements": items(by_type(RATED, "element"), 5)}, {}),
}
MESSAGE = by_type({**EVERYWHERE, **MESSAGE_ONLY}, "message block")
VIEW_BLOCK = by_type(EVERYWHERE, "view block")

COMMON_TO_VIEWS: Mapping[str, Rule] = {
    "private_metadata": string(3000),
    "callback_id": string(255),
    "external_id": string(255),
}
VIEWS: Mapping[str, Rule] = {
    "modal": record(
        {"type": one_of("modal"), "title": plain(24), "blocks": items(VIEW_BLOCK, VIEW_BLOCKS)},
        {
            "submit": plain(24),
            "close": plain(24),
            "clear_on_close": flag,
            "notify_on_close": flag,
            "submit_disabled": flag,
            **COMMON_TO_VIEWS,
        },
    ),
    "home": record({"type": one_of("home"), "blocks": items(VIEW_BLOCK, VIEW_BLOCKS)}, COMMON_TO_VIEWS),
}


def elements_of(each: Json) -> list[Json]:
    """The interactive elements of one block."""
    inside = each.get("elements") if each.get("type") in {"actions", "context_actions"} else None
    found = [*(inside if isinstance(inside, list) else ()), each.get("accessory"), each.get("element")]
    return [one for one in found if isinstance(one, dict) and one.get("type") != "image"]


def repeated(blocks: list[Any], at: str) -> Iterator[Problem]:
    """block_ids must differ within a message or view, action_ids within a block."""
    seen: set[str] = set()
    for index, each in enumerate(blocks):
        if not isinstance(each, dict):
            continue
        block_id = each.get("block_id")
        if block_id and block_id in seen:
            yield f"{at}/{index}/block_id", f"`block_id` {block_id} already exists"
        seen.add(block_id or "")
        actions = [str(found["action_id"]) for found in elements_of(each) if found.get("action_id")]
        for action_id in sorted({action for action in actions if actions.count(action) > 1}):
            yield f"{at}/{index}", f"`action_id` {action_id} already exists"


def sentences(problems: list[Problem]) -> list[str]:
    return [f"[ERROR] {sentence} [json-pointer:{at}]" for at, sentence in problems]


def check_message_blocks(blocks: Any) -> None:
    """Raises Refusal("invalid_blocks") with Slack's list of what is wrong where."""
    problems = list(items(MESSAGE, MESSAGE_BLOCKS, 0)(blocks, "/blocks"))
    if isinstance(blocks, list):
        problems += repeated(blocks, "/blocks")
    if problems:
        messages = sentences(problems)
        raise Refusal("invalid_blocks", errors=messages, response_metadata={"messages": messages})


def check_view(view: Any, *kinds: str) -> None:
    """Raises Refusal("invalid_arguments") with Slack's list of what is wrong where."""
    problems = list(by_type({name: VIEWS[name] for name in kinds}, "view")(view, "/view"))
    if isinstance(view, dict) and isinstance(view.get("blocks"), list):
        problems += repeated(view["blocks"], "/view/blocks")
        problems += submit_missing(view)
    if problems:
        raise Refusal("invalid_arguments", response_metadata={"messages": sentences(problems)})


def submit_missing(view: Json) -> Iterator[Problem]:
    inputs = any(isinstance(each, dict) and each.get("type") == "input" for each in view["blocks"])
    if inputs and view.get("type") == "modal" and not view.get("submit"):
        yield "/view", "`submit` is required when an `input` is within blocks"
