"""Contributing factors from events, for evolve.py. Nothing here decides."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.incident.events import Event
from bot.incident.factor import Factor
from bot.incident.factor_events import FactorAdded, FactorChanged, FactorRemoved
from bot.incident.state import Incident


def _added(incident: Incident, event: FactorAdded) -> Incident:
    return _with(incident, Factor(number=event.number, content=event.content, added_at=event.at, added_by=event.by))


def _changed(incident: Incident, event: FactorChanged) -> Incident:
    found = incident.factors[event.number]
    return _with(incident, replace(found, content=event.after, changes=found.changes + 1))


def _removed(incident: Incident, event: FactorRemoved) -> Incident:
    found = incident.factors[event.number]
    return _with(incident, replace(found, removed_at=event.at, removed_by=event.by, why=event.why))


def _with(incident: Incident, factor: Factor) -> Incident:
    return replace(incident, factors={**incident.factors, factor.number: factor})


FACTOR_CHANGES: Final[Mapping[type[Event], Callable[[Incident, Any], Incident]]] = {
    FactorAdded: _added,
    FactorChanged: _changed,
    FactorRemoved: _removed,
}
