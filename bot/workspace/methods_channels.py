"""Web API: conversations.* and users.conversations."""

from bot.workspace import channel_acts
from bot.workspace.api_call import Call, Method, page
from bot.workspace.cast import TEAM_ID
from bot.workspace.refusal import Json, Refusal
from bot.workspace.team import Channel

READ = ("channels:read", "groups:read", "im:read", "mpim:read")
MANAGE = ("channels:manage", "groups:write", "im:write", "mpim:write")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
TYPES = {"public_channel": "channel", "private_channel": "group", "im": "im", "mpim": "mpim"}


def shown(channel: Channel, user_id: str) -> Json:
    """A conversation object as this user gets it."""
    about: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.is_im,
        "is_mpim": False,
        "is_org_shared": False,
        "context_team_id": TEAM_ID,
    }
    if channel.is_im:
        other = next((member for member in channel.members if member != user_id), user_id)
        return about | {"user": other, "is_user_deleted": False, "priority": 0}
    return about | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_private": channel.is_private,
        "is_general": channel.name == "general",
        "is_shared": False,
        "is_ext_shared": False,
        "creator": channel.creator,
        "is_member": user_id in channel.members,
        "topic": channel.topic,
        "purpose": channel.purpose,
        "previous_names": [],
    }


def answer(call: Call, channel: Channel, **more: object) -> Json:
    return {"channel": shown(channel, call.me.id), **more}


def create(call: Call) -> Json:
    is_private = call.flag("is_private")
    call.need("groups:write" if is_private else "channels:manage")
    name = call.maybe("name")
    return answer(call, channel_acts.create(call.team, call.me, name, is_private))


def info(call: Call) -> Json:
    channel = call.channel(scope="read")
    found = answer(call, channel)
    if canvas := call.site.canvases.of(channel.id):
        found["channel"]["properties"] = {"canvas": {"file_id": canvas.id, "is_empty": not canvas.text}}
    if call.flag("include_num_members"):
        found["channel"]["num_members"] = len(channel.members)
    return found


def join(call: Call) -> Json:
    channel = call.channel()
    if channel_acts.join(call.team, call.me, channel):
        return answer(call, channel)
    return answer(call, channel, warning="already_in_channel", response_metadata={"warnings": ["already_in_channel"]})


def invite(call: Call) -> Json:
    channel = call.joined_channel()
    call.need_to_manage(channel)
    if channel.is_im:
        raise Refusal("method_not_supported_for_channel_type")
    user_ids = [user_id for user_id in call.text("users").replace(" ", "").split(",") if user_id]
    channel_acts.invite(call.team, call.me, channel, user_ids, call.flag("force"))
    return answer(call, channel)


def kick(call: Call) -> Json:
    channel = call.joined_channel()
    call.need_to_manage(channel)
    channel_acts.kick(call.team, call.me, channel, call.team.account(call.text("user")))
    return {"errors": {}}


def leave(call: Call) -> Json:
    channel = call.channel()
    call.need_to_manage(channel)
    return {} if channel_acts.leave(call.team, call.me, channel) else {"not_in_channel": True}


def members(call: Call) -> Json:
    channel = call.channel(scope="read")
    part, more = page(call, [{"id": member} for member in channel.members])
    return {"members": [each["id"] for each in part], "response_metadata": more}


def listed(call: Call, user_id: str) -> list[Json]:
    types = [TYPES.get(name.strip(), "") for name in (call.maybe("types") or "public_channel").split(",")]
    if "" in types:
        raise Refusal("invalid_types")
    me = call.me.id
    return [
        shown(channel, me)
        for channel in call.team.channels.values()
        if channel.type in types
        and not (call.flag("exclude_archived") and channel.is_archived)
        and (me in channel.members or not (channel.is_private or channel.is_im))
        and (not user_id or user_id in channel.members)
    ]


def list_all(call: Call) -> Json:
    part, more = page(call, listed(call, ""))
    return {"channels": part, "response_metadata": more}


def list_of_user(call: Call) -> Json:
    user_id = call.maybe("user") or call.me.id
    call.team.account(user_id)
    part, more = page(call, listed(call, user_id))
    return {"channels": part, "response_metadata": more}


def set_topic(call: Call) -> Json:
    channel = call.joined_channel()
    call.need_to_manage(channel)
    channel_acts.set_topic(call.team, call.me, channel, call.maybe("topic"))
    return answer(call, channel)


