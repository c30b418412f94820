"""What stands around the messages on the page: people, the lists of channels and direct messages, a channel's header,
and what is open before a person.
"""

from bot.workspace.cast import Account
from bot.workspace.refusal import Json
from bot.workspace.seeing import Question, channel_of
from bot.workspace.shown import shown_message
from bot.workspace.site import Site
from bot.workspace.team import Channel


def people(site: Site, _viewer: Account, _args: Json) -> list[Json]:
    return [about_person(site, account) for account in site.team.accounts.values()]


def about_person(site: Site, account: Account) -> Json:
    return {
        "id": account.id,
        "name": account.name,
        "real_name": account.real_name,
        "title": account.title,
        "tz": account.tz,
        "is_bot": account.is_bot,
        "is_app": account.id == site.install.bot_user_id,
        "is_guest": account.is_restricted or account.is_ultra_restricted,
        "is_outsider": account.is_stranger,
        "can_be": not (account.is_bot or account.is_stranger or account.deleted),
    }


def sidebar(site: Site, viewer: Account, _args: Json) -> Json:
    seen = [each for each in site.team.channels.values() if site.team.sees(viewer, each)]
    named = sorted((each for each in seen if not each.is_im), key=lambda each: each.name)
    return {
        "channels": [about_channel(site, viewer, each) for each in named],
        "directs": [about_direct(site, viewer, each) for each in seen if is_with_a_person(site, viewer, each)],
        "app": about_app_direct(site, viewer),
    }


def about_channel(site: Site, viewer: Account, channel: Channel) -> Json:
    is_member = viewer.id in channel.members
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_member": is_member,
        "unread": site.marks.unread(viewer.id, channel) if is_member else 0,
        "mentioned": is_member and site.marks.is_mentioned(viewer.id, channel),
    }


def other_of(viewer: Account, channel: Channel) -> str | None:
    """The other person of a DM; oneself in the one with oneself; None where it is no DM."""
    if not channel.is_im:
        return None
    return next((member for member in channel.members if member != viewer.id), viewer.id)


def is_with_a_person(site: Site, viewer: Account, channel: Channel) -> bool:
    return channel.is_im and other_of(viewer, channel) != site.install.bot_user_id


def about_direct(site: Site, viewer: Account, channel: Channel) -> Json:
    return {
        "id": channel.id,
        "user": other_of(viewer, channel),
        "unread": site.marks.unread(viewer.id, channel),
    }


def about_app_direct(site: Site, viewer: Account) -> Json:
    channel = site.team.direct_between(viewer.id, site.install.bot_user_id)
    return {
        "channel": channel.id if channel else None,
        "unread": site.marks.unread(viewer.id, channel) if channel else 0,
        "has_home": site.card.has_home,
    }


def header(site: Site, viewer: Account, args: Json) -> Json:
    channel = channel_of(site, viewer, args)
    pinned = [channel.messages[ts] for ts in reversed(channel.pins)]
    return {
        "id": channel.id,
        "name": channel.name,
        "is_private": channel.is_private,
        "is_archived": channel.is_archived,
        "is_im": channel.is_im,
        "with": other_of(viewer, channel),
        "is_member": viewer.id in channel.members,
        "topic": channel.topic["value"],
        "purpose": channel.purpose["value"],
        "members": list(channel.members),
        "pins": [shown_message(site, viewer, channel.id, each) for each in pinned],
        "bookmarks": [{name: each[name] for name in ("title", "link", "emoji")} for each in channel.bookmarks.values()],
    }


def front(site: Site, viewer: Account, _args: Json) -> Json:
    stack = site.views.stacks.get(viewer.id, [])
    return {
        "modal": site.views.visible(viewer.id),
        "home": site.views.homes.get(viewer.id),
        "depth": len(stack),
    }


QUESTIONS: dict[str, Question] = {"people": people, "sidebar": sidebar, "header": header, "front": front}
