"""What is known where alerts are decided about, and what is to be done with them: values, filled by alert_triage.py."""

from collections import ChainMap
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from bot.incident.alert import (
    LONGEST_NAME,
    AlertDecision,
    AlertOpening,
    Arrived,
    Judged,
    digest,
)
from bot.incident.alert_naming import title_of
from bot.incident.alert_policy import AlertRule
from bot.incident.commands import DeclareIncident
from bot.incident.maintenance import QuietAlert, Window, WindowNumber
from bot.incident.proposal_plan import KnownProposals, Proposing
from bot.incident.state import Incident
from bot.incident.terms import MUSTER_ITSELF, IncidentId, Severity

STORM_CLAIM: Final = digest("storm")
"""Every incident that an alert opened has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """People ended an incident of this group at that time: what has fired since before it is no news."""

    incident: IncidentId
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`routes`: claim -> the open incidents that have it. `incidents`: these, as far as they are public and real.

    `answered`: group claim -> when people ended the last incident of that group. `windows`: maintenance of today.
    `proposals`: those that wait for an answer, or are quiet after one.
    """

    routes: Mapping[str, tuple[IncidentId, ...]] = field(default_factory=dict)
    incidents: Mapping[IncidentId, Incident] = field(default_factory=dict)
    answered: Mapping[str, Answered] = field(default_factory=dict)
    windows: Sequence[Window] = ()
    proposals: KnownProposals = field(default_factory=KnownProposals)


@dataclass(kw_only=True, eq=False)
class Opening:
    """An incident to be declared for these alerts. `claims`: by which others find it; in order, each once.

    `routed`: claims that open incidents had which did not take these alerts; it may share them.
    """

    rule: AlertRule
    severity: Severity
    severity_why: str
    service: str
    routed: Collection[str] = ()
    arrived: list[Arrived] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    claims: dict[str, None] = field(default_factory=dict)

    def add(self, arrived: Arrived, judged: Judged) -> None:
        self.arrived.append(arrived)
        self.judged.append(judged)
        self.claims |= dict.fromkeys(judged.claims)

    @property
    def entries(self) -> tuple[str, ...]:
        return tuple(each.entry for each in self.arrived)

    def command(self) -> DeclareIncident:
        """In the words of the first alert. It began when the earliest did, and was detected when one of them came."""
        first = self.judged[0].alert
        detected_at = min(each.at for each in self.judged)
        earliest = min(self.judged, key=lambda each: each.alert.started_at or each.at).alert
        return DeclareIncident(
            by=MUSTER_ITSELF,
            title=title_of(first, self.service, self.rule.title),
            severity=self.severity,
            service=self.service,
            impact_started_at=min(earliest.started_at or detected_at, detected_at),
            opening=AlertOpening(
                judged=tuple(self.judged),
                rule=self.rule.name,
                severity_why=self.severity_why,
                links=dict(ChainMap(*(dict(each.alert.links) for each in self.judged))),
                labels=first.labels,
                told_by=f"{earliest.name[:LONGEST_NAME]} ({earliest.source})",
                detected_at=detected_at,
                entries=self.entries,
                unless_routed=tuple(each for each in self.claims if each != STORM_CLAIM and each not in self.routed),
            ),
        )


Target = IncidentId | Opening


@dataclass(kw_only=True)
class Plan:
    """What is to be done with a batch: incident -> what joins it; what is opened; what only the alert log keeps.

    `settled`: alerts about which there is nothing to do, with the line of the alert log, if they are worth one.
    `quiet`: those of them that call nobody because of a maintenance window. `claimed`: where alerts of this batch went,
    by their claims, so that others of it follow them. `signals`: watchdogs that were heard, and when. `proposing`: what
    proposals hear, and in `proposed` by their claims.
    """

    joining: dict[IncidentId, list[tuple[Arrived, Judged]]] = field(default_factory=dict)
    openings: list[Opening] = field(default_factory=list)
    settled: list[tuple[Arrived, AlertDecision | None]] = field(default_factory=list)
    signals: dict[str, datetime] = field(default_factory=dict)
    quiet: dict[WindowNumber, list[QuietAlert]] = field(default_factory=dict)
    claimed: dict[str, Target] = field(default_factory=dict)
    proposing: list[Proposing] = field(default_factory=list)
    proposed: dict[str, Proposing] = field(default_factory=dict)

    def put(self, target: Target, arrived: Arrived, judged: Judged) -> None:
        if isinstance(target, Opening):
            target.add(arrived, judged)
        else:
            self.joining.setdefault(target, []).append((arrived, judged))
        self.claimed |= {claim: self.claimed.get(claim, target) for claim in judged.claims}
