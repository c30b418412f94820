"""The risk register as people read it: what contributed to incidents and is still open, with its actions and dates."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.incident.factor import class_words, factor_name, factor_reference
from bot.incident.factor_events import RiskAskedAbout
from bot.incident.factor_index import Action, FactorLine, ListedFactor
from bot.incident.state import Incident
from bot.incident.themes import Returning, Risk, Theme
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element
from bot.slack.blocks.followup_cards import deadline, owner
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, escape, fill, join, line, lines, user

PAGE: Final = 5
MOST_OF_A_RISK: Final = 4
MOST_ACTIONS: Final = 3
MOST_WORDS: Final = 5
MOST_NAMED: Final = 6
OPEN: Final = "open"
ACCEPTED: Final = "accepted"
"""What a page's button says of which are listed."""


def risk_list(risks: Sequence[Risk], number: int, today: date, *, accepted: bool, others: int) -> Message:
    """Five a page, in the order given. The caller leaves out what may not be seen. `others`: of the other list."""
    pages = max(1, -(-len(risks) // PAGE))
    page = min(max(number, 1), pages)
    head = _head(risks, accepted=accepted)
    paging = fill("page {n} of {all}", n=escape(str(page)), all=escape(str(pages))) if pages > 1 else NOTHING
    part = risks[(page - 1) * PAGE : page * PAGE]
    told = [block for risk in part for block in _blocks(risk, today)]
    buttons = elements.actions(*_turning(page, pages, accepted=accepted), _other(others, accepted=accepted))
    return elements.message(head, elements.section(bold(join(", ", head, paging))), *told, buttons)


def risk_state(each: FactorLine, today: date) -> Mrkdwn:
    """Who accepts it and until when; nothing where nobody does."""
    accepted = each.accepted
    if accepted is None:
        return NOTHING
    parts = {
        "who": user(accepted.by),
        "day": phrases.day(accepted.look_again_on),
        "why": line(accepted.why, 200),
    }
    if each.is_accepted(today):
        return fill("Accepted by {who} until {day}: {why}", **parts)
    return fill("Accepted by {who} until {day}, which has come: look again. It was: {why}", **parts)


def theme_words(theme: Theme) -> Mrkdwn:
    """“recent changes” on checkout; “pool”, “limit”"""
    if theme.surrounding is None:
        return join(", ", *(fill("“{word}”", word=line(word, 40)) for word in theme.words[:MOST_WORDS]))
    on = fill(" on {service}", service=line(theme.service, 75)) if theme.service else NOTHING
    return fill("“{kind}”{on}", kind=escape(theme.surrounding), on=on)


def returning_words(returning: Returning) -> Mrkdwn:
    """The third incident in 90 days with “recent changes” on checkout: INC-9, INC-7, INC-3"""
    named = join(", ", *(phrases.reference(each) for each in returning.incidents[:MOST_NAMED]))
    rest = Mrkdwn(" …") if returning.count > MOST_NAMED else NOTHING
    what = Mrkdwn("with") if returning.theme.surrounding else Mrkdwn("with a factor about")
    parts = {"nth": escape(ordinal(returning.count)), "what": what, "theme": theme_words(returning.theme)}
    return fill("The {nth} incident in 90 days {what} {theme}: {named}{rest}", named=named, rest=rest, **parts)


def ordinal(number: int) -> str:
    words = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
    if number <= len(words):
        return words[number - 1]
    ending = "th" if number % 100 in {11, 12, 13} else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def asked_about_risk(event: RiskAskedAbout, incident: Incident) -> Message:
    """To whoever accepted it, when the day has come."""
    factor = incident.factors.get(event.number)
    accepted = factor.accepted if factor else None
    ref = escape(factor_reference(incident.id, event.number, drill=incident.drill))
    parts = {"ref": ref, "text": phrases.quoted(event.text), "day": phrases.day(event.look_again_on)}
    head = fill("{ref}, {text}: its risk was accepted until {day}. Look again, please.", **parts)
    why = fill("It was accepted because: {why}", why=line(accepted.why, 500)) if accepted else NOTHING
    value = pack(incident.id, event.number)
    buttons = (
        elements.button("Accept again", action_ids.ACCEPT_RISK, value),
        elements.button("Add follow-up", action_ids.ADDRESS_FACTOR, value),
        elements.button("Show factor", action_ids.SHOW_FACTOR, value),
    )
    return elements.message(head, elements.section(lines(head, why)), elements.actions(*buttons))


def _head(risks: Sequence[Risk], *, accepted: bool) -> Mrkdwn:
    what, count = Mrkdwn("accepted") if accepted else Mrkdwn("open"), sum(len(each.items) for each in risks)
    if not count:
        return fill("Risks: no contributing factor is {what}", what=what)
    incidents = len({listing.incident for each in risks for listing in each.incidents})
    factors = fill("{n} contributing {factors}", n=escape(str(count)), factors=_number_of("factor", count))
    of = fill("{n} {incidents}", n=escape(str(incidents)), incidents=_number_of("incident", incidents))
    return fill("Risks: {factors} {what}, of {of}", factors=factors, what=what, of=of)


def _number_of(word: str, count: int) -> Mrkdwn:
    return escape(word if count == 1 else f"{word}s")


def _blocks(risk: Risk, today: date) -> list[Block]:
    """One alone with its button beside it; several of one theme below what they have in common."""
    first, *others = risk.items
    if not others:
        return [elements.section(_told(first, today), _show(first, "Show"))]
    shown = risk.items[:MOST_OF_A_RISK]
    rest = len(risk.items) - len(shown)
    more = fill("… and {n} more.", n=escape(str(rest))) if rest else NOTHING
    text = lines(_shared(risk), *(_told(each, today) for each in shown), more)
    return [elements.section(text), elements.actions(*(_show(each, f"Show {each.reference}") for each in shown))]


def _shared(risk: Risk) -> Mrkdwn:
    if risk.theme is None:
        return bold(fill("{n} factors of one incident", n=escape(str(len(risk.items)))))
    count = escape(str(len(risk.incidents)))
    return bold(fill("{theme}: {n} incidents", theme=theme_words(risk.theme), n=count))


def _told(item: ListedFactor, today: date) -> Mrkdwn:
    each, private = item.line, Mrkdwn("private") if item.listing.private else NOTHING
    kind = escape(class_words(each.kind, each.surrounding).capitalize())
    head = join(" · ", escape(item.reference), bold(line(each.text, 300)))
    about = join(
        " · ", kind, line(each.service, 75), private, fill("added {day}", day=phrases.day(each.added_at.date()))
    )
    return lines(head, about, _actions(each, today), risk_state(each, today))


def _actions(each: FactorLine, today: date) -> Mrkdwn:
    if not each.actions:
        return Mrkdwn("No follow-up addresses it yet.")
    shown = [_action(action, today) for action in each.actions[:MOST_ACTIONS]]
    rest = len(each.actions) - MOST_ACTIONS
    return lines(*shown, fill("… and {n} more.", n=escape(str(rest))) if rest > 0 else NOTHING)


def _action(action: Action, today: date) -> Mrkdwn:
    name = fill("F{n} {what}", n=escape(str(action.number)), what=line(action.what, 150))
    return join(" · ", name, escape(action.state), owner(action.owner), deadline(action.due_on, action.state, today))


def _show(item: ListedFactor, text: str) -> Element:
    each = item.line
    key = f"{each.incident}.{each.number}"
    return elements.button(text, action_ids.SHOW_FACTOR, pack(each.incident, each.number), suffix=key)


def _turning(number: int, pages: int, *, accepted: bool) -> list[Element]:
    turns = [("Previous", number - 1), ("Next", number + 1)]
    return [_page(text, page, f"page{page}", accepted=accepted) for text, page in turns if 1 <= page <= pages]


def _other(count: int, *, accepted: bool) -> Element:
    text = "Show open" if accepted else "Show accepted"
    return _page(f"{text} ({count})", 1, "other", accepted=not accepted)


def _page(text: str, page: int, suffix: str, *, accepted: bool) -> Element:
    return elements.button(text, action_ids.SHOW_RISKS, pack(0, page, ACCEPTED if accepted else OPEN), suffix=suffix)


def risk_said(number: int, until: date, why: str) -> Mrkdwn:
    parts = {"name": escape(factor_name(number)), "day": phrases.day(until), "why": line(why, 200)}
    return phrases.sentence(fill("The risk of {name} is accepted until {day}: {why}", **parts))
