"""The organisation's services as data: who answers for each, how much hangs on it, what it needs and what needs it.

Values only; they are read from playbooks/services.yaml by bot/playbook/services_file.py.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Final

from bot.incident.terms import GroupId, UserId

GRAVEST: Final = 1
LEAST: Final = 4
"""Tiers: 1 is what the organisation cannot do without."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Whoever answers for something: people, Slack user groups, a team of the policy, or words. Any may be empty."""

    users: tuple[UserId, ...] = ()
    groups: tuple[GroupId, ...] = ()
    team: str = ""
    words: str = ""

    def people(self, teams: Mapping[str, Sequence[UserId]]) -> tuple[UserId, ...]:
        """Those who are named one by one, and those of the team."""
        return tuple(dict.fromkeys((*self.users, *teams.get(self.team, ()))))

    def __bool__(self) -> bool:
        return bool(self.users or self.groups or self.team or self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`title` may be empty: then the address stands for itself."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slo:
    """`objective` in per cent of what `of` says, within `window`."""

    of: str
    objective: float
    window: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody to turn to outside of on-call, and the day on which somebody last saw that it is still right."""

    who: str
    how: str
    checked: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """`aliases`: what else it is called, by alerts and playbooks. `tier` None: nobody has said how much hangs on it.

    `channels`: ids, or names with their #; the first is where it is told of. `runbooks`: ids of playbooks, or links.
    """

    name: str
    aliases: tuple[str, ...] = ()
    about: str = ""
    owner: Party = Party()
    on_call: Party = Party()
    tier: int | None = None
    depends_on: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    dashboards: tuple[Link, ...] = ()
    runbooks: tuple[str | Link, ...] = ()
    slos: tuple[Slo, ...] = ()
    contacts: tuple[Contact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A service that another reaches over the map: in so many steps, the last of them from `by`."""

    name: str
    steps: int
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All services by name, in the order of their tiers. Made by `drawn_up` alone, which draws the map of it.

    `dependents`: by service, those that depend on it directly; also of names that no service has. `names`: by the form
    in which they are compared.
    """

    services: Mapping[str, Service] = field(default_factory=dict)
    dependents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)

    def find(self, name: str) -> Service | None:
        """By name or alias, however written: case, hyphens and spaces do not count."""
        known = self.names.get(spoken(name))
        return None if known is None else self.services[known]

    def nearest(self, name: str, most: int = 3) -> tuple[str, ...]:
        """Names that may have been meant."""
        wanted = spoken(name)[:100]
        begun = [each for each in self.names if wanted and any(word.startswith(wanted) for word in each.split())]
        near = (*begun, *get_close_matches(wanted, self.names, n=most, cutoff=0.5))
        return tuple(dict.fromkeys(self.names[each] for each in near))[:most]

    def needs(self, name: str) -> tuple[Reached, ...]:
        """All that it depends on, over any number of steps, the nearest first. What breaks may come from there."""
        return _reach(name, lambda each: _needs(self, each))

    def needed_by(self, name: str) -> tuple[Reached, ...]:
        """All that depends on it, over any number of steps, the nearest first: where its failure will be felt."""
        return _reach(name, lambda each: self.dependents.get(each, ()))

    def cycles(self) -> tuple[tuple[str, ...], ...]:
        """Services that depend on themselves over others; each ring once, from its first name in the alphabet."""
        rings: dict[tuple[str, ...], None] = {}
        for name in self.services:
            if ring := _ring(self, name):
                rings[ring] = None
        return tuple(rings)


def drawn_up(services: Iterable[Service]) -> Catalogue:
    """Dependencies get the spelling of the service that they mean; no two services may share a name."""
    listed = sorted(services, key=lambda each: (each.tier or LEAST + 1, each.name))
    named = {spoken(name): each.name for each in listed for name in (each.name, *each.aliases)}
    known = {each.name: _respelt(each, named) for each in listed}
    dependents: dict[str, list[str]] = {}
    for each in known.values():
        for needed in each.depends_on:
            dependents.setdefault(needed, []).append(each.name)
    return Catalogue(services=known, dependents={name: tuple(those) for name, those in dependents.items()}, names=named)


def spoken(name: str) -> str:
    """A name as it is compared."""
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())


def _respelt(service: Service, named: Mapping[str, str]) -> Service:
    meant = dict.fromkeys(named.get(spoken(each), each) for each in service.depends_on)
    return replace(service, depends_on=tuple(meant))


def _reach(name: str, neighbours: Callable[[str], Sequence[str]]) -> tuple[Reached, ...]:
    """Breadth first, each once and never the service itself, so a ring is no trap."""
    found: dict[str, Reached] = {}
    waiting = deque([(name, 0)])
    while waiting:
        at, steps = waiting.popleft()
        for each in neighbours(at):
            if each != name and each not in found:
                found[each] = Reached(name=each, steps=steps + 1, by=at)
                waiting.append((each, steps + 1))
    return tuple(found.values())


def _ring(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    """The shortest way from a service back to itself; empty where there is none."""
    if name in catalogue.services[name].depends_on:
        return (name,)
    reached = {each.name: each for each in catalogue.needs(name)}
    back = [each for each in reached.values() if name in _needs(catalogue, each.name)]
    if not back:
        return ()
    way = [min(back, key=lambda each: each.steps).name]
    while (by := reached[way[-1]].by) != name:
        way.append(by)
    ring = (name, *reversed(way))
    first = ring.index(min(ring))
    return (*ring[first:], *ring[:first])


def _needs(catalogue: Catalogue, name: str) -> tuple[str, ...]:
    known = catalogue.services.get(name)
    return known.depends_on if known else ()
