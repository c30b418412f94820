"""What was changed shortly before the incident, as its channel reads it: the nearest first, and no verdict."""

from collections.abc import Sequence
from datetime import datetime

from bot.incident.service_change import MOST_TOLD, ServiceChange, Suspect
from bot.slack.blocks import elements, phrases
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, escape, fill, join, line, lines, link


def preview(found: Sequence[Suspect]) -> Mrkdwn:
    """Changed shortly before: checkout, payments; nothing where nothing was."""
    names = join(", ", *dict.fromkeys(line(each.change.service, 75) for each in found[:MOST_TOLD]))
    return fill("Changed shortly before: {names}", names=names) if names else NOTHING


def suspects_blocks(found: Sequence[Suspect], at: datetime) -> list[Block]:
    if not found:
        return []
    told = found[:MOST_TOLD]
    more = fill("And {n} more, earlier or further away.", n=escape(str(len(found) - len(told))))
    rows = [_row(each, at) for each in told] + ([more] if len(found) > len(told) else [])
    return [elements.section(lines(bold(Mrkdwn("Changed shortly before")), *rows))]


def _row(suspect: Suspect, at: datetime) -> Mrkdwn:
    change = suspect.change
    by = fill("by {who}", who=line(change.by, 75)) if change.by else NOTHING
    kind = fill("{service} ({kind})", service=line(change.service, 75), kind=escape(change.kind))
    parts = (
        phrases.moment(change.at, at),
        kind,
        line(change.what, 150),
        by,
        _why(suspect),
        _during(change),
        _link(change.link),
    )
    return fill("• {parts}", parts=join(" · ", *parts))


def _why(suspect: Suspect) -> Mrkdwn:
    return Mrkdwn("it is needed by what is affected") if suspect.steps else NOTHING


def _during(change: ServiceChange) -> Mrkdwn:
    return fill("during freeze {ref}", ref=escape(change.freeze)) if change.freeze else NOTHING


def changed_while_frozen(change: ServiceChange, at: datetime) -> Message:
    """For an incident's channel. It has happened, so nothing is asked and nobody is named who did not say so."""
    head = fill(
        "{service} was changed although its deploys are frozen ({ref}): {what}.",
        service=line(change.service, 75),
        ref=escape(change.freeze),
        what=line(change.what, 150),
    )
    by = fill("by {who}", who=line(change.by, 75)) if change.by else NOTHING
    rest = join(" · ", escape(change.kind), phrases.moment(change.at, at), by, _link(change.link))
    return elements.message(head, elements.section(lines(head, rest)))


def _link(address: str) -> Mrkdwn:
    return link(address, Mrkdwn("see it")) if address else NOTHING
