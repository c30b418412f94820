"""Which alerts a command decides about, and what the alert log says of them: written in the step that does it. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.incident.alert import AlertDecision, AlertState, AttachedAlert, Judged
from bot.incident.alert_commands import AttachAlerts, AttachProposal
from bot.incident.alert_events import AlertsChanged
from bot.incident.commands import Command, DeclareIncident
from bot.incident.effects import Effect
from bot.incident.events import Event
from bot.incident.proposal import ProposalChange
from bot.incident.proposal_effects import RefreshProposal
from bot.incident.state import Incident
from bot.incident.terms import NO_INCIDENT, IncidentId, Rejected


class AlertsTaken(Rejected):
    """Another process decided about these alerts, or declared where they belong, since they were looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Alerts that leave the inbox by an append, which is refused where one of them has left it already, or an open
    incident has one of the claims `unless_routed`. `decisions`: the lines of the alert log about them. `proposals`:
    those that the append answers, which is refused where one of them was changed meanwhile; `effects`: what follows.
    """

    entries: tuple[str, ...] = ()
    unless_routed: tuple[str, ...] = ()
    decisions: tuple[AlertDecision, ...] = ()
    proposals: tuple[ProposalChange, ...] = ()
    effects: tuple[Effect, ...] = ()


NOTHING_SETTLED = Settled()


def settled(command: Command, events: Sequence[Event], incident: Incident) -> Settled:
    """`incident`: as it is after these events."""
    match command:
        case AttachAlerts():
            decisions = tuple(_decisions(events, incident, command.judged))
            return Settled(entries=command.entries, decisions=decisions)
        case AttachProposal():
            decisions = tuple(_decisions(events, incident, command.judged))
            return _answering(command.answers, Settled(decisions=decisions), incident.id)
        case DeclareIncident(opening=opening) if opening:
            found = Settled(
                entries=opening.entries,
                unless_routed=opening.unless_routed,
                decisions=tuple(_decisions(events, incident, opening.judged)),
            )
            return _answering(command.answers, found, incident.id) if command.answers else found
    return NOTHING_SETTLED


def _answering(change: ProposalChange, found: Settled, incident: IncidentId) -> Settled:
    after = replace(change.after, incident=incident) if change.after else None
    card = RefreshProposal(incident=NO_INCIDENT, proposal=change.number)
    return replace(found, proposals=(replace(change, after=after),), effects=(card,))


def _decisions(events: Sequence[Event], incident: Incident, judged: Sequence[Judged]) -> Iterator[AlertDecision]:
    found = {each.alert.key: each for each in judged}
    for event in events:
        if isinstance(event, AlertsChanged):
            for each in event.alerts:
                yield _decision(each, event, incident, found)


def _decision(
    attached: AttachedAlert, event: AlertsChanged, incident: Incident, found: Mapping[str, Judged]
) -> AlertDecision:
    judged = found[attached.key]
    return AlertDecision(
        key=attached.key,
        source=attached.source,
        name=attached.name,
        state=attached.state,
        reason=attached.reason,
        why=attached.why,
        at=event.at,
        incident=incident.id,
        summary=attached.summary,
        service=attached.service,
        began_at=attached.started_at if attached.state is AlertState.FIRING else attached.ended_at,
        changes=attached.changes,
        rule=judged.rule,
        # A playbook that matched is as good as a runbook to whoever is called by this alert.
        guided=judged.guided or (judged.reason.opens and bool(incident.playbooks)),
        counts=not (incident.private or incident.drill),
        beside=attached.reason.opens and not _opened(attached, incident),
    )


def _opened(attached: AttachedAlert, incident: Incident) -> bool:
    opener = incident.alerts.opener
    return opener is not None and opener.attached.key == attached.key
