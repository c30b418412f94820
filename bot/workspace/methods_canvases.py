"""Web API: conversations.canvases.create and canvases.*, to write a channel's canvas and to find it again."""

from typing import Any

from bot.workspace.api_call import Call, Method
from bot.workspace.canvases import LARGEST, Canvas, faults_of
from bot.workspace.message_fields import decoded
from bot.workspace.refusal import Json, Refusal

WRITE = ("canvases:write",)


def create(call: Call) -> Json:
    """The canvas of a channel, of which there is at most one."""
    channel = call.joined_channel("channel_id")
    if not call.site.install.has_canvases:
        raise Refusal("team_tier_cannot_create_channel_canvases")
    if call.site.canvases.of(channel.id):
        raise Refusal("channel_canvas_already_exists")
    canvas = Canvas(
        id=call.team.next_id("F"),
        channel=channel.id,
        title=call.maybe("title"),
        text=_content(call.args.get("document_content"), "canvas_creation_failed"),
        writer=call.me.id,
    )
    call.site.canvases.by_id[canvas.id] = canvas
    return {"canvas_id": canvas.id}


def edit(call: Call) -> Json:
    canvas = _canvas(call)
    changes = decoded(call.args.get("changes") or [], "invalid_arguments")
    if not isinstance(changes, list) or len(changes) != 1 or not isinstance(changes[0], dict):
        raise Refusal("invalid_arguments")
    (change,) = changes
    text = _content(change.get("document_content"), "canvas_editing_failed")
    match change.get("operation"), change.get("section_id"):
        case "replace", None:
            canvas.text = text
        case "insert_at_start", None:
            canvas.text = f"{text}\n\n{canvas.text}"
        case "insert_at_end", None:
            canvas.text = f"{canvas.text}\n\n{text}"
        case _:
            raise Refusal("invalid_arguments")
    canvas.writer = call.me.id
    return {}


def look_up(call: Call) -> Json:
    """The paragraphs that hold the text; headings are not told apart here."""
    canvas = _canvas(call)
    criteria = decoded(call.args.get("criteria") or {}, "invalid_arguments")
    wanted = str(criteria.get("contains_text", "")) if isinstance(criteria, dict) else ""
    if not wanted:
        raise Refusal("invalid_arguments")
    parts = enumerate(canvas.text.split("\n\n"))
    return {"sections": [{"id": f"temp:C:{canvas.id}{number}"} for number, part in parts if wanted in part]}


def _canvas(call: Call) -> Canvas:
    """One of a channel that the app is in."""
    canvas = call.site.canvases.by_id.get(call.text("canvas_id"))
    if canvas is None or call.me.id not in call.team.channel(canvas.channel).members:
        raise Refusal("canvas_not_found")
    return canvas


def _content(given: Any, failed: str) -> str:
    content = decoded(given or {"type": "markdown", "markdown": ""}, "invalid_arguments")
    if not isinstance(content, dict) or content.get("type") != "markdown" or "markdown" not in content:
        raise Refusal("invalid_arguments")
    text = str(content["markdown"])
    if len(text) > LARGEST:
        raise Refusal("canvas_too_large" if failed == "canvas_editing_failed" else failed)
    if faults := list(faults_of(text)):
        raise Refusal(failed, detail=faults[0])
    return text


METHODS = {
    "conversations.canvases.create": Method(run=create, tier=2, scopes=WRITE),
    "canvases.edit": Method(run=edit, tier=3, scopes=WRITE),
    "canvases.sections.lookup": Method(run=look_up, tier=3, scopes=("canvases:read",)),
}
