"""Messages and views as plain text, and what in them would ping or lead elsewhere. Nothing unknown is
dropped.
"""

import json
from collections.abc import Iterator
from typing import Any

from bot.workspace import mrkdwn
from bot.workspace.mrkdwn import MARKDOWN_LINK, Directory, Reader, resolve, unescape
from bot.workspace.refusal import Json


def render_text(message: Json, directory: Directory, tz: str = "UTC", now: float = 0.0) -> str:
    """What a reader sees. With blocks, `text` is only the notification and is not shown, as in Slack."""
    reader = Reader(directory=directory, tz=tz, now=now)
    parts = [render_block(block, reader) for block in message.get("blocks") or ()]
    if not parts:
        parts = [resolve(message.get("text") or "", reader)]
    parts += [attachment_text(each, reader) for each in message.get("attachments", ())]
    parts += [f"[file: {file.get('name', '')}]" for file in message.get("files", ())]
    return "\n".join(part for part in parts if part)


def attachment_text(attachment: Json, reader: Reader) -> str:
    blocks = [render_block(block, reader) for block in attachment.get("blocks", ())]
    fields = [f"{each.get('title', '')}: {each.get('value', '')}" for each in attachment.get("fields", ())]
    texts = [attachment.get(name, "") for name in ("pretext", "title", "text")]
    shown = [*(resolve(text, reader) for text in [*texts, *fields] if text), *blocks]
    return "\n".join(f"| {line}" for line in shown or [attachment.get("fallback", "")])


def render_object(text: Json, reader: Reader) -> str:
    """A text object: tokens work in mrkdwn only."""
    return resolve(text["text"], reader) if text["type"] == "mrkdwn" else unescape(text["text"])


def render_block(block: Json, reader: Reader) -> str:
    match block:
        case {"type": "section"}:
            return section_text(block, reader)
        case {"type": "header", "text": text}:
            return render_object(text, reader)
        case {"type": "divider"}:
            return "───"
        case {"type": "context", "elements": elements}:
            return "  ".join(context_text(each, reader) for each in elements)
        case {"type": "actions", "elements": elements}:
            return " ".join(element_text(each, reader) for each in elements)
        case {"type": "input", "label": label, "element": element}:
            return input_text(block, label, element, reader)
        case _:
            return render_plainer_block(block, reader)


def render_plainer_block(block: Json, reader: Reader) -> str:
    """Blocks without interactive elements, and whatever the workspace does not know."""
    match block:
        case {"type": "image", "alt_text": alt}:
            return f"[image: {alt}]"
        case {"type": "rich_text", "elements": elements}:
            return "\n".join(rich_text(each, reader) for each in elements)
        case {"type": "markdown", "text": str(text)}:
            return resolve(text, reader)
        case {"type": "table", "rows": rows}:
            return "\n".join(" | ".join(cell_text(cell, reader) for cell in row) for row in rows)
        case _:
            return f"[{block.get('type')}] {json.dumps(block, ensure_ascii=False)}"


def section_text(block: Json, reader: Reader) -> str:
    lines = [render_object(text, reader) for text in [block.get("text"), *block.get("fields", ())] if text]
    if accessory := block.get("accessory"):
        lines[-1] += f"  {element_text(accessory, reader)}"
    return "\n".join(lines)


def context_text(element: Json, reader: Reader) -> str:
    return f"[image: {element['alt_text']}]" if element["type"] == "image" else render_object(element, reader)


def element_text(element: Json, reader: Reader) -> str:
    match element:
        case {"type": "image", "alt_text": alt}:
            return f"[image: {alt}]"
        case {"type": "button" | "workflow_button", "text": text}:
            target = f" -> {element['url']}" if element.get("url") else ""
            return f"[{render_object(text, reader)}{target}]"
        case {"type": "overflow", "options": options}:
            return f"[… {' / '.join(render_object(each['text'], reader) for each in options)}]"
        case {"placeholder": {"text": text}}:
            return f"[{text} ▾]"
        case _:
            return f"[{element['type']} {element.get('action_id', '')}]"


def input_text(block: Json, label: Json, element: Json, reader: Reader) -> str:
    optional = " (optional)" if block.get("optional") else ""
    hint = f"\n  {render_object(block['hint'], reader)}" if block.get("hint") else ""
    return f"{render_object(label, reader)}{optional}: {element_text(element, reader)}{hint}"


def cell_text(cell: Json, reader: Reader) -> str:
    return rich_text(cell, reader) if "elements" in cell else str(cell.get("text", ""))


def rich_text(part: Json, reader: Reader) -> str:
    match part:
        case {"type": "rich_text_list", "elements": elements}:
            return "\n".join(f"• {rich_text(each, reader)}" for each in elements)
        case {"elements": [*elements]}:
            return "".join(rich_text(each, reader) for each in elements)
        case {"type": "user", "user_id": who} | {"type": "usergroup", "usergroup_id": who}:
            return f"@{reader.directory.get(who, who)}"
        case {"type": "channel", "channel_id": channel_id}:
            return f"#{reader.directory.get(channel_id, channel_id)}"
        case {"type": "broadcast", "range": whom}:
            return f"@{whom}"
        case {"type": "emoji", "name": name}:
            return f":{name}:"
        case {"type": "link", "url": url}:
            return f"{part['text']} ({url})" if part.get("text") else str(url)
        case {"type": "date", "timestamp": stamp, "format": pattern}:
            return mrkdwn.date_text(str(stamp), pattern, part.get("fallback", ""), reader)
        case {"text": str(text)}:
            return text
        case _:
            return json.dumps(part, ensure_ascii=False)


def nodes(value: Any) -> Iterator[Json]:
    """Every object within blocks or attachments."""
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from nodes(each)
    elif isinstance(value, list):
        for each in value:
            yield from nodes(each)


def marked_up(message: Json) -> Iterator[str]:
    """Every text of the message in which Slack acts on tokens; `text` too, since notifications are
    made of it.
    """
    yield message.get("text") or ""
    for node in nodes([message.get("blocks") or [], message.get("attachments") or []]):
        match node:
            case {"type": "mrkdwn" | "markdown", "text": str(text)}:
                yield text
            case {"type": _}:
                continue
            case _:
                yield from (node[name] for name in ("text", "pretext", "value") if isinstance(node.get(name), str))


def pings(message: Json) -> set[str]:
    """Whom this would notify: user ids, usergroup ids, "here", "channel", "everyone". plain_text pings
    nobody.
    """
    found = {who for text in marked_up(message) for who in mrkdwn.mentions(text)}
    for node in nodes(message.get("blocks") or []):
        match node:
            case {"type": "user", "user_id": str(who)} | {"type": "usergroup", "usergroup_id": str(who)}:
                found.add(who)
            case {"type": "broadcast", "range": str(whom)}:
                found.add(whom)
    return found


def links(message: Json) -> list[tuple[str, str]]:
    """(label, target) of everything that can be followed."""
    found = [link for text in marked_up(message) for link in mrkdwn.targets(text)]
    for node in nodes(message.get("blocks") or []):
        match node:
            case {"type": "link", "url": str(url)}:
                found.append((str(node.get("text") or url), url))
            case {"type": "button", "url": str(url), "text": {"text": str(label)}}:
                found.append((label, url))
            case {"type": "markdown", "text": str(text)}:
                found += MARKDOWN_LINK.findall(text)
    return list(dict.fromkeys(found))
