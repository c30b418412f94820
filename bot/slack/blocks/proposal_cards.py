"""Proposals as people read them: the card that asks whether alerts are an incident, its reminder, and the list."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from bot.incident.alert import LinkKind
from bot.incident.alert_counts import counted
from bot.incident.catalogue import Party, Service
from bot.incident.listing import Listing
from bot.incident.policy import Policy
from bot.incident.proposal import MOST_MEMBERS, MOST_OTHERS, Proposal, ProposalState
from bot.incident.proposing import expires_at
from bot.incident.terms import MUSTER, reference
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases, service_words
from bot.slack.blocks.elements import Element
from bot.slack.blocks.freeze_cards import freeze_button
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, channel, code, escape, fill, join, line, lines, link, user

MOST_NEARBY: Final = 3
MOST_LISTED: Final = 10
_NAMES: Final = 200


def proposal_card(proposal: Proposal, policy: Policy, nearby: Sequence[Listing], at: datetime) -> Message:
    """While it waits, what is known and three buttons; then what became of it. `nearby`: open incidents, the likeliest
    first."""
    title = line(proposal.title, 150)
    if not proposal.is_open:
        return _answered(proposal, at)
    text = fill("Is this an incident? {severity} · {title}", severity=escape(proposal.severity), title=title)
    shown = lines(
        bold(line(proposal.title)),
        _standing(proposal, at),
        _service_line(proposal, policy),
        _firing_line(proposal),
        *(fill("Suggested   {what}", what=line(each, 300)) for each in proposal.suggestions[:3]),
        _nearby_line(nearby),
        join(" · ", *_links(proposal)),
    )
    return elements.message(
        text, elements.section(shown), elements.actions(*buttons(proposal)), _footer(proposal, policy, at)
    )


def buttons(proposal: Proposal, *, suffix: str = "") -> list[Element]:
    """`suffix`: where one message has several proposals."""
    value = pack(0, proposal.key)
    return [
        elements.button("Declare incident", action_ids.DECLARE_PROPOSAL, value, suffix=suffix, style="primary"),
        elements.button("Attach to incident", action_ids.ATTACH_PROPOSAL, value, suffix=suffix),
        *([_freeze(names, value, suffix)] if (names := proposal.to_freeze) else []),
        elements.button("Ignore", action_ids.IGNORE_PROPOSAL, value, suffix=suffix),
    ]


def _freeze(names: Sequence[str], value: str, suffix: str) -> Element:
    return freeze_button(names, value, action=action_ids.FREEZE_PROPOSAL, suffix=suffix)


def _standing(proposal: Proposal, at: datetime) -> Mrkdwn:
    """P7 · SEV2 because severity is error · since 14:02"""
    severity, why = escape(proposal.severity), line(proposal.severity_why, 150)
    since = fill("since {then}", then=phrases.moment(proposal.began_at, at))
    return join(" · ", escape(proposal.reference), fill("{severity} because {why}", severity=severity, why=why), since)


def _service_line(proposal: Proposal, policy: Policy) -> Mrkdwn:
    """Checkout (tier 1, owner shop, on call @ben). People are named by edits alone, for these ring nobody."""
    if not proposal.service:
        return NOTHING
    name, service = line(proposal.service, 75), policy.catalogue.find(proposal.service)
    about = _about(service, is_shown=proposal.card is not None) if service else NOTHING
    return fill("Service   {name} ({about})", name=name, about=about) if about else fill("Service   {name}", name=name)


def _about(service: Service, *, is_shown: bool) -> Mrkdwn:
    parties = {"owner": service.owner, "on call": service.on_call}
    seen = {role: who if is_shown else Party(team=who.team, words=who.words) for role, who in parties.items()}
    told = [fill("{role} {who}", role=escape(role), who=service_words.party(who)) for role, who in seen.items() if who]
    return join(", ", service_words.tier(service), *told)


def mentions(proposal: Proposal, policy: Policy) -> bool:
    """Whether its card names people, which it does not when it is posted."""
    service = policy.catalogue.find(proposal.service)
    return service is not None and any(each.users or each.groups for each in (service.owner, service.on_call))


def _firing_line(proposal: Proposal) -> Mrkdwn:
    names = line(counted(each.alert.name for each in proposal.firing), _NAMES)
    if proposal.others:
        names = fill("{names} and {n} others", names=names, n=_number(len(proposal.others)))
    flaps = fill("{n} flapping", n=_number(proposal.flapping)) if proposal.flapping else NOTHING
    return fill("Alerts   {told}", told=join(" · ", counts(proposal), names, flaps, _returned(proposal)))


def _returned(proposal: Proposal) -> Mrkdwn:
    if not proposal.returns:
        return NOTHING
    often = Mrkdwn("once") if proposal.returns == 1 else fill("{n} times", n=_number(proposal.returns))
    return fill("recovered and fired again {often}", often=often)


def counts(proposal: Proposal) -> Mrkdwn:
    """12 firing, 3 resolved"""
    if proposal.overflowed:
        return fill("more than {n} firing", n=_number(MOST_MEMBERS + MOST_OTHERS))
    resolved = proposal.count - proposal.firing_count
    told = fill("{n} resolved", n=_number(resolved)) if resolved > 0 else NOTHING
    return join(", ", fill("{n} firing", n=_number(proposal.firing_count)), told)


def _number(count: int) -> Mrkdwn:
    return escape(f"{count:,}")


def _nearby_line(nearby: Sequence[Listing]) -> Mrkdwn:
    if not nearby:
        return NOTHING
    rest = len(nearby) - MOST_NEARBY
    more = fill("{n} more", n=_number(rest)) if rest > 0 else NOTHING
    return fill("Open now   {told}", told=join(" · ", *(_near(each) for each in nearby[:MOST_NEARBY]), more))


def _near(listing: Listing) -> Mrkdwn:
    place = fill(" in {room}", room=channel(listing.channel)) if listing.channel else NOTHING
    parts = {"ref": escape(listing.reference), "severity": escape(listing.severity), "title": line(listing.title, 75)}
    return fill("{ref} {severity} {title}{place}", place=place, **parts)


def _links(proposal: Proposal) -> Iterator[Mrkdwn]:
    """Under our own words, for what a source calls a link leads wherever it likes."""
    return (link(proposal.links[kind], escape(kind)) for kind in LinkKind if kind in proposal.links)


def _footer(proposal: Proposal, policy: Policy, at: datetime) -> Block:
    expires = expires_at(proposal, policy.alerts, at)
    rule = fill("Proposed by rule {rule}.", rule=phrases.quoted(proposal.rule, 75))
    until = fill("Without an answer it expires at {then}.", then=phrases.moment(expires, at))
    return elements.context(join(" ", rule, until))


def _answered(proposal: Proposal, at: datetime) -> Message:
    """Declared by @ada: INC-12. …"""
    title, became = line(proposal.title, 150), _became(proposal)
    text = fill("{number}: {became}", number=escape(proposal.reference), became=became)
    alerts = Mrkdwn("1 alert") if proposal.count == 1 else fill("{n} alerts", n=_number(proposal.count))
    then = phrases.moment(proposal.opened_at, at)
    told = fill("{alerts}, proposed at {then}", alerts=alerts, then=then)
    section = elements.section(lines(bold(title), became, join(" · ", escape(proposal.reference), told)))
    if proposal.incident is None:
        return elements.message(text, section)
    join_it = elements.button("Join", action_ids.JOIN, pack(proposal.incident), style="primary")
    return elements.message(text, section, elements.actions(join_it))


def _became(proposal: Proposal) -> Mrkdwn:
    who = user(proposal.decided_by) if proposal.decided_by else NOTHING
    inc = escape(reference(proposal.incident)) if proposal.incident else NOTHING
    match proposal.state:
        case ProposalState.DECLARED:
            return fill("{inc} is open for it, declared by {who}.", inc=inc, who=who)
        case ProposalState.ATTACHED if proposal.decided_by == MUSTER:
            return fill("It belongs to {inc}, which was opened meanwhile.", inc=inc)
        case ProposalState.ATTACHED:
            return fill("It belongs to {inc}, says {who}.", inc=inc, who=who)
        case ProposalState.IGNORED:
            words = line(proposal.why, 300)
            why = fill(": {why}", why=words) if words else NOTHING
            return join(" ", phrases.sentence(fill("Ignored by {who}{why}", who=who, why=why)), _QUIET)
        case ProposalState.FROZEN:
            told = fill("Deploys are frozen, says {who} ({ref}).", who=who, ref=line(proposal.why, 20))
            return join(" ", told, _QUIET)
        case ProposalState.RECOVERED:
            return fill("It recovered by itself after {span}.", span=_lasted(proposal))
    return fill("Nobody answered, so it has expired. {rest}", rest=_QUIET_FOR_A_DAY)


_QUIET: Final = Mrkdwn(
    "These alerts and their groups stay quiet while they fire; what has resolved and fires anew is proposed again."
)
_QUIET_FOR_A_DAY: Final = Mrkdwn(
    "These alerts and their groups stay quiet while they fire, a day at most; "
    "what has resolved and fires anew is proposed again."
)


def _lasted(proposal: Proposal) -> Mrkdwn:
    ended = proposal.changed_at or proposal.opened_at
    return escape(phrases.span(ended - proposal.opened_at))


def reminder(proposal: Proposal, others: Sequence[Proposal], policy: Policy, at: datetime) -> Message:
    """@ben, is this an incident? Checkout returns 500 has waited for an answer since 14:02. P8 and P9 wait, too."""
    found = (policy.catalogue.find(each.service) for each in (proposal, *others))
    called = service_words.called(found, policy)
    text = join(
        " ",
        fill("{who}: is this an incident?", who=called) if called else Mrkdwn("Is this an incident?"),
        fill(
            "{title} has waited for an answer since {then}; {counts}.",
            title=phrases.quoted(proposal.title, 150),
            then=phrases.moment(proposal.shown_at or proposal.opened_at, at),
            counts=counts(proposal),
        ),
        _others(others),
    )
    return elements.message(text, elements.section(text), elements.actions(*buttons(proposal)))


def _others(others: Sequence[Proposal]) -> Mrkdwn:
    if not others:
        return NOTHING
    named = join(", ", *(escape(each.reference) for each in others[:MOST_LISTED]))
    verb = Mrkdwn("waits") if len(others) == 1 else Mrkdwn("wait")
    rest = len(others) - MOST_LISTED
    more = fill(" and {n} more", n=_number(rest)) if rest > 0 else NOTHING
    return fill("{named}{more} {verb}, too.", named=named, more=more, verb=verb)


def waiting_list(proposals: Sequence[Proposal], at: datetime) -> list[Block]:
    """The gravest first, each with its buttons."""
    if not proposals:
        return []
    ordered = sorted(proposals, key=lambda each: (each.severity, each.opened_at))
    made: list[Block] = [elements.section(fill("{waiting}:", waiting=_waiting(len(ordered))))]
    for each in ordered[:MOST_LISTED]:
        words = lines(bold(line(each.title, 150)), _standing(each, at), _firing_line(each))
        made += [elements.section(words), elements.actions(*buttons(each, suffix=str(each.number)))]
    return made


def waiting_hint(count: int, command_name: str) -> Mrkdwn:
    """For the front door, where somebody looks who has not seen the card."""
    return (
        fill("{waiting}: {verb}.", waiting=_waiting(count), verb=code(f"{command_name} alerts")) if count else NOTHING
    )


def _waiting(count: int) -> Mrkdwn:
    if count == 1:
        return Mrkdwn("1 proposal waits for an answer")
    return fill("{n} proposals wait for an answer", n=_number(count))
