"""What one person hears in answer, ephemerally. The room's door for answers: pages and panels are exported here too.

A refusal is one sentence and the verb that would work; an error says what did not happen and the next step.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import Rejected
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases, service_words
from bot.slack.blocks.confirmations import confirmation
from bot.slack.blocks.elements import Element
from bot.slack.blocks.guides import guide
from bot.slack.blocks.panels import control_panel, front_door, incident_list
from bot.slack.blocks.timeline_page import timeline
from bot.slack.message import Block, Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, code, escape, fill, join, line, lines, one_line, prose_line, user

__all__ = [
    "bug",
    "confirmation",
    "control_panel",
    "declared",
    "declaring",
    "did_you_mean",
    "done",
    "front_door",
    "guide",
    "help_of",
    "help_text",
    "incident_list",
    "not_saved",
    "not_saved_at_all",
    "playbook_list",
    "rejected",
    "stale",
    "timeline",
    "with_more",
]

MOST_PLAYBOOKS: Final = 40

_BUTTONS: Final[Mapping[str, tuple[str, str]]] = {
    "declare": ("Declare incident", action_ids.DECLARE),
    "update": ("Post update", action_ids.POST_UPDATE),
    "status": ("Change status", action_ids.CHANGE_STATUS),
    "severity": ("Change severity", action_ids.CHANGE_SEVERITY),
    "assign": ("Assign roles", action_ids.ROLES),
    "claim": ("Assign roles", action_ids.ROLES),
    "release": ("Assign roles", action_ids.ROLES),
    "acknowledge": ("Acknowledge", action_ids.ACKNOWLEDGE),
    "note": ("Add to timeline", action_ids.ADD_NOTE),
    "remind": ("Change cadence", action_ids.SET_CADENCE),
    "correct": ("Correct times", action_ids.CORRECT_TIMES),
    "timeline": ("Show timeline", action_ids.SHOW_TIMELINE),
    "show": ("Show incident", action_ids.SHOW_INCIDENT),
    "playbook": ("Show playbooks", action_ids.SHOW_PLAYBOOKS),
    "list": ("Show all", action_ids.SHOW_LIST),
    "search": ("Search", action_ids.SEARCH),
    "maintenance": ("Show maintenance", action_ids.SHOW_MAINTENANCE),
    "freeze": ("Show freezes", action_ids.SHOW_FREEZES),
    "alerts": ("Show alerts", action_ids.SHOW_ALERTS),
    "service": ("Show services", action_ids.SHOW_SERVICES),
    "help": ("Show help", action_ids.SHOW_HELP),
    "join": ("Join", action_ids.JOIN),
    "resolve": ("Resolve incident", action_ids.RESOLVE),
    "reopen": ("Reopen incident", action_ids.REOPEN),
    "cancel": ("Cancel incident", action_ids.CANCEL),
    "close": ("Close incident", action_ids.CLOSE),
    "workaround": ("Workarounds", action_ids.WORKAROUNDS),
    "followup": ("Add follow-up", action_ids.ADD_FOLLOWUP),
    "followups": ("Show follow-ups", action_ids.SHOW_FOLLOWUPS),
    "feedback": ("How it went", action_ids.SHOW_FEEDBACK),
    "review": ("Show review", action_ids.SHOW_REVIEW),
    "postmortem": ("Write postmortem", action_ids.SHOW_POSTMORTEM),
    "factor": ("Add factor", action_ids.ADD_FACTOR),
    "factors": ("Show factors", action_ids.SHOW_FACTORS),
    "risks": ("Show risks", action_ids.SHOW_RISKS),
}
_ANYWHERE: Final = frozenset(
    {"alerts", "declare", "freeze", "list", "search", "service", "maintenance", "help", "followups", "risks"}
)
"""Verbs whose button needs no incident."""


def with_more(message: Message, told: Sequence[Mrkdwn]) -> Message:
    """The answer, and below it what else there is to know."""
    return Message(text=message.text, blocks=(*message.blocks, elements.context(lines(*told))))


def declared(incident: Incident, policy: Policy, at: datetime) -> Message:
    """To whoever declared, once the channel is open."""
    parts = {"inc": phrases.reference(incident), "place": phrases.place(incident)}
    text = join(
        " ",
        fill("{inc} is open in {place}.", **parts),
        _command(incident, policy),
        phrases.sentence(phrases.next_update(incident, at)),
        service_words.hint(incident, policy),
    )
    return elements.message(text)


def _command(incident: Incident, policy: Policy) -> Mrkdwn:
    if incident.commander is None:
        return Mrkdwn("Nobody leads yet.")
    if incident.commander == incident.reporter:
        return Mrkdwn("You have command until someone else takes it.")
    return phrases.sentence(phrases.leads(incident))


def declaring(incident: Incident) -> Message:
    """To whoever declared, at once."""
    parts = {"inc": phrases.reference(incident), "severity": escape(incident.severity)}
    return elements.message(fill("{inc} is declared as {severity}; its channel is being opened.", **parts))


def playbook_list(playbooks: Sequence[tuple[str, str, str]], incident: Incident | None) -> Message:
    """Playbooks as (id, title, summary); with a button each where there is an incident to attach them to."""
    if not playbooks:
        return phrases.marked(elements.message(Mrkdwn("There are no playbooks yet.")), incident)
    blocks = [_playbook(each, incident) for each in playbooks[:MOST_PLAYBOOKS]]
    rest = len(playbooks) - MOST_PLAYBOOKS
    more = [elements.context(fill("{n} more; name one to attach it.", n=escape(str(rest))))] if rest > 0 else []
    head = fill("Playbooks: {n}", n=escape(str(len(playbooks))))
    return phrases.marked(elements.message(head, elements.context(head), *blocks, *more), incident)


def _playbook(each: tuple[str, str, str], incident: Incident | None) -> Block:
    id, title, summary = each  # noqa: A001 - the field's word
    text = lines(join(" · ", bold(line(title, 150)), code(id)), prose_line(summary, 200))
    if incident is None:
        return elements.section(text)
    if id in incident.playbooks:
        return elements.section(lines(text, Mrkdwn("Attached.")))
    return elements.section(
        text, elements.button("Attach", action_ids.ATTACH_PLAYBOOK, pack(incident.id, id), suffix=id)
    )


def help_text(command_name: str, verbs: Mapping[str, Sequence[tuple[str, str]]]) -> Message:
    """Under each heading its verbs as (usage, what it does): short lines, since many read it on a telephone."""
    head = fill(
        "Something is broken? {declare} or the button. Each verb stands behind {command} and has a button too.",
        declare=code(f"{command_name} declare sev1 what is wrong"),
        command=code(command_name),
    )
    groups = [_verbs(heading, rows) for heading, rows in verbs.items()]
    return elements.message(head, elements.section(head), *groups, elements.actions(*_ways_in()[:1]))


def help_of(command_name: str, usage: str, does: str, aliases: Sequence[str]) -> Message:
    """Of one verb: how it is written, what it does, what else it is called."""
    head = fill("{usage}: {does}.", usage=code(f"{command_name} {usage}"), does=line(does))
    also = fill("Also written {names}.", names=join(", ", *(code(each) for each in aliases))) if aliases else NOTHING
    return _with_button(join(" ", head, also), usage, None)


def _verbs(heading: str, rows: Sequence[tuple[str, str]]) -> Block:
    told = [fill("{usage}  {does}", usage=code(usage), does=line(does)) for usage, does in rows]
    return elements.section(lines(bold(line(heading, 75)), *told))


def rejected(rejection: Rejected, incident: Incident | None = None) -> Message:
    """The sentence of a rule, and the button of the verb that would work."""
    return _with_button(phrases.sentence(_sentence(rejection)), rejection.verb, incident)


def _sentence(rejection: Rejected) -> Mrkdwn:
    """The sentence is foreign text (it may quote a title); its {who} is the mention of whom it is about."""
    before, who, after = one_line(rejection.sentence, 1000).partition("{who}")
    if not (who and rejection.who):
        return line(rejection.sentence, 1000)
    return join("", escape(before), user(rejection.who), escape(after))


def _with_button(text: Mrkdwn, verb: str, incident: Incident | None) -> Message:
    button = _button_of(verb, incident)
    blocks = [elements.section(text), elements.actions(button)] if button else []
    return phrases.marked(elements.message(text, *blocks), incident)


def _button_of(verb: str, incident: Incident | None) -> Element | None:
    """The verb's first word decides: 'status mitigated' and '/incident status' have the button of 'status'."""
    words = [word for word in verb.lower().split() if not word.startswith("/")]
    known = _BUTTONS.get(words[0]) if words else None
    if known is None or (incident is None and words[0] not in _ANYWHERE):
        return None
    return elements.button(known[0], known[1], pack(incident.id if incident else 0))


