"""Posting, editing, deleting, reacting and pinning, by whoever, with the events that Slack sends for each."""

from typing import Any

from bot.workspace.cast import Account
from bot.workspace.emoji import is_known
from bot.workspace.refusal import Json, Refusal
from bot.workspace.team import Channel, Team

TEXT_LIMIT = 40_000
REACTIONS_A_MESSAGE = 23
PINS_A_CHANNEL = 100


def stored(team: Team, author: Account, fields: Json) -> Json:
    """The message as Slack keeps it, with its author; `fields` win."""
    message: Json = {"type": "message", "user": author.id, "ts": team.next_ts(), "team": author.team_id}
    if author.bot_id:
        profile = {
            "id": author.bot_id,
            "app_id": author.app_id,
            "name": author.name,
            "team_id": author.team_id,
        }
        message |= {"bot_id": author.bot_id, "app_id": author.app_id, "bot_profile": profile}
    return message | fields


def post(team: Team, channel: Channel, author: Account, fields: Json) -> Json:
    """Keep a new message (`fields`: text, blocks, thread_ts, metadata, subtype …) and tell the app."""
    message = stored(team, author, fields)
    parent_ts = fields.get("thread_ts")
    if parent_ts and parent_ts != message["ts"]:
        add_reply(channel, channel.message(parent_ts), message)
    if not parent_ts or fields.get("subtype") == "thread_broadcast":
        channel.top.append(message["ts"])
    channel.messages[message["ts"]] = message
    event = without_reactions(message) | {"channel": channel.id, "channel_type": channel.type}
    team.publish(channel.id, event | {"event_ts": message["ts"]})
    return message


def add_reply(channel: Channel, parent: Json, reply: Json) -> None:
    if parent.get("thread_ts", parent["ts"]) != parent["ts"]:
        raise Refusal("cannot_reply_to_message")
    replies = channel.replies.setdefault(parent["ts"], [])
    replies.append(reply["ts"])
    reply["parent_user_id"] = parent["user"]
    users = parent.setdefault("reply_users", [])
    if reply["user"] not in users:
        users.append(reply["user"])
    parent |= {
        "thread_ts": parent["ts"],
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": reply["ts"],
    }


def without_reactions(message: Json) -> Json:
    return {key: value for key, value in message.items() if key not in {"reactions", "pinned_to"}}


def edit(team: Team, channel: Channel, by: Account, ts: str, changes: Json) -> Json:
    """`changes` with a value of None take the field away. Only the author may; system messages are
    nobody's.
    """
    message = channel.message(ts)
    if message["user"] != by.id or message.get("subtype", "thread_broadcast") != "thread_broadcast":
        raise Refusal("cant_update_message")
    before = dict(message)
    message |= changes
    for key in [key for key, value in changes.items() if value is None]:
        del message[key]
    now = team.next_ts()
    if "blocks" not in message and before.get("text") != message.get("text"):  # Slack marks no edited blocks
        message["edited"] = {"user": by.id, "ts": f"{now.split('.')[0]}.000000"}
    event = changed(channel, "message_changed", now) | {
        "message": without_reactions(message),
        "previous_message": without_reactions(before),
    }
    team.publish(channel.id, event)
    return message


def changed(channel: Channel, subtype: str, ts: str) -> Json:
    return {
        "type": "message",
        "subtype": subtype,
        "channel": channel.id,
        "channel_type": channel.type,
        "hidden": True,
        "ts": ts,
        "event_ts": ts,
    }


def delete(team: Team, channel: Channel, by: Account, ts: str) -> None:
    """A parent with replies leaves a tombstone, and the app is told of a change and not of a deletion, as in Slack."""
    message = channel.message(ts)
    if message["user"] != by.id and not (by.is_admin and not by.is_bot):
        raise Refusal("cant_delete_message")
    before = {"previous_message": without_reactions(message)}
    if channel.replies.get(ts):
        bury(message)
        event = changed(channel, "message_changed", team.next_ts()) | {"message": without_reactions(message)}
    else:
        remove(channel, message)
        event = changed(channel, "message_deleted", team.next_ts()) | {"deleted_ts": ts}
    team.publish(channel.id, event | before)


