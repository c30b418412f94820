"""The functions that are invited to a review -> who that is: people of policy, and those of user groups, whom Slack is
asked for. Where it does not say, the group is kept, to be mentioned in the channel."""

import asyncio
from collections.abc import Iterable, Sequence

import structlog

from bot.incident.policy import FunctionRule
from bot.incident.review import InvitedFunction
from bot.incident.terms import GroupId, Standing, UserId
from bot.ports import Unavailable
from bot.slack.listening import Desk
from bot.slack_ports import Refused

_log = structlog.get_logger(__name__)


async def expanded(
    desk: Desk, names: Iterable[str], known: Iterable[InvitedFunction] = ()
) -> tuple[InvitedFunction, ...]:
    """Those that policy knows; `known`: who was asked for before, and stays as it was."""
    before = {each.name: each for each in known}
    rules = desk.door.policy.review.functions
    wanted = [name for name in dict.fromkeys(names) if name in before or name in rules]
    new = await asyncio.gather(*(_read(desk, name, rules[name]) for name in wanted if name not in before))
    read = before | {each.name: each for each in new}
    return tuple(read[name] for name in wanted)


async def _read(desk: Desk, name: str, rule: FunctionRule) -> InvitedFunction:
    groups = await asyncio.gather(*(_people_of(desk, group) for group in rule.groups))
    unread = tuple(group for group, people in zip(rule.groups, groups, strict=True) if people is None)
    users = dict.fromkeys([*rule.people, *(user for people in groups for user in people or ())])
    return InvitedFunction(name=name, people=await _members(desk, tuple(users)), unread=unread)


async def _people_of(desk: Desk, group: GroupId) -> Sequence[UserId] | None:
    """None: Slack does not say, be it for want of usergroups:read or because there is no such group any more."""
    try:
        answer = await desk.slack.call("usergroups.users.list", usergroup=group)
    except (Refused, Unavailable) as failure:
        _log.warning("user_group_not_read", group=group, reason=str(failure))
        return None
    return [UserId(str(user)) for user in answer.get("users") or ()]


async def _members(desk: Desk, users: Sequence[UserId]) -> tuple[UserId, ...]:
    """Guests and bots may be in a user group; to a review they are not invited."""
    people = await asyncio.gather(*(desk.person(user) for user in users))
    return tuple(person.id for person in people if person.standing is Standing.MEMBER)
