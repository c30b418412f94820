"""What is said of an incident's alerts: on its card, in the timeline, in answers, and when all have resolved."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from bot.incident.alert import AlertState, LinkKind, Reason
from bot.incident.alert_board import MOST_MEMBERS, AlertBoard, AlertContext
from bot.incident.alert_counts import named
from bot.incident.alert_events import RecoveryAsked, RecoveryPutOff
from bot.incident.catalogue import Link, Service
from bot.incident.entry import Entry, EntryLabel
from bot.incident.events import Event
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import UserId
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.message import Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, escape, fill, join, line, link, user

_NAMES: Final = 200
MOST_REASONS: Final = 4
_OPENED: Final = frozenset({Reason.DECLARED_BY_RULE, Reason.DECLARED_BY_PERSON})

REASONS: Final = {
    Reason.DECLARED_BY_RULE: Mrkdwn("opened this incident"),
    Reason.ATTACHED_SAME_GROUP: Mrkdwn("of the same group"),
    Reason.ATTACHED_BY_LABELS: Mrkdwn("of the same labels"),
    Reason.ATTACHED_BY_SERVICE: Mrkdwn("of the same service"),
    Reason.ATTACHED_BY_DEPENDENCY: Mrkdwn("by the map of services"),
    Reason.ATTACHED_TO_STORM: Mrkdwn("part of a storm"),
    Reason.RECORDED: Mrkdwn("recorded"),
    Reason.SUPPRESSED_MAINTENANCE: Mrkdwn("in maintenance"),
    Reason.ANSWERED_BEFORE: Mrkdwn("answered before"),
    Reason.PROPOSED: Mrkdwn("proposed"),
    Reason.DECLARED_BY_PERSON: Mrkdwn("declared by somebody"),
    Reason.ATTACHED_BY_PERSON: Mrkdwn("attached by somebody"),
    Reason.IGNORED_BY_PERSON: Mrkdwn("ignored by somebody"),
    Reason.PROPOSAL_EXPIRED: Mrkdwn("proposed, and nobody answered"),
    Reason.FROZEN_BY_PERSON: Mrkdwn("deploys frozen by somebody"),
    Reason.DAMPED_FLAPPING: Mrkdwn("flapping"),
}


def card_lines(incident: Incident, policy: Policy, at: datetime) -> list[Mrkdwn]:
    """On the summary card; nothing where no alert came."""
    board = incident.alerts
    if not board.members:
        return []
    firing = [member.attached for member in board.members.values() if member.is_firing]
    names = line(named(firing, AlertState.FIRING), _NAMES)
    flapping = board.flapping(at)
    flaps = fill("{n} flapping", n=escape(str(flapping))) if flapping else NOTHING
    told = join(" · ", counts(board), names, flaps, reasons(board))
    suggested = [fill("Suggested   {what}", what=line(each, 300)) for each in board.suggestions[:3]]
    return [fill("Alerts   {told}", told=told), *_context_line(incident, policy), *suggested]


def reasons(board: AlertBoard) -> Mrkdwn:
    """8 of the same group, 3 by the map of services: why those are here that did not open it."""
    counted = Counter(member.first for member in board.members.values() if member.first not in _OPENED)
    shown = [
        fill("{n} {why}", n=_number(count), why=REASONS[reason]) for reason, count in counted.most_common(MOST_REASONS)
    ]
    return join(", ", *shown)


def counts(board: AlertBoard) -> Mrkdwn:
    """3 firing, 1 resolved"""
    if board.overflowed:
        return fill("more than {n}, of which {firing} fire", n=_number(MOST_MEMBERS), firing=_number(board.firing))
    resolved = fill("{n} resolved", n=_number(board.resolved)) if board.resolved else NOTHING
    return join(", ", fill("{n} firing", n=_number(board.firing)), resolved)


def _number(count: int) -> Mrkdwn:
    return escape(f"{count:,}")


def _context_line(incident: Incident, policy: Policy) -> list[Mrkdwn]:
    context = incident.alerts.context
    if context is None:
        return []
    service = policy.catalogue.find(incident.service)
    return [join(" · ", opened(context), *links(context, service))]


def opened(context: AlertContext) -> Mrkdwn:
    """Opened as SEV1 because severity is critical (rule “grave”): as it was then, whatever people made of it since."""
    parts = {"why": line(context.severity_why, 150), "rule": line(context.rule, 75)}
    if context.severity is None:
        return fill("Opened because {why} (rule “{rule}”)", **parts)
    return fill("Opened as {severity} because {why} (rule “{rule}”)", severity=escape(context.severity), **parts)


def links(context: AlertContext, service: Service | None = None) -> Iterator[Mrkdwn]:
    """Under our own words, for what a source calls a link leads wherever it likes. Where the alert has none to a
    dashboard or runbook, the first one of its service."""
    known = {**_links_of(service), **context.links}
    return (link(known[kind], escape(kind)) for kind in LinkKind if kind in known)


def _links_of(service: Service | None) -> dict[LinkKind, str]:
    if service is None:
        return {}
    books = (each.url for each in service.runbooks if isinstance(each, Link))
    first = {LinkKind.DASHBOARD: next((each.url for each in service.dashboards), ""), LinkKind.RUNBOOK: next(books, "")}
    return {kind: url for kind, url in first.items() if url}


def recovery_question(event: RecoveryAsked, incident: Incident) -> Message:
    """All 3 alerts of INC-42 have resolved. Is it mitigated?"""
    many = fill("All {n} alerts", n=_number(event.alerts)) if event.alerts != 1 else Mrkdwn("The alert")
    verb = Mrkdwn("have") if event.alerts != 1 else Mrkdwn("has")
    names = {"inc": phrases.reference(incident), "title": phrases.title(incident, 150)}
    text = fill("{many} of {inc} ({title}) {verb} resolved. Is it mitigated?", many=many, verb=verb, **names)
    value = pack(incident.id)
    buttons = [
        elements.button("Mark as mitigated", action_ids.MITIGATED, value, style="primary"),
        elements.button("Not yet", action_ids.NOT_MITIGATED, value),
    ]
    return elements.message(text, elements.section(text), elements.actions(*buttons))


def entry_words(entry: Entry) -> Mrkdwn:
    """The line of the timeline."""
    match entry.label:
        case EntryLabel.RECOVERY_ASKED:
            whom = fill("{who} asked", who=user(UserId(entry.after))) if entry.after else Mrkdwn("The channel asked")
            return fill("All alerts resolved. {whom} whether it is mitigated", whom=whom)
        case EntryLabel.RECOVERY_PUT_OFF:
            return fill("Not mitigated yet, says {who}", who=user(entry.by))
    firing = fill("firing: {names}", names=line(entry.subject, _NAMES)) if entry.subject else NOTHING
    resolved = fill("resolved: {names}", names=line(entry.text, _NAMES)) if entry.text else NOTHING
    return fill("Alerts {what}", what=join("; ", firing, resolved))


def confirmed_recovery(event: Event, incident: Incident) -> Mrkdwn:
    """The line of an answer; nothing for what is not about it."""
    if not isinstance(event, RecoveryPutOff):
        return NOTHING
    return fill(
        "Noted: {inc} is not mitigated yet. You are asked again once alerts have fired and resolved anew.",
        inc=phrases.reference(incident),
    )
