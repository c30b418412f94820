"""Contributing factors as people read them: a line each, one with all that can be done to it, and the list."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.incident.entry import Entry, EntryLabel
from bot.incident.events import Event
from bot.incident.factor import Factor, FactorClass, class_words, factor_name, factor_reference
from bot.incident.factor_events import FactorAdded, FactorChanged, FactorRemoved, RiskAccepted, RiskReopened
from bot.incident.factor_index import line_of
from bot.incident.followup import Followup
from bot.incident.gentle_check import looks_for_one_cause
from bot.incident.state import Incident
from bot.incident.terms import UserId
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element
from bot.slack.blocks.risk_register import risk_said, risk_state
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, escape, fill, join, line, lines, user

PAGE: Final = 10
_TEXT: Final = 300
_SEVERAL: Final = Mrkdwn("There are always several: what else made it possible, worse or longer?")


def factor_card(incident: Incident, factor: Factor, shown_by: Mrkdwn, at: datetime) -> Message:
    """`shown_by`: the entry of the timeline that shows it, as a line; nothing where none was named."""
    ref = escape(factor_reference(incident.id, factor.number, drill=incident.drill))
    head = fill("{ref} · {text}", ref=ref, text=line(factor.content.text, _TEXT))
    added = fill("Added by {who}, {then}", who=user(factor.added_by), then=phrases.moment(factor.added_at, at))
    body = lines(
        bold(head),
        join(" · ", _class(factor), added, _changes(factor)),
        fill("Shown by {entry}", entry=shown_by) if shown_by else NOTHING,
        _addressed(incident, factor),
        risk_state(line_of(incident, factor), at.date()),
        _removed(factor, at),
    )
    row = [elements.actions(*_buttons(incident, factor))] if factor.stands else []
    return elements.message(head, elements.section(body), *row)


def factor_list(incident: Incident, page: int) -> Message:
    """Those that stand, by class; ten a page."""
    found = by_class(incident.standing_factors)
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(page, 1), pages)
    head = _head(incident, len(found))
    paging = fill("page {n} of {all}", n=escape(str(number)), all=escape(str(pages))) if pages > 1 else NOTHING
    told = lines(bold(join(", ", head, paging)), _SEVERAL if len(found) < 2 else NOTHING)
    rows = [_row(incident, each) for each in found[(number - 1) * PAGE : number * PAGE]]
    return elements.message(head, elements.section(told), *rows, elements.actions(*_turning(incident, number, pages)))


def in_panel(incident: Incident) -> list[Block]:
    """Below the sections of the postmortem, which tell at length what these name."""
    found = by_class(incident.standing_factors)
    told = [factor_line(incident, each) for each in found[:PAGE]]
    rest = len(found) - PAGE
    more = [fill("… and {n} more.", n=escape(str(rest)))] if rest > 0 else []
    add = elements.button("Add factor", action_ids.ADD_FACTOR, pack(incident.id))
    show = [elements.button("Show factors", action_ids.SHOW_FACTORS, pack(incident.id))] if found else []
    head = bold(_head(incident, len(found)))
    return [elements.section(lines(head, *told, *more)), elements.actions(add, *show)]


def by_class(found: Iterable[Factor]) -> list[Factor]:
    order = list(FactorClass)
    return sorted(found, key=lambda each: (order.index(each.content.kind), each.number))


def factor_line(incident: Incident, factor: Factor) -> Mrkdwn:
    """CF1 · Process · Nobody reviews flags · F1 done, F2 open"""
    name, text = escape(factor_name(factor.number)), line(factor.content.text, _TEXT)
    return join(" · ", name, _class(factor), text, _actions(incident, factor))


def factor_added(event: FactorAdded, incident: Incident) -> Mrkdwn:
    """Whoever looked for the one cause is met with the others."""
    content = event.content
    parts = {
        "name": escape(factor_name(event.number)),
        "kind": escape(class_words(content.kind, content.surrounding)),
        "text": line(content.text, 200),
    }
    said = fill("One of the factors, {name} ({kind}): {text}", **parts)
    is_alone = len(incident.standing_factors) < 2
    return join(" ", phrases.sentence(said), _SEVERAL if is_alone or looks_for_one_cause(content.text) else NOTHING)


def factor_said(event: Event, incident: Incident) -> Mrkdwn:
    """The line of an answer; nothing for what is not about factors."""
    match event:
        case FactorAdded():
            return factor_added(event, incident)
        case FactorChanged():
            return _changed(event)
        case FactorRemoved():
            name = escape(factor_name(event.number))
            return phrases.sentence(fill("{name} is removed: {why}", name=name, why=line(event.why, 200)))
        case RiskAccepted():
            return risk_said(event.number, event.look_again_on, event.why)
        case RiskReopened():
            name = escape(factor_name(event.number))
            return fill("The risk of {name} is accepted no longer: it is open.", name=name)
    return NOTHING


def _changed(event: FactorChanged) -> Mrkdwn:
    """What addresses it now, where nothing else is different."""
    name, content = escape(factor_name(event.number)), event.after
    if replace(event.before, followups=content.followups) == content:
        named = join(", ", *(escape(f"F{number}") for number in content.followups)) or Mrkdwn("nothing")
        return fill("{name} is addressed by {named}.", name=name, named=named)
    kind = escape(class_words(content.kind, content.surrounding))
    return phrases.sentence(
        fill("{name} is changed ({kind}): {text}", name=name, kind=kind, text=line(content.text, 200))
    )


def factor_entry(entry: Entry) -> Mrkdwn:
    """Of the timeline."""
    parts = {
        "name": escape(factor_name(entry.number)),
        "kind": escape(entry.after),
        "who": user(entry.by),
        "text": line(entry.subject, _TEXT),
    }
    match entry.label:
        case EntryLabel.FACTOR:
            return fill("Contributing factor {name} ({kind}) by {who}: {text}", **parts)
        case EntryLabel.FACTOR_CHANGED:
            return fill("Contributing factor {name} changed by {who}: {text} ({kind})", **parts)
        case EntryLabel.FACTOR_REMOVED:
            why = line(entry.text, _TEXT)
            return fill("Contributing factor {name} removed by {who}: {text} (why: {why})", why=why, **parts)
    return _risk_entry(entry, parts)


def _risk_entry(entry: Entry, parts: dict[str, Mrkdwn]) -> Mrkdwn:
    until, why = phrases.day(entry.day) if entry.day else NOTHING, line(entry.text, _TEXT)
    match entry.label:
        case EntryLabel.RISK_ACCEPTED:
            return fill("Risk of {name} accepted by {who} until {day}: {why}", day=until, why=why, **parts)
        case EntryLabel.RISK_REOPENED:
            reason = fill(": {why}", why=why) if entry.text.strip() else NOTHING
            return fill("Risk of {name} accepted no longer, says {who}{reason}", reason=reason, **parts)
    whom = phrases.person(UserId(entry.after) if entry.after else None)
    return fill("Risk of {name} was accepted until {day}, and {whom} was asked", day=until, whom=whom, **parts)


def _head(incident: Incident, count: int) -> Mrkdwn:
    return fill("Contributing factors of {inc}: {n}", inc=phrases.reference(incident), n=escape(str(count)))


def _row(incident: Incident, factor: Factor) -> Block:
    key = str(factor.number)
    show = elements.button("Show", action_ids.SHOW_FACTOR, pack(incident.id, factor.number), suffix=key)
    return elements.section(factor_line(incident, factor), show)


def _turning(incident: Incident, number: int, pages: int) -> list[Element]:
    turns = [("Previous", number - 1), ("Next", number + 1)]
    made = [_turn(text, incident, page) for text, page in turns if 1 <= page <= pages]
    return [*made, elements.button("Add factor", action_ids.ADD_FACTOR, pack(incident.id))]


def _turn(text: str, incident: Incident, page: int) -> Element:
    return elements.button(text, action_ids.SHOW_FACTORS, pack(incident.id, page), suffix=f"page{page}")


def _buttons(incident: Incident, factor: Factor) -> list[Element]:
    value = pack(incident.id, factor.number)
    accepted = [elements.button("Accepted no longer", action_ids.REOPEN_RISK, value)] if factor.accepted else []
    accept = "Accept again" if factor.accepted else "Accept risk"
    return [
        elements.button("Edit", action_ids.EDIT_FACTOR, value),
        elements.button("Add follow-up", action_ids.ADDRESS_FACTOR, value),
        elements.button(accept, action_ids.ACCEPT_RISK, value),
        *accepted,
        elements.button("Remove", action_ids.DROP_FACTOR, value),
        elements.button("Show factors", action_ids.SHOW_FACTORS, pack(incident.id)),
    ]


def _class(factor: Factor) -> Mrkdwn:
    content = factor.content
    return escape(class_words(content.kind, content.surrounding).capitalize())


def _changes(factor: Factor) -> Mrkdwn:
    if not factor.changes:
        return NOTHING
    return fill("changed {n} ×", n=escape(str(factor.changes)))


def _addressed(incident: Incident, factor: Factor) -> Mrkdwn:
    named = _actions(incident, factor)
    return fill("Addressed by {named}", named=named) if named else Mrkdwn("No follow-up addresses it yet.")


def _actions(incident: Incident, factor: Factor) -> Mrkdwn:
    found = [incident.followups[number] for number in factor.content.followups if number in incident.followups]
    return join(", ", *(_action(each) for each in found))


def _action(item: Followup) -> Mrkdwn:
    return fill("F{n} {state}", n=escape(str(item.number)), state=escape(item.state))


def _removed(factor: Factor, at: datetime) -> Mrkdwn:
    if factor.removed_at is None:
        return NOTHING
    parts = {"who": phrases.person(factor.removed_by), "then": phrases.moment(factor.removed_at, at)}
    return fill("Removed by {who}, {then}: {why}", why=line(factor.why, _TEXT), **parts)
