"""Which alerts a command decides about, and what the alert log says of them: written in the step that does it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.incident.alert import AlertDecision, AttachedAlert
from bot.incident.alert_commands import AttachAlerts, AttachProposal
from bot.incident.alert_events import AlertsChanged
from bot.incident.commands import Command, DeclareIncident
from bot.incident.effects import Effect
from bot.incident.events import Event
from bot.incident.proposal import ProposalChange
from bot.incident.proposal_effects import RefreshProposal
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


def settled(command: Command, events: Sequence[Event], incident: IncidentId) -> Settled:
    match command:
        case AttachAlerts():
            return Settled(entries=command.entries, decisions=tuple(_decisions(events, incident)))
        case AttachProposal():
            return _answering(command.answers, Settled(decisions=tuple(_decisions(events, incident))), incident)
        case DeclareIncident(opening=opening) if opening:
            found = Settled(
                entries=opening.entries,
                unless_routed=opening.unless_routed,
                decisions=tuple(_decisions(events, incident)),
            )
            return _answering(command.answers, found, incident) if command.answers else found
    return NOTHING_SETTLED


def _answering(change: ProposalChange, found: Settled, incident: IncidentId) -> Settled:
    after = replace(change.after, incident=incident) if change.after else None
    card = RefreshProposal(incident=NO_INCIDENT, proposal=change.number)
    return replace(found, proposals=(replace(change, after=after),), effects=(card,))


def _decisions(events: Sequence[Event], incident: IncidentId) -> Iterator[AlertDecision]:
    for event in events:
        if isinstance(event, AlertsChanged):
            for each in event.alerts:
                yield _decision(each, event, incident)


def _decision(attached: AttachedAlert, event: AlertsChanged, incident: IncidentId) -> AlertDecision:
    return AlertDecision(
        key=attached.key,
        source=attached.source,
        name=attached.name,
        state=attached.state,
        reason=attached.reason,
        why=attached.why,
        at=event.at,
        incident=incident,
        summary=attached.summary,
        service=attached.service,
    )
