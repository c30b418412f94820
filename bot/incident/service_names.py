"""Services as people name them: which is meant, and where those who care for it are. Pure."""

from collections.abc import Iterable
from typing import Final

from bot.incident.catalogue import spoken
from bot.incident.policy import Policy
from bot.incident.terms import Rejected

LONGEST: Final = 100
"""Of a name that no file has."""


def known_service(name: str, policy: Policy) -> str:
    """As the catalogue spells it. Where services are known, one that is not is a slip: raises Rejected."""
    service = policy.catalogue.find(name)
    if service is not None:
        return service.name
    if may_be_named(name, policy):
        return " ".join(name.split())
    near = ", ".join(policy.catalogue.nearest(name))
    hint = f" Did you mean {near}?" if near else ""
    raise Rejected(f"“{name[:75]}” is no service that I know.{hint}", verb="service", field="services")


def spelt(names: Iterable[str], policy: Policy) -> tuple[str, ...]:
    """As the catalogue spells them, each once; one that it does not know stays as it is."""
    found = ((policy.catalogue.find(each), each) for each in names)
    return tuple(dict.fromkeys(service.name if service else name for service, name in found))


def places(services: Iterable[str], policy: Policy) -> tuple[str, ...]:
    """Where their stakeholders are: the first channel of each, each once; '' is where incidents are announced."""
    known = (policy.catalogue.find(each) for each in services)
    return tuple(dict.fromkeys(each.channels[0] if each and each.channels else "" for each in known))


def is_known(name: str, policy: Policy) -> bool:
    """Whether the catalogue or the policy names it; where neither names any, no name is known."""
    return policy.catalogue.find(name) is not None or spoken(name) in {spoken(each) for each in policy.services}


def may_be_named(name: str, policy: Policy) -> bool:
    """Whether `known_service` takes it."""
    return 0 < len(name.strip()) <= LONGEST and (not policy.offered_services or is_known(name, policy))
