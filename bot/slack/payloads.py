"""What Slack sends, as far as the listeners read it. Everything else in a payload is ignored.

A signed payload proves only that Slack passed it on: ids and values in it may be stale or meant for something else.
"""

from typing import Annotated, Any

from pydantic import AliasPath, BaseModel, ConfigDict, Field

from bot.incident.terms import ChannelId, FileId, MessageTs, UserId


class Payload(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", populate_by_name=True)


class SlashCommand(Payload):
    command: str
    text: str = ""
    user_id: UserId
    channel_id: ChannelId
    trigger_id: str
    response_url: str = ""


class Action(Payload):
    """`value` where the element is a button; `selected_option` where it is a menu."""

    action_id: str
    block_id: str = ""
    value: str = ""
    chosen: Annotated[str, Field(validation_alias=AliasPath("selected_option", "value"))] = ""


class Press(Payload):
    """block_actions: buttons of messages, of modals and of the Home tab, and fields of modals that are told at once."""

    user: Annotated[UserId, Field(validation_alias=AliasPath("user", "id"))]
    actions: tuple[Action, ...]
    metadata: Annotated[str, Field(validation_alias=AliasPath("view", "private_metadata"))] = ""


class Submission(Payload):
    """view_submission. `values`: block_id -> action_id -> the input's state."""

    user: Annotated[UserId, Field(validation_alias=AliasPath("user", "id"))]
    view: Annotated[str, Field(validation_alias=AliasPath("view", "id"))]
    callback_id: Annotated[str, Field(validation_alias=AliasPath("view", "callback_id"))]
    metadata: Annotated[str, Field(validation_alias=AliasPath("view", "private_metadata"))] = ""
    values: Annotated[
        dict[str, dict[str, dict[str, Any]]], Field(validation_alias=AliasPath("view", "state", "values"))
    ] = {}


class Attachment(Payload):
    id: FileId | None = None
    name: str = "file"
    permalink: str = ""


class SlackMessage(Payload):
    """A message as shortcuts and events carry it; `text` in Slack's own form."""

    ts: MessageTs
    user: UserId | None = None
    bot_id: str = ""
    text: str = ""
    files: tuple[Attachment, ...] = ()
    edited_ts: Annotated[str, Field(validation_alias=AliasPath("edited", "ts"))] = ""
    thread_ts: str = ""
    subtype: str = ""


class Shortcut(Payload):
    """A global shortcut, or a message shortcut, which comes with the message and its channel."""

    user: Annotated[UserId, Field(validation_alias=AliasPath("user", "id"))]
    callback_id: str
    trigger_id: str
    response_url: str = ""
    channel: Annotated[ChannelId | None, Field(validation_alias=AliasPath("channel", "id"))] = None
    message: SlackMessage | None = None


class Reaction(Payload):
    """reaction_added and reaction_removed."""

    event_id: str
    user: Annotated[UserId, Field(validation_alias=AliasPath("event", "user"))]
    emoji: Annotated[str, Field(validation_alias=AliasPath("event", "reaction"))]
    channel: Annotated[ChannelId | None, Field(validation_alias=AliasPath("event", "item", "channel"))] = None
    ts: Annotated[MessageTs | None, Field(validation_alias=AliasPath("event", "item", "ts"))] = None
    author: Annotated[UserId | None, Field(validation_alias=AliasPath("event", "item_user"))] = None
    flagged_ts: Annotated[str, Field(validation_alias=AliasPath("event", "event_ts"))]


class ChangedMessage(Payload):
    """A message event; for `message_changed` with the message before and after, for `message_deleted` its ts."""

    event_id: str
    channel: Annotated[ChannelId, Field(validation_alias=AliasPath("event", "channel"))]
    subtype: Annotated[str, Field(validation_alias=AliasPath("event", "subtype"))] = ""
    event_ts: Annotated[str, Field(validation_alias=AliasPath("event", "event_ts"))] = ""
    deleted_ts: Annotated[MessageTs | None, Field(validation_alias=AliasPath("event", "deleted_ts"))] = None
    after: Annotated[SlackMessage | None, Field(validation_alias=AliasPath("event", "message"))] = None
    before: Annotated[SlackMessage | None, Field(validation_alias=AliasPath("event", "previous_message"))] = None


class Membership(Payload):
    """member_joined_channel and member_left_channel."""

    event_id: str
    user: Annotated[UserId, Field(validation_alias=AliasPath("event", "user"))]
    channel: Annotated[ChannelId, Field(validation_alias=AliasPath("event", "channel"))]


class HomeOpened(Payload):
    user: Annotated[UserId, Field(validation_alias=AliasPath("event", "user"))]
    tab: Annotated[str, Field(validation_alias=AliasPath("event", "tab"))] = ""


class UserChanged(Payload):
    """`said`: the user object as users.info would answer it."""

    user: Annotated[UserId, Field(validation_alias=AliasPath("event", "user", "id"))]
    said: Annotated[dict[str, Any], Field(validation_alias=AliasPath("event", "user"))]
