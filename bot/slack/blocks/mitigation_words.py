"""What could be done first, of what the playbooks offer: a line of the summary, until somebody has begun it."""

from bot.incident.mitigating import FirstMitigation, first_mitigations
from bot.incident.state import Incident
from bot.slack.blocks import phrases
from bot.slack.mrkdwn import NOTHING, Mrkdwn, escape, fill, join, line


def card_line(incident: Incident) -> Mrkdwn:
    """Mitigate first   5. Move traffic off a bad provider (about 5 min) · 7. Give up what is optional"""
    found = first_mitigations(incident)
    told = join(" · ", *(_step(each, named=len(incident.playbooks) > 1) for each in found))
    return fill("Mitigate first   {told}", told=told) if told else NOTHING


def _step(suggested: FirstMitigation, *, named: bool) -> Mrkdwn:
    """`named`: by its playbook too, where there are several."""
    step = suggested.step
    book = fill("{title} ", title=line(suggested.book.checklist.title, 40)) if named else NOTHING
    long = fill(" (about {span})", span=escape(phrases.span(step.expected))) if step.expected else NOTHING
    parts = {"book": book, "n": escape(str(suggested.number)), "title": line(step.title, 80), "long": long}
    return fill("{book}{n}. {title}{long}", **parts)
