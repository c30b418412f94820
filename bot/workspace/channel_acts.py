"""What can be done to a channel and who is in it, by whoever: rules and events are the same for people
and apps.
"""

import re

from bot.workspace.cast import Account
from bot.workspace.changes import Touched
from bot.workspace.message_acts import post
from bot.workspace.refusal import Refusal
from bot.workspace.team import Channel, Team

NAME_LENGTH = 80
TEXT_LENGTH = 250
INVITES_A_CALL = 100
RESERVED_NAMES = frozenset({"here", "channel", "everyone", "group", "me", "archive", "archived"})


def check_name(name: str) -> str:
    """Slack's rules: lower case letters of any script, digits, - and _; at most 80; not punctuation alone."""
    if not name:
        raise Refusal("invalid_name_required")
    if len(name) > NAME_LENGTH:
        raise Refusal("invalid_name_maxlength")
    if not re.fullmatch(r"[\w-]+", name) or name != name.lower():
        raise Refusal("invalid_name_specials")
    if not re.search(r"[^\W_]", name):
        raise Refusal("invalid_name_punctuation")
    if name in RESERVED_NAMES:
        raise Refusal("name_taken")
    return name


def create(team: Team, by: Account, name: str, is_private: bool) -> Channel:
    if by.is_restricted or by.is_ultra_restricted or by.is_stranger:
        raise Refusal("restricted_action")
    created = int(team.clock.now())
    channel = Channel(
        id=team.next_id("C"), name=check_name(name), creator=by.id, created=created, is_private=is_private
    )
    team.add_channel(channel)
    channel.members[by.id] = None
    team.touch(Touched(channel=channel.id, sidebar=True))
    if not is_private:
        about = {"id": channel.id, "name": name, "created": created, "creator": by.id}
        team.publish(None, {"type": "channel_created", "channel": about})
    return channel


def add_member(team: Team, channel: Channel, user: Account, inviter: str | None) -> None:
    channel.members[user.id] = None
    event = {
        "type": "member_joined_channel",
        "user": user.id,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": user.team_id,
    }
    team.publish(channel.id, event | ({"inviter": inviter} if inviter else {}))
    text = f"<@{user.id}> has joined the channel"
    post(
        team,
        channel,
        user,
        {"text": text, "subtype": "channel_join"} | ({"inviter": inviter} if inviter else {}),
    )


def join(team: Team, by: Account, channel: Channel) -> bool:
    """False if they were in it already."""
    if channel.is_im or channel.is_private:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refusal("is_archived")
    if by.is_restricted or by.is_stranger:
        raise Refusal("restricted_action")
    if by.id in channel.members:
        return False
    add_member(team, channel, by, None)
    return True


def why_not_invited(team: Team, by: Account, channel: Channel, user_id: str) -> str | None:
    """Slack's error code for one person of an invitation, or None."""
    user = team.accounts.get(user_id)
    if user is None or user.deleted:
        return "user_not_found"
    if user_id == by.id:
        return "cant_invite_self"
    if user_id in channel.members:
        return "already_in_channel"
    if user.is_stranger:
        return "cant_invite"
    return "ura_max_channels" if user.is_ultra_restricted else None


def invite(team: Team, by: Account, channel: Channel, user_ids: list[str], force: bool) -> None:
    """All or nobody, unless `force`: then whoever can be invited is, and the others are named in the
    refusal.
    """
    if not user_ids:
        raise Refusal("no_user")
    if len(user_ids) > INVITES_A_CALL:
        raise Refusal("too_many_users")
    refused = {user_id: why_not_invited(team, by, channel, user_id) for user_id in user_ids}
    errors = [{"user": user_id, "ok": False, "error": error} for user_id, error in refused.items() if error]
    if errors and not force:
        raise Refusal(str(errors[0]["error"]), errors=errors)
    invited = [user_id for user_id, error in refused.items() if not error]
    for user_id in invited:
        add_member(team, channel, team.account(user_id), by.id)
    if errors and not invited:
        raise Refusal(str(errors[0]["error"]), errors=errors)


def remove_member(team: Team, channel: Channel, user: Account) -> None:
    del channel.members[user.id]
    kind = "group_left" if channel.is_private else "channel_left"
    event = {
        "type": "member_left_channel",
        "user": user.id,
        "channel": channel.id,
        "channel_type": "G" if channel.is_private else "C",
        "team": user.team_id,
    }
    if user.bot_id:
        team.publish(None, {"type": kind, "channel": channel.id})
    team.publish(channel.id, event)


def leave(team: Team, by: Account, channel: Channel) -> bool:
    """False if they were not in it."""
    if channel.is_im:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refusal("is_archived")
    if channel.name == "general":
        raise Refusal("cant_leave_general")
    if by.id not in channel.members:
        return False
    remove_member(team, channel, by)
    return True


def kick(team: Team, by: Account, channel: Channel, user: Account) -> None:
    if user.id == by.id:
        raise Refusal("cant_kick_self")
    if channel.name == "general":
        raise Refusal("cant_kick_from_general")
    if user.id not in channel.members:
        raise Refusal("not_in_channel")
    remove_member(team, channel, user)


def set_topic(team: Team, by: Account, channel: Channel, text: str) -> None:
    if len(text) > TEXT_LENGTH:
        raise Refusal("too_long")
    if text == channel.topic["value"]:
        return
    channel.topic = {"value": text, "creator": by.id, "last_set": int(team.clock.now())}
    said = f"set the channel topic: {text}"
    post(team, channel, by, {"text": said, "subtype": "channel_topic", "topic": text})


def set_purpose(team: Team, by: Account, channel: Channel, text: str) -> None:
    if len(text) > TEXT_LENGTH:
        raise Refusal("too_long")
    channel.purpose = {"value": text, "creator": by.id, "last_set": int(team.clock.now())}
    said = f"set the channel description: {text}"
    post(team, channel, by, {"text": said, "subtype": "channel_purpose", "purpose": text})


def archive(team: Team, by: Account, channel: Channel) -> None:
    if channel.is_im:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise Refusal("already_archived")
    if channel.name == "general":
        raise Refusal("cant_archive_general")
    channel.is_archived = True
    kind = "group_archive" if channel.is_private else "channel_archive"
    team.publish(channel.id, {"type": kind, "channel": channel.id, "user": by.id})


def unarchive(team: Team, by: Account, channel: Channel) -> None:
    if not channel.is_archived:
        raise Refusal("not_archived")
    channel.is_archived = False
    kind = "group_unarchive" if channel.is_private else "channel_unarchive"
    team.publish(channel.id, {"type": kind, "channel": channel.id, "user": by.id})


def rename(team: Team, by: Account, channel: Channel, name: str) -> None:
    if channel.is_im:
        raise Refusal("method_not_supported_for_channel_type")
    if channel.name == "general" or not (by.is_admin or channel.creator == by.id):
        raise Refusal("not_authorized")
    team.rename_channel(channel, check_name(name))
    kind = "group_rename" if channel.is_private else "channel_rename"
    about = {"id": channel.id, "name": name, "created": channel.created}
    team.publish(channel.id, {"type": kind, "channel": about})
