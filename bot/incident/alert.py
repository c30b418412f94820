"""What an alert is, whatever source told of it, and what was decided about it. Values only; all its text is foreign."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.incident.terms import IncidentId

LONGEST_NAME: Final = 120
LONGEST_SUMMARY: Final = 300
LONGEST_LABEL: Final = 200
LONGEST_LINK: Final = 1000
MOST_LABELS: Final = 40


CLOCKS_DIFFER: Final = timedelta(hours=1)
"""By so much a source's clock may be ahead, say for a zone that it takes for UTC."""


class AlertState(StrEnum):
    FIRING = "firing"
    RESOLVED = "resolved"


class LinkKind(StrEnum):
    """Where an alert's links lead; the order is that in which they are shown."""

    DASHBOARD = "Dashboard"
    RUNBOOK = "Runbook"
    GENERATOR = "Source"
    SILENCE = "Silence"


class Reason(StrEnum):
    """Why an alert was treated as it was: in the log, on the card, in metrics and in `muster alerts why`."""

    DECLARED_BY_RULE = "DECLARED_BY_RULE"
    ATTACHED_SAME_GROUP = "ATTACHED_SAME_GROUP"
    ATTACHED_BY_LABELS = "ATTACHED_BY_LABELS"
    ATTACHED_BY_SERVICE = "ATTACHED_BY_SERVICE"
    ATTACHED_BY_DEPENDENCY = "ATTACHED_BY_DEPENDENCY"
    ATTACHED_TO_STORM = "ATTACHED_TO_STORM"
    RECORDED = "RECORDED"
    SUPPRESSED_MAINTENANCE = "SUPPRESSED_MAINTENANCE"
    ANSWERED_BEFORE = "ANSWERED_BEFORE"
    PROPOSED = "PROPOSED"
    DECLARED_BY_PERSON = "DECLARED_BY_PERSON"
    ATTACHED_BY_PERSON = "ATTACHED_BY_PERSON"
    IGNORED_BY_PERSON = "IGNORED_BY_PERSON"
    PROPOSAL_EXPIRED = "PROPOSAL_EXPIRED"
    FROZEN_BY_PERSON = "FROZEN_BY_PERSON"
    DAMPED_FLAPPING = "DAMPED_FLAPPING"

    @property
    def opens(self) -> bool:
        """It led to an incident of its own."""
        return self in {Reason.DECLARED_BY_RULE, Reason.DECLARED_BY_PERSON}


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert as its source told of it.

    `group` and `fingerprint` are the source's own and together name it: never its start, which differs between the
    halves of a split pair. `started_at` and `ended_at` only tell what came first; None where the source does not say.
    `cycle`: the source's own name for this time of firing, from its beginning to its end; empty where it has none.
    """

    source: str
    group: str
    fingerprint: str
    state: AlertState
    name: str
    summary: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    links: Mapping[LinkKind, str] = field(default_factory=dict)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    cycle: str = ""

    @property
    def key(self) -> str:
        """12 hexadecimal digits by which people, logs and incidents name it."""
        return digest(self.source, self.group, self.fingerprint)[:12]

    @property
    def began_at(self) -> datetime | None:
        """When it came to be in the state that is told; None where the source does not say."""
        return self.started_at if self.state is AlertState.FIRING else self.ended_at

    @property
    def group_claim(self) -> str:
        return digest("group", self.source, self.group)

    @property
    def cycle_claim(self) -> str:
        """Empty where the source names no cycle."""
        return digest("cycle", self.source, self.group, self.cycle) if self.cycle else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """An alert that waits to be decided about. `entry`: its id in the inbox; `at`: when it was taken in."""

    entry: str
    alert: Alert
    at: datetime


def believable(arrived: Arrived) -> Arrived:
    """A time that lies ahead of us is none: with an end in years to come, all that fires until then would pass for what
    fired before it.
    """
    latest, alert = arrived.at + CLOCKS_DIFFER, arrived.alert
    started_at, ended_at = (at if at and at <= latest else None for at in (alert.started_at, alert.ended_at))
    if (started_at, ended_at) == (alert.started_at, alert.ended_at):
        return arrived
    return replace(arrived, alert=replace(alert, started_at=started_at, ended_at=ended_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An alert and why it belongs to an incident. `why`: the rule, service or labels by which, in a few words.

    `claims`: digests by which further alerts find the same incident. `service`: what it is about, empty if unknown.
    `suggest`: what its rule suggests while it fires; `freeze`: that deploys of its service be frozen. `rule`: the
    policy's. `guided`: it, or its service, has a runbook.
    """

    alert: Alert
    reason: Reason
    why: str
    at: datetime
    claims: tuple[str, ...] = ()
    service: str = ""
    suggest: str = ""
    freeze: bool = False
    rule: str = ""
    guided: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertOpening:
    """What alerts bring to the incident that they open: the rule that wants it, why it is this severe, what the first
    of them says, what any of them links to. `told_by`: the one that began first; `detected_at`: when the first of them
    reached Muster. `entries`: what leaves the inbox of alerts by it. `unless_routed`: it is opened only
    where no open incident has one of these claims.
    """

    judged: tuple[Judged, ...]
    rule: str
    severity_why: str
    links: Mapping[LinkKind, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    told_by: str = ""
    detected_at: datetime | None = None
    entries: tuple[str, ...] = ()
    unless_routed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedAlert:
    """What an incident keeps of an alert whose state is another now. Fields as of Alert and Judged.

    `changes`: how often it fired and resolved since the last word on it. `link`: where it is seen at its source.
    """

    key: str
    source: str
    name: str
    state: AlertState
    reason: Reason
    why: str
    summary: str = ""
    service: str = ""
    link: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None
    changes: int = 1
    suggest: str = ""
    freeze: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDecision:
    """A line of the alert log. `incident` None: it belongs to none. `at`: when it was decided.

    `began_at`: when it came to be in that state, by its source. `changes`: as of AttachedAlert; `rule` and `guided` as
    of Judged. `counts`: it is part of how good its rule is; not what happens while a drill is played.
    `beside`: the incident that it says was opened was opened by another alert, and this one came along.
    """

    key: str
    source: str
    name: str
    state: AlertState
    reason: Reason
    why: str
    at: datetime
    incident: IncidentId | None = None
    summary: str = ""
    service: str = ""
    began_at: datetime | None = None
    changes: int = 1
    rule: str = ""
    guided: bool = True
    counts: bool = True
    beside: bool = False


def digest(*parts: str) -> str:
    """Names text of any length by 32 hexadecimal digits; none of it can be read from them."""
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:32]
