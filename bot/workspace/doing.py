"""Everything a person can do in the workspace, by name: the verbs of the control API. Values are plain
JSON.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from bot.workspace import channel_acts, interactions, message_acts, submissions
from bot.workspace.cast import Account
from bot.workspace.choices import action_value, find_spot
from bot.workspace.composing import composed
from bot.workspace.refusal import Json, Refusal
from bot.workspace.seeing import channel_of, seen_message, seen_view
from bot.workspace.site import Site
from bot.workspace.team import Channel

Verb = Callable[[Site, Account, Json], Awaitable[Json]]


def place(site: Site, user: Account, args: Json) -> Channel:
    return site.team.channel_named(user.id, str(args.get("channel") or ""))


def joined(site: Site, user: Account, args: Json) -> Channel:
    return site.team.joined_channel(user.id, place(site, user, args).id)


async def say(site: Site, user: Account, args: Json) -> Json:
    channel = joined(site, user, args)
    fields: Json = {"text": composed(site.team, user.id, str(args.get("text", "")))}
    fields["client_msg_id"] = site.team.next_id("M")
    if args.get("thread_ts"):
        fields["thread_ts"] = channel.message(args["thread_ts"]).get("thread_ts", args["thread_ts"])
    if args.get("files"):
        fields |= {"files": [uploaded(site, user, name) for name in args["files"]], "subtype": "file_share"}
    return {"ts": message_acts.post(site.team, channel, user, fields)["ts"]}


def uploaded(site: Site, user: Account, name: str) -> Json:
    file_id = site.team.next_id("F")
    link = f"https://{site.team.domain}.slack.com/files/{user.id}/{file_id}/{name}"
    about = {
        "id": file_id,
        "name": name,
        "title": name,
        "mimetype": "application/octet-stream",
        "user": user.id,
    }
    return about | {"permalink": link, "url_private": link, "created": int(site.clock.now())}


async def edit(site: Site, user: Account, args: Json) -> Json:
    text = composed(site.team, user.id, str(args["text"]))
    message_acts.edit(site.team, joined(site, user, args), user, args["ts"], {"text": text})
    return {}


async def delete(site: Site, user: Account, args: Json) -> Json:
    message_acts.delete(site.team, joined(site, user, args), user, args["ts"])
    return {}


async def react(site: Site, user: Account, args: Json) -> Json:
    message_acts.react(site.team, joined(site, user, args), user, args["ts"], str(args["emoji"]).strip(":"))
    return {}


async def unreact(site: Site, user: Account, args: Json) -> Json:
    message_acts.unreact(site.team, joined(site, user, args), user, args["ts"], str(args["emoji"]).strip(":"))
    return {}


async def slash(site: Site, user: Account, args: Json) -> Json:
    channel = place(site, user, args)
    found = await interactions.slash(site, user, args["command"], str(args.get("text", "")), channel)
    if "message" in found:
        found["message"] = seen_message(site, user, channel.id, found["message"])
    return found


async def click(site: Site, user: Account, args: Json) -> Json:
    return await use(site, user, args, str(args["button"]), None)


async def select(site: Site, user: Account, args: Json) -> Json:
    return await use(site, user, args, str(args["field"]), args.get("value"))


async def use(site: Site, user: Account, args: Json, name: str, value: Any) -> Json:
    channel_id = place(site, user, args).id if args.get("channel") else None
    spot = find_spot(
        site,
        user.id,
        name,
        channel_id=channel_id,
        ts=args.get("ts"),
        where=args.get("where"),
        block_id=args.get("block"),
    )
    is_button = spot.element["type"] in {"button", "workflow_button", "icon_button", "feedback_buttons"}
    chosen = {} if is_button else action_value(site.team, user.id, spot.element, value)
    return await interactions.act(site, user, spot, chosen)


async def shortcut(site: Site, user: Account, args: Json) -> Json:
    return await interactions.shortcut(site, user, args["callback_id"])


async def message_shortcut(site: Site, user: Account, args: Json) -> Json:
    channel = place(site, user, args)
    return await interactions.message_shortcut(site, user, args["callback_id"], channel, args["ts"])


async def submit(site: Site, user: Account, args: Json) -> Json:
    found = await submissions.submit(site, user, args.get("values") or {})
    return found | {"view": seen_view(site, user, site.views.visible(user.id))}


async def close_modal(site: Site, user: Account, _args: Json) -> Json:
    return await submissions.close(site, user)


async def open_home(site: Site, user: Account, _args: Json) -> Json:
    return await interactions.open_home(site, user)


async def create_channel(site: Site, user: Account, args: Json) -> Json:
    return {"id": channel_acts.create(site.team, user, args["name"], bool(args.get("private"))).id}


async def join(site: Site, user: Account, args: Json) -> Json:
    channel_acts.join(site.team, user, place(site, user, args))
    return {}


async def leave(site: Site, user: Account, args: Json) -> Json:
    channel_acts.leave(site.team, user, place(site, user, args))
    return {}


async def invite(site: Site, user: Account, args: Json) -> Json:
    channel = joined(site, user, args)
    for name in args["names"]:
        invited = site.team.account_named(name)
        if error := channel_acts.why_not_invited(site.team, user, channel, invited.id):
            raise Refusal(error)
        channel_acts.add_member(site.team, channel, invited, user.id)
    return {}


async def archive(site: Site, user: Account, args: Json) -> Json:
    channel_acts.archive(site.team, user, joined(site, user, args))
    return {}


async def unarchive(site: Site, user: Account, args: Json) -> Json:
    channel_acts.unarchive(site.team, user, place(site, user, args))
    return {}


async def rename(site: Site, user: Account, args: Json) -> Json:
    channel_acts.rename(site.team, user, joined(site, user, args), args["name"])
    return {}


async def pin(site: Site, user: Account, args: Json) -> Json:
    message_acts.pin(site.team, joined(site, user, args), user, args["ts"])
    return {}


async def unpin(site: Site, user: Account, args: Json) -> Json:
    message_acts.unpin(site.team, joined(site, user, args), user, args["ts"])
    return {}


async def mark(site: Site, user: Account, args: Json) -> Json:
    """Read up to this message. Somebody who only looks in keeps no mark."""
    channel = channel_of(site, user, args)
    if user.id in channel.members:
        site.marks.move(user.id, channel, str(args["ts"]))
    return {}


async def dismiss(site: Site, user: Account, args: Json) -> Json:
    """Take an ephemeral message away."""
    channel, ts = channel_of(site, user, args), str(args["ts"])
    if site.ephemerals.find(user.id, ts)["channel"] != channel.id:
        raise Refusal("message_not_found")
    site.ephemerals.remove(user.id, ts)
    return {}


VERBS: dict[str, Verb] = {
    "say": say,
    "edit": edit,
    "delete": delete,
    "react": react,
    "unreact": unreact,
    "slash": slash,
    "click": click,
    "select": select,
    "shortcut": shortcut,
    "message_shortcut": message_shortcut,
    "submit": submit,
    "close_modal": close_modal,
    "open_home": open_home,
    "create_channel": create_channel,
    "join": join,
    "leave": leave,
    "invite": invite,
    "archive": archive,
    "unarchive": unarchive,
    "rename": rename,
    "pin": pin,
    "unpin": unpin,
    "mark": mark,
    "dismiss": dismiss,
}
