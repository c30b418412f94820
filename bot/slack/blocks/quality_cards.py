"""How good the rules of the monitoring are, as people read it. Names and services are foreign; nobody is blamed."""

from collections.abc import Sequence
from typing import Final

from bot.incident.alert_quality import RuleQuality, ToFix, WeekQuality, monday, to_fix, together
from bot.incident.alert_quality_words import compared, facts, summed
from bot.incident.alert_tally import Sounding
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, escape, fill, join, line, lines

PAGE: Final = 8
WEEKS_SHOWN: Final = 2
"""On the page: the running one, and the one before, so that it is not empty on a Monday."""


def quality_page(weeks: Sequence[WeekQuality], number: int) -> Message:
    """Those to fix first come first, the others by how often they fired. `weeks`: the newest first."""
    since = phrases.day(monday(weeks[-1].week))
    rules, rest = together(weeks), sum(each.rest for each in weeks)
    if not rules:
        return elements.message(fill("No alert has fired since {since}.", since=since))
    fixing = {each.rule.sounding.key: each for each in to_fix(rules)}
    others = [each for each in rules if each.sounding.key not in fixing]
    ordered = [*(each.rule for each in fixing.values()), *others]
    pages = -(-len(ordered) // PAGE)
    page = min(max(number, 1), pages)
    paging = fill("page {n} of {all}", n=escape(str(page)), all=escape(str(pages))) if pages > 1 else NOTHING
    head = fill("Alert quality since {since}: {all}", since=since, all=escape(summed(rules, rest)))
    shown = ordered[(page - 1) * PAGE : page * PAGE]
    told = [elements.section(_told(each, fixing.get(each.sounding.key))) for each in shown]
    return elements.message(head, elements.section(bold(join(", ", head, paging))), *told, *_turning(page, pages))


def weekly_list(week: WeekQuality, before: WeekQuality) -> Message | None:
    """None: there is nothing to fix."""
    fixing = to_fix(week.rules, before.rules)
    if not fixing:
        return None
    day = phrases.day(monday(week.week))
    many = escape("1 rule" if len(fixing) == 1 else f"{len(fixing)} rules")
    head = fill("Alerts of the week of {day}: {many} to fix first", day=day, many=many)
    words = f"{summed(week.rules, week.rest)} ({compared(before.rules)})."
    told = [elements.section(_listed(number, each)) for number, each in enumerate(fixing, start=1)]
    button = elements.button("Show all rules", action_ids.SHOW_ALERT_QUALITY, pack(0))
    summary = elements.section(lines(bold(head), escape(words)))
    return elements.message(head, summary, *told, elements.actions(button))


def _told(rule: RuleQuality, fixing: ToFix | None) -> Mrkdwn:
    """HighErrorRate · alertmanager · checkout, what it did, and below what to do."""
    return lines(_name(rule.sounding), escape(facts(rule)), _advice(fixing) if fixing else NOTHING)


def _listed(number: int, each: ToFix) -> Mrkdwn:
    fired = fill("fired {n}", n=escape(f"{each.rule.fired:,}"))
    before = fill("the week before {n}", n=escape(f"{each.before:,}"))
    head = fill("{n}. {name}", n=escape(str(number)), name=_name(each.rule.sounding))
    return lines(join(" · ", head, join(", ", fired, before)), _advice(each))


def _name(sounding: Sounding) -> Mrkdwn:
    rule = fill("rule “{rule}”", rule=line(sounding.rule, 75)) if sounding.rule else NOTHING
    named = bold(line(sounding.name, 120))
    return join(" · ", named, line(sounding.source, 60), line(sounding.service, 75), rule)


def _advice(each: ToFix) -> Mrkdwn:
    told = escape("; ".join(flaw.advice for flaw in each.flaws))
    return fill("To fix: {told}.", told=told)


def _turning(page: int, pages: int) -> list[Block]:
    turns = [("Previous", page - 1), ("Next", page + 1)]
    made = [_page(text, number) for text, number in turns if 1 <= number <= pages]
    return [elements.actions(*made)] if made else []


def _page(text: str, number: int) -> Element:
    return elements.button(text, action_ids.SHOW_ALERT_QUALITY, pack(0, number), suffix=str(number))
