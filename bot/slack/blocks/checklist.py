"""The playbook card: a checklist with buttons at the steps in hand, and one line for every other step.

However long the playbook is, the card stays under Slack's 50 blocks: only the current steps are shown in full.
"""

from datetime import datetime

from bot.incident.policy import Policy
from bot.incident.state import AttachedPlaybook, Incident, StepProgress
from bot.incident.terms import Step, StepState
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, code_block, escape, fill, join, line, lines, shorten, user

CURRENT = 4
"""Steps shown in full: those in hand and the next open ones. More would push the channel's talk out of sight."""
LISTED = 25
"""One-line steps in one section; 25 lines of 110 characters stay under its 3,000."""

_SETTLED = {StepState.DONE, StepState.SKIPPED, StepState.FAILED}
_MARKS = {
    StepState.OPEN: Mrkdwn("○"),
    StepState.STARTED: Mrkdwn("◐"),
    StepState.DONE: Mrkdwn("✓"),
    StepState.SKIPPED: Mrkdwn("–"),
    StepState.FAILED: Mrkdwn("✗"),
}
_WANTED = {
    StepState.OPEN: (StepState.STARTED, StepState.DONE, StepState.SKIPPED),
    StepState.STARTED: (StepState.DONE, StepState.FAILED, StepState.SKIPPED),
    StepState.DONE: (StepState.OPEN,),
    StepState.SKIPPED: (StepState.OPEN,),
    StepState.FAILED: (StepState.STARTED, StepState.SKIPPED),
}
_VERBS = {
    StepState.OPEN: "Open again",
    StepState.STARTED: "Start",
    StepState.DONE: "Done",
    StepState.SKIPPED: "Skip",
    StepState.FAILED: "Failed",
}
Numbered = tuple[int, Step, StepProgress]


def playbook_card(incident: Incident, playbook: str, policy: Policy, at: datetime) -> Message:
    """The checklist as it stands. Raises KeyError if the incident has no such playbook."""
    book = incident.playbooks[playbook]
    numbered = [(n, step, book.progress.get(step.id, StepProgress())) for n, step in enumerate(book.checklist.steps, 1)]
    current = _current(numbered)
    shown = {number for number, _, _ in current}
    first = min(shown, default=len(numbered) + 1)
    text = _headline(book, numbered)
    blocks: list[Block] = [elements.section(lines(bold(text), line(book.checklist.summary, 300), _why(book)))]
    blocks += _listed([each for each in numbered if each[0] < first], at)
    for each in current:
        blocks += _step_blocks(incident, book, each, _in_full(policy, each, at))
    return elements.message(
        text, *blocks, *_listed([each for each in numbered if each[0] > first and each[0] not in shown], at)
    )


def _why(book: AttachedPlaybook) -> Mrkdwn:
    return fill("Attached because it {why}.", why=line(book.checklist.why, 150)) if book.checklist.why else NOTHING


def _headline(book: AttachedPlaybook, numbered: list[Numbered]) -> Mrkdwn:
    settled = sum(progress.state in _SETTLED for _, _, progress in numbered)
    counted = {"n": escape(str(settled)), "all": escape(str(len(numbered)))}
    return fill("Playbook: {title} · {n} of {all} steps settled", title=line(book.checklist.title, 150), **counted)


def _current(numbered: list[Numbered]) -> list[Numbered]:
    """The steps in hand and failed ones first in choice, then the next open ones; in the playbook's order."""
    urgent = [each for each in numbered if each[2].state is StepState.STARTED]
    failed = [each for each in numbered if each[2].state is StepState.FAILED]
    following = [each for each in numbered if each[2].state is StepState.OPEN]
    chosen = [*urgent, *following[:2], *failed, *following[2:]]
    return sorted(chosen[:CURRENT], key=lambda each: each[0])


def _listed(steps: list[Numbered], at: datetime) -> list[Block]:
    chunks = [steps[first : first + LISTED] for first in range(0, len(steps), LISTED)]
    return [elements.context(lines(*(_one_line(each, at) for each in chunk))) for chunk in chunks]


def _one_line(each: Numbered, at: datetime) -> Mrkdwn:
    number, step, progress = each
    state = NOTHING if progress.state is StepState.OPEN else _state(progress, at)
    title = fill("{mark} {n}. {title}", mark=_MARKS[progress.state], n=escape(str(number)), title=line(step.title, 40))
    return join(" · ", title, state)


def _state(progress: StepProgress, at: datetime) -> Mrkdwn:
    parts = [escape(progress.state), user(progress.by) if progress.by else NOTHING]
    return join(" ", *parts, phrases.moment(progress.at, at) if progress.at else NOTHING)


def _step_blocks(incident: Incident, book: AttachedPlaybook, each: Numbered, text: Mrkdwn) -> list[Block]:
    _, step, progress = each
    buttons = [_button(incident, book, step, progress.state, wanted) for wanted in _WANTED[progress.state]]
    return [elements.section(text), elements.actions(*buttons)]


def _in_full(policy: Policy, each: Numbered, at: datetime) -> Mrkdwn:
    number, step, progress = each
    title = fill("{mark} {n}. {title}", mark=_MARKS[progress.state], n=escape(str(number)), title=line(step.title, 150))
    return lines(
        bold(title),
        _circumstances(policy, step, progress, at),
        shorten(escape(step.detail), 900),
        *(shorten(code_block(command), 500) for command in step.commands[:2]),
        _labelled("Verify", step.verify),
        _labelled("Rollback", step.rollback),
        _labelled("Note", progress.note),
    )


def _circumstances(policy: Policy, step: Step, progress: StepProgress, at: datetime) -> Mrkdwn:
    """operations lead · about 5 min · started <@CLEO> 14:20"""
    role = phrases.role_title(step.role, policy) if step.role else NOTHING
    minutes = fill("about {long}", long=escape(phrases.span(step.expected))) if step.expected else NOTHING
    state = NOTHING if progress.state is StepState.OPEN else _state(progress, at)
    return join(" · ", line(step.section, 75), role, minutes, state)


def _labelled(label: str, text: str) -> Mrkdwn:
    return fill("{label}: {text}", label=escape(label), text=line(text, 250)) if text.strip() else NOTHING


def _button(incident: Incident, book: AttachedPlaybook, step: Step, seen: StepState, wanted: StepState) -> Element:
    value = pack(incident.id, book.checklist.playbook, step.id, wanted, seen)
    style = "primary" if wanted is StepState.DONE and seen is StepState.STARTED else ""
    return elements.button(_VERBS[wanted], action_ids.STEP, value, suffix=f"{step.id}:{wanted}", style=style)
