"""What must follow between resolved and closed. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from bot.incident.change import Change, Follows
from bot.incident.chasing import chased_together
from bot.incident.closing_events import ClosingAsked, WorkaroundAdded, WorkaroundChased
from bot.incident.effects import (
    Effect,
    TellPerson,
)
from bot.incident.events import Event
from bot.incident.rights import may_hear


def _workaround_added(change: Change, event: WorkaroundAdded) -> Iterator[Effect]:
    """Whoever is to own it hears of it now, and not only when it has expired."""
    if event.owner != event.by and may_hear(change.after, event.owner):
        yield TellPerson(incident=change.after.id, user=event.owner, about=event)


def _asked(change: Change, event: ClosingAsked) -> Iterator[Effect]:
    yield TellPerson(incident=change.after.id, user=event.asked, about=event)


def _chased(change: Change, event: WorkaroundChased) -> Iterator[Effect]:
    """One message, however many have expired: the first of them stands for all."""
    if event.number == chased_together(change.after, event)[0].number:
        yield TellPerson(incident=change.after.id, user=event.asked, about=event)


CLOSING_FOLLOWS: Final[Mapping[type[Event], Follows]] = {
    WorkaroundAdded: _workaround_added,
    WorkaroundChased: _chased,
    ClosingAsked: _asked,
}