def set_purpose(call: Call) -> Json:
    channel = call.joined_channel()
    call.need_to_manage(channel)
    channel_acts.set_purpose(call.team, call.me, channel, call.maybe("purpose"))
    return answer(call, channel)


def archive(call: Call) -> Json:
    channel = call.channel()
    call.need_to_manage(channel)
    if call.me.id not in channel.members:
        raise Refusal("not_in_channel")
    channel_acts.archive(call.team, call.me, channel)
    return {}


def unarchive(call: Call) -> Json:
    channel = call.channel()
    call.need_to_manage(channel)
    channel_acts.unarchive(call.team, call.me, channel)
    return {}


def rename(call: Call) -> Json:
    channel = call.joined_channel()
    call.need_to_manage(channel)
    channel_acts.rename(call.team, call.me, channel, call.maybe("name"))
    return answer(call, channel)


def open_direct(call: Call) -> Json:
    """One user only: group DMs are not built here, and asking for one says so."""
    call.need("im:write")
    user_ids = call.text("users").split(",")
    if len(user_ids) != 1:
        raise Refusal("method_not_supported_for_channel_type")
    user = call.team.account(user_ids[0])
    if user.is_bot:
        raise Refusal("cannot_dm_bot")
    channel = call.team.direct_channel(call.me.id, user.id)
    about = shown(channel, call.me.id) if call.flag("return_im") else {"id": channel.id}
    return {"channel": about}


def history(call: Call) -> Json:
    channel = readable(call)
    order = channel.between(channel.top, call.maybe("oldest"), latest_of(call), call.flag("inclusive"))
    part, more = page(call, [{"ts": ts} for ts in reversed(order)], most=999)
    messages = [as_read(call, channel.messages[each["ts"]]) for each in part]
    return {
        "messages": messages,
        "has_more": bool(more["next_cursor"]),
        "pin_count": len(channel.pins),
        "response_metadata": more,
    }


def replies(call: Call) -> Json:
    channel = readable(call)
    ts = call.text("ts")
    if ts not in channel.messages:
        raise Refusal("thread_not_found")
    parent = channel.messages[ts].get("thread_ts", ts)
    wanted = channel.between(
        channel.replies.get(parent, []), call.maybe("oldest"), latest_of(call), call.flag("inclusive")
    )
    part, more = page(call, [{"ts": each} for each in [parent, *wanted]], usual=1000)
    messages = [as_read(call, channel.messages[each["ts"]]) for each in part]
    return {"messages": messages, "has_more": bool(more["next_cursor"]), "response_metadata": more}


def readable(call: Call) -> Channel:
    channel = call.channel(scope="history")
    if call.me.id not in channel.members:
        raise Refusal("not_in_channel")
    return channel


def latest_of(call: Call) -> str:
    latest = call.maybe("latest")
    return "" if latest == "now" else latest


def as_read(call: Call, message: Json) -> Json:
    """Metadata is only shown on request."""
    hidden = {"metadata"} if not call.flag("include_all_metadata") else set()
    return {name: value for name, value in message.items() if name not in hidden}


METHODS = {
    "conversations.create": Method(run=create, tier=2, scopes=MANAGE),
    "conversations.info": Method(run=info, tier=3, scopes=READ),
    "conversations.join": Method(run=join, tier=3, scopes=("channels:join",)),
    "conversations.invite": Method(run=invite, tier=3, scopes=MANAGE),
    "conversations.kick": Method(run=kick, tier=3, scopes=MANAGE),
    "conversations.leave": Method(run=leave, tier=3, scopes=MANAGE),
    "conversations.members": Method(run=members, tier=4, scopes=READ),
    "conversations.list": Method(run=list_all, tier=2, scopes=READ),
    "users.conversations": Method(run=list_of_user, tier=3, scopes=READ),
    "conversations.setTopic": Method(run=set_topic, tier=2, scopes=MANAGE),
    "conversations.setPurpose": Method(run=set_purpose, tier=2, scopes=MANAGE),
    "conversations.archive": Method(run=archive, tier=2, scopes=MANAGE),
    "conversations.unarchive": Method(run=unarchive, tier=2, scopes=MANAGE),
    "conversations.rename": Method(run=rename, tier=2, scopes=MANAGE),
    "conversations.open": Method(run=open_direct, tier=3, scopes=MANAGE),
    "conversations.history": Method(run=history, tier=3, scopes=HISTORY),
    "conversations.replies": Method(run=replies, tier=3, scopes=HISTORY),
}
