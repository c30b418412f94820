"""Messages as the page gets them: ids instead of names, as stored, without the names of channels that the viewer may
not know.
"""

import re
from typing import Any

from bot.workspace.cast import Account
from bot.workspace.field_values import carry_over, initial_values
from bot.workspace.refusal import Json
from bot.workspace.site import Site

LABELLED_CHANNEL = re.compile(r"<#(\w+)\|[^<>]*>")
KEPT = ("thread_ts", "subtype", "latest_reply")
AS_STORED = {"text": "", "blocks": [], "attachments": [], "files": []}


def shown_message(site: Site, viewer: Account, channel_id: str, message: Json) -> Json:
    author = site.team.accounts.get(message["user"])
    return {
        "ts": message["ts"],
        "channel": channel_id,
        "user": message["user"],
        "name": message.get("username") or (author.real_name if author else message["user"]),
        "is_app": message["user"] == site.install.bot_user_id,
        "is_bot": "bot_id" in message,
        **{name: redacted(site, viewer, message.get(name, empty)) for name, empty in AS_STORED.items()},
        **{name: message.get(name) for name in KEPT},
        "edited": "edited" in message,
        "deleted": message.get("subtype") == "tombstone",
        "ephemeral": bool(message.get("is_ephemeral")),
        "reactions": [{"name": each["name"], "users": each["users"]} for each in message.get("reactions", ())],
        "reply_count": message.get("reply_count", 0),
        "reply_users": message.get("reply_users", []),
        "pinned": message["ts"] in site.team.channels[channel_id].pins,
        "values": entered_values(site, viewer, message),
    }


def entered_values(site: Site, viewer: Account, message: Json) -> Json:
    """What this person chose in the message's fields, in the form of `state.values`; empty where they chose nothing."""
    entered = site.entries.get((viewer.id, message["ts"]))
    if not entered:
        return {}
    values = initial_values(message.get("blocks", []))
    carry_over(entered, values)
    return values


def redacted(site: Site, viewer: Account, content: Any) -> Any:
    """The same, but a link to a channel that is private to others keeps its id only: Slack shows no name there."""
    match content:
        case str() if "<#" in content:
            return LABELLED_CHANNEL.sub(lambda link: channel_link(site, viewer, link), content)
        case dict():
            return {name: redacted(site, viewer, each) for name, each in content.items()}
        case list():
            return [redacted(site, viewer, each) for each in content]
        case _:
            return content


def channel_link(site: Site, viewer: Account, link: re.Match[str]) -> str:
    channel = site.team.channels.get(link[1])
    return link[0] if channel is None or site.team.sees(viewer, channel) else f"<#{link[1]}>"
