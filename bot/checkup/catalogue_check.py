"""Does services.yaml hang together, and is it still true? Pure; what Slack knows is asked in people_check."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from bot.checkup.finding import Finding, ok, warn
from bot.incident.catalogue import Catalogue, Service
from bot.incident.policy import Policy
from bot.playbook.document import Playbook
from bot.playbook.problems import did_you_mean
from bot.playbook.yaml_lines import FieldPath, Located

PART: Final = "services"
MOST_FOUND: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelves:
    """What services.yaml may refer to, and where in it each field stands. `source`: the file, for messages."""

    policy: Policy
    playbooks: Sequence[Playbook]
    located: Located
    source: str
    today: date

    @property
    def catalogue(self) -> Catalogue:
        return self.policy.catalogue

    def doubt(self, path: FieldPath, sentence: str, advice: str) -> Finding:
        return warn(PART, f"{self.source}:{self.located.line_of(('services', *path))}: {sentence}", advice)


def check_catalogue(shelves: Shelves) -> list[Finding]:
    """What to look at, else that all is well."""
    found = [*_in_the_file(shelves), *_rings(shelves), *_unlisted(shelves)]
    if not found:
        return [ok(PART, f"{len(shelves.catalogue.services)} services hang together.")]
    rest = len(found) - MOST_FOUND
    more = [warn(PART, f"{rest} more.", "Correct these first.")] if rest > 0 else []
    return [*found[:MOST_FOUND], *more]


def _in_the_file(shelves: Shelves) -> Iterator[Finding]:
    for service in shelves.catalogue.services.values():
        yield from _owner(service, shelves)
        yield from _needs(service, shelves)
        yield from _runbooks(service, shelves)
        yield from _contacts(service, shelves)


def _owner(service: Service, shelves: Shelves) -> Iterator[Finding]:
    teams, team = shelves.policy.teams, service.owner.team
    if not service.owner:
        yield shelves.doubt((service.name,), f"{service.name} has no owner.", "Give it one: a team, or a Slack id.")
    elif team and team not in teams:
        sentence = f"{team}, the owner of {service.name}, is no team of policy.yaml{did_you_mean(team, teams)}."
        yield shelves.doubt((service.name, "owner"), sentence, "Add it to `teams` there, or name another owner.")


def _needs(service: Service, shelves: Shelves) -> Iterator[Finding]:
    for at, needed in enumerate(service.depends_on):
        if shelves.catalogue.find(needed) is None:
            meant = did_you_mean(needed, shelves.catalogue.services)
            sentence = f"{service.name} depends on {needed}, which is not in the catalogue{meant}."
            yield shelves.doubt((service.name, "depends_on", at), sentence, "Add it, or correct the name.")


def _runbooks(service: Service, shelves: Shelves) -> Iterator[Finding]:
    known = {playbook.id for playbook in shelves.playbooks}
    for at, runbook in enumerate(service.runbooks):
        if isinstance(runbook, str) and runbook not in known:
            sentence = f"{runbook}, a runbook of {service.name}, is no playbook here{did_you_mean(runbook, known)}."
            yield shelves.doubt((service.name, "runbooks", at), sentence, "Name a playbook by its id, or give a link.")


def _contacts(service: Service, shelves: Shelves) -> Iterator[Finding]:
    for at, contact in enumerate(service.contacts):
        age = shelves.today - contact.checked
        if age > shelves.policy.contacts_stale_after:
            sentence = f"{contact.who}, a contact of {service.name}, was last checked {age.days} days ago."
            advice = "Ask whether it is still right, then set `checked` to that day."
            yield shelves.doubt((service.name, "contacts", at), sentence, advice)


def _rings(shelves: Shelves) -> Iterator[Finding]:
    for ring in shelves.catalogue.cycles():
        way = " > ".join((*ring, ring[0]))
        advice = "Cut it where the dependency is the weakest: what needs itself cannot be started again in any order."
        yield shelves.doubt((ring[0], "depends_on"), f"These depend on each other in a ring: {way}.", advice)


def _unlisted(shelves: Shelves) -> Iterator[Finding]:
    """Once there is a catalogue, whatever names a service should name one of it."""
    if not shelves.catalogue.services:
        return
    advice = "Add it to services.yaml, as a service or an alias of one, or correct the name."
    for who, name in _namers(shelves):
        if name and shelves.catalogue.find(name) is None:
            yield warn(PART, f"{who} {name}, which services.yaml does not have.", advice)


def _namers(shelves: Shelves) -> Iterator[tuple[str, str]]:
    """What names a service, and which."""
    policy = shelves.policy
    yield from (("policy.yaml names the service", name) for name in policy.services)
    yield from ((f"The watchdog {each.name} is of", each.service) for each in policy.watchdogs)
    yield from ((f"The rule “{each.name}” about alerts is for", each.service) for each in policy.alerts.rules)
    for playbook in shelves.playbooks:
        yield from ((f"{playbook.source} is for the service", name) for name in playbook.match.services)
