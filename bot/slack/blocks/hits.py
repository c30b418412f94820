"""Earlier incidents as people read them: what a search has found, and which were like a new one. Each says why."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.incident.likeness import Findings, Likeness
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, channel, clean, code, escape, fill, join, line, lines

PAGE: Final = 5
DRILLS: Final = "drills"
INCIDENTS: Final = "incidents"
"""What a page's button says of where was looked."""
MOST_WORDS_TOLD: Final = 8
OUTCOME: Final = 200


def findings(found: Findings, command: str, at: datetime) -> Message:
    """One page of a search; the caller has left out what may not be seen. `command`: the slash command's name."""
    head = _head(found)
    if not found.hits:
        return elements.message(head, elements.section(lines(head, _advice(found, command))))
    hits = [elements.section(_hit(each, at)) for each in found.hits]
    return elements.message(head, elements.context(head), *hits, *_turning(found))


def _head(found: Findings) -> Mrkdwn:
    what, words = ("drill", "drills") if found.drills else ("incident", "incidents"), _listed(found.words)
    if not found.count:
        return fill("No {what} that you can see has {words}.", what=escape(what[0]), words=words)
    parts = {"n": escape(str(found.count)), "what": escape(what[found.count != 1]), "words": words}
    if not found.whole:
        return join("", fill("None has all of {words}; {n} {what} with some of them", **parts), _page(found))
    return join("", fill("{n} {what} with {words}", **parts), _page(found))


def _page(found: Findings) -> Mrkdwn:
    if found.pages == 1:
        return NOTHING
    return fill(", page {n} of {all}", n=escape(str(found.page)), all=escape(str(found.pages)))


def _advice(found: Findings, command: str) -> Mrkdwn:
    if found.drills:
        return NOTHING
    return fill(
        "An open incident is found by its title, service and impact. Drills: {drills}.",
        drills=code(f"{command} search drills {' '.join(found.words)}"[:100]),
    )


def _listed(words: Sequence[str]) -> Mrkdwn:
    shown = [fill("“{word}”", word=line(word, 40)) for word in words[:MOST_WORDS_TOLD]]
    return join(", ", *shown, Mrkdwn("…") if len(words) > MOST_WORDS_TOLD else NOTHING)


def _turning(found: Findings) -> list[Block]:
    turns = [("Previous", found.page - 1), ("Next", found.page + 1)]
    buttons = [_turn(text, page, found) for text, page in turns if 1 <= page <= found.pages]
    return [elements.actions(*buttons)] if buttons else []


def _turn(text: str, page: int, found: Findings) -> Element:
    value = pack(0, page, DRILLS if found.drills else INCIDENTS, clean(" ".join(found.words)))
    return elements.button(text, action_ids.SEARCH_PAGE, value[: elements.BUTTON_VALUE], suffix=str(page))


def precedent_blocks(found: Sequence[Likeness], at: datetime) -> list[Block]:
    """For an incident's channel. Nothing private may be among them."""
    told = [elements.section(_hit(each, at)) for each in found]
    return [elements.section(bold(Mrkdwn("Like this one"))), *told] if told else []


def brief(hit: Likeness) -> Mrkdwn:
    """INC-3 Orders are lost. Why: same service checkout; in its factors: pool"""
    return fill(
        "{ref} {title}. {why}",
        ref=phrases.reference(hit.listing),
        title=line(hit.listing.title, 100),
        why=why_alike(hit),
    )


def _hit(hit: Likeness, at: datetime) -> Mrkdwn:
    listing = hit.listing
    head = join(" · ", phrases.headline(listing), bold(line(listing.title, 150)))
    private = Mrkdwn("private") if listing.private else NOTHING
    place = channel(listing.channel) if listing.channel else NOTHING
    declared = fill("declared {then}", then=phrases.moment(listing.declared_at, at))
    return lines(head, join(" · ", place, private, declared, _playbooks(hit)), _ending(hit), why_alike(hit))


def _playbooks(hit: Likeness) -> Mrkdwn:
    titles = join(", ", *(line(title, 75) for title in hit.gist.playbooks))
    return fill("playbook {titles}", titles=titles) if titles else NOTHING


def _ending(hit: Likeness) -> Mrkdwn:
    if hit.listing.active:
        return Mrkdwn("Still open.")
    if not hit.gist.outcome.strip():
        return NOTHING
    return fill("Ended: {outcome}", outcome=phrases.quoted(hit.gist.outcome, OUTCOME))


def why_alike(hit: Likeness) -> Mrkdwn:
    """Why it is told: same service checkout; in its title: replica; also: failover"""
    others = [word for word in hit.words if word not in {*hit.titled, *hit.factored}]
    factored = [word for word in hit.factored if word not in hit.titled]
    kinds = join(", ", *(escape(each) for each in hit.surroundings))
    factor = fill("same factor {kinds}", kinds=kinds) if kinds else NOTHING
    service = fill("same service {service}", service=line(hit.gist.service, 75)) if hit.same_service else NOTHING
    playbook = Mrkdwn("same playbook") if hit.same_playbook else NOTHING
    return fill(
        "Why: {why}",
        why=join(
            "; ",
            service,
            playbook,
            factor,
            _words("in its title", hit.titled),
            _words("in its factors", factored),
            _words("said", others),
        ),
    )


def _words(where: str, words: Sequence[str]) -> Mrkdwn:
    shown = join(", ", *(line(word, 40) for word in words[:MOST_WORDS_TOLD]))
    return fill("{where}: {words}", where=escape(where), words=shown) if words else NOTHING
