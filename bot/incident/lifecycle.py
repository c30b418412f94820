"""The table of status transitions. The diagram in docs/lifecycle.md is drawn from it.

Rules: the response moves forward or back freely while it lasts; `resolved` ends the response and `closed`
ends the incident; both, and `cancelled`, are left only by reopening, which leads back to investigating.
"""

from collections.abc import Mapping
from typing import Final

from bot.incident.terms import Status

ACTIVE: Final = frozenset({Status.TRIAGE, Status.INVESTIGATING, Status.IDENTIFIED, Status.MITIGATED})
"""The statuses in which the response goes on: reminders run, the incident is listed as open."""

ENDED: Final = frozenset(Status) - ACTIVE

UNFINISHED: Final = ACTIVE | {Status.RESOLVED}
"""The statuses in which a playbook's steps may still be ticked: some of them are for afterwards."""

_FORWARD_AND_BACK = ACTIVE | {Status.RESOLVED, Status.CANCELLED}

TRANSITIONS: Final[Mapping[Status, frozenset[Status]]] = {
    Status.TRIAGE: _FORWARD_AND_BACK - {Status.TRIAGE},
    Status.INVESTIGATING: _FORWARD_AND_BACK - {Status.INVESTIGATING, Status.TRIAGE},
    Status.IDENTIFIED: _FORWARD_AND_BACK - {Status.IDENTIFIED, Status.TRIAGE},
    Status.MITIGATED: _FORWARD_AND_BACK - {Status.MITIGATED, Status.TRIAGE},
    Status.RESOLVED: frozenset({Status.INVESTIGATING, Status.CLOSED}),
    Status.CLOSED: frozenset({Status.INVESTIGATING}),
    Status.CANCELLED: frozenset({Status.INVESTIGATING}),
}

VERBS: Final[Mapping[Status, str]] = {
    Status.RESOLVED: "resolve",
    Status.CANCELLED: "cancel",
    Status.CLOSED: "close",
}
"""The statuses that are reached by a verb of their own; the others by `status <name>`."""


def may_become(before: Status, after: Status) -> bool:
    return after in TRANSITIONS[before]


def is_reopening(before: Status, after: Status) -> bool:
    return before in ENDED and after in ACTIVE


def diagram() -> str:
    """The table as a Mermaid state diagram, every arrow labelled with the verb that takes it."""
    lines = ["stateDiagram-v2", f"    [*] --> {Status.TRIAGE}: declare"]
    lines += [
        f"    {before} --> {after}: {_verb(before, after)}"
        for before in Status
        for after in Status
        if may_become(before, after)
    ]
    lines += [f"    {status} --> [*]" for status in (Status.CLOSED, Status.CANCELLED)]
    return "\n".join(lines) + "\n"


def _verb(before: Status, after: Status) -> str:
    if is_reopening(before, after):
        return "reopen"
    return VERBS.get(after, f"status {after}")
