"""Which steps of an incident's playbooks would stop the harm, before anybody knows the cause. Pure."""

from dataclasses import dataclass
from typing import Final

from bot.incident.state import AttachedPlaybook, Incident, StepProgress
from bot.incident.terms import Status, Step, StepState

MOST_SUGGESTED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstMitigation:
    """A step that nobody has begun yet. `number`: its place in its playbook, from 1."""

    book: AttachedPlaybook
    number: int
    step: Step


def first_mitigations(incident: Incident) -> tuple[FirstMitigation, ...]:
    """In the order of the playbooks, while there is harm to be stopped."""
    if not incident.is_active or incident.status is Status.MITIGATED:
        return ()
    found = (
        FirstMitigation(book=book, number=number, step=step)
        for book in incident.playbooks.values()
        for number, step in enumerate(book.checklist.steps, 1)
        if step.mitigates and book.progress.get(step.id, StepProgress()).state is StepState.OPEN
    )
    return tuple(found)[:MOST_SUGGESTED]
