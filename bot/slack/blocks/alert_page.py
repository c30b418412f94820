"""The page of an incident's alerts: each with its state and why it is here, those that fire first. What would read
alike is one entry.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Final

from bot.incident.alert import AlertDecision
from bot.incident.alert_board import Member
from bot.incident.proposal import Proposal
from bot.incident.state import Incident
from bot.incident.terms import reference
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import alert_words, elements, phrases
from bot.slack.blocks.elements import Element
from bot.slack.blocks.proposal_cards import waiting_list
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, code, escape, fill, join, line, lines, link

PAGE: Final = 15
MOST_KEYS: Final = 5
"""Of alerts that read alike."""
MOST_DECISIONS: Final = 300
"""That can be turned to; `muster alerts why` reads all that are kept."""


def alert_page(incident: Incident, number: int | None, at: datetime) -> Message:
    """The newest first within each state. Its text is foreign from end to end."""
    board = incident.alerts
    if not board.members:
        return elements.message(fill("No alert belongs to {inc}.", inc=phrases.reference(incident)))
    members = sorted(board.members.values(), key=lambda each: (each.is_firing, each.since), reverse=True)
    alike = _alike(members, at)
    pages = -(-len(alike) // PAGE)
    page = min(max(number or 1, 1), pages)
    head = fill("Alerts of {inc}: {counts}", inc=phrases.reference(incident), counts=alert_words.counts(board))
    paging = fill("page {n} of {all}", n=escape(str(page)), all=escape(str(pages))) if pages > 1 else NOTHING
    told = [elements.section(_told(each, at)) for each in alike[(page - 1) * PAGE : page * PAGE]]
    opened = elements.context(_context(incident)) if board.context else None
    blocks = [elements.section(join(", ", head, paging)), *([opened] if opened else []), *told]
    return elements.message(head, *blocks, *_turning(incident.id, page, pages))


def decisions_page(
    decisions: Sequence[AlertDecision], waiting: Sequence[Proposal], number: int, at: datetime
) -> Message:
    """What people are asked about first, then what was decided about alerts lately, newest first; a private incident
    has none of them."""
    if not decisions and not waiting:
        return elements.message(Mrkdwn("Nothing was decided about alerts yet."))
    alike = [list(run) for _, run in groupby(decisions, _decided_alike)]
    pages = max(1, -(-len(alike) // PAGE))
    page = min(max(number, 1), pages)
    paging = fill("page {n} of {all}", n=escape(str(page)), all=escape(str(pages))) if pages > 1 else NOTHING
    head = join(", ", Mrkdwn("Alerts lately"), paging)
    told = [_decided(each, at) for each in alike[(page - 1) * PAGE : page * PAGE]]
    asked = waiting_list(waiting, at) if page == 1 else []
    shown = [elements.section(each) for each in (head, *told)]
    quality = elements.button("Alert quality", action_ids.SHOW_ALERT_QUALITY, pack(0))
    return elements.message(head, *asked, *shown, elements.actions(*_turns(0, page, pages), quality))


def _decided_alike(decision: AlertDecision) -> object:
    each = decision
    return (
        each.name,
        each.state,
        each.incident,
        each.reason,
        each.why,
        each.source,
        each.at.replace(second=0, microsecond=0),
    )


def _decided(decided: Sequence[AlertDecision], at: datetime) -> Mrkdwn:
    """14:02 HighErrorRate ×8, firing · INC-42 · DECLARED_BY_RULE: rule “grave” · 3f2a…"""
    decision = decided[0]
    parts = {"then": phrases.moment(decision.at, at), "name": _named(decision.name, len(decided))}
    head = fill("{then}  {name} · {state}", state=escape(decision.state), **parts)
    where = escape(reference(decision.incident)) if decision.incident else NOTHING
    why = fill("{reason}: {why}", reason=code(decision.reason), why=line(decision.why, 150))
    return lines(
        join(" · ", head, where), join(" · ", why, line(decision.source, 60), _keys(each.key for each in decided))
    )


def _named(name: str, count: int) -> Mrkdwn:
    many = escape(f" ×{count:,}") if count > 1 else NOTHING
    return fill("{name}{many}", name=bold(line(name, 120)), many=many)


def _keys(keys: Iterable[str]) -> Mrkdwn:
    """Some of them suffice to ask for more: what reads alike was decided alike."""
    known = list(dict.fromkeys(keys))
    rest = len(known) - MOST_KEYS
    more = fill("and {n} more", n=escape(f"{rest:,}")) if rest > 0 else NOTHING
    return join(" ", *(code(each) for each in known[:MOST_KEYS]), more)


def _context(incident: Incident) -> Mrkdwn:
    context = incident.alerts.context
    if context is None:
        return NOTHING
    labels = ", ".join(f"{name}={value}" for name, value in context.labels.items())
    return join(
        " · ", alert_words.opened(context), *alert_words.links(context), line(labels, 600) if labels else NOTHING
    )


def _alike(members: Sequence[Member], at: datetime) -> list[list[Member]]:
    """In the order of the first of each."""
    found: dict[object, list[Member]] = {}
    for each in members:
        alert = each.attached
        same = (alert.name, alert.source, alert.state, alert.summary, each.first, alert.why, each.flaps_at(at))
        found.setdefault(same, []).append(each)
    return list(found.values())


def _since(member: Member) -> datetime:
    alert = member.attached
    return (alert.started_at if member.is_firing else alert.ended_at) or member.since


def _told(members: Sequence[Member], at: datetime) -> Mrkdwn:
    """HighErrorRate ×8, firing since 14:02 · of the same service, checkout · 3f2a…: of several the earliest."""
    member, alert = members[0], members[0].attached
    then = phrases.moment(min(_since(each) for each in members), at)
    parts = {"name": _named(alert.name, len(members)), "state": escape(alert.state)}
    head = fill("{name} · {state} since {then}", then=then, **parts)
    flaps = Mrkdwn("flapping") if member.flaps_at(at) else NOTHING
    seen = link(alert.link, Mrkdwn("source")) if alert.link else NOTHING
    keys = _keys(each.attached.key for each in members)
    return lines(join(" · ", head, flaps), line(alert.summary, 300), join(" · ", _why(member), keys, seen))


def _why(member: Member) -> Mrkdwn:
    """Of the same service, checkout; by the map of services (search needs database). What was said of it since, as when
    it resolved with its group, is not why it is here."""
    reason, why = alert_words.REASONS[member.first], member.attached.why
    if member.attached.reason is not member.first:
        return reason
    if why.startswith("the same "):
        return fill("of {why}", why=line(why, 150))
    return fill("{reason} ({why})", reason=reason, why=line(why, 150))


def _turning(incident: int, page: int, pages: int) -> list[Block]:
    made = _turns(incident, page, pages)
    return [elements.actions(*made)] if made else []


def _turns(incident: int, page: int, pages: int) -> list[Element]:
    """`incident` 0: the page is of none."""
    turns = [("Previous", page - 1), ("Next", page + 1)]
    return [_page(text, incident, number) for text, number in turns if 1 <= number <= pages]


def _page(text: str, incident: int, page: int) -> Element:
    return elements.button(text, action_ids.SHOW_ALERTS, pack(incident, page), suffix=str(page))
