"""Contributing factors from events, for evolve.py. Nothing here decides."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.incident.events import Event
from bot.incident.factor import Acceptance, Factor
from bot.incident.factor_events import (
    FactorAdded,
    FactorChanged,
    FactorRemoved,
    RiskAccepted,
    RiskAskedAbout,
    RiskReopened,
)
from bot.incident.state import Incident


def _added(incident: Incident, event: FactorAdded) -> Incident:
    return _with(incident, Factor(number=event.number, content=event.content, added_at=event.at, added_by=event.by))


def _changed(incident: Incident, event: FactorChanged) -> Incident:
    found = incident.factors[event.number]
    return _with(incident, replace(found, content=event.after, changes=found.changes + 1))


def _removed(incident: Incident, event: FactorRemoved) -> Incident:
    found = incident.factors[event.number]
    return _with(incident, replace(found, removed_at=event.at, removed_by=event.by, why=event.why))


def _accepted(incident: Incident, event: RiskAccepted) -> Incident:
    acceptance = Acceptance(
        why=event.why, by=event.by, at=event.at, look_again_on=event.look_again_on, time_zone=event.time_zone
    )
    return _with(incident, replace(incident.factors[event.number], accepted=acceptance))


def _reopened(incident: Incident, event: RiskReopened) -> Incident:
    return _with(incident, replace(incident.factors[event.number], accepted=None))


def _asked(incident: Incident, event: RiskAskedAbout) -> Incident:
    found = incident.factors[event.number]
    if found.accepted is None:
        return incident
    return _with(incident, replace(found, accepted=replace(found.accepted, asked_at=event.at)))


def _with(incident: Incident, factor: Factor) -> Incident:
    return replace(incident, factors={**incident.factors, factor.number: factor})


FACTOR_CHANGES: Final[Mapping[type[Event], Callable[[Incident, Any], Incident]]] = {
    FactorAdded: _added,
    FactorChanged: _changed,
    FactorRemoved: _removed,
    RiskAccepted: _accepted,
    RiskReopened: _reopened,
    RiskAskedAbout: _asked,
}