def did_you_mean(word: str, guess: str, incident: Incident | None = None) -> Message:
    """A verb that does not exist; `guess` may be empty."""
    head = fill("{word} is no verb I know.", word=code(word[:60]) or Mrkdwn("That"))
    if not guess and incident is None:
        text = join(" ", head, fill("To declare an incident: {declare} and what is wrong.", declare=code("declare")))
        return elements.message(text, elements.section(text), elements.actions(*_ways_in()))
    if not guess:
        return _with_button(join(" ", head, fill("{help} lists them all.", help=code("help"))), "help", incident)
    return _with_button(join(" ", head, fill("Did you mean {guess}?", guess=code(guess))), guess, incident)


def _ways_in() -> list[Element]:
    """For somebody who has no incident yet and does not know the verbs."""
    return [button for button in (_button_of("declare", None), _button_of("help", None)) if button]


def not_saved(reason: str, reference: str) -> Message:
    """For what passes by itself. `reason`: of the store; a person need not know more than that it is out of reach."""
    why = "cannot be reached" if reason.startswith("it cannot be reached") else f"saves nothing now ({reason})"
    return elements.message(
        fill(
            "Not saved: the store {why}, nothing has changed. Try again in a moment. (ref {ref})",
            why=escape(why),
            ref=escape(reference),
        )
    )


def not_saved_at_all(reason: str, reference: str) -> Message:
    """For what time does not mend. `reason`: of the store, as its operator is told too."""
    return elements.message(
        fill(
            "Not saved, and trying again will not help: the store cannot be used. Tell whoever runs Muster: {reason}. "
            "(ref {ref})",
            reason=escape(reason),
            ref=escape(reference),
        )
    )


def bug(reference: str) -> Message:
    """A fault of Muster's own; the reference stands in the log too."""
    return elements.message(
        fill(
            "Not done: Muster met a fault of its own. Before you try again, {show} tells what is recorded. (ref {ref})",
            show=code("show"),
            ref=escape(reference),
        )
    )


def stale() -> Message:
    """A button that has been overtaken."""
    return elements.message(Mrkdwn("That button is from an older version of this message; nothing has changed."))


def done(sentence: str) -> Message:
    return elements.message(phrases.sentence(line(sentence, 1000)) or NOTHING)
