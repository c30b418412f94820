"""Which other incidents stand near one, and why: on the same service, on what it needs, on what needs it; or just open.

Pure. Only public and real incidents are told or counted, whoever reads it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.incident.catalogue import Catalogue, spoken
from bot.incident.listing import Listing
from bot.incident.state import Incident
from bot.incident.terms import IncidentId

FURTHEST: Final = 3
"""Steps on the map of services; what is further away is related to everything."""
SAME_WITHIN: Final = timedelta(days=7)
"""How long ago an incident on the same service is news to whoever works on a new one."""
RELATED_WITHIN: Final = timedelta(days=1)
"""The same, of a related service; and of what is open and has nothing to do with it: what is older is known by now."""
MOST_LOOKED_AT: Final = 100
"""Of the numbers before it, and of the open ones; so what is asked does not grow with the years."""
MOST_TOLD: Final = 5


class Relation(StrEnum):
    SAME = "the same service"
    NEEDED = "needed by it"
    NEEDING = "needs it"
    NONE = "open, too"


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Another incident with why it is told: `service` is its own, `steps` away on the map."""

    listing: Listing
    relation: Relation
    service: str = ""
    steps: int = 0


def nearby(incident: Incident, others: Iterable[Listing], catalogue: Catalogue, at: datetime) -> tuple[Neighbour, ...]:
    """All that are near, open ones first, then the nearest, then the newest."""
    near = _reached(incident.service, catalogue)
    told = {each.incident: each for each in others if _may_be_told(each, incident.id)}
    found = (_neighbour(each, near, catalogue) for each in told.values())
    return tuple(sorted((each for each in found if _counts(each, at)), key=_order))


def _may_be_told(listing: Listing, besides: IncidentId) -> bool:
    return not listing.private and not listing.drill and listing.incident != besides


def _neighbour(listing: Listing, near: Mapping[str, tuple[Relation, int]], catalogue: Catalogue) -> Neighbour:
    known = catalogue.find(listing.service)
    service = known.name if known else listing.service
    relation, steps = near.get(spoken(service), (Relation.NONE, 0)) if service else (Relation.NONE, 0)
    return Neighbour(listing=listing, relation=relation, service=service, steps=steps)


def _counts(each: Neighbour, at: datetime) -> bool:
    age = at - each.listing.declared_at
    if each.listing.active:
        return each.relation is not Relation.NONE or age < RELATED_WITHIN
    within = {Relation.SAME: SAME_WITHIN, Relation.NONE: timedelta()}.get(each.relation, RELATED_WITHIN)
    return age < within


def _order(each: Neighbour) -> tuple[bool, int, int, int]:
    return (not each.listing.active, list(Relation).index(each.relation), each.steps, -each.listing.incident)


def _reached(service: str, catalogue: Catalogue) -> dict[str, tuple[Relation, int]]:
    """By the form in which names are compared; in a ring the nearer relation holds."""
    known = catalogue.find(service)
    found = {} if known is None else dict(_map(known.name, catalogue))
    return {**found, spoken(known.name if known else service): (Relation.SAME, 0)} if service else {}


def _map(service: str, catalogue: Catalogue) -> Iterator[tuple[str, tuple[Relation, int]]]:
    """What it needs last, since causes are worth more than effects where something is both."""
    for relation, reached in (
        (Relation.NEEDING, catalogue.needed_by(service)),
        (Relation.NEEDED, catalogue.needs(service)),
    ):
        for each in reached:
            if each.steps <= FURTHEST:
                yield spoken(each.name), (relation, each.steps)