def bury(message: Json) -> None:
    for key in ("blocks", "attachments", "files", "metadata", "reactions", "edited"):
        message.pop(key, None)
    message |= {
        "subtype": "tombstone",
        "text": "This message was deleted.",
        "user": "USLACKBOT",
        "hidden": True,
    }


def remove(channel: Channel, message: Json) -> None:
    ts = message["ts"]
    del channel.messages[ts]
    channel.pins.pop(ts, None)
    if ts in channel.top:
        channel.top.remove(ts)
    if parent := channel.messages.get(message.get("thread_ts", "")):
        replies = channel.replies[parent["ts"]]
        replies.remove(ts)
        parent["reply_count"] = len(replies)


def react(team: Team, channel: Channel, by: Account, ts: str, name: str) -> None:
    message = channel.message(ts)
    if not is_known(name):
        raise Refusal("invalid_name")
    reactions: list[Json] = message.setdefault("reactions", [])
    reaction = next((each for each in reactions if each["name"] == name), None)
    if reaction is None:
        if len(reactions) >= REACTIONS_A_MESSAGE:
            raise Refusal("too_many_emoji")
        reactions.append(reaction := {"name": name, "users": [], "count": 0})
    if by.id in reaction["users"]:
        raise Refusal("already_reacted")
    reaction["users"].append(by.id)
    reaction["count"] += 1
    event = reaction_event(team, channel, by, message, name)
    team.publish(channel.id, {"type": "reaction_added", **event})


def unreact(team: Team, channel: Channel, by: Account, ts: str, name: str) -> None:
    message = channel.message(ts)
    if not is_known(name):
        raise Refusal("invalid_name")
    reactions: list[Json] = message.get("reactions", [])
    reaction = next((each for each in reactions if each["name"] == name and by.id in each["users"]), None)
    if reaction is None:
        raise Refusal("no_reaction")
    reaction["users"].remove(by.id)
    reaction["count"] -= 1
    if not reaction["users"]:
        reactions.remove(reaction)
    if not reactions:
        del message["reactions"]
    event = reaction_event(team, channel, by, message, name)
    team.publish(channel.id, {"type": "reaction_removed", **event})


def reaction_event(team: Team, channel: Channel, by: Account, message: Json, name: str) -> Json:
    return {
        "user": by.id,
        "reaction": name,
        "item": {"type": "message", "channel": channel.id, "ts": message["ts"]},
        "item_user": message["user"],
        "event_ts": team.next_ts(),
    }


def pin(team: Team, channel: Channel, by: Account, ts: str) -> None:
    message = channel.message(ts)
    if ts in channel.pins:
        raise Refusal("already_pinned")
    if len(channel.pins) >= PINS_A_CHANNEL:
        raise Refusal("too_many_pins")
    channel.pins[ts] = {"created": int(team.clock.now()), "created_by": by.id}
    message["pinned_to"] = [channel.id]
    team.publish(channel.id, pin_event(team, "pin_added", channel, by, message))


def unpin(team: Team, channel: Channel, by: Account, ts: str) -> None:
    message = channel.message(ts)
    if ts not in channel.pins:
        raise Refusal("no_pin")
    del channel.pins[ts]
    del message["pinned_to"]
    team.publish(channel.id, pin_event(team, "pin_removed", channel, by, message))


def pin_event(team: Team, kind: str, channel: Channel, by: Account, message: Json) -> Json:
    item: dict[str, Any] = {"type": "message", "channel": channel.id, "message": without_reactions(message)}
    return {"type": kind, "user": by.id, "channel_id": channel.id, "item": item, "event_ts": team.next_ts()}
