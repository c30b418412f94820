"""How long detection, acknowledgement, mitigation and restoration took, and from what each is measured.

Pure. A moment that nobody recorded is never invented: it is unknown, or it is estimated and says by what.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.incident import events as happened
from bot.incident.entry import Correction
from bot.incident.history import Happening
from bot.incident.state import Incident
from bot.incident.terms import Milestone


class Basis(StrEnum):
    """What a figure rests on."""

    RECORDED = "recorded"
    ESTIMATED = "estimated"
    UNKNOWN = "not recorded"
    CONTRADICTORY = "contradictory"


class Assumption(StrEnum):
    """Why a moment is estimated."""

    DETECTED_WHEN_DECLARED = "taken to be the declaration, since nobody recorded an earlier sign"
    MITIGATED_WHEN_RESTORED = "taken to be the restoration, since no mitigation was recorded before it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a milestone was reached, as it stands now. `at` None: not known, or not reached. `told_by`: an alert."""

    milestone: Milestone
    at: datetime | None
    basis: Basis
    assumption: Assumption | None = None
    corrections: tuple[Correction, ...] = ()
    told_by: str = ""


class Phase(StrEnum):
    DETECTION = "detection"
    ACKNOWLEDGEMENT = "acknowledgement"
    MITIGATION = "mitigation"
    RESTORATION = "restoration"


class Bound(StrEnum):
    """On which side of an estimate the truth lies."""

    EXACT = ""
    AT_LEAST = "at least"
    AT_MOST = "at most"
    EITHER = "roughly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """`length` from `start` to `end`, None where it cannot be told.

    Where the impact's beginning is not known, it is measured from the declaration, and was at least so long; what an
    assumption ends, which always errs towards too late, took at most so long.
    """

    phase: Phase
    start: Milestone
    end: Milestone
    length: timedelta | None
    basis: Basis
    bound: Bound = Bound.EXACT


MEASURED: Final[Mapping[Phase, tuple[Milestone, Milestone]]] = {
    Phase.DETECTION: (Milestone.IMPACT_STARTED, Milestone.DETECTED),
    Phase.ACKNOWLEDGEMENT: (Milestone.DECLARED, Milestone.ACKNOWLEDGED),
    Phase.MITIGATION: (Milestone.IMPACT_STARTED, Milestone.MITIGATED),
    Phase.RESTORATION: (Milestone.IMPACT_STARTED, Milestone.RESOLVED),
}
"""From what to what. Whoever suffers counts from the impact; how fast somebody answers counts from being called."""

_AT_LEAST_FROM_DECLARATION: Final = frozenset({Phase.MITIGATION, Phase.RESTORATION})


def moments(history: Sequence[Happening]) -> Mapping[Milestone, Moment]:
    """Every milestone, in the order of terms.Milestone; a log that is not empty."""
    incident = history[-1].after
    corrections = _corrections(history)
    was_told = {
        each.event.milestone
        for each in history
        if isinstance(each.event, happened.MilestoneReached | happened.MilestoneCorrected)
    }
    found = {milestone: _moment(incident, milestone, corrections.get(milestone, ())) for milestone in Milestone}
    if Milestone.DETECTED not in was_told:
        found[Milestone.DETECTED] = _estimated(
            Milestone.DETECTED, incident.milestones[Milestone.DECLARED], Assumption.DETECTED_WHEN_DECLARED
        )
    restored = found[Milestone.RESOLVED].at
    if found[Milestone.MITIGATED].at is None and restored:
        found[Milestone.MITIGATED] = _estimated(Milestone.MITIGATED, restored, Assumption.MITIGATED_WHEN_RESTORED)
    return found


def measures(found: Mapping[Milestone, Moment]) -> tuple[Measure, ...]:
    return tuple(_measure(phase, found) for phase in Phase)


def _moment(incident: Incident, milestone: Milestone, corrections: tuple[Correction, ...]) -> Moment:
    at = incident.milestones.get(milestone)
    basis = Basis.UNKNOWN if at is None else Basis.RECORDED
    told_by = incident.told_by.get(milestone, "")
    return Moment(milestone=milestone, at=at, basis=basis, corrections=corrections, told_by=told_by)


def _estimated(milestone: Milestone, at: datetime, assumption: Assumption) -> Moment:
    return Moment(milestone=milestone, at=at, basis=Basis.ESTIMATED, assumption=assumption)


def _corrections(history: Iterable[Happening]) -> Mapping[Milestone, tuple[Correction, ...]]:
    """Those of the milestones that still stand: what a reopening took back, took its corrections along."""
    found: dict[Milestone, tuple[Correction, ...]] = {}
    for each in history:
        event = each.event
        if isinstance(event, happened.MilestoneCorrected):
            moved = Correction(by=event.by, at=event.at, before=event.before)
            found[event.milestone] = (*found.get(event.milestone, ()), moved)
        if isinstance(event, happened.StatusChanged):
            found = {milestone: moved for milestone, moved in found.items() if milestone in each.after.milestones}
    return found


def _measure(phase: Phase, found: Mapping[Milestone, Moment]) -> Measure:
    start, end = MEASURED[phase]
    begun_late = phase in _AT_LEAST_FROM_DECLARATION and found[start].at is None
    if begun_late:
        start = Milestone.DECLARED
    length, basis = _length(found[start], found[end])
    bound = _bound(begun_late, found[end]) if length is not None else Bound.EXACT
    basis = Basis.ESTIMATED if bound else basis
    return Measure(phase=phase, start=start, end=end, length=length, basis=basis, bound=bound)


def _length(start: Moment, end: Moment) -> tuple[timedelta | None, Basis]:
    if start.at is None or end.at is None:
        return None, Basis.UNKNOWN
    if end.at < start.at:
        return None, Basis.CONTRADICTORY
    return end.at - start.at, Basis.RECORDED


def _bound(begun_late: bool, end: Moment) -> Bound:
    match begun_late, end.basis is Basis.ESTIMATED:
        case True, True:
            return Bound.EITHER
        case True, False:
            return Bound.AT_LEAST
        case False, True:
            return Bound.AT_MOST
    return Bound.EXACT
