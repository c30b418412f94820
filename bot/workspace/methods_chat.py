"""Web API: chat.*, pins.*, reactions.* and bookmarks.*."""

from urllib.parse import urlsplit

from bot.workspace import message_acts
from bot.workspace.api_call import Call, Method
from bot.workspace.changes import Touched
from bot.workspace.message_fields import checked_fields
from bot.workspace.refusal import Json, Refusal
from bot.workspace.team import Channel

BOOKMARKS_A_CHANNEL = 100
TITLE_LENGTH = 256
LINK_LENGTH = 2048


def fields_of(call: Call) -> Json:
    return checked_fields(call.args, call.team)


def target(call: Call) -> Channel:
    """Where to post: a channel the app is in, or the DM with a user who is named by id."""
    wanted = call.text("channel")
    if wanted in call.team.accounts:
        return call.team.direct_channel(call.me.id, wanted)
    channel = call.team.seen_channel(call.me.id, wanted)
    if channel.is_archived:
        raise Refusal("is_archived")
    if call.me.id not in channel.members and "chat:write.public" not in call.site.install.scopes:
        raise Refusal("not_in_channel")
    return channel


def post_message(call: Call) -> Json:
    channel, fields = target(call), fields_of(call)
    if thread_ts := call.maybe("thread_ts"):
        if thread_ts not in channel.messages:
            raise Refusal("thread_not_found")
        fields["thread_ts"] = channel.messages[thread_ts].get("thread_ts", thread_ts)
        if call.flag("reply_broadcast"):
            fields["subtype"] = "thread_broadcast"
    message = message_acts.post(call.team, channel, call.me, fields)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def post_ephemeral(call: Call) -> Json:
    channel, fields = target(call), fields_of(call)
    user_id = call.text("user")
    if user_id not in channel.members:
        raise Refusal("user_not_in_channel")
    if thread_ts := call.maybe("thread_ts"):
        fields["thread_ts"] = thread_ts
    shown = call.site.ephemerals.show(user_id, channel.id, call.me, fields)
    return {"message_ts": shown["ts"]}


def update(call: Call) -> Json:
    """As in Slack: text without blocks takes the blocks away; an empty list takes away what it names."""
    channel, ts = writable(call), call.text("ts")
    given, old = call.args, channel.message(call.text("ts"))
    gone = {"blocks"} if given.get("text") else set()
    gone |= {name for name in ("blocks", "attachments") if name in given}
    cleared: Json = {name: None for name in gone if name in old}
    message = message_acts.edit(call.team, channel, call.me, ts, cleared | fields_of(call))
    return {"channel": channel.id, "ts": ts, "text": message["text"], "message": message}


def writable(call: Call) -> Channel:
    channel = call.channel()
    if channel.is_archived:
        raise Refusal("is_archived")
    return channel


def delete(call: Call) -> Json:
    channel = writable(call)
    message_acts.delete(call.team, channel, call.me, call.text("ts"))
    return {"channel": channel.id, "ts": call.text("ts")}


def permalink(call: Call) -> Json:
    channel = call.channel()
    message = channel.message(call.text("message_ts"))
    return {"channel": channel.id, "permalink": link_to(call, channel, message)}


def link_to(call: Call, channel: Channel, message: Json) -> str:
    link = f"https://{call.team.domain}.slack.com/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    parent = message.get("thread_ts", message["ts"])
    return link if parent == message["ts"] else f"{link}?thread_ts={parent}&cid={channel.id}"


def item(call: Call) -> tuple[Channel, str]:
    channel = call.joined_channel()
    if not call.maybe("timestamp"):
        raise Refusal("no_item_specified")
    return channel, call.text("timestamp")


def add_pin(call: Call) -> Json:
    channel, ts = item(call)
    message_acts.pin(call.team, channel, call.me, ts)
    return {}


def remove_pin(call: Call) -> Json:
    channel, ts = item(call)
    message_acts.unpin(call.team, channel, call.me, ts)
    return {}


def list_pins(call: Call) -> Json:
    channel = call.channel()
    items = [
        {"type": "message", "channel": channel.id, "message": channel.messages[ts], **about}
        for ts, about in reversed(channel.pins.items())
    ]
    return {"items": items}


def add_reaction(call: Call) -> Json:
    channel, ts = item(call)
    message_acts.react(call.team, channel, call.me, ts, call.text("name").strip(":"))
    return {}


