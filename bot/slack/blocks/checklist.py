"""The playbook card: the steps in hand and the next one in full with buttons, every other in one line with a menu.

However long the playbook is, the card stays under Slack's 50 blocks; the lines of a very long one lose their menus.
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
from bot.slack.mrkdwn import (
    NOTHING,
    Mrkdwn,
    bold,
    code_block,
    escape,
    fill,
    join,
    line,
    lines,
    prose,
    prose_line,
    shorten,
    user,
)

IN_HAND = 3
"""Started and failed steps shown in full, besides the next open one; more would push the talk out of sight."""
MENUS = 38
"""Blocks left for one-line steps with a menu, besides the heading and four steps of two blocks each."""
MENUS_OF_MANY = 12
"""How many of them keep their menu where a playbook has more; with all the lines between them 50 blocks suffice."""
LISTED = 12
"""One-line steps in one context block; 12 lines, each with a mention and a time, stay under its 2,000 characters."""

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
    current, text = _current(numbered), _headline(book, numbered)
    menus = _with_menu([each for each in numbered if each not in current])
    blocks: list[Block] = [elements.section(lines(bold(text), prose_line(book.checklist.summary, 300), _why(book)))]
    waiting: list[Mrkdwn] = []
    for each in numbered:
        if each not in current and each not in menus:
            waiting.append(_one_line(each, at))
            continue
        blocks += _listed(waiting)
        waiting = []
        blocks += _in_full(incident, book, policy, each, at) if each in current else [_folded(incident, book, each, at)]
    return elements.message(text, *blocks, *_listed(waiting))


def _with_menu(others: list[Numbered]) -> list[Numbered]:
    if len(others) <= MENUS:
        return others
    return [each for each in others if each[2].state not in _SETTLED][:MENUS_OF_MANY]


def _why(book: AttachedPlaybook) -> Mrkdwn:
    return fill("Attached because it {why}.", why=line(book.checklist.why, 150)) if book.checklist.why else NOTHING


def _headline(book: AttachedPlaybook, numbered: list[Numbered]) -> Mrkdwn:
    settled = sum(progress.state in _SETTLED for _, _, progress in numbered)
    counted = {"n": escape(str(settled)), "all": escape(str(len(numbered)))}
    return fill("Playbook: {title} · {n} of {all} steps settled", title=line(book.checklist.title, 150), **counted)


def _current(numbered: list[Numbered]) -> list[Numbered]:
    """The steps in hand, then failed ones, and the next open one; in the playbook's order."""
    in_hand = [each for each in numbered if each[2].state is StepState.STARTED]
    failed = [each for each in numbered if each[2].state is StepState.FAILED]
    following = [each for each in numbered if each[2].state is StepState.OPEN]
    return sorted([*[*in_hand, *failed][:IN_HAND], *following[:1]], key=lambda each: each[0])


def _listed(waiting: list[Mrkdwn]) -> list[Block]:
    chunks = [waiting[first : first + LISTED] for first in range(0, len(waiting), LISTED)]
    return [elements.context(lines(*chunk)) for chunk in chunks]


def _folded(incident: Incident, book: AttachedPlaybook, each: Numbered, at: datetime) -> Block:
    """One line; its menu offers what may follow, where the ids leave room for it in an option's value."""
    _, step, progress = each
    options = [
        (_VERBS[wanted], _value(incident, book, step, progress.state, wanted)) for wanted in _WANTED[progress.state]
    ]
    fits = all(len(value) <= elements.OPTION_VALUE for _, value in options)
    menu = elements.overflow(action_ids.STEP, options, suffix=f"{step.id}:menu")
    return elements.section(_one_line(each, at), menu if fits and incident.is_unfinished else None)


def _one_line(each: Numbered, at: datetime) -> Mrkdwn:
    number, step, progress = each
    state = NOTHING if progress.state is StepState.OPEN else _state(progress, at)
    title = fill("{mark} {n}. {title}", mark=_MARKS[progress.state], n=escape(str(number)), title=line(step.title, 80))
    return join(" · ", title, state)


def _state(progress: StepProgress, at: datetime) -> Mrkdwn:
    parts = [escape(progress.state), user(progress.by) if progress.by else NOTHING]
    return join(" ", *parts, phrases.moment(progress.at, at) if progress.at else NOTHING)


def _in_full(incident: Incident, book: AttachedPlaybook, policy: Policy, each: Numbered, at: datetime) -> list[Block]:
    _, step, progress = each
    text = elements.section(_detailed(policy, each, at))
    if not incident.is_unfinished:
        return [text]
    buttons = [_button(incident, book, step, progress.state, wanted) for wanted in _WANTED[progress.state]]
    return [text, elements.actions(*buttons)]


def _detailed(policy: Policy, each: Numbered, at: datetime) -> Mrkdwn:
    number, step, progress = each
    title = fill("{mark} {n}. {title}", mark=_MARKS[progress.state], n=escape(str(number)), title=line(step.title, 150))
    return lines(
        bold(title),
        _circumstances(policy, step, progress, at),
        shorten(prose(step.detail), 900),
        *(shorten(code_block(command), 500) for command in step.commands[:2]),
        _labelled("Verify", step.verify),
        _labelled("Rollback", step.rollback),
        fill("Note: {note}", note=line(progress.note, 250)) if progress.note.strip() else NOTHING,
    )


def _circumstances(policy: Policy, step: Step, progress: StepProgress, at: datetime) -> Mrkdwn:
    """operations lead · about 5 min · mitigates · started <@CLEO> 14:20"""
    role = phrases.role_title(step.role, policy) if step.role else NOTHING
    minutes = fill("about {long}", long=escape(phrases.span(step.expected))) if step.expected else NOTHING
    state = NOTHING if progress.state is StepState.OPEN else _state(progress, at)
    mitigates = Mrkdwn("mitigates") if step.mitigates else NOTHING
    return join(" · ", line(step.section, 75), role, minutes, mitigates, state)


def _labelled(label: str, text: str) -> Mrkdwn:
    return fill("{label}: {text}", label=escape(label), text=prose_line(text, 250)) if text.strip() else NOTHING


def _button(incident: Incident, book: AttachedPlaybook, step: Step, seen: StepState, wanted: StepState) -> Element:
    value = _value(incident, book, step, seen, wanted)
    style = "primary" if wanted is StepState.DONE and seen is StepState.STARTED else ""
    return elements.button(_VERBS[wanted], action_ids.STEP, value, suffix=f"{step.id}:{wanted}", style=style)


def _value(incident: Incident, book: AttachedPlaybook, step: Step, seen: StepState, wanted: StepState) -> str:
    return pack(incident.id, book.checklist.playbook, step.id, wanted, seen)
