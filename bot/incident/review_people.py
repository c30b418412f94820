"""Who took part in an incident, for its review: whoever held a role, and whoever wrote notes. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final

from bot.incident.events import Event, IncidentDeclared, NoteAdded, RoleAssigned
from bot.incident.rights import may_hear
from bot.incident.state import Incident
from bot.incident.terms import MUSTER, UserId

MOST: Final = 20
"""More people than these share no hour, and fit in no review."""


def took_part(incident: Incident, history: Iterable[Event]) -> tuple[UserId, ...]:
    """Those with roles first; nobody who may not hear of it any more."""
    holders: dict[UserId, None] = {}
    writers: dict[UserId, None] = {}
    for event in history:
        match event:
            case RoleAssigned(holder=holder):
                holders[holder] = None
            case NoteAdded(by=by) if by != MUSTER:
                writers[by] = None
    return tuple(user for user in {**holders, **writers} if may_hear(incident, user))[:MOST]


def zones(history: Iterable[Event]) -> Mapping[UserId, str]:
    """The zones that were recorded: of whoever reported it or was given a role. The newest counts."""
    found: dict[UserId, str] = {}
    for event in history:
        match event:
            case IncidentDeclared(by=by, time_zone=time_zone) | RoleAssigned(holder=by, time_zone=time_zone):
                found[by] = time_zone
    return found
