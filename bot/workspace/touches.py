"""Which messages, headers and lists an event touches, so that a page asks anew only for these. It decides nothing about
who may know of them.
"""

from bot.workspace.changes import NOTHING_SHOWN, Touched
from bot.workspace.refusal import Json
from bot.workspace.team import Channel

OF_THE_HEADER = frozenset({"channel_topic", "channel_purpose"})
OF_THE_CHANNEL = frozenset(
    {
        "channel_archive",
        "channel_rename",
        "channel_unarchive",
        "group_archive",
        "group_rename",
        "group_unarchive",
    }
)
OF_PINS = frozenset({"pin_added", "pin_removed"})


def touched_by(channel: Channel | None, event: Json) -> Touched:
    match event["type"]:
        case "channel_created":
            return Touched(sidebar=True)
        case "user_change":
            return Touched(people=True, sidebar=True)
        case "message" if channel:
            return by_message(channel, event)
        case "reaction_added" | "reaction_removed" if channel:
            return Touched(channel=channel.id, messages=(event["item"]["ts"],))
        case kind if channel and kind in OF_PINS:
            return Touched(channel=channel.id, messages=(event["item"]["message"]["ts"],), header=True)
        case "member_joined_channel" | "member_left_channel" if channel:
            return Touched(channel=channel.id, header=True, sidebar=True, also=event["user"])
        case kind if channel and kind in OF_THE_CHANNEL:
            return Touched(channel=channel.id, header=True, sidebar=True)
        case _:
            return NOTHING_SHOWN


def by_message(channel: Channel, event: Json) -> Touched:
    match event.get("subtype", ""):
        case "message_changed":
            ts = event["message"]["ts"]
            return Touched(channel=channel.id, messages=(ts,), header=ts in channel.pins, sidebar=True)
        case "message_deleted":
            gone = (event["deleted_ts"], *parent_of(event["previous_message"]))
            return Touched(channel=channel.id, messages=gone, header=True, sidebar=True)
        case subtype:
            new = (event["ts"], *parent_of(event))
            return Touched(channel=channel.id, messages=new, header=subtype in OF_THE_HEADER, sidebar=True)


def parent_of(message: Json) -> tuple[str, ...]:
    """The first message of the thread this one is a reply in, which shows how many there are."""
    parent = str(message.get("thread_ts", message["ts"]))
    return (parent,) if parent != message["ts"] else ()
