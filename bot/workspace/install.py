"""How the app under test is installed: its tokens, scopes, events and how it wants to be reached."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.workspace.cast import BOT_USER_ID

ALL_SCOPES = (
    "app_mentions:read",
    "bookmarks:read",
    "bookmarks:write",
    "canvases:read",
    "canvases:write",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "mpim:read",
    "pins:read",
    "pins:write",
    "reactions:read",
    "reactions:write",
    "team:read",
    "usergroups:read",
    "users:read",
    "users:read.email",
)
ALL_EVENTS = (
    "app_home_opened",
    "app_mention",
    "channel_archive",
    "channel_created",
    "channel_left",
    "channel_rename",
    "channel_unarchive",
    "group_archive",
    "group_left",
    "group_rename",
    "group_unarchive",
    "member_joined_channel",
    "member_left_channel",
    "message.channels",
    "message.groups",
    "message.im",
    "pin_added",
    "pin_removed",
    "reaction_added",
    "reaction_removed",
    "user_change",
)


@dataclass(slots=True, kw_only=True)
class Install:
    """`slash_commands`: command -> does Slack escape @people and #channels in its text; None = every
    command exists. `has_canvases`: whether the team's plan has canvases for channels.
    """

    bot_name: str = "muster"
    app_id: str = "A0APPBOT01"
    bot_user_id: str = BOT_USER_ID
    bot_id: str = "B0APPBOT01"
    bot_token: str = field(default_factory=lambda: f"xoxb-local-{secrets.token_hex(12)}")
    app_token: str = field(default_factory=lambda: f"xapp-local-{secrets.token_hex(12)}")
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16))
    verification_token: str = field(default_factory=lambda: secrets.token_hex(12))
    scopes: Iterable[str] = ALL_SCOPES
    events: Iterable[str] = ALL_EVENTS
    slash_commands: Mapping[str, bool] | None = None
    has_canvases: bool = True
