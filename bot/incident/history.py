"""A log read step by step: each event with the incident before and after it. Pure; it decides nothing."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.incident.events import Event
from bot.incident.evolve import evolve
from bot.incident.state import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """`before` None: the incident was declared by this event."""

    event: Event
    before: Incident | None
    after: Incident


def happenings(events: Iterable[Event]) -> tuple[Happening, ...]:
    """Oldest first. Raises ValueError where a log does not begin with a declaration."""
    found: list[Happening] = []
    incident: Incident | None = None
    for event in events:
        before, incident = incident, evolve(incident, event)
        found.append(Happening(event=event, before=before, after=incident))
    return tuple(found)
