"""The cards that are posted once and then edited: summary, announcement, update reminder.

A card shows the newest state and never what only one person needs.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.incident.effects import playbook_card
from bot.incident.freeze import Freeze
from bot.incident.informing import ASKED_CHANNEL, ASKED_LEAD
from bot.incident.lifecycle import ENDED
from bot.incident.overtaking import reminders
from bot.incident.policy import Policy
from bot.incident.state import AttachedPlaybook, Incident, StepProgress
from bot.incident.terms import (
    COMMUNICATIONS_LEAD,
    INCIDENT_COMMANDER,
    OPERATIONS_LEAD,
    Milestone,
    Status,
    Step,
    StepState,
    UserId,
)
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import alert_words, elements, freeze_cards, mitigation_words, phrases, service_words
from bot.slack.blocks.closing_sentences import card_lines
from bot.slack.blocks.elements import Element
from bot.slack.message import Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, escape, fill, join, line, lines, link, user

ALWAYS_SHOWN = (INCIDENT_COMMANDER, COMMUNICATIONS_LEAD, OPERATIONS_LEAD)
SETTLED = frozenset({StepState.DONE, StepState.SKIPPED})


NO_ADDRESSES: Mapping[str, str] = {}


def summary_card(
    incident: Incident,
    policy: Policy,
    at: datetime,
    addresses: Mapping[str, str] = NO_ADDRESSES,
    freezes: Sequence[Freeze] = (),
) -> Message:
    """The incident in six lines and a row of buttons, for the incident channel. `addresses`: of its other cards;
    `freezes`: those of its services.
    """
    text = join(" · ", phrases.headline(incident), phrases.title(incident, 150))
    shown = _summary(incident, policy, at, addresses, freeze_cards.incident_lines(incident, freezes, policy, at))
    return elements.message(
        text,
        elements.section(shown),
        *freeze_cards.suggestions(incident, freezes, policy, at),
        elements.actions(*_summary_buttons(incident)),
    )


def _summary(
    incident: Incident, policy: Policy, at: datetime, addresses: Mapping[str, str], frozen: Sequence[Mrkdwn]
) -> Mrkdwn:
    return lines(
        phrases.headline(incident),
        bold(phrases.title(incident)),
        _impact_line(incident, policy, at),
        _roles_line(incident, policy),
        _now_line(incident, at),
        *alert_words.card_lines(incident, policy, at),
        *frozen,
        mitigation_words.card_line(incident),
        *card_lines(incident),
        join(" · ", phrases.next_update(incident, at), *_playbook_words(incident, addresses)),
    )


def _impact_line(incident: Incident, policy: Policy, at: datetime) -> Mrkdwn:
    began_at = incident.milestones.get(Milestone.IMPACT_STARTED)
    affected = service_words.affected(incident, policy)
    service = fill("{service}: ", service=affected) if affected else NOTHING
    ended = incident.ended_at is not None and not incident.is_active
    length = _impact_length(began_at, incident.ended_at if ended else None, at)
    said = NOTHING if ended else _told_by_alert(incident, at)
    what = fill("{a}{b}", a=service, b=phrases.impact(incident))
    return fill("Impact   {what}", what=join(" · ", what, join(", ", length, said)))


def _told_by_alert(incident: Incident, at: datetime) -> Mrkdwn:
    """When an alert let anybody know, unless people have said otherwise since."""
    began_at, detected_at = (incident.milestones.get(each) for each in (Milestone.IMPACT_STARTED, Milestone.DETECTED))
    if Milestone.DETECTED not in incident.told_by or began_at is None or detected_at is None:
        return NOTHING
    if began_at >= detected_at:
        return Mrkdwn("detected by an alert then")
    return fill("detected by an alert {then}", then=phrases.moment(detected_at, at))


def _impact_length(began_at: datetime | None, ended_at: datetime | None, at: datetime) -> Mrkdwn:
    """Since when, and how long only once it is over: a card is edited when something changes, not every minute."""
    if began_at is None:
        return NOTHING
    if ended_at is None:
        return fill("since {then}", then=phrases.moment(began_at, at))
    ends = {"began": phrases.moment(began_at, at), "ended": phrases.moment(ended_at, at)}
    return fill("{began} to {ended} ({long})", **ends, long=escape(phrases.span(ended_at - began_at)))


def _roles_line(incident: Incident, policy: Policy) -> Mrkdwn:
    shown = [*ALWAYS_SHOWN, *(role for role in incident.roles if role not in ALWAYS_SHOWN)]
    known = [role for role in shown if role in policy.roles or role in incident.roles]
    if not incident.is_active:
        known = [role for role in known if incident.holder(role)]
    parts = []
    for role in known[:10]:
        name, holder = line(phrases.short_role(role, policy), 40), incident.holder(role)
        parts.append(fill("{name} {who}", name=name, who=user(holder)) if holder else _unheld(name))
    return join(" · ", *parts)


def _unheld(name: Mrkdwn) -> Mrkdwn:
    return fill("{name}: nobody yet", name=name)


def _now_line(incident: Incident, at: datetime) -> Mrkdwn:
    """What is being done: the step that somebody has in hand, else what the last update said."""
    if incident.status in ENDED:
        note = line(incident.last_word, 300)
        return fill("Outcome   {note}", note=note) if note else NOTHING
    step = _step_in_hand(incident)
    if step:
        title, who, then = step
        return fill("Now   {title} ({who}, since {then})", title=title, who=who, then=phrases.moment(then, at))
    update = incident.update
    if update is None:
        return NOTHING
    doing = line(update.doing or update.known, 300)
    return fill("Now   {doing} ({who}, {then})", doing=doing, who=user(update.by), then=phrases.moment(update.at, at))


def _step_in_hand(incident: Incident) -> tuple[Mrkdwn, Mrkdwn, datetime] | None:
    """The step that was started last and is not over yet, if nothing newer was said in an update."""
    started = [
        (progress.at, line(step.title, 150), phrases.person(progress.by))
        for book in incident.playbooks.values()
        for step, progress in steps_of(book)
        if progress.state is StepState.STARTED and progress.at
    ]
    if not started:
        return None
    then, title, who = max(started, key=lambda each: each[0])
    newer = incident.update is not None and incident.update.at > then
    return None if newer else (title, who, then)


def steps_of(book: AttachedPlaybook) -> list[tuple[Step, StepProgress]]:
    return [(step, book.progress.get(step.id, StepProgress())) for step in book.checklist.steps]


def _playbook_words(incident: Incident, addresses: Mapping[str, str]) -> list[Mrkdwn]:
    shown = list(incident.playbooks.values())[:3] if incident.is_active else []
    return [_playbook_word(book, addresses.get(playbook_card(book.checklist.playbook), "")) for book in shown]


def _playbook_word(book: AttachedPlaybook, address: str) -> Mrkdwn:
    """Playbook: Bad deploy, step 3 of 9: the first that is not settled. `address`: where it stands, once it does."""
    states = [progress.state in SETTLED for _, progress in steps_of(book)]
    title = link(address, line(book.checklist.title, 75)) if address else line(book.checklist.title, 75)
    if all(states):
        return fill("Playbook: {title}, all steps settled", title=title)
    first = states.index(False) + 1
    return fill("Playbook: {title}, step {n} of {all}", title=title, n=escape(str(first)), all=escape(str(len(states))))


def _summary_buttons(incident: Incident) -> list[Element]:
    value = pack(incident.id)
    more = elements.button("More", action_ids.MORE, value)
    if incident.status is Status.RESOLVED:
        return [_reopen(value), elements.button("Close incident", action_ids.CLOSE, value), more]
    if not incident.is_active:
        return [_reopen(value), more]
    return [
        *_leading(incident, value),
        elements.button("Post update", action_ids.POST_UPDATE, value, style="primary" if incident.commander else ""),
        elements.button("Change status", action_ids.CHANGE_STATUS, value),
        elements.button("Roles", action_ids.ROLES, value),
        more,
    ]


def _leading(incident: Incident, value: str) -> list[Element]:
    """Where nobody leads, nothing is more urgent than that somebody does."""
    return (
        [] if incident.commander else [elements.button("Take command", action_ids.TAKE_COMMAND, value, style="primary")]
    )


def _reopen(value: str) -> Element:
    return elements.button("Reopen incident", action_ids.REOPEN, value)


def announcement_card(incident: Incident, policy: Policy, at: datetime) -> Message:
    """Two lines for everybody; updates go to its thread. Raises ValueError for a private incident."""
    if incident.private:
        raise ValueError(f"{incident.reference} is private and is never announced")
    head = join(" · ", phrases.headline(incident), bold(phrases.title(incident)))
    text = join(" · ", phrases.headline(incident), phrases.title(incident, 150))
    join_it = elements.button("Join", action_ids.JOIN, pack(incident.id)) if incident.is_active else None
    return elements.message(text, elements.section(lines(head, _announced(incident, policy, at)), join_it))


def _announced(incident: Incident, policy: Policy, at: datetime) -> Mrkdwn:
    if not incident.is_active:
        note = phrases.quoted(incident.last_word) if incident.last_word else NOTHING
        ended = fill("ended {then}", then=phrases.moment(incident.ended_at, at)) if incident.ended_at else NOTHING
        return join(" · ", phrases.place(incident), ended, note)
    where = fill("{leads} in {place}", leads=phrases.leads(incident), place=phrases.place(incident))
    return join(" · ", where, _last_update(incident, at), _next_words(incident, at))


def _last_update(incident: Incident, at: datetime) -> Mrkdwn:
    update = incident.update
    if update is None:
        return fill("impact: {impact}", impact=phrases.impact(incident))
    return fill("last update {then}: {known}", then=phrases.moment(update.at, at), known=phrases.quoted(update.known))


def _next_words(incident: Incident, at: datetime) -> Mrkdwn:
    due_at = incident.clock.due_at
    if due_at is None:
        return NOTHING
    late = Mrkdwn("overdue since") if due_at < at else Mrkdwn("next by")
    return fill("{late} {then}", late=late, then=phrases.moment(due_at, at))


def reminder_card(incident: Incident, number: int, policy: Policy, at: datetime) -> Message:
    """The incident's reminder `number`: asks while it is the newest and unanswered, else says what became of it."""
    clock = incident.clock
    if not incident.is_active:
        return elements.message(fill("No update is due: {inc} is {status}.", **_state(incident)))
    if number < clock.reminders or clock.due_at is None:
        return elements.message(join(" ", Mrkdwn("This reminder is over."), _promise(incident, at)))
    if clock.stage > 0:
        missed = phrases.missed(incident, reminders(ASKED_LEAD), number)
        text = join(" ", _ask(incident, clock.due_at, at), _last_words(incident, at), missed)
        buttons = _reminder_buttons(incident, clock.due_at, policy)
        return elements.message(text, elements.section(text), elements.actions(*buttons))
    if clock.snoozed_until:
        return _snoozed(incident, clock.snoozed_until, at)
    return elements.message(join(" ", _answered(incident), _promise(incident, at)))


