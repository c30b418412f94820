"""Web API: files.* by which an app uploads. A file is asked for, brought to its own address, and then shared; until
it is, nobody sees it.
"""

from typing import Any

from bot.workspace import message_acts
from bot.workspace.api_call import Call, Method
from bot.workspace.message_acts import TEXT_LIMIT
from bot.workspace.message_fields import decoded
from bot.workspace.refusal import Json, Refusal
from bot.workspace.team import Channel
from bot.workspace.uploads import Upload

LONGEST_NAME = 255
LONGEST_ALT_TEXT = 1000
MOST_FILES = 10
KINDS = {
    "html": ("html", "text/html", "snippet"),
    "json": ("json", "application/json", "snippet"),
    "md": ("markdown", "text/plain", "snippet"),
    "png": ("png", "image/png", "hosted"),
    "svg": ("svg", "image/svg+xml", "hosted"),
}
"""By a name's ending: Slack's word for what it is, its media type, and how it is shown."""


def begin_upload(call: Call) -> Json:
    name = call.text("filename")
    length = call.text("length") if isinstance(call.args.get("length"), str) else str(call.args.get("length", ""))
    if not length.isdecimal() or int(length) < 1 or len(name) > LONGEST_NAME:
        raise Refusal("invalid_arguments")
    if len(alt_text := call.maybe("alt_txt")) > LONGEST_ALT_TEXT:
        raise Refusal("alt_txt_too_large")
    upload = Upload(id=call.team.next_id("F"), name=name, length=int(length), alt_text=alt_text)
    key = call.site.uploads.begin(upload)
    return {"upload_url": f"{call.site.base_url}/upload/{key}", "file_id": upload.id}


def complete_upload(call: Call) -> Json:
    """Shares the files in one message, as Slack does; without a channel they stay the app's own."""
    uploads = [_uploaded(call, each) for each in _asked_for(call)]
    channel = _target(call)
    comment = call.maybe("initial_comment")
    if len(comment) > TEXT_LIMIT:
        raise Refusal("invalid_arguments")
    for upload in uploads:
        upload.is_complete = True
    if channel:
        shown = [about(call, upload) for upload in uploads]
        message = message_acts.post(call.team, channel, call.me, {"text": comment, "files": shown, "upload": True})
        for upload in uploads:
            upload.posts.append((channel.id, message["ts"]))
    return {"files": [{"id": upload.id, "title": upload.title} for upload in uploads]}


def _asked_for(call: Call) -> list[Any]:
    files = decoded(call.args.get("files") or [], "invalid_arguments")
    if not isinstance(files, list) or not 0 < len(files) <= MOST_FILES:
        raise Refusal("invalid_arguments")
    return files


def _uploaded(call: Call, asked: Any) -> Upload:
    """A file that was brought and not shared yet."""
    found = call.site.uploads.by_id.get(str(asked.get("id", ""))) if isinstance(asked, dict) else None
    if found is None or found.content is None or found.is_complete:
        raise Refusal("file_not_found")
    found.title = str(asked.get("title") or found.name)
    return found


def _target(call: Call) -> Channel | None:
    if not call.maybe("channel_id"):
        return None
    channel = call.team.seen_channel(call.me.id, call.text("channel_id"))
    if channel.is_archived:
        raise Refusal("posting_to_channel_denied")
    if call.me.id not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def about(call: Call, upload: Upload) -> Json:
    """As a message has it."""
    link = f"https://{call.team.domain}.slack.com/files/{call.me.id}/{upload.id}/{upload.name.lower()}"
    ending = upload.name.rpartition(".")[2] if "." in upload.name else "text"
    kind, media_type, mode = KINDS.get(ending, (ending, "text/plain", "snippet"))
    shown = {
        "id": upload.id,
        "created": int(call.team.clock.now()),
        "name": upload.name,
        "title": upload.title,
        "mimetype": media_type,
        "filetype": kind,
        "user": call.me.id,
        "size": upload.length,
        "mode": mode,
        "permalink": link,
        "url_private": link,
    }
    return shown | ({"alt_txt": upload.alt_text} if upload.alt_text else {})


def delete_file(call: Call) -> Json:
    """The messages that showed it stay, and show that it is gone."""
    upload = call.site.uploads.by_id.pop(call.text("file"), None)
    if upload is None:
        raise Refusal("file_not_found")
    for channel_id, ts in upload.posts:
        channel = call.team.channel(channel_id)
        if message := channel.messages.get(ts):
            left = [each for each in message["files"] if each["id"] != upload.id]
            gone = {"id": upload.id, "mode": "tombstone"}
            message_acts.edit(call.team, channel, call.me, ts, {"files": [*left, gone]})
    return {}


METHODS = {
    "files.getUploadURLExternal": Method(run=begin_upload, tier=4, scopes=("files:write",)),
    "files.completeUploadExternal": Method(run=complete_upload, tier=4, scopes=("files:write",)),
    "files.delete": Method(run=delete_file, tier=3, scopes=("files:write",)),
}
