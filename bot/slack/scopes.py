"""Which permission each method and event needs: the manifest asks for these, `muster check` holds them against the
token. Source: docs.slack.dev/reference/methods and /events, read in November 2026. Public channels and private ones
have scopes of their own, and Muster opens both."""

from collections.abc import Mapping
from typing import Final

METHOD_SCOPES: Final[Mapping[str, tuple[str, ...]]] = {
    "auth.test": (),
    "users.info": ("users:read", "users:read.email"),
    "usergroups.users.list": ("usergroups:read",),
    "conversations.create": ("channels:manage", "groups:write"),
    "conversations.invite": ("channels:manage", "groups:write"),
    "conversations.archive": ("channels:manage", "groups:write"),
    "conversations.setTopic": ("channels:manage", "groups:write"),
    "conversations.info": ("channels:read", "groups:read"),
    "conversations.list": ("channels:read", "groups:read"),
    "conversations.members": ("channels:read", "groups:read"),
    "users.conversations": ("channels:read", "groups:read"),
    "conversations.open": ("im:write",),
    "conversations.history": ("channels:history", "groups:history", "im:history"),
    "conversations.replies": ("channels:history", "groups:history", "im:history"),
    "chat.postMessage": ("chat:write",),
    "chat.update": ("chat:write",),
    "chat.delete": ("chat:write",),
    "conversations.canvases.create": ("canvases:write",),
    "canvases.edit": ("canvases:write",),
    "canvases.sections.lookup": ("canvases:read",),
    "files.getUploadURLExternal": ("files:write",),
    "files.completeUploadExternal": ("files:write",),
    "files.delete": ("files:write",),
    "pins.add": ("pins:write",),
    "bookmarks.add": ("bookmarks:write",),
    "bookmarks.remove": ("bookmarks:write",),
    "bookmarks.list": ("bookmarks:read",),
    "reactions.get": ("reactions:read",),
    "reactions.add": ("reactions:write",),
    "reactions.remove": ("reactions:write",),
    "views.open": (),
    "views.push": (),
    "views.update": (),
    "views.publish": (),
}
"""Every Web API method that Muster calls."""

EVENT_SCOPES: Final[Mapping[str, tuple[str, ...]]] = {
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "app_home_opened": (),
    "user_change": ("users:read",),
}
"""Every event that Muster subscribes to."""

NEEDED_SCOPES: Final = frozenset(
    {"commands"} | {scope for scopes in (*METHOD_SCOPES.values(), *EVENT_SCOPES.values()) for scope in scopes}
)
"""What the bot token needs; `commands` is for the slash command and the shortcuts. The im: scopes are for looking,
before a direct message is repeated, whether it has arrived."""

OPTIONAL_SCOPES: Final[Mapping[str, str]] = {
    "files:write": "to put the draft of the postmortem and the invitation to the review into the incident's channel",
    "canvases:write": "to make it the channel's canvas as well, where the plan has canvases",
    "canvases:read": "to know that canvas again where Slack's answer was lost",
    "users:read.email": "to send the invitation to the review by e-mail",
    "usergroups:read": "to invite the user groups that answer for a service, and those of policy to reviews",
}
"""Scopes without which all else works, and what each is for."""
