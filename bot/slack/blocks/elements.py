"""Block Kit's parts, each cut to Slack's limit so that no text, however long, makes a message invalid.

Mrkdwn goes in as Mrkdwn and is sent verbatim; a plain str is plain_text. Numbers: docs.slack.dev/reference/block-kit.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Final

from bot.incident.terms import UserId
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import Mrkdwn, clean, one_line, shorten

Element = dict[str, Any]
View = dict[str, Any]

MESSAGE_BLOCKS: Final = 50
VIEW_BLOCKS: Final = 100
SECTION_TEXT: Final = 3000
CONTEXT_TEXT: Final = 2000
CONTEXT_ELEMENTS: Final = 10
ACTION_ELEMENTS: Final = 25
BUTTON_TEXT: Final = 75
BUTTON_VALUE: Final = 2000
LABEL_TEXT: Final = 2000
PLACEHOLDER_TEXT: Final = 150
OPTION_TEXT: Final = 75
OPTION_VALUE: Final = 150
OPTIONS: Final = 100
OVERFLOW_OPTIONS: Final = 5
MODAL_TITLE: Final = 24
CONFIRM_TITLE: Final = 100
CONFIRM_TEXT: Final = 300
CONFIRM_ANSWER: Final = 30
METADATA: Final = 3000
INPUT_TEXT: Final = 3000
PEOPLE: Final = 100
"""Slack names no limit for how many users can be chosen; more are no meeting."""
MESSAGE_TEXT: Final = 4000
"""Slack cuts `text` at 40,000 and advises 4,000."""


_EMPTY: Final = Mrkdwn("–")
"""Slack refuses an empty text."""


def message(text: Mrkdwn, *blocks: Block) -> Message:
    """`text` is the notification. Without blocks it is also what people see, in one section."""
    shown = blocks or (section(text),)
    return Message(text=shorten(text, MESSAGE_TEXT) or _EMPTY, blocks=_at_most(shown, MESSAGE_BLOCKS))


def _at_most(blocks: Sequence[Block], most: int) -> tuple[Block, ...]:
    if len(blocks) <= most:
        return tuple(blocks)
    return (*blocks[: most - 1], context(Mrkdwn("… more than Slack can show in one message.")))


def marked(text: Mrkdwn, most: int) -> Element:
    """A mrkdwn object; verbatim, so that Slack makes no link or mention of what only looks like one."""
    return {"type": "mrkdwn", "text": shorten(text, most) or _EMPTY, "verbatim": True}


def ours(text: str, most: int) -> Element:
    """A plain_text object with words of our own, whose :emoji: are shown as such."""
    return {"type": "plain_text", "text": one_line(text, most) or _EMPTY, "emoji": True}


def theirs(text: str, most: int) -> Element:
    """A plain_text object with words that people wrote."""
    return {"type": "plain_text", "text": one_line(text, most) or _EMPTY, "emoji": False}


def section(text: Mrkdwn, accessory: Element | None = None) -> Block:
    block: dict[str, Any] = {"type": "section", "text": marked(text, SECTION_TEXT)}
    return block if accessory is None else {**block, "accessory": accessory}


def context(*texts: Mrkdwn) -> Block:
    shown = [text for text in texts if text] or [_EMPTY]
    return {"type": "context", "elements": [marked(text, CONTEXT_TEXT) for text in shown[:CONTEXT_ELEMENTS]]}


def actions(*elements: Element) -> Block:
    return {"type": "actions", "elements": list(elements[:ACTION_ELEMENTS])}


def button(text: str, action: str, value: str, *, suffix: str = "", style: str = "") -> Element:
    """`suffix` keeps the action_id unique where one message has several; it comes after a ':'.

    A value over Slack's limit would come back cut and mean something else, so that is an error of ours.
    """
    if not 0 < len(value) <= BUTTON_VALUE:
        raise ValueError(f"the value of button {action} has {len(value)} characters")
    named = f"{action}:{suffix}" if suffix else action
    made = {"type": "button", "text": ours(text, BUTTON_TEXT), "action_id": named[:255], "value": value}
    return {**made, "style": style} if style else made


def asking_first(of: Element, *, title: str, text: str, yes: str) -> Element:
    """The same button, which asks before it does anything; `text` may hold what people wrote."""
    asked = {
        "title": ours(title, CONFIRM_TITLE),
        "text": theirs(text, CONFIRM_TEXT),
        "confirm": ours(yes, CONFIRM_ANSWER),
        "deny": ours("Go back", CONFIRM_ANSWER),
    }
    return {**of, "confirm": asked}


def overflow(action: str, options: Sequence[tuple[str, str]], *, suffix: str) -> Element:
    """A menu of (text, value). A value over an option's 150 characters is the caller's to avoid: none is cut."""
    made = [{"text": ours(text, OPTION_TEXT), "value": value} for text, value in options[:OVERFLOW_OPTIONS]]
    return {"type": "overflow", "action_id": f"{action}:{suffix}"[:255], "options": made}


def option(text: Element, value: str, description: str = "") -> Element:
    if not 0 < len(value) <= OPTION_VALUE:
        raise ValueError(f"an option's value has {len(value)} characters")
    made = {"text": text, "value": value}
    return {**made, "description": theirs(description, OPTION_TEXT)} if description else made


def select(options: Sequence[Element], *, initial: str | None = None, placeholder: str = "") -> Element:
    """A static select; `initial` is the value of the option that is chosen at first."""
    made: Element = {"type": "static_select", "action_id": "value", "options": list(options[:OPTIONS])}
    chosen = [each for each in made["options"] if each["value"] == initial]
    if chosen:
        made["initial_option"] = chosen[0]
    return {**made, "placeholder": ours(placeholder, PLACEHOLDER_TEXT)} if placeholder else made


def grouped_select(groups: Sequence[tuple[str, Sequence[Element]]], *, initial: str | None = None) -> Element:
    """A static select whose options stand under headings; groups without options are left out."""
    shown = [(label, options[:OPTIONS]) for label, options in groups if options][:OPTIONS]
    made: Element = {
        "type": "static_select",
        "action_id": "value",
        "option_groups": [{"label": ours(label, OPTION_TEXT), "options": list(options)} for label, options in shown],
    }
    chosen = [each for _, options in shown for each in options if each["value"] == initial]
    return {**made, "initial_option": chosen[0]} if chosen else made


def multi_select(options: Sequence[Element], chosen: Sequence[str] = ()) -> Element:
    """Any number of the options; `chosen`: the values of those that are chosen at first."""
    made: Element = {"type": "multi_static_select", "action_id": "value", "options": list(options[:OPTIONS])}
    initial = [each for each in made["options"] if each["value"] in chosen]
    return {**made, "initial_options": initial} if initial else made


def text_input(*, initial: str = "", lines: bool = False, most: int = INPUT_TEXT, placeholder: str = "") -> Element:
    made: Element = {"type": "plain_text_input", "action_id": "value", "multiline": lines, "max_length": most}
    given = clean(initial)[:most] if lines else one_line(initial, most)
    if given:
        made["initial_value"] = given
    return {**made, "placeholder": ours(placeholder, PLACEHOLDER_TEXT)} if placeholder else made


def user_select(initial: UserId | None = None, placeholder: str = "Choose a person") -> Element:
    made: Element = {"type": "users_select", "action_id": "value", "placeholder": ours(placeholder, PLACEHOLDER_TEXT)}
    return {**made, "initial_user": initial} if initial else made


def people_select(initial: Iterable[UserId] = ()) -> Element:
    made: Element = {"type": "multi_users_select", "action_id": "value", "max_selected_items": PEOPLE}
    chosen = list(initial)[:PEOPLE]
    return {**made, "initial_users": chosen} if chosen else made


def moment_picker(initial: datetime | None = None) -> Element:
    made: Element = {"type": "datetimepicker", "action_id": "value"}
    return {**made, "initial_date_time": int(initial.timestamp())} if initial else made


def day_picker(initial: date | None = None) -> Element:
    made: Element = {"type": "datepicker", "action_id": "value"}
    return {**made, "initial_date": initial.isoformat()} if initial else made


def radio(options: Sequence[Element], *, initial: str | None = None) -> Element:
    """Of at most ten; `initial` as of a select."""
    made: Element = {"type": "radio_buttons", "action_id": "value", "options": list(options)}
    chosen = [each for each in options if each["value"] == initial]
    return {**made, "initial_option": chosen[0]} if chosen else made


def checkbox(options: Sequence[Element], *, ticked: bool = False) -> Element:
    made: Element = {"type": "checkboxes", "action_id": "value", "options": list(options)}
    return {**made, "initial_options": list(options)} if ticked else made


def field(name: str, label: str, element: Element, *, optional: bool = False, hint: str = "") -> Block:
    """An input of a modal: its block_id is the field's name, its action_id always 'value'."""
    made: dict[str, Any] = {
        "type": "input",
        "block_id": name,
        "label": ours(label, LABEL_TEXT),
        "element": element,
        "optional": optional,
    }
    return {**made, "hint": ours(hint, LABEL_TEXT)} if hint else made


def told_at_once(of: Block) -> Block:
    """The same field, of which we hear as soon as something is chosen in it."""
    return {**of, "dispatch_action": True}


def modal(title: str, callback: str, metadata: str, submit: str, blocks: Iterable[Block]) -> View:
    """Raises ValueError for metadata over 3,000 characters: cut, they would lead to another incident."""
    if len(metadata) > METADATA:
        raise ValueError(f"the metadata of {callback} has {len(metadata)} characters")
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": ours(title, MODAL_TITLE),
        "submit": ours(submit, MODAL_TITLE),
        "close": ours("Go back", MODAL_TITLE),
        "blocks": list(_at_most(tuple(blocks), VIEW_BLOCKS)),
    }


def reading(title: str, blocks: Iterable[Block]) -> View:
    """A modal that asks for nothing."""
    return {
        "type": "modal",
        "title": ours(title, MODAL_TITLE),
        "close": ours("Close", MODAL_TITLE),
        "blocks": list(_at_most(tuple(blocks), VIEW_BLOCKS)),
    }


def home_view(blocks: Iterable[Block]) -> View:
    return {"type": "home", "blocks": list(_at_most(tuple(blocks), VIEW_BLOCKS))}
