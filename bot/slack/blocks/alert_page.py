"""The page of an incident's alerts: each with its state and why it is here, those that fire first."""

from collections.abc import Sequence
from datetime import datetime
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
MOST_DECISIONS: Final = 300
"""That can be turned to; `muster alerts why` reads all that are kept."""


def alert_page(incident: Incident, number: int | None, at: datetime) -> Message:
    """The newest first within each state. Its text is foreign from end to end."""
    board = incident.alerts
    if not board.members:
        return elements.message(fill("No alert belongs to {inc}.", inc=phrases.reference(incident)))
    members = sorted(board.members.values(), key=lambda each: (each.is_firing, each.since), reverse=True)
    pages = -(-len(members) // PAGE)
    page = min(max(number or 1, 1), pages)
    head = fill("Alerts of {inc}: {counts}", inc=phrases.reference(incident), counts=alert_words.counts(board))
    paging = fill("page {n} of {all}", n=escape(str(page)), all=escape(str(pages))) if pages > 1 else NOTHING
    shown = members[(page - 1) * PAGE : page * PAGE]
    told = [elements.section(_told(member, at)) for member in shown]
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
    pages = max(1, -(-len(decisions) // PAGE))
    page = min(max(number, 1), pages)
    paging = fill("page {n} of {all}", n=escape(str(page)), all=escape(str(pages))) if pages > 1 else NOTHING
    head = join(", ", Mrkdwn("Alerts lately"), paging)
    told = [_decided(each, at) for each in decisions[(page - 1) * PAGE : page * PAGE]]
    asked = waiting_list(waiting, at) if page == 1 else []
    shown = [elements.section(each) for each in (head, *told)]
    quality = elements.button("Alert quality", action_ids.SHOW_ALERT_QUALITY, pack(0))
    return elements.message(head, *asked, *shown, elements.actions(*_turns(0, page, pages), quality))


def _decided(decision: AlertDecision, at: datetime) -> Mrkdwn:
    """14:02 HighErrorRate, firing · INC-42 · DECLARED_BY_RULE: rule “grave” · 3f2a…"""
    parts = {"then": phrases.moment(decision.at, at), "name": bold(line(decision.name, 120))}
    head = fill("{then}  {name} · {state}", state=escape(decision.state), **parts)
    where = escape(reference(decision.incident)) if decision.incident else NOTHING
    why = fill("{reason}: {why}", reason=code(decision.reason), why=line(decision.why, 150))
    return lines(join(" · ", head, where), join(" · ", why, line(decision.source, 60), code(decision.key)))


def _context(incident: Incident) -> Mrkdwn:
    context = incident.alerts.context
    if context is None:
        return NOTHING
    labels = ", ".join(f"{name}={value}" for name, value in context.labels.items())
    rule = fill("Opened by rule {rule}", rule=line(context.rule, 75))
    why = fill("severity: {why}", why=line(context.severity_why, 150))
    return join(" · ", rule, why, *alert_words.links(context), line(labels, 600) if labels else NOTHING)


def _told(member: Member, at: datetime) -> Mrkdwn:
    """HighErrorRate, firing since 14:02 · of the same service, checkout · 3f2a…"""
    alert = member.attached
    state = escape(alert.state)
    since = (alert.started_at if member.is_firing else alert.ended_at) or member.since
    name = bold(line(alert.name, 120))
    head = fill("{name} · {state} since {then}", name=name, state=state, then=phrases.moment(since, at))
    flaps = Mrkdwn("flapping") if member.flaps_at(at) else NOTHING
    seen = link(alert.link, Mrkdwn("source")) if alert.link else NOTHING
    why = fill("{reason} ({why})", reason=alert_words.REASONS[member.first], why=line(alert.why, 150))
    return lines(join(" · ", head, flaps), line(alert.summary, 300), join(" · ", why, code(alert.key), seen))


def _turning(incident: int, page: int, pages: int) -> list[Block]:
    made = _turns(incident, page, pages)
    return [elements.actions(*made)] if made else []


def _turns(incident: int, page: int, pages: int) -> list[Element]:
    """`incident` 0: the page is of none."""
    turns = [("Previous", page - 1), ("Next", page + 1)]
    return [_page(text, incident, number) for text, number in turns if 1 <= number <= pages]


def _page(text: str, incident: int, page: int) -> Element:
    return elements.button(text, action_ids.SHOW_ALERTS, pack(incident, page), suffix=str(page))
