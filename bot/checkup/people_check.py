"""Does Slack know the people, user groups and channels that the policy and the catalogue name? It asks, and changes
nothing."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from bot.checkup import named_people
from bot.checkup.finding import Finding, warn
from bot.checkup.named_people import Named
from bot.incident.policy import Policy

MOST_ASKED: Final = 100
"""Questions for Slack, one for each person, group and channel."""

Ask = Callable[[str, Mapping[str, str]], Awaitable[Mapping[str, Any]]]
"""(method, arguments) -> Slack's answer. Raises SlackApiError."""
FindChannel = Callable[[str], Awaitable[Mapping[str, Any] | None]]
"""An id or a name with its # -> the channel as Slack describes it; None: Muster sees no such channel."""


async def check_people(policy: Policy, ask: Ask, find_channel: FindChannel) -> list[Finding]:
    """What Slack cannot say is passed over. Raises SlackApiError where it refuses to answer at all."""
    found: list[Finding] = []
    for user in named_people.users(policy)[:MOST_ASKED]:
        found += await _user(user, ask)
    for group in named_people.groups(policy)[:MOST_ASKED]:
        found += await _group(group, ask)
    for channel in named_people.channels(policy)[:MOST_ASKED]:
        found += await _channel(channel, find_channel)
    return found


async def _user(named: Named, ask: Ask) -> list[Finding]:
    try:
        known = (await ask("users.info", {"user": named.id}))["user"]
    except SlackApiError as error:
        if error.response["error"] not in ("user_not_found", "user_not_visible"):
            raise
        return [_doubt(named, f"Slack knows nobody by the id {named.id}, {named.told}.")]
    if known.get("deleted"):
        return [_doubt(named, f"{named.id}, {named.told}, has left the workspace.")]
    if known.get("is_restricted") or known.get("is_ultra_restricted"):
        sentence = f"{named.id}, {named.told}, is a guest and cannot take a role."
        return [warn(named.part, sentence, "Name a full member.")]
    return []


async def _group(named: Named, ask: Ask) -> list[Finding]:
    try:
        await ask("usergroups.users.list", {"usergroup": named.id})
    except SlackApiError as error:
        if error.response["error"] == "missing_scope":
            return []  # told where scopes are
        return [_doubt(named, f"Slack shows no user group {named.id}, {named.told}: {error.response['error']}.")]
    return []


async def _channel(named: Named, find_channel: FindChannel) -> list[Finding]:
    wanted, service = named.id, named.told
    channel = await find_channel(wanted)
    if channel is None:
        return [_doubt(named, f"There is no channel {wanted}, which {service} names, that Muster can see.")]
    if channel.get("is_archived"):
        return [_doubt(named, f"{wanted}, a channel of {service}, is archived.")]
    if not channel.get("is_member"):
        advice = f"Type /invite and Muster's name in {wanted}, so that it can be told there."
        return [warn(named.part, f"Muster is not in {wanted}, a channel of {service}.", advice)]
    return []


def _doubt(named: Named, sentence: str) -> Finding:
    return warn(named.part, sentence, f"Correct it in {named.file}.")
