"""What is known around a new incident, as its channel reads it: one message, and none where nothing is known."""

from collections.abc import Sequence
from datetime import datetime

from bot.incident.nearby import MOST_TOLD, Neighbour, Relation
from bot.incident.state import Incident
from bot.incident.surroundings import Surroundings
from bot.slack.blocks import elements, hits, phrases, suspects_post
from bot.slack.blocks.maintenance_cards import covered
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, channel, escape, fill, join, line, lines


def surroundings_message(found: Surroundings, incident: Incident, at: datetime) -> Message:
    """`found` is not empty; nothing private may be among it."""
    kept = covered(found.window, incident.service, at) if found.window else NOTHING
    preview = join(
        " · ",
        Mrkdwn("In maintenance") if found.window else NOTHING,
        suspects_post.preview(found.suspects),
        _named("Nearby", [each.listing.reference for each in found.neighbours[:MOST_TOLD]]),
        _named("Like this one", [each.listing.reference for each in found.precedents]),
    )
    return elements.message(
        preview,
        *([elements.section(kept)] if kept else []),
        *suspects_post.suspects_blocks(found.suspects, at),
        *_nearby(found.neighbours, incident, at),
        *hits.precedent_blocks(found.precedents, at),
    )


def _named(label: str, references: Sequence[str]) -> Mrkdwn:
    named = join(", ", *map(escape, references))
    return fill("{label}: {named}", label=escape(label), named=named) if named else NOTHING


def _nearby(found: Sequence[Neighbour], incident: Incident, at: datetime) -> list[Block]:
    if not found:
        return []
    rows = [_row(each, incident, at) for each in found[:MOST_TOLD]]
    more = [fill("And {n} more.", n=escape(str(len(found) - MOST_TOLD)))] if len(found) > MOST_TOLD else []
    return [elements.section(lines(bold(Mrkdwn("Nearby")), *rows, *more))]


def _row(each: Neighbour, incident: Incident, at: datetime) -> Mrkdwn:
    """• SEV2 · Resolved · INC-3 · Replicas lag · #inc-3 · declared 14:02 · checkout needs database"""
    listing = each.listing
    place = channel(listing.channel) if listing.channel else NOTHING
    declared = fill("declared {then}", then=phrases.moment(listing.declared_at, at))
    told = join(" · ", phrases.headline(listing), line(listing.title, 100), place, declared, _why(each, incident))
    return fill("• {told}", told=told)


def _why(each: Neighbour, incident: Incident) -> Mrkdwn:
    names = {"ours": line(incident.service, 75), "theirs": line(each.service, 75)}
    match each.relation:
        case Relation.SAME:
            return fill("the same service, {theirs}", **names)
        case Relation.NEEDED:
            return fill("{ours} needs {theirs}", **names)
        case Relation.NEEDING:
            return fill("{theirs} needs {ours}", **names)
    return Mrkdwn("open, too")
