"""The scorecard of a drill as the channel reads it: what went well, the figures, one thing to try. It names nobody."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.incident.events import Event
from bot.incident.policy import Policy
from bot.incident.scorecard import Habit, Reached, Scorecard, Tally, scorecard
from bot.incident.state import Incident
from bot.slack.blocks import elements, phrases
from bot.slack.message import Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, code, escape, fill, join, line, lines

_PRAISE: Final[Mapping[Habit, Mrkdwn]] = {
    Habit.COMMAND: Mrkdwn("command was taken early"),
    Habit.FIRST_UPDATE: Mrkdwn("the first update came in time"),
    Habit.PROMISES: Mrkdwn("every promised update was kept"),
    Habit.MITIGATION: Mrkdwn("the mitigation was recorded"),
    Habit.PLAYBOOK: Mrkdwn("the playbook was used"),
    Habit.RECORD: Mrkdwn("people kept the record"),
    Habit.ROLES: Mrkdwn("every role was filled"),
}
_TO_TRY: Final[Mapping[Habit, tuple[str, str]]] = {
    Habit.COMMAND: ("let somebody take command aloud in the first minutes: {verb}.", "claim commander"),
    Habit.FIRST_UPDATE: ("post the first update before it is due, even if little is known: {verb}.", "update"),
    Habit.PROMISES: ("post an update when it was promised, also when nothing is new: {verb}.", "update"),
    Habit.MITIGATION: ("say when the worst is over, before the cause is mended: {verb}.", "status mitigated"),
    Habit.PLAYBOOK: ("attach a playbook early and tick its steps: {verb}.", "playbook"),
    Habit.RECORD: ("log what is seen and decided, with an emoji on the message or {verb}.", "note"),
    Habit.ROLES: ("fill the roles that stayed empty, be it one person for two: {verb}.", "assign"),
}


def scorecard_card(incident: Incident, number: int, history: Sequence[Event], policy: Policy, at: datetime) -> Message:
    """The scorecard of the drill's resolution `number`; once it was reopened, that this one has been overtaken."""
    if number < incident.resolutions:
        return elements.message(fill("{head}: the newer one below takes its place.", head=_head(incident)))
    if incident.is_active:
        return elements.message(
            fill("{head}: the drill is open again; a new one comes when it is resolved.", head=_head(incident))
        )
    card = scorecard(history, policy)
    figures = lines(*_times(card, at), *_habits(card, policy))
    return elements.message(
        join(" · ", _head(incident), _praise(card)),
        elements.section(lines(bold(join(" · ", _head(incident), phrases.title(incident, 150))), _praise(card))),
        elements.section(figures),
        elements.section(_to_try(card)),
        elements.context(_measured(card, at)),
    )


def _head(incident: Incident) -> Mrkdwn:
    return fill("Scorecard of {inc}", inc=phrases.reference(incident))


def _praise(card: Scorecard) -> Mrkdwn:
    """Never empty: whoever practised has done something."""
    praised = [_PRAISE[habit] for habit in card.went_well]
    return fill("Went well: {what}.", what=join(", ", *praised) or Mrkdwn("you practised, and it is on record"))


def _times(card: Scorecard, at: datetime) -> list[Mrkdwn]:
    return [
        _time("Command taken", card.commander, "by nobody", at),
        _time("First update", card.first_update, "none", at),
        _time("Mitigated", card.mitigation, "not recorded", at),
        _time("Resolved", card.resolution, "not recorded", at),
    ]


def _time(label: str, reached: Reached | None, otherwise: str, at: datetime) -> Mrkdwn:
    if reached is None:
        return _figure(label, escape(otherwise))
    parts = {"long": escape(phrases.span(reached.after)), "then": phrases.moment(reached.at, at)}
    return _figure(label, fill("after {long} ({then})", **parts))


def _figure(label: str, said: Mrkdwn) -> Mrkdwn:
    return fill("{label}: {said}", label=escape(label), said=said)


def _habits(card: Scorecard, policy: Policy) -> list[Mrkdwn]:
    empty = [phrases.role_title(role, policy) for role in card.unfilled[:10]]
    unfilled = fill(" (nobody: {roles})", roles=join(", ", *empty)) if empty else NOTHING
    return [
        _figure("Promised updates kept", _tally(card.promises) if card.promises.of else Mrkdwn("none fell due")),
        _figure("Roles filled", join("", _tally(card.roles), unfilled)),
        _figure("Playbook", _playbooks(card)),
        _figure("Entries in the timeline by people", escape(str(card.entries))),
    ]


def _tally(tally: Tally) -> Mrkdwn:
    return fill("{n} of {all}", n=escape(str(tally.done)), all=escape(str(tally.of)))


def _playbooks(card: Scorecard) -> Mrkdwn:
    if not card.playbooks:
        return Mrkdwn("none was attached")
    titles = join(", ", *(line(title, 75) for title in card.playbooks[:3]))
    return fill("{titles} · {steps} steps settled", titles=titles, steps=_tally(card.steps))


def _to_try(card: Scorecard) -> Mrkdwn:
    if card.to_try is None:
        return Mrkdwn("To try next time: other people in the roles, or a scenario that nobody knows.")
    sentence, verb = _TO_TRY[card.to_try]
    return fill("To try next time: {what}", what=fill(sentence, verb=code(verb)))


def _measured(card: Scorecard, at: datetime) -> Mrkdwn:
    then = fill("Measured from the declaration ({then})", then=phrases.moment(card.declared_at, at))
    until = Mrkdwn("to the last resolution, the reopening included; it takes the place of the earlier scorecard.")
    measured = join(" ", then, until if card.resolutions > 1 else Mrkdwn("to the resolution."))
    return join(" ", measured, Mrkdwn("Times that are corrected later are corrected here, too."))
