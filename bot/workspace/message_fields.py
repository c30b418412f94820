"""The content of a message as an app sends it, checked as Slack checks it: text, blocks, attachments,
metadata.
"""

import json
from typing import Any

from bot.workspace.block_rules import check_message_blocks
from bot.workspace.message_acts import TEXT_LIMIT
from bot.workspace.refusal import Json, Refusal
from bot.workspace.team import Team
from bot.workspace.views import with_block_ids

ATTACHMENTS = 100
MARKDOWN_LIMIT = 12_000


def decoded(value: Any, error: str) -> Any:
    """What an argument holds, whether it came as JSON or as JSON within a form field."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        raise Refusal(error) from None


def checked_fields(args: Json, team: Team) -> Json:
    """The fields to store, every block with an id. Raises Refusal: no_text, msg_too_long, invalid_blocks,
    invalid_metadata_format …
    """
    text = args.get("text") or ""
    if not isinstance(text, str):
        raise Refusal("invalid_arguments")
    blocks = decoded(args.get("blocks") or [], "invalid_blocks_format")
    attachments = decoded(args.get("attachments") or [], "invalid_attachments")
    markdown = args.get("markdown_text") or ""
    check_size(text, markdown, blocks, attachments)
    if blocks:
        check_message_blocks(blocks)
    fields: Json = {"text": text or markdown}
    if blocks:
        fields["blocks"] = with_block_ids(blocks, team)
    if attachments:
        fields["attachments"] = attachments
    if args.get("metadata"):
        fields["metadata"] = checked_metadata(decoded(args["metadata"], "invalid_metadata_format"))
    return fields


def check_size(text: str, markdown: str, blocks: Any, attachments: Any) -> None:
    if not (text or markdown or blocks or attachments):
        raise Refusal("no_text")
    if markdown and (text or blocks):
        raise Refusal("markdown_text_conflict")
    if len(text) > TEXT_LIMIT or len(markdown) > MARKDOWN_LIMIT:
        raise Refusal("msg_too_long")
    if not isinstance(attachments, list) or len(attachments) > ATTACHMENTS:
        raise Refusal("too_many_attachments")


def checked_metadata(metadata: Any) -> Json:
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise Refusal("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise Refusal("invalid_metadata_format")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}
