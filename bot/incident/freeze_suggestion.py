"""Which services of an incident are frozen, and which ones its alerts ask to freeze. Pure."""

from collections.abc import Sequence
from datetime import datetime

from bot.incident.alert import AttachedAlert
from bot.incident.freeze import Freeze, covering
from bot.incident.policy import Policy
from bot.incident.service_names import may_be_named, spelt
from bot.incident.state import Incident


def services_of(incident: Incident, policy: Policy) -> tuple[str, ...]:
    """Its own, and those that its alerts ask to freeze, in the catalogue's spelling. A drill has none that are real."""
    if incident.drill:
        return ()
    named = (incident.service, *(_service(each, incident) for each in incident.alerts.asking_to_freeze))
    return spelt((each for each in named if each.strip()), policy)


def frozen_by(
    incident: Incident, freezes: Sequence[Freeze], policy: Policy, at: datetime
) -> dict[Freeze, tuple[str, ...]]:
    """Each freeze with those of the incident's services that it is of."""
    found: dict[Freeze, tuple[str, ...]] = {}
    for service in services_of(incident, policy):
        if (freeze := covering(freezes, [service], at)) is not None:
            found[freeze] = (*found.get(freeze, ()), service)
    return found


def unheeded(incident: Incident, freezes: Sequence[Freeze], policy: Policy, at: datetime) -> tuple[AttachedAlert, ...]:
    """Alerts that fire and ask to freeze a service which is not frozen."""
    asking = incident.alerts.asking_to_freeze
    return tuple(each for each in asking if not covering(freezes, spelt([_service(each, incident)], policy), at))


def to_freeze(incident: Incident, freezes: Sequence[Freeze], policy: Policy, at: datetime) -> tuple[str, ...]:
    """The services that could be frozen now because its alerts ask for it; of a drill none."""
    if incident.drill or not incident.is_active:
        return ()
    named = (_service(each, incident) for each in unheeded(incident, freezes, policy, at))
    return spelt((each for each in named if may_be_named(each, policy)), policy)


def _service(alert: AttachedAlert, incident: Incident) -> str:
    return alert.service or incident.service
