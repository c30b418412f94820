"""The highest number that an incident channel of ours carries: what Slack remembers when the store does not."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import structlog

from bot.slack.channels import next_cursor
from bot.slack.outcome import SlackRefusal
from bot.slack.web_client import BotIdentity, WebClient

CHANNELS_A_PAGE: Final = 1000
MOST_PAGES: Final = 20

_NUMBERED: Final = re.compile(r"inc-([1-9]\d{0,8})(?:-|$)")
"""As incident.declaring.channel_name makes them, and with the suffix of a name that was taken."""

_log = structlog.get_logger(__name__)


async def highest_number(client: WebClient, identity: BotIdentity) -> int:
    """0 where there is none, and where the app may not look; archived channels count too. Raises Unavailable."""
    highest = 0
    cursor: str | None = None
    for _ in range(MOST_PAGES):
        try:
            answer = await client.call(
                "users.conversations",
                types="public_channel,private_channel",
                exclude_archived=False,
                limit=CHANNELS_A_PAGE,
                cursor=cursor,
            )
        except SlackRefusal as refusal:
            _log.warning("own_channels_unreadable", reason=refusal.reason)
            break
        ours = (each for each in answer.get("channels", ()) if each.get("creator") == identity.user)
        highest = max((highest, *(number for each in ours for number in _numbers(each))))
        cursor = next_cursor(answer)
        if not cursor:
            break
    return highest


def _numbers(channel: Mapping[str, Any]) -> Iterator[int]:
    """Of its name and those it had before."""
    for name in (channel.get("name"), *(channel.get("previous_names") or ())):
        if found := _NUMBERED.match(str(name)):
            yield int(found[1])
