"""What a person chose or typed, in the forms of Slack: `state.values` of a view or message, and
`actions` entries.
"""

import re
from collections.abc import Iterator
from typing import Any

from bot.workspace.block_rules import elements_of
from bot.workspace.refusal import Json

# element type -> (field of the value, field of the element that holds the initial value)
SHAPES = {
    "plain_text_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "file_input": ("files", ""),
}
LONGEST_INPUT = 3000


def interactive(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """(block, element) of each interactive element, in reading order."""
    for block in blocks:
        for element in elements_of(block):
            yield block, element


def initial_values(blocks: list[Json]) -> Json:
    values: Json = {}
    for block, element in interactive(blocks):
        if element["type"] in SHAPES:
            name, initial = SHAPES[element["type"]]
            empty: Any = [] if name.endswith("s") and name != "selected_options" else None
            value = element.get(initial, [] if name == "selected_options" else empty)
            values.setdefault(block["block_id"], {})[element["action_id"]] = {
                "type": element["type"],
                name: value,
            }
    return values


def carry_over(before: Json, values: Json) -> None:
    """What a person had entered stays where block_id, action_id and type are unchanged."""
    for block_id, actions in values.items():
        for action_id, value in actions.items():
            old = before.get(block_id, {}).get(action_id)
            if old and old["type"] == value["type"]:
                actions[action_id] = old


def chosen(element: Json, value: Any) -> Json:
    """The `state` entry for a value in Slack's own form (option objects, user ids, strings)."""
    name, _ = SHAPES[element["type"]]
    return {"type": element["type"], name: value}


def options_of(element: Json) -> list[Json]:
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    return [*element.get("options", ()), *grouped]


def find_option(element: Json, wanted: str) -> Json | None:
    """By value, or else by label."""
    options = options_of(element)
    by_value = (each for each in options if each["value"] == wanted)
    return next(by_value, None) or next((each for each in options if each["text"]["text"] == wanted), None)


def required_but_empty(block: Json, entry: Json) -> bool:
    name, _ = SHAPES[entry["type"]]
    return not block.get("optional", False) and entry[name] in (None, "", [])


def complaint(block: Json, entry: Json) -> str | None:
    """What Slack's own client says about a field before anything is sent to the app."""
    if required_but_empty(block, entry):
        return "Please complete this required field."
    value, element = entry.get("value"), block["element"]
    if not value:
        return None
    match entry["type"]:
        case "plain_text_input" if len(value) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
        case "plain_text_input" if len(value) > element.get("max_length", LONGEST_INPUT):
            return f"Please enter no more than {element.get('max_length', LONGEST_INPUT)} characters."
        case "email_text_input" if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", value):
            return "Please enter a valid email address."
        case "url_text_input" if not re.match(r"https?://\S+$", value):
            return "Please enter a valid URL."
        case "number_input":
            return number_complaint(element, value)
    return None


def number_complaint(element: Json, value: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"-?\d+"
    if not re.fullmatch(pattern, value):
        return "Please enter a valid number."
    if "min_value" in element and float(value) < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and float(value) > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return None
