"""What earlier incidents have to say about one: those like it, and which of its factors return. Nothing is posted here.

For the postmortem's panel, for whoever adds a factor, and for what is read before a review: the caller says who may
know of which incidents, and nothing else is told or counted.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

import structlog

from bot.command_handler import Handled
from bot.incident.factor import Factor
from bot.incident.factor_events import FactorAdded, FactorChanged
from bot.incident.factor_index import ListedFactor, line_of
from bot.incident.listing import Listing, listing, may_see
from bot.incident.state import Incident
from bot.incident.terms import Person
from bot.incident.themes import WITHIN, Lessons, Returning, returning
from bot.index_ports import Archive, FactorIndex
from bot.ports import Unavailable
from bot.slack.blocks import answers
from bot.slack.blocks.risk_register import returning_words
from bot.slack.listening import Desk
from bot.slack.message import Message

MaySee = Callable[[Listing], bool]

_log = structlog.get_logger(__name__)


async def lessons(archive: Archive, factors: FactorIndex, incident: Incident, at: datetime, *, sees: MaySee) -> Lessons:
    """Of a drill none: it neither hears of others nor is told of. Raises Unavailable."""
    if incident.drill:
        return Lessons()
    return Lessons(
        precedents=await archive.precedents(incident, at),
        returning=await themes_of(factors, incident, incident.standing_factors, at, sees=sees),
    )


async def themes_of(
    index: FactorIndex, incident: Incident, chosen: Sequence[Factor], at: datetime, *, sees: MaySee
) -> Sequence[Returning]:
    """Each theme once, those of most incidents first. Raises Unavailable."""
    if incident.drill or not chosen:
        return ()
    lines = [line_of(incident, factor) for factor in chosen]
    marks = frozenset().union(*(line.marks for line in lines))
    others = [each for each in await index.alike(marks, at - WITHIN) if sees(each.listing)]
    here = listing(incident)
    found = [each for line in lines for each in returning(ListedFactor(line=line, listing=here), others)]
    return sorted({each.theme: each for each in reversed(found)}.values(), key=lambda each: -each.count)


async def lessons_for(desk: Desk, incident: Incident, by: Person) -> Lessons:
    """As far as this person may know; none where the store cannot say, since nothing depends on them."""
    try:
        return await lessons(desk.archive, desk.factors, incident, desk.clock.now(), sees=_seen_by(desk, by))
    except Unavailable as failure:
        _log.warning("lessons_unavailable", incident=incident.id, reason=failure.reason)
        return Lessons()


async def confirmed(desk: Desk, handled: Handled, by: Person) -> Message:
    """What somebody hears after their command, which is on record by then; of a factor also where it returns."""
    message = answers.confirmation(handled.events, handled.incident, desk.door.policy)
    named = {each.number for each in handled.events if isinstance(each, FactorAdded | FactorChanged)}
    chosen = [handled.incident.factors[number] for number in sorted(named)]
    at = desk.clock.now()
    try:
        found = await themes_of(desk.factors, handled.incident, chosen, at, sees=_seen_by(desk, by))
    except Unavailable as failure:
        _log.warning("lessons_unavailable", incident=handled.incident.id, reason=failure.reason)
        return message
    return answers.with_more(message, [returning_words(each) for each in found]) if found else message


def _seen_by(desk: Desk, by: Person) -> MaySee:
    see_private = desk.door.policy.rights.see_private
    return lambda each: may_see(each, by.id, see_private)