def _state(incident: Incident) -> dict[str, Mrkdwn]:
    return {"inc": phrases.reference(incident), "status": escape(incident.status)}


def _promise(incident: Incident, at: datetime) -> Mrkdwn:
    return phrases.sentence(phrases.next_update(incident, at))


def _answered(incident: Incident) -> Mrkdwn:
    """By an update, if that is what set the clock back last; a skip, a new cadence and a reopening look alike."""
    update, since = incident.update, incident.clock.since
    if update and since == update.at:
        return fill("Update {n} was posted.", n=escape(str(update.number)))
    return Mrkdwn("This reminder is over.")


def _snoozed(incident: Incident, until: datetime, at: datetime) -> Message:
    text = fill("The update is snoozed until {until}.", until=phrases.moment(until, at))
    post = elements.button("Post update", action_ids.POST_UPDATE, pack(incident.id), style="primary")
    return elements.message(text, elements.section(text), elements.actions(post))


def _ask(incident: Incident, due_at: datetime, at: datetime) -> Mrkdwn:
    asked = incident.clock.asked or incident.holder(COMMUNICATIONS_LEAD) or incident.commander
    if incident.clock.stage <= 1:
        then = phrases.moment(due_at, at)
        return fill("{who} the next update is due now (promised by {then}).", who=_called(asked), then=then)
    long = escape(phrases.span(at - due_at))
    climbed = _climbed(incident) if incident.clock.stage >= ASKED_CHANNEL else NOTHING
    return fill("{who} the update is {long} overdue.{climbed}", who=_called(asked), long=long, climbed=climbed)


def _climbed(incident: Incident) -> Mrkdwn:
    """A drill climbs no further than where drills are announced, which may be nowhere."""
    if incident.drill:
        return Mrkdwn(" In a real incident the announcement channel would be told now.")
    return Mrkdwn(" The announcement channel has been told.")


def _called(asked: UserId | None) -> Mrkdwn:
    return fill("{who},", who=user(asked)) if asked else Mrkdwn("Nobody leads, and")


def _last_words(incident: Incident, at: datetime) -> Mrkdwn:
    update = incident.update
    if update is None:
        return Mrkdwn("There has been none yet.")
    ago, known = escape(phrases.span(at - update.at)), phrases.quoted(update.known)
    return fill("Last, {ago} ago: {known}", ago=ago, known=known)


def _reminder_buttons(incident: Incident, due_at: datetime, policy: Policy) -> list[Element]:
    value = pack(incident.id, int(due_at.timestamp()))
    return [
        elements.button("Post update", action_ids.POST_UPDATE, pack(incident.id), style="primary"),
        elements.button(f"Snooze {phrases.span(policy.snooze)}", action_ids.SNOOZE_UPDATE, value),
        elements.button("Skip this one", action_ids.SKIP_UPDATE, value),
    ]
