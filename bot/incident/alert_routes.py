"""By which claims alerts find an incident: a view of its state, kept beside the log and always rebuildable. Pure.

Only an open incident has any; a private one and a drill have none, so nothing outside ever tells of them.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.incident.alert_claims import service_claim
from bot.incident.state import Incident


@dataclass(frozen=True, slots=True, kw_only=True)
class Rerouted:
    """What changed: claims that lead here from now on, and that no longer do. `ended_at`: people ended it then."""

    added: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    ended_at: datetime | None = None


NOT_REROUTED = Rerouted()


def rerouted(before: Incident | None, after: Incident) -> Rerouted:
    had, has = claims(before) if before else frozenset(), claims(after)
    ended = bool(had) and not after.is_active
    return Rerouted(
        added=tuple(sorted(has - had)), gone=tuple(sorted(had - has)), ended_at=after.ended_at if ended else None
    )


def claims(incident: Incident) -> frozenset[str]:
    if not incident.is_active or incident.private or incident.drill:
        return frozenset()
    service = (service_claim(incident.service),) if incident.service.strip() else ()
    return frozenset((*incident.alerts.claims, *service))
