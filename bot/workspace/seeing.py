"""What one person sees of the workspace, as JSON: messages with names, what pings, what can be pressed."""

from collections.abc import Callable
from typing import Any

from bot.workspace.cast import Account
from bot.workspace.field_values import interactive
from bot.workspace.refusal import Json, Refusal
from bot.workspace.rendering import links, pings, render_text
from bot.workspace.site import Site
from bot.workspace.team import Channel

Question = Callable[[Site, Account, Json], Any]


def directory(site: Site) -> dict[str, str]:
    names = {account.id: account.name for account in site.team.accounts.values()}
    return names | {channel.id: channel.name for channel in site.team.channels.values()}


def name_of(site: Site, user_id: str) -> str:
    account = site.team.accounts.get(user_id)
    return account.name if account else user_id


def button_labels(blocks: list[Json]) -> list[str]:
    return [element["text"]["text"] for _, element in interactive(blocks) if element["type"] == "button"]


def seen_message(site: Site, viewer: Account, channel_id: str, message: Json) -> Json:
    channel = site.team.channels[channel_id]
    return {
        "ts": message["ts"],
        "channel": channel.name,
        "user": name_of(site, message["user"]),
        "text": message.get("text", ""),
        "rendered": render_text(message, directory(site), viewer.tz, site.clock.now()),
        "thread_ts": message.get("thread_ts"),
        "subtype": message.get("subtype", ""),
        "edited": "edited" in message,
        "deleted": message.get("subtype") == "tombstone",
        "ephemeral": bool(message.get("is_ephemeral")),
        "reactions": {
            each["name"]: [name_of(site, user) for user in each["users"]] for each in message.get("reactions", ())
        },
        "blocks": message.get("blocks", []),
        "buttons": button_labels(message.get("blocks", [])),
        "reply_count": message.get("reply_count", 0),
        "pings": sorted(name_of(site, who) for who in pings(message)),
        "links": links(message),
        "metadata": message.get("metadata"),
        "files": message.get("files", []),
        "pinned": message["ts"] in channel.pins,
        "raw": message,
    }


def seen_view(site: Site, viewer: Account, view: Json | None) -> Json | None:
    if view is None:
        return None
    return {
        "id": view["id"],
        "type": view["type"],
        "callback_id": view["callback_id"],
        "title": (view["title"] or {}).get("text", ""),
        "rendered": render_text({"blocks": view["blocks"]}, directory(site), viewer.tz, site.clock.now()),
        "blocks": view["blocks"],
        "buttons": button_labels(view["blocks"]),
        "fields": [block["label"]["text"] for block in view["blocks"] if block["type"] == "input"],
        "private_metadata": view["private_metadata"],
        "raw": view,
    }


def seen_channel(site: Site, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "topic": channel.topic["value"],
        "purpose": channel.purpose["value"],
        "members": [name_of(site, member) for member in channel.members],
    }


def channel_of(site: Site, viewer: Account, args: Json) -> Channel:
    channel = site.team.channel_named(viewer.id, str(args.get("channel", "")))
    if not site.team.sees(viewer, channel):
        raise Refusal("channel_not_found")
    return channel


def messages(site: Site, viewer: Account, args: Json) -> list[Json]:
    channel = channel_of(site, viewer, args)
    return [seen_message(site, viewer, channel.id, channel.messages[ts]) for ts in channel.top]


def thread(site: Site, viewer: Account, args: Json) -> list[Json]:
    channel, ts = channel_of(site, viewer, args), str(args["ts"])
    order = [channel.message(ts)["ts"], *channel.replies.get(ts, ())]
    return [seen_message(site, viewer, channel.id, channel.messages[each]) for each in order]


def ephemerals(site: Site, viewer: Account, args: Json) -> list[Json]:
    """`after`: only those that are newer than this ts."""
    after = str(args.get("after") or "")
    channel_id = channel_of(site, viewer, args).id if args.get("channel") else None
    shown = site.ephemerals.of(viewer.id, channel_id)
    return [seen_message(site, viewer, each["channel"], each) for each in shown if each["ts"] > after]


def modal(site: Site, viewer: Account, _args: Json) -> Json | None:
    return seen_view(site, viewer, site.views.visible(viewer.id))


def home(site: Site, viewer: Account, _args: Json) -> Json | None:
    return seen_view(site, viewer, site.views.homes.get(viewer.id))


def pins(site: Site, viewer: Account, args: Json) -> list[Json]:
    channel = channel_of(site, viewer, args)
    return [seen_message(site, viewer, channel.id, channel.messages[ts]) for ts in channel.pins]


def bookmarks(site: Site, viewer: Account, args: Json) -> list[Json]:
    return list(channel_of(site, viewer, args).bookmarks.values())


def canvas(site: Site, viewer: Account, args: Json) -> Json | None:
    """The canvas of a channel; who sees the channel sees it."""
    found = site.canvases.of(channel_of(site, viewer, args).id)
    if found is None:
        return None
    return {"id": found.id, "title": found.title, "text": found.text, "writer": name_of(site, found.writer)}


def channel(site: Site, viewer: Account, args: Json) -> Json:
    return seen_channel(site, channel_of(site, viewer, args))


def channels(site: Site, viewer: Account, _args: Json) -> list[Json]:
    """Those this person can find: public ones unless they are a guest, and those they are in; no DMs."""
    return [
        seen_channel(site, each)
        for each in site.team.channels.values()
        if not each.is_im and site.team.sees(viewer, each)
    ]


QUESTIONS: dict[str, Question] = {
    "messages": messages,
    "thread": thread,
    "ephemerals": ephemerals,
    "modal": modal,
    "home": home,
    "pins": pins,
    "bookmarks": bookmarks,
    "canvas": canvas,
    "channel": channel,
    "channels": channels,
}
