"""What stands between resolved and closed, from events: for evolve.py. Nothing here decides."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from bot.incident.closing_events import (
    ClosingAsked,
    ClosingPutOff,
    GateOverridden,
    NoWorkaroundsStated,
    RestorationVerified,
    WorkaroundAdded,
    WorkaroundChased,
    WorkaroundExtended,
    WorkaroundRemoved,
)
from bot.incident.closure import Closure, Override, Workaround
from bot.incident.events import Event
from bot.incident.state import Incident


def reopened_closure(closure: Closure) -> Closure:
    """What was restored is not, so what was said of it no longer counts; workarounds stay where they are."""
    return replace(closure, evidence="", none_in_place=False, override=None, asked_at=None)


def _verified(closure: Closure, event: RestorationVerified) -> Closure:
    return replace(closure, evidence=event.evidence)


def _added(closure: Closure, event: WorkaroundAdded) -> Closure:
    workaround = Workaround(
        number=event.number,
        what=event.what,
        owner=event.owner,
        expires_on=event.expires_on,
        time_zone=event.time_zone,
    )
    return replace(_with(closure, workaround), none_in_place=False)


def _extended(closure: Closure, event: WorkaroundExtended) -> Closure:
    moved = replace(closure.workarounds[event.number], expires_on=event.expires_on, chased_at=None)
    return _with(closure, moved)


def _removed(closure: Closure, event: WorkaroundRemoved) -> Closure:
    return _with(closure, replace(closure.workarounds[event.number], removed_at=event.at))


def _chased(closure: Closure, event: WorkaroundChased) -> Closure:
    return _with(closure, replace(closure.workarounds[event.number], chased_at=event.at, chases=event.chase))


def _none_in_place(closure: Closure, event: NoWorkaroundsStated) -> Closure:
    return replace(closure, none_in_place=True)


def _overridden(closure: Closure, event: GateOverridden) -> Closure:
    return replace(closure, override=Override(checks=event.missing, why=event.why, by=event.by))


def _asked(closure: Closure, event: ClosingAsked) -> Closure:
    return replace(closure, asked_at=event.at, asks=event.number)


def _put_off(closure: Closure, event: ClosingPutOff) -> Closure:
    return replace(closure, asked_at=event.at)


def _with(closure: Closure, workaround: Workaround) -> Closure:
    return replace(closure, workarounds={**closure.workarounds, workaround.number: workaround})


def _on(change: Callable[[Closure, Any], Closure]) -> Callable[[Incident, Any], Incident]:
    return lambda incident, event: replace(incident, closure=change(incident.closure, event))


CLOSURE_CHANGES: Final[Mapping[type[Event], Callable[[Incident, Any], Incident]]] = {
    RestorationVerified: _on(_verified),
    WorkaroundAdded: _on(_added),
    WorkaroundExtended: _on(_extended),
    WorkaroundRemoved: _on(_removed),
    WorkaroundChased: _on(_chased),
    NoWorkaroundsStated: _on(_none_in_place),
    GateOverridden: _on(_overridden),
    ClosingAsked: _on(_asked),
    ClosingPutOff: _on(_put_off),
}

CLOSURE_UNSEEN: Final = (RestorationVerified, NoWorkaroundsStated, WorkaroundChased, ClosingAsked, ClosingPutOff)
"""Events of these that no card of the war room shows."""
