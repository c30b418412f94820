"""Whom and which channels policy.yaml and services.yaml name, and as what. Pure; people_check asks Slack for them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.checkup.catalogue_check import PART
from bot.incident.policy import Policy

POLICY_PART: Final = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A Slack id, or a channel's name with its #. `told`: as what it is named, in words; `file`: where."""

    id: str
    told: str
    part: str = PART
    file: str = "services.yaml"


def users(policy: Policy) -> Sequence[Named]:
    """Each person once, as what they are named first."""
    return _once([*_answering(policy), *_by_policy(policy)])


def groups(policy: Policy) -> Sequence[Named]:
    return _once([*_groups_answering(policy), *_groups_by_policy(policy)])


def channels(policy: Policy) -> Sequence[Named]:
    services = policy.catalogue.services.values()
    return _once([Named(id=channel, told=each.name) for each in services for channel in each.channels])


def _once(named: Sequence[Named]) -> Sequence[Named]:
    first: dict[str, Named] = {}
    for each in named:
        first.setdefault(each.id, each)
    return list(first.values())


def _answering(policy: Policy) -> Iterator[Named]:
    for service in policy.catalogue.services.values():
        for party in (service.owner, service.on_call):
            for user in party.people(policy.teams):
                yield Named(id=user, told=f"who answers for {service.name}")


def _groups_answering(policy: Policy) -> Iterator[Named]:
    for service in policy.catalogue.services.values():
        for group in (*service.owner.groups, *service.on_call.groups):
            yield Named(id=group, told=f"which answers for {service.name}")


def _by_policy(policy: Policy) -> Iterator[Named]:
    for severity, rule in policy.severities.items():
        yield from (_in_policy(user, f"whom each {severity} invites") for user in rule.invite)
    for service, invited in policy.services.items():
        yield from (_in_policy(user, f"whom incidents of {service} invite") for user in invited)
    yield from (_in_policy(user, "who leads reviews by turns") for user in policy.review.facilitators)
    for name, function in policy.review.functions.items():
        yield from (_in_policy(user, f"whom reviews invite as {name}") for user in function.people)
    yield from (_in_policy(user, "who is told of overdue reviews") for user in policy.review.sponsors)


def _groups_by_policy(policy: Policy) -> Iterator[Named]:
    for name, function in policy.review.functions.items():
        yield from (_in_policy(group, f"which reviews invite as {name}") for group in function.groups)


def _in_policy(found: str, told: str) -> Named:
    return Named(id=found, told=told, part=POLICY_PART, file="policy.yaml")
