"""A role's guide as its holder reads it: purpose, then the first things to do."""

from collections.abc import Sequence

from bot.incident.policy import RoleRule
from bot.slack.blocks import elements
from bot.slack.message import Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, escape, fill, line, lines, prose, prose_line, shorten

MOST_STEPS = 12


def guide(rule: RoleRule, rest: str = "") -> Message:
    """`rest`: what the guide says beyond purpose and first steps, as plain text."""
    head = fill("Guide: {title}", title=line(rule.title, 75))
    body = lines(bold(head), prose_line(rule.purpose, 600), first_steps(rule.first_steps))
    more = [elements.section(shorten(prose(rest), elements.SECTION_TEXT))] if rest.strip() else []
    return elements.message(head, elements.section(body), *more)


def first_steps(steps: Sequence[str]) -> Mrkdwn:
    if not steps:
        return NOTHING
    numbered = enumerate(steps[:MOST_STEPS], 1)
    return lines(*(fill("{n}. {step}", n=escape(str(n)), step=prose_line(step, 200)) for n, step in numbered))
