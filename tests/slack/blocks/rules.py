"""Slack's limits and Muster's own promises, checked on any rendered message or view.

Written from the outside, without the renderers' own constants: a wrong constant there must not pass here.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.slack.message import Message

TOKENS = re.compile(
    r"<@[UW][A-Z0-9]+>"
    r"|<#[CGD][A-Z0-9]+>"
    r"|<!subteam\^S[A-Z0-9]+>"
    r"|<!date\^\d+\^[{}a-z_ ]+\|[0-9A-Za-z: ]+ UTC>"
    r"|<https?://[^|<>\s]+\|[^<>|]*>"
)
ENTITIES = re.compile(r"&(?:amp|lt|gt);")


def assert_sound(message: Message) -> None:
    """A message that Slack takes whole, in which only our own tokens mean anything."""
    assert 0 < len(message.text) <= 4000
    assert 0 < len(message.blocks) <= 50
    _assert_mrkdwn(message.text)
    _assert_blocks(message.blocks)


def assert_sound_view(view: Mapping[str, Any]) -> None:
    assert 0 < len(view["blocks"]) <= 100
    asks = any(block["type"] == "input" for block in view["blocks"])
    for name in ("title", "close", *(("submit",) if asks else ())):
        if view["type"] == "modal":
            assert 0 < len(view[name]["text"]) <= 24
    assert len(view.get("private_metadata", "")) <= 3000
    _assert_blocks(view["blocks"])


def _assert_blocks(blocks: Sequence[Mapping[str, Any]]) -> None:
    json.dumps(list(blocks)).encode()
    json.dumps(list(blocks), ensure_ascii=False).encode()
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(ids) == len(set(ids))
    for block in blocks:
        _BLOCKS[block["type"]](block)
        _assert_elements(block)
    for each in _objects(blocks):
        _assert_text(each)


def _assert_section(block: Mapping[str, Any]) -> None:
    assert 0 < len(block["text"]["text"]) <= 3000


def _assert_context(block: Mapping[str, Any]) -> None:
    assert 0 < len(block["elements"]) <= 10
    assert all(0 < len(each["text"]) <= 2000 for each in block["elements"])


def _assert_actions(block: Mapping[str, Any]) -> None:
    assert 0 < len(block["elements"]) <= 25


def _assert_input(block: Mapping[str, Any]) -> None:
    assert 0 < len(block["label"]["text"]) <= 2000
    assert 0 < len(block["block_id"]) <= 255
    assert block["element"]["action_id"] == "value"
    assert len(block.get("hint", {}).get("text", "")) <= 2000


_BLOCKS: Mapping[str, Callable[[Mapping[str, Any]], None]] = {
    "section": _assert_section,
    "context": _assert_context,
    "actions": _assert_actions,
    "input": _assert_input,
}


def _assert_elements(block: Mapping[str, Any]) -> None:
    single = [block[name] for name in ("accessory", "element") if name in block]
    elements = single + (block["elements"] if block["type"] == "actions" else [])
    ids = [each["action_id"] for each in elements]
    assert len(ids) == len(set(ids)), ids
    for each in elements:
        _assert_element(each)


def _assert_element(each: Mapping[str, Any]) -> None:
    assert 0 < len(each["action_id"]) <= 255
    if each["type"] == "button":
        assert 0 < len(each["text"]["text"]) <= 75
        assert 0 < len(each["value"]) <= 2000
    if each["type"] == "plain_text_input":
        assert len(each.get("initial_value", "")) <= each["max_length"] <= 3000
    if "options" in each:
        _assert_options(each)
    if each["type"] == "overflow":
        assert len(each["options"]) <= 5


def _assert_options(each: Mapping[str, Any]) -> None:
    values = [option["value"] for option in each["options"]]
    assert 0 < len(values) == len(set(values)) <= 100
    assert all(0 < len(value) <= 150 for value in values)
    assert all(0 < len(option["text"]["text"]) <= 75 for option in each["options"])
    assert all(len(option.get("description", {}).get("text", "")) <= 75 for option in each["options"])


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(value, Mapping):
        yield value
        for inside in value.values():
            yield from _objects(inside)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inside in value:
            yield from _objects(inside)


def _assert_text(each: Mapping[str, Any]) -> None:
    if each.get("type") == "mrkdwn":
        assert each["verbatim"] is True
        _assert_mrkdwn(each["text"])
    if each.get("type") == "plain_text":
        assert isinstance(each["emoji"], bool)


def _assert_mrkdwn(text: str) -> None:
    """Every `<`, `>` and `&` belongs to a token of ours or to an entity; fences come in pairs."""
    rest = ENTITIES.sub("", TOKENS.sub("", text))
    quoted = re.sub(r"(?m)^>", "", rest)
    assert not set("<>&") & set(quoted), text
    assert text.count("```") % 2 == 0
    assert not any(sign in text for sign in "\u202a\u202b\u202d\u202e\x00\x07")


def words(message: Message) -> str:
    """What a person reads, as one text: dates by their fallback, people and channels by their ids."""
    return "\n".join(readable(text) for text in _texts(message.blocks))


def readable(text: str) -> str:
    shown = re.sub(r"<!date\^\d+\^[^|]*\|([^>]*) UTC>", r"\1", text)
    shown = re.sub(r"<https?://[^|>]+\|([^>]*)>", r"\1", shown)
    shown = re.sub(r"<([@#])([A-Z0-9]+)>", r"\1\2", shown)
    plain = shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub("[\u2060\u2068\u2069]", "", plain)


def _texts(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for block in blocks:
        match block["type"]:
            case "section":
                yield " ".join([block["text"]["text"], *_accessory(block)])
            case "context":
                yield " ".join(each["text"] for each in block["elements"])
            case "actions":
                yield " ".join(f"[{each['text']['text']}]" for each in block["elements"])


def _accessory(block: Mapping[str, Any]) -> list[str]:
    beside = block.get("accessory")
    if beside is None:
        return []
    return ["[⋮]" if beside["type"] == "overflow" else f"[{beside['text']['text']}]"]


def menus(message: Message) -> dict[str, list[str]]:
    """The overflow menus by action_id, with their values."""
    found = [each for each in _objects(message.blocks) if each.get("type") == "overflow"]
    return {each["action_id"]: [option["value"] for option in each["options"]] for each in found}


def buttons(message: Message) -> dict[str, str]:
    """The buttons by action_id, with their values."""
    return {each["action_id"]: each["value"] for each in _objects(message.blocks) if each.get("type") == "button"}
