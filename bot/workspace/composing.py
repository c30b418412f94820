"""What Slack's own client makes of text that a person types: escapes, mentions, channel links, addresses."""

import re
from collections.abc import Callable

from bot.workspace.refusal import Refusal
from bot.workspace.team import Team

MENTION = re.compile(r"(?<![\w@])@([\w.-]*\w)")
CHANNEL = re.compile(r"(?<![\w&#])#([\w-]+)")
URL = re.compile(r"https?://[^\s<>|]+")
BROADCASTS = {"here": "<!here>", "channel": "<!channel>", "everyone": "<!everyone>"}


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def composed(team: Team, user_id: str, text: str) -> str:
    """A message as it is sent: `@ada` becomes `<@U0ADA00001>`, `#general` `<#C…|general>`, an address
    `<https://…>`.
    """
    text = URL.sub(lambda found: f"<{found[0]}>", escape(text))
    text = MENTION.sub(lambda found: mention(team, found, "<@{0.id}>", BROADCASTS), text)
    return CHANNEL.sub(lambda found: channel_link(team, user_id, found), text)


def command_text(team: Team, user_id: str, text: str) -> str:
    """A slash command's text where escaping is on: mentions carry the name, `<@U0ADA00001|ada>`."""
    text = MENTION.sub(lambda found: mention(team, found, "<@{0.id}|{0.name}>", {}), escape(text))
    return CHANNEL.sub(lambda found: channel_link(team, user_id, found), text)


def mention(team: Team, found: re.Match[str], shape: str, broadcasts: dict[str, str]) -> str:
    if found[1] in broadcasts:
        return broadcasts[found[1]]
    return or_as_typed(found, lambda: shape.format(team.account_named(found[1])))


def channel_link(team: Team, user_id: str, found: re.Match[str]) -> str:
    def link() -> str:
        channel = team.channel_named(user_id, f"#{found[1]}")
        return found[0] if channel.is_im else f"<#{channel.id}|{channel.name}>"

    return or_as_typed(found, link)


def or_as_typed(found: re.Match[str], make: Callable[[], str]) -> str:
    try:
        return make()
    except Refusal:
        return found[0]