def remove_reaction(call: Call) -> Json:
    channel, ts = item(call)
    message_acts.unreact(call.team, channel, call.me, ts, call.text("name").strip(":"))
    return {}


def get_reactions(call: Call) -> Json:
    channel = call.channel()
    if not call.maybe("timestamp"):
        raise Refusal("no_item_specified")
    message = channel.message(call.text("timestamp"))
    return {"type": "message", "channel": channel.id, "message": message}


def check_link(link: str) -> str:
    if len(link) > LINK_LENGTH or urlsplit(link).scheme not in {"http", "https"} or not urlsplit(link).netloc:
        raise Refusal("invalid_link")
    return link


def check_title(title: str) -> str:
    if not title or len(title) > TITLE_LENGTH:
        raise Refusal("invalid_arguments")
    return title


def add_bookmark(call: Call) -> Json:
    channel = call.joined_channel("channel_id")
    if call.text("type") != "link":
        raise Refusal("invalid_bookmark_type")
    title, link = check_title(call.text("title")), check_link(call.text("link"))
    if len(channel.bookmarks) >= BOOKMARKS_A_CHANNEL:
        raise Refusal("too_many_bookmarks")
    now = int(call.team.clock.now())
    bookmark: Json = {
        "id": call.team.next_id("Bk"),
        "channel_id": channel.id,
        "title": title,
        "link": link,
        "emoji": call.maybe("emoji"),
        "icon_url": "",
        "type": "link",
        "entity_id": None,
        "date_created": now,
        "date_updated": 0,
        "rank": "U",
        "last_updated_by_user_id": call.me.id,
        "last_updated_by_team_id": call.team.id,
        "shortcut_id": None,
        "app_id": None,
    }
    channel.bookmarks[bookmark["id"]] = bookmark
    call.team.touch(Touched(channel=channel.id, header=True))
    return {"bookmark": bookmark}


def bookmark_of(call: Call) -> tuple[Channel, Json]:
    channel = call.joined_channel("channel_id")
    found = channel.bookmarks.get(call.text("bookmark_id"))
    if found is None:
        raise Refusal("not_found")
    return channel, found


def edit_bookmark(call: Call) -> Json:
    channel, bookmark = bookmark_of(call)
    if "title" in call.args:
        bookmark["title"] = check_title(call.text("title"))
    if "link" in call.args:
        bookmark["link"] = check_link(call.text("link"))
    if "emoji" in call.args:
        bookmark["emoji"] = call.maybe("emoji")
    bookmark["date_updated"] = int(call.team.clock.now())
    call.team.touch(Touched(channel=channel.id, header=True))
    return {"bookmark": bookmark}


def remove_bookmark(call: Call) -> Json:
    channel, bookmark = bookmark_of(call)
    del channel.bookmarks[bookmark["id"]]
    call.team.touch(Touched(channel=channel.id, header=True))
    return {}


def list_bookmarks(call: Call) -> Json:
    return {"bookmarks": list(call.channel("channel_id").bookmarks.values())}


METHODS = {
    "chat.postMessage": Method(run=post_message, tier=5, scopes=("chat:write",)),
    "chat.postEphemeral": Method(run=post_ephemeral, tier=4, scopes=("chat:write",)),
    "chat.update": Method(run=update, tier=3, scopes=("chat:write",)),
    "chat.delete": Method(run=delete, tier=3, scopes=("chat:write",)),
    "chat.getPermalink": Method(run=permalink, tier=5),
    "pins.add": Method(run=add_pin, tier=2, scopes=("pins:write",)),
    "pins.remove": Method(run=remove_pin, tier=2, scopes=("pins:write",)),
    "pins.list": Method(run=list_pins, tier=2, scopes=("pins:read",)),
    "reactions.add": Method(run=add_reaction, tier=3, scopes=("reactions:write",)),
    "reactions.remove": Method(run=remove_reaction, tier=2, scopes=("reactions:write",)),
    "reactions.get": Method(run=get_reactions, tier=3, scopes=("reactions:read",)),
    "bookmarks.add": Method(run=add_bookmark, tier=2, scopes=("bookmarks:write",)),
    "bookmarks.edit": Method(run=edit_bookmark, tier=2, scopes=("bookmarks:write",)),
    "bookmarks.remove": Method(run=remove_bookmark, tier=2, scopes=("bookmarks:write",)),
    "bookmarks.list": Method(run=list_bookmarks, tier=3, scopes=("bookmarks:read",)),
}
