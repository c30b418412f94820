"""What the log itself knows of how a response went: what went well, what hindered it. Pure.

It speaks of times, steps and messages, never of a person's worth. What was lucky, no log can know.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

from bot.incident import events as happened
from bot.incident.history import Happening
from bot.incident.informing import ASKED_LEAD
from bot.incident.lifecycle import is_reopening
from bot.incident.policy import Policy
from bot.incident.promises import Outcome, Promise, kept
from bot.incident.response_times import Measure, Phase
from bot.incident.state import Incident
from bot.incident.terms import CANVAS, COMMUNICATIONS_LEAD, DRAFT, StepState


class RemarkKind(StrEnum):
    ALL_PROMISES_KEPT = "all promises kept"
    ACKNOWLEDGED_SOON = "acknowledged soon"
    STEPS_DONE = "playbook steps done"
    UPDATES_LATE = "updates late"
    REMINDERS_CLIMBED = "reminders climbed"
    ACKNOWLEDGED_LATE = "acknowledged late"
    NEVER_ACKNOWLEDGED = "never acknowledged"
    STEP_FAILED = "playbook step failed"
    NOBODY_INFORMED = "no communications lead"
    REOPENED = "reopened"
    SEVERITY_RAISED = "severity raised"
    SLACK_REFUSED = "Slack refused"
    POSTS_MISSED = "posts missed"


WENT_WELL: Final = frozenset({RemarkKind.ALL_PROMISES_KEPT, RemarkKind.ACKNOWLEDGED_SOON, RemarkKind.STEPS_DONE})
"""All other kinds hindered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """`count` of `of` things; `span`: how long, or by how much at most; `subject`: whose, foreign text."""

    kind: RemarkKind
    count: int = 0
    of: int = 0
    span: timedelta | None = None
    subject: str = ""


def remarks(
    history: Sequence[Happening], made: Sequence[Promise], measures: Sequence[Measure], policy: Policy
) -> tuple[Remark, ...]:
    incident = history[-1].after
    acknowledgement = next(measure for measure in measures if measure.phase is Phase.ACKNOWLEDGEMENT)
    return (
        *_of_promises(made),
        *_of_acknowledgement(incident, acknowledgement, policy),
        *_of_steps(incident),
        *_of_roles(history),
        *_of_turns(history),
        *_of_slack(history),
    )


def _of_promises(made: Sequence[Promise]) -> Iterator[Remark]:
    if made and kept(made) == len(made):
        yield Remark(kind=RemarkKind.ALL_PROMISES_KEPT, count=len(made), of=len(made))
    late = [promise for promise in made if promise.outcome is not Outcome.KEPT]
    if late:
        worst = max(promise.late_by for promise in late)
        yield Remark(kind=RemarkKind.UPDATES_LATE, count=len(late), of=len(made), span=worst)


def _of_acknowledgement(incident: Incident, measure: Measure, policy: Policy) -> Iterator[Remark]:
    """Soon: before a reminder that nobody answers would have climbed to the commander; the policy says when."""
    if measure.length is None:
        if not incident.is_active and incident.ended_at:
            yield Remark(kind=RemarkKind.NEVER_ACKNOWLEDGED)
        return
    soon = measure.length <= policy.escalation.commander_after
    yield Remark(kind=RemarkKind.ACKNOWLEDGED_SOON if soon else RemarkKind.ACKNOWLEDGED_LATE, span=measure.length)


def _of_steps(incident: Incident) -> Iterator[Remark]:
    for attached in incident.playbooks.values():
        steps, progress = attached.checklist.steps, attached.progress
        done = sum(each.state is StepState.DONE for each in progress.values())
        if done:
            title = attached.checklist.title
            yield Remark(kind=RemarkKind.STEPS_DONE, count=done, of=len(steps), subject=title)
        for step in steps:
            if step.id in progress and progress[step.id].state is StepState.FAILED:
                yield Remark(kind=RemarkKind.STEP_FAILED, subject=step.title)


def _of_roles(history: Sequence[Happening]) -> Iterator[Remark]:
    assigned = (each.event for each in history if isinstance(each.event, happened.RoleAssigned))
    if not any(event.role == COMMUNICATIONS_LEAD for event in assigned):
        yield Remark(kind=RemarkKind.NOBODY_INFORMED)


def _of_turns(history: Sequence[Happening]) -> Iterator[Remark]:
    reopened = raised = climbed = 0
    for each in history:
        match each.event:
            case happened.StatusChanged(before=before, after=after):
                reopened += is_reopening(before, after)
            case happened.SeverityChanged(before=before, after=after):
                raised += after < before  # SEV1 is the worst
            case happened.UpdateReminded(stage=stage):
                climbed += stage == ASKED_LEAD + 1 or (stage > ASKED_LEAD and _skipped_the_commander(each))
    for kind, count in (
        (RemarkKind.REMINDERS_CLIMBED, climbed),
        (RemarkKind.REOPENED, reopened),
        (RemarkKind.SEVERITY_RAISED, raised),
    ):
        if count:
            yield Remark(kind=kind, count=count)


def _skipped_the_commander(each: Happening) -> bool:
    """Straight from the lead to the announcement channel; otherwise it was counted when it reached the commander."""
    return each.before is not None and each.before.clock.stage == ASKED_LEAD


def _of_slack(history: Sequence[Happening]) -> Iterator[Remark]:
    refused = {each.event.step: each.event for each in history if isinstance(each.event, happened.StepFailed)}
    for step in (step for step in refused if step not in {DRAFT, CANVAS}):  # which comes after the response
        yield Remark(kind=RemarkKind.SLACK_REFUSED, subject=step)
    missed = sum(isinstance(each.event, happened.PostMissed) for each in history)
    if missed:
        yield Remark(kind=RemarkKind.POSTS_MISSED, count=missed)
