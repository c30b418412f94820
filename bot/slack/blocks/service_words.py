"""How a service of the catalogue is spoken of: its tier, who answers for it, what its tier suggests."""

from collections.abc import Iterable

from bot.incident.catalogue import Link, Party, Service
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import ChannelId, Severity
from bot.slack.mrkdwn import NOTHING, Mrkdwn, channel, escape, fill, group, join, line, link, one_line, user


def tier(service: Service) -> Mrkdwn:
    return fill("tier {n}", n=escape(str(service.tier))) if service.tier else NOTHING


def party(who: Party) -> Mrkdwn:
    """shop, @ada, @oncall; empty where nobody answers."""
    named = [line(who.team, 75), *(user(each) for each in who.users), *(group(each) for each in who.groups)]
    return join(", ", *named, line(who.words, 300))


def called(services: Iterable[Service | None], policy: Policy) -> Mrkdwn:
    """Whoever answers for these, each once, so that it rings; where nobody can be rung, their teams by name."""
    parties = [party for service in services if service for party in (service.owner, service.on_call)]
    rung = [mark for who in parties for mark in (*map(user, who.people(policy.teams)), *map(group, who.groups))]
    return join(", ", *dict.fromkeys(rung or (line(who.team, 75) for who in parties)))


def affected(incident: Incident, policy: Policy) -> Mrkdwn:
    """What is affected, as a card says it: checkout (tier 1, owner shop, on call @ada). Nothing where nobody said."""
    service = policy.catalogue.find(incident.service)
    name = line(incident.service, 75) if incident.service.strip() else NOTHING
    if service is None or not name:
        return name
    about = join(", ", tier(service), _answering(service, incident))
    return fill("{name} ({about})", name=name, about=about) if about else name


def _answering(service: Service, incident: Incident) -> Mrkdwn:
    """In a drill nobody is mentioned, for nobody is called to it."""
    owner, on_call = (_unmentioned(who) if incident.drill else who for who in (service.owner, service.on_call))
    owned = fill("owner {who}", who=party(owner)) if owner else NOTHING
    return join(", ", owned, fill("on call {who}", who=party(on_call)) if on_call and on_call != owner else NOTHING)


def _unmentioned(who: Party) -> Party:
    return Party(team=who.team, words=who.words)


def suggestion(service: str, policy: Policy) -> Mrkdwn:
    """Checkout is tier 1: the rubric suggests SEV1. Nothing where it suggests none."""
    known = policy.catalogue.find(service)
    severity = suggested(service, policy)
    if known is None or severity is None:
        return NOTHING
    return fill(
        "{name} is {tier}: the rubric suggests {severity}.",
        name=line(known.name, 75),
        tier=tier(known),
        severity=escape(severity),
    )


def suggested(service: str, policy: Policy) -> Severity | None:
    known = policy.catalogue.find(service)
    return policy.suggested_for(known.tier) if known and known.tier else None


def hint(incident: Incident, policy: Policy) -> Mrkdwn:
    """The suggestion, where it is graver than what was chosen: a graver choice needs no comment."""
    severity = suggested(incident.service, policy)
    return suggestion(incident.service, policy) if severity and severity < incident.severity else NOTHING


def place(name: str) -> Mrkdwn:
    """A channel by its id, else its name as words."""
    return line(name, 90) if name.startswith("#") else channel(ChannelId(name))


def address(each: Link) -> Mrkdwn:
    return link(each.url, escape(one_line(each.title or each.url, 75)))
