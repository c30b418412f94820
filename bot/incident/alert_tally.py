"""What is counted of an alert, by the rule of the monitoring that fires it (its source and name). Pure.

A tally is written in the step that decides about the alert, so none is lost or counted twice. It names no incident and
no person. The store knows which alerts fire, and so which word begins a firing; it counts each figure once a firing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.incident.alert import LONGEST_NAME, AlertDecision, AlertState, Arrived, Reason, digest
from bot.incident.alert_board import Member
from bot.incident.state import Incident
from bot.incident.terms import Status


class Figure(StrEnum):
    """What is counted, under the names by which it is stored. FIRED and FLAPPED are the store's own to count."""

    FIRED = "fired"
    FLAPPED = "flapped"
    OPENED = "opened"
    JOINED = "joined"
    RECORDED = "recorded"
    PROPOSED = "proposed"
    TURNED_DOWN = "turned_down"
    FROZE = "froze"
    SUPPRESSED = "suppressed"
    ANSWERED = "answered"
    UNGUIDED = "unguided"
    CANCELLED = "cancelled"
    COMMANDED = "commanded"


FIGURES: Final[Mapping[Reason, Figure]] = {
    Reason.DECLARED_BY_RULE: Figure.OPENED,
    Reason.DECLARED_BY_PERSON: Figure.OPENED,
    Reason.ATTACHED_SAME_GROUP: Figure.JOINED,
    Reason.ATTACHED_BY_LABELS: Figure.JOINED,
    Reason.ATTACHED_BY_SERVICE: Figure.JOINED,
    Reason.ATTACHED_BY_DEPENDENCY: Figure.JOINED,
    Reason.ATTACHED_TO_STORM: Figure.JOINED,
    Reason.ATTACHED_BY_PERSON: Figure.JOINED,
    Reason.DAMPED_FLAPPING: Figure.JOINED,
    Reason.RECORDED: Figure.RECORDED,
    Reason.PROPOSED: Figure.PROPOSED,
    Reason.IGNORED_BY_PERSON: Figure.TURNED_DOWN,
    Reason.PROPOSAL_EXPIRED: Figure.TURNED_DOWN,
    Reason.FROZEN_BY_PERSON: Figure.FROZE,
    Reason.SUPPRESSED_MAINTENANCE: Figure.SUPPRESSED,
    Reason.ANSWERED_BEFORE: Figure.ANSWERED,
}
"""What each decision counts as. Maintenance, and what people had answered before, stand apart: no fault of a rule's."""

AFTERWARDS: Final = frozenset(
    {
        Reason.DECLARED_BY_PERSON,
        Reason.ATTACHED_BY_PERSON,
        Reason.IGNORED_BY_PERSON,
        Reason.PROPOSAL_EXPIRED,
        Reason.FROZEN_BY_PERSON,
    }
)
"""Decisions about an alert that has fired, and may have resolved since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sounding:
    """A rule of the monitoring, with what is known of it last: the service, and the policy's rule that it meets."""

    source: str
    name: str
    service: str = ""
    rule: str = ""

    @property
    def key(self) -> str:
        return digest("rule", self.source, self.name)[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """`alert`: its key. `state`: the word that was heard, None: none was. `began_at`: when it came to be so, by its
    source, else `at`. `changes`: how often it fired and resolved since the last word.

    `sounding` None: nothing new was decided; only of an alert that is known already it is kept that it was heard.
    `took`: from detection to command.
    """

    alert: str
    at: datetime
    state: AlertState | None = None
    began_at: datetime
    changes: int = 1
    sounding: Sounding | None = None
    figures: tuple[Figure, ...] = ()
    took: timedelta | None = None


def of_decision(decision: AlertDecision) -> Tally | None:
    """None: it counts for nothing."""
    if not decision.counts:
        return None
    unguided = () if decision.guided else (Figure.UNGUIDED,)
    return Tally(
        alert=decision.key,
        at=decision.at,
        state=decision.state,
        began_at=decision.began_at or decision.at,
        changes=decision.changes,
        sounding=_sounding(decision.source, decision.name, decision.service, decision.rule),
        figures=(_figure(decision), *unguided) if _has_fired(decision) else (),
    )


def of_word(arrived: Arrived) -> Tally:
    """Of an alert that said nothing new, or nothing that leads anywhere."""
    alert = arrived.alert
    return Tally(alert=alert.key, at=arrived.at, state=alert.state, began_at=alert.began_at or arrived.at)


def tallies(before: Incident | None, after: Incident) -> tuple[Tally, ...]:
    """What becomes of an incident that an alert opened. Of private ones and drills nothing is counted."""
    if after.alerts.opener is None or after.private or after.drill:
        return ()
    made, opener = [], after.alerts.opener
    if after.commanded_at and not (before and before.commanded_at):
        took = max(after.commanded_at - _detected_at(opener), timedelta(0))
        made.append(_of_opener(after, after.commanded_at, Figure.COMMANDED, took))
    if _is_cancelled(after) and not (before and _is_cancelled(before)):
        made.append(_of_opener(after, after.ended_at or after.declared_at, Figure.CANCELLED))
    return tuple(made)


def _of_opener(incident: Incident, at: datetime, figure: Figure, took: timedelta | None = None) -> Tally:
    opener, context = incident.alerts.opener, incident.alerts.context
    assert opener
    assert context
    alert = opener.attached
    return Tally(
        alert=alert.key,
        at=at,
        began_at=at,
        sounding=_sounding(alert.source, alert.name, alert.service, context.rule),
        figures=(figure,),
        took=took,
    )


def _sounding(source: str, name: str, service: str, rule: str) -> Sounding:
    return Sounding(source=source, name=name[:LONGEST_NAME], service=service[:LONGEST_NAME], rule=rule)


def _figure(decision: AlertDecision) -> Figure:
    """One incident is opened once; what flaps of a proposal has joined none."""
    if decision.beside:
        return Figure.JOINED
    if decision.reason is Reason.DAMPED_FLAPPING and decision.incident is None:
        return Figure.PROPOSED
    return FIGURES[decision.reason]


def _has_fired(decision: AlertDecision) -> bool:
    """A resolution alone leads nowhere; what fired and resolved at once has led somewhere."""
    return decision.state is AlertState.FIRING or decision.changes > 1 or decision.reason in AFTERWARDS


def _detected_at(opener: Member) -> datetime:
    """Its start, by its source; of one that has fired anew since, when it was first taken in."""
    return min(opener.attached.started_at or opener.since, opener.since)


def _is_cancelled(incident: Incident) -> bool:
    return incident.status is Status.CANCELLED
