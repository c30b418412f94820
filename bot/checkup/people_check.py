"""Does Slack know the people, user groups and channels that services.yaml names? It asks, and changes nothing."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Final

from slack_sdk.errors import SlackApiError

from bot.checkup.catalogue_check import PART
from bot.checkup.finding import Finding, warn
from bot.incident.catalogue import Catalogue, Party, Service
from bot.incident.policy import Policy
from bot.incident.terms import UserId

MOST_ASKED: Final = 100
"""Questions for Slack, one for each person, group and channel."""

Ask = Callable[[str, Mapping[str, str]], Awaitable[Mapping[str, Any]]]
"""(method, arguments) -> Slack's answer. Raises SlackApiError."""
FindChannel = Callable[[str], Awaitable[Mapping[str, Any] | None]]
"""An id or a name with its # -> the channel as Slack describes it; None: Muster sees no such channel."""

_CORRECT: Final = "Correct it in services.yaml."


async def check_people(policy: Policy, ask: Ask, find_channel: FindChannel) -> list[Finding]:
    """What Slack cannot say is passed over. Raises SlackApiError where it refuses to answer at all."""
    catalogue, found = policy.catalogue, []
    for user, service in list(_users(catalogue, policy).items())[:MOST_ASKED]:
        found += await _user(user, service, ask)
    for group, service in list(_groups(catalogue).items())[:MOST_ASKED]:
        found += await _group(group, service, ask)
    for channel, service in list(_channels(catalogue).items())[:MOST_ASKED]:
        found += await _channel(channel, service, find_channel)
    return found


def _parties(catalogue: Catalogue) -> Iterator[tuple[Service, Party]]:
    for service in catalogue.services.values():
        yield service, service.owner
        yield service, service.on_call


def _users(catalogue: Catalogue, policy: Policy) -> dict[UserId, str]:
    """Each with the service that names them first."""
    named: dict[UserId, str] = {}
    for service, party in _parties(catalogue):
        for user in party.people(policy.teams):
            named.setdefault(user, service.name)
    return named


def _groups(catalogue: Catalogue) -> dict[str, str]:
    named: dict[str, str] = {}
    for service, party in _parties(catalogue):
        for group in party.groups:
            named.setdefault(group, service.name)
    return named


def _channels(catalogue: Catalogue) -> dict[str, str]:
    named: dict[str, str] = {}
    for service in catalogue.services.values():
        for channel in service.channels:
            named.setdefault(channel, service.name)
    return named


async def _user(user: UserId, service: str, ask: Ask) -> list[Finding]:
    try:
        known = (await ask("users.info", {"user": user}))["user"]
    except SlackApiError as error:
        if error.response["error"] not in ("user_not_found", "user_not_visible"):
            raise
        return [warn(PART, f"Slack knows nobody by the id {user}, who answers for {service}.", _CORRECT)]
    if known.get("deleted"):
        return [warn(PART, f"{user}, who answers for {service}, has left the workspace.", _CORRECT)]
    if known.get("is_restricted") or known.get("is_ultra_restricted"):
        sentence = f"{user}, who answers for {service}, is a guest and cannot take a role."
        return [warn(PART, sentence, "Name a full member.")]
    return []


async def _group(group: str, service: str, ask: Ask) -> list[Finding]:
    try:
        await ask("usergroups.users.list", {"usergroup": group})
    except SlackApiError as error:
        if error.response["error"] == "missing_scope":
            return []  # told where scopes are
        sentence = f"Slack shows no user group {group}, which answers for {service}: {error.response['error']}."
        return [warn(PART, sentence, _CORRECT)]
    return []


async def _channel(wanted: str, service: str, find_channel: FindChannel) -> list[Finding]:
    channel = await find_channel(wanted)
    if channel is None:
        return [warn(PART, f"There is no channel {wanted}, which {service} names, that Muster can see.", _CORRECT)]
    if channel.get("is_archived"):
        return [warn(PART, f"{wanted}, a channel of {service}, is archived.", _CORRECT)]
    if not channel.get("is_member"):
        advice = f"Type /invite and Muster's name in {wanted}, so that it can be told there."
        return [warn(PART, f"Muster is not in {wanted}, a channel of {service}.", advice)]
    return []
