"""Each interactive element of Block Kit in a block that may hold it, as Slack's reference describes it."""

from typing import Any, Final

Block = dict[str, Any]

MOMENT: Final = 1795183500
"""2026-11-20 14:05 UTC."""


def plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}


def option(text: str, value: str, description: str = "") -> Block:
    made: Block = {"text": plain(text), "value": value}
    return {**made, "description": plain(description)} if description else made


def options(*texts: str) -> list[Block]:
    return [option(text, text.lower()) for text in texts]


def menu(kind: str, **more: Any) -> Block:
    return {"type": kind, "action_id": kind, "placeholder": plain(f"Pick ({kind})"), **more}


def field(kind: str, label: str, element: Block, **more: Any) -> Block:
    made = {"type": kind, "action_id": "value", **element}
    return {
        "type": "input",
        "block_id": label.lower().replace(" ", "_"),
        "label": plain(label),
        "element": made,
        **more,
    }


def button(text: str, **more: Any) -> Block:
    return {"type": "button", "text": plain(text), "action_id": f"press {text}"[:255], "value": "1", **more}


SURE: Final = {
    "title": plain("Cancel the incident?"),
    "text": {"type": "mrkdwn", "text": "INC-42 *ends* for everybody."},
    "confirm": plain("Cancel incident"),
    "deny": plain("Keep it"),
    "style": "danger",
}
SERVICES: Final = [option(f"service-{number}", f"s{number}") for number in range(40)]
SEVERITIES: Final = [
    option("SEV1", "SEV1", "Most customers cannot work."),
    option("SEV2", "SEV2", "A part of the product is down."),
    option("SEV3", "SEV3", "Something small, with a way around it."),
]
GROUPS: Final = [
    {"label": plain("Europe"), "options": options("Berlin", "Oslo")},
    {"label": plain("Elsewhere"), "options": options("Tokyo", "Lima")},
]


def actions(*elements: Block) -> Block:
    return {"type": "actions", "elements": list(elements)}


PRESSED: Final[dict[str, Block]] = {
    "buttons": actions(
        button("Post update", style="primary"),
        button("Change status"),
        button("Cancel incident", style="danger", confirm=SURE),
        button("Open the graph", url="https://example.com/graph"),
        button("A button whose text is so long that it breaks on a narrow screen, really"),
    ),
    "overflow": actions({"type": "overflow", "action_id": "more", "options": options("Open again", "Skip", "Failed")}),
    "workflow_button": actions(
        {
            "type": "workflow_button",
            "action_id": "flow",
            "text": plain("Run the workflow"),
            "workflow": {"trigger": {"url": "https://slack.com/shortcuts/Ft1/x"}},
        }
    ),
    "feedback_buttons": {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "rate",
                "positive_button": {"text": plain("Good"), "value": "good"},
                "negative_button": {"text": plain("Bad"), "value": "bad"},
            },
            {"type": "icon_button", "action_id": "remove", "icon": "trash", "text": plain("Remove"), "value": "1"},
        ],
    },
}

MENUS: Final[dict[str, Block]] = {
    "selects": actions(
        menu("static_select", options=options("One", "Two", "Three")),
        menu("users_select"),
        menu("channels_select"),
        menu("conversations_select"),
        menu("external_select"),
    ),
    "multi_selects": actions(
        menu("multi_static_select", options=SERVICES, initial_options=SERVICES[:2]),
        menu("multi_users_select", initial_users=["U0ADA00001"]),
        menu("multi_channels_select"),
        menu("multi_conversations_select"),
        menu("multi_external_select"),
    ),
    "pickers": actions(
        menu("datepicker", initial_date="2026-11-20"),
        menu("timepicker", initial_time="14:05"),
        {"type": "datetimepicker", "action_id": "moment", "initial_date_time": MOMENT},
    ),
    "boxes": actions(
        {"type": "checkboxes", "action_id": "ticked", "options": options("Told support", "Told legal")},
        {"type": "radio_buttons", "action_id": "chosen", "options": options("Yes", "No")},
    ),
}

INPUTS: Final[dict[str, Block]] = {
    "a line": field("plain_text_input", "Title", {"max_length": 60, "placeholder": plain("What is broken")}),
    "lines": field("plain_text_input", "What we know", {"multiline": True}, hint=plain("Numbers over adjectives.")),
    "a line that acts": field("plain_text_input", "Search", {}, dispatch_action=True, optional=True),
    "email": field("email_text_input", "Mail", {"placeholder": plain("ada@harbour.example")}, optional=True),
    "url": field("url_text_input", "Runbook", {}, optional=True),
    "number": field("number_input", "Customers", {"is_decimal_allowed": False, "min_value": "0"}, optional=True),
    "rich text": field("rich_text_input", "Story", {}, optional=True),
    "a menu": field("static_select", "Kind", {"options": options("Decision", "Evidence", "Entry")}, optional=True),
    "a menu with descriptions": field(
        "static_select", "Severity", {"options": SEVERITIES, "initial_option": SEVERITIES[1]}
    ),
    "a long menu": field("static_select", "What is affected", {"options": SERVICES}, optional=True),
    "a grouped menu": field("static_select", "Place", {"option_groups": GROUPS}, optional=True),
    "many": field("multi_static_select", "Services", {"options": SERVICES, "max_selected_items": 3}, optional=True),
    "a person": field("users_select", "Who commands", {}, optional=True, hint=plain("Empty: you.")),
    "people": field("multi_users_select", "Who is told", {}, optional=True),
    "a conversation": field("conversations_select", "Where", {}, optional=True),
    "conversations": field("multi_conversations_select", "Told where", {}, optional=True),
    "a channel": field("channels_select", "Channel", {}, optional=True),
    "channels": field("multi_channels_select", "Channels", {}, optional=True),
    "external": field("external_select", "Release", {"min_query_length": 1}, optional=True),
    "externals": field("multi_external_select", "Releases", {}, optional=True),
    "boxes": field(
        "checkboxes", "Private", {"options": [option("Only its members", "yes", "In no list.")]}, optional=True
    ),
    "radio": field("radio_buttons", "Paid", {"options": options("Yes", "No")}, optional=True),
    "a date": field("datepicker", "Day", {}, optional=True),
    "a time": field("timepicker", "Time", {"timezone": "Asia/Tokyo"}, optional=True),
    "a moment": field("datetimepicker", "When it started", {"initial_date_time": MOMENT}, optional=True),
    "files": field("file_input", "Logs", {"filetypes": ["log", "txt"]}, optional=True),
}
"""For a modal: every kind of input once."""
