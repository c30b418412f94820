"""What must follow from what happened: effects outside, in the order in which their lanes shall do them.

Pure. Timers are not decided here: they are a view of the state (informing.due_timers).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from bot.incident import events as happened
from bot.incident.alert_consequences import ALERT_FOLLOWS, alerts_moved_on
from bot.incident.catalogue import Party
from bot.incident.change import Change, Follows, announce, invite, tell_channel, tell_everyone, upload_draft
from bot.incident.closing_commands import CloseIncident
from bot.incident.closing_consequences import CLOSING_FOLLOWS
from bot.incident.commands import DeclareIncident, RecordChannel
from bot.incident.declaring import channel_name
from bot.incident.effects import (
    ANNOUNCEMENT,
    SUMMARY,
    AddBookmark,
    AnswerDeclarer,
    Effect,
    InviteGroups,
    KeepGist,
    OpenChannel,
    PinMessage,
    PostCard,
    PostSurroundings,
    RefreshCard,
    RefreshTopic,
    TellPerson,
    is_followup_card,
    playbook_card,
    reminder_card,
    scorecard,
)
from bot.incident.events import Event
from bot.incident.factor_consequences import FACTOR_FOLLOWS
from bot.incident.feedback_consequences import FEEDBACK_FOLLOWS
from bot.incident.followup_consequences import FOLLOWUP_FOLLOWS
from bot.incident.gist import CHANGES_WORDS, is_told_in_full
from bot.incident.informing import ASKED_CHANNEL, ASKED_LEAD
from bot.incident.issue_consequences import ISSUE_FOLLOWS
from bot.incident.message_consequences import MESSAGE_FOLLOWS
from bot.incident.review_consequences import REVIEW_FOLLOWS
from bot.incident.rights import may_hear
from bot.incident.signalling import signals
from bot.incident.state import Incident
from bot.incident.terms import CANVAS, DRILL, INCIDENT_CHANNEL, MUSTER, OPENING, Status, UserId
from bot.incident.writing_events import DraftRequested


def consequences(change: Change, events: Sequence[Event]) -> tuple[Effect, ...]:
    """The effects of these events, each once, in order."""
    effects: list[Effect] = []
    for event in events:
        rule = _FOLLOWS.get(type(event))
        if rule:
            effects += rule(change, event)
    effects += _redrawn(change)
    effects += _found_again(change, events)
    return (*dict.fromkeys(effects), *signals(change, events))


def _declared(change: Change, event: happened.IncidentDeclared) -> Iterator[Effect]:
    yield from _open_channel(change, change.command.answer_url if isinstance(change.command, DeclareIncident) else "")


def _open_channel(change: Change, answer_url: str = "") -> Iterator[Effect]:
    """The title of a private incident stands in no name; that it is a drill always does."""
    incident = change.after
    name = channel_name(incident.id, "" if incident.private else incident.title, drill=incident.drill)
    yield OpenChannel(incident=incident.id, name=name, private=incident.private, answer_url=answer_url)


def _channel_opened(change: Change, event: happened.ChannelOpened) -> Iterator[Effect]:
    """The summary first, for the pin and the bookmark wait for it."""
    incident, channel = change.after, event.channel
    yield PostCard(incident=incident.id, card=SUMMARY, channel=channel)
    yield from invite(change, _first_responders(change))
    yield from _invite_groups(change)
    yield RefreshTopic(incident=incident.id, channel=channel)
    if not incident.private:
        yield PostCard(incident=incident.id, card=ANNOUNCEMENT, channel=None, drill=incident.drill)
    for playbook in incident.playbooks:
        yield PostCard(incident=incident.id, card=playbook_card(playbook), channel=channel)
    answer_url = change.command.answer_url if isinstance(change.command, RecordChannel) else ""
    if incident.reporter != MUSTER:
        yield AnswerDeclarer(incident=incident.id, user=incident.reporter, answer_url=answer_url)


def _first_responders(change: Change) -> Iterator[UserId]:
    incident = change.after
    yield incident.reporter
    yield from (held.holder for held in incident.roles.values())
    yield from _called_by_policy(change)
    for party in _answering(change):
        yield from party.people(change.policy.teams)


def _called_by_policy(change: Change) -> Iterator[UserId]:
    """Whom the severity and the service call, whoever works on it. To a drill nobody is called so: these get paged."""
    incident, policy = change.after, change.policy
    if incident.drill:
        return
    if rule := policy.severities.get(incident.severity):
        yield from rule.invite
    yield from policy.also_invited_for(incident.service)


def _answering(change: Change) -> tuple[Party, ...]:
    """Owner and on-call of the service, by the catalogue. To a drill nobody is called so, and of a private incident a
    whole team must not learn because it owns something.
    """
    incident = change.after
    service = change.policy.catalogue.find(incident.service)
    return (service.owner, service.on_call) if service and not incident.drill and not incident.private else ()


def _invite_groups(change: Change) -> Iterator[Effect]:
    groups = tuple(dict.fromkeys(group for party in _answering(change) for group in party.groups))
    if groups and change.after.channel is not None:
        yield InviteGroups(incident=change.after.id, channel=change.after.channel, groups=groups)


def _card_posted(change: Change, event: happened.CardPosted) -> Iterator[Effect]:
    incident = change.after
    if event.card == SUMMARY:
        yield PinMessage(incident=incident.id, channel=event.channel, ts=event.ts)
        title = f"Incident summary ({DRILL})" if incident.drill else "Incident summary"
        yield AddBookmark(incident=incident.id, channel=event.channel, ts=event.ts, title=title)
        if not incident.drill:
            yield PostSurroundings(incident=incident.id, channel=event.channel)
    moved_on = _followup_moved_on(change, event) or alerts_moved_on(change, event)
    if incident.content > event.rendered or moved_on:
        yield RefreshCard(incident=incident.id, card=event.card)


def _followup_moved_on(change: Change, event: happened.CardPosted) -> bool:
    """Its card was drawn, and before it stood in Slack the incident went on, perhaps by this follow-up's own change."""
    before = change.before
    return is_followup_card(event.card) and before is not None and before.version > event.rendered


def _role_assigned(change: Change, event: happened.RoleAssigned) -> Iterator[Effect]:
    """Whoever declares and leads, by default or by choice, is told so in the answer to their own command."""
    if event.by_default or (change.before is None and event.holder == event.by):
        return
    yield TellPerson(incident=change.after.id, user=event.holder, about=event)
    yield from invite(change, [event.holder])
    yield from tell_channel(change, event)


def _role_released(change: Change, event: happened.RoleReleased) -> Iterator[Effect]:
    """Roles that end with the incident need no message each: that it is closed says so."""
    if not isinstance(change.command, CloseIncident):
        yield from tell_channel(change, event)


def _severity_changed(change: Change, event: happened.SeverityChanged) -> Iterator[Effect]:
    yield from invite(change, _called_by_policy(change))
    yield from tell_everyone(change, event)


def _update_reminded(change: Change, event: happened.UpdateReminded) -> Iterator[Effect]:
    """The lead is asked in the channel; the commander in person, since an edit rings nobody; then all who wait.

    Where the channel could not be opened, or is lost, the lead is asked in person: a card without a channel would go
    to the announcement channel, which must never hear of a private incident. A lost channel is tried all the same,
    since nobody tells us when it is mended.
    """
    incident = change.after
    card = reminder_card(incident.clock.reminders)
    if event.stage == ASKED_LEAD and incident.channel is not None:
        yield PostCard(incident=incident.id, card=card, channel=incident.channel)
        if incident.channel_is_lost:
            yield from _ask(change, event)
        return
    if event.stage != ASKED_LEAD:
        yield RefreshCard(incident=incident.id, card=card)
    if event.stage == ASKED_CHANNEL:
        yield from announce(change, event)
    else:
        yield from _ask(change, event)


def _ask(change: Change, event: happened.UpdateReminded) -> Iterator[Effect]:
    """In person."""
    if event.asked and may_hear(change.after, event.asked):
        yield TellPerson(incident=change.after.id, user=event.asked, about=event)


def _summary_scheduled(change: Change, event: happened.SummaryScheduled) -> Iterator[Effect]:
    yield from announce(change, event)


def _playbook_attached(change: Change, event: happened.PlaybookAttached) -> Iterator[Effect]:
    """A playbook of the declaration waits for the channel, and is posted with it."""
    incident = change.after
    if incident.channel is not None:
        card = playbook_card(event.checklist.playbook)
        yield PostCard(incident=incident.id, card=card, channel=incident.channel)


def _step_changed(change: Change, event: happened.StepChanged) -> Iterator[Effect]:
    yield RefreshCard(incident=change.after.id, card=playbook_card(event.playbook))


def _join_requested(change: Change, event: happened.JoinRequested) -> Iterator[Effect]:
    yield from invite(change, [event.user])


def _step_failed(change: Change, event: happened.StepFailed) -> Iterator[Effect]:
    """That there is no canvas rings nobody: the files are there, and the postmortem's panel says why."""
    if event.step == CANVAS:
        return
    user = change.after.commander or change.after.reporter
    if user != MUSTER:
        yield TellPerson(incident=change.after.id, user=user, about=event)
    if event.step == INCIDENT_CHANNEL:
        yield from _asked_in_vain(change)


def _asked_in_vain(change: Change) -> Iterator[Effect]:
    """The reminder that stands nowhere now, in person."""
    clock = change.after.clock
    if clock.stage == ASKED_LEAD and clock.asked_at and clock.due_at:
        stands_for = happened.UpdateReminded(
            at=clock.asked_at,
            by=MUSTER,
            due_at=clock.due_at,
            stage=clock.stage,
            asked=clock.asked,
            number=clock.reminders,
        )
        yield from _ask(change, stands_for)


def _step_retried(change: Change, event: happened.StepRetried) -> Iterator[Effect]:
    if event.step == OPENING:
        yield from _open_channel(change)


def _status_changed(change: Change, event: happened.StatusChanged) -> Iterator[Effect]:
    """A drill that is resolved gets its scorecard, each time it is; an incident the draft of its postmortem."""
    yield from tell_everyone(change, event)
    incident = change.after
    if event.after is not Status.RESOLVED or incident.channel is None:
        return
    if incident.drill:
        yield PostCard(incident=incident.id, card=scorecard(incident.resolutions), channel=incident.channel)
    else:
        yield from upload_draft(change, event)


def _redrawn(change: Change) -> Iterator[Effect]:
    """The cards and the topic that show something else now."""
    before, after = change.before, change.after
    if before is None or after.content == before.content:
        return
    shown = [SUMMARY, ANNOUNCEMENT, scorecard(before.resolutions)]
    is_asked = before.clock.stage > 0 or before.clock.snoozed_until is not None
    if is_asked and _reminder(before) != _reminder(after):
        shown.append(reminder_card(before.clock.reminders))
    if before.is_unfinished != after.is_unfinished:
        shown += [playbook_card(playbook) for playbook in after.playbooks]
    for card in shown:
        if card in before.cards:
            yield RefreshCard(incident=after.id, card=card)
    if before.channel is not None and after.channel is not None and _topic(before) != _topic(after):
        yield RefreshTopic(incident=after.id, channel=after.channel)


def _found_again(change: Change, events: Iterable[Event]) -> Iterator[Effect]:
    """While it is open for the first time, it is found by what its declaration wrote down: notes cost nothing here."""
    before, after = change.before, change.after
    in_full = is_told_in_full(after) or (before is not None and is_told_in_full(before))
    if in_full and any(isinstance(event, CHANGES_WORDS) for event in events):
        yield KeepGist(incident=after.id)


def _reminder(incident: Incident) -> tuple[object, ...]:
    clock = incident.clock
    return (clock.due_at, clock.stage, clock.snoozed_until)


def _topic(incident: Incident) -> tuple[object, ...]:
    return (incident.severity, incident.status, incident.commander, incident.clock.due_at)


_FOLLOWS: Final[Mapping[type[Event], Follows]] = {
    happened.IncidentDeclared: _declared,
    happened.ChannelOpened: _channel_opened,
    happened.CardPosted: _card_posted,
    happened.RoleAssigned: _role_assigned,
    happened.RoleReleased: _role_released,
    happened.SeverityChanged: _severity_changed,
    happened.StatusChanged: _status_changed,
    happened.UpdatePosted: tell_everyone,
    happened.UpdateReminded: _update_reminded,
    happened.SummaryScheduled: _summary_scheduled,
    happened.PlaybookAttached: _playbook_attached,
    happened.StepChanged: _step_changed,
    happened.JoinRequested: _join_requested,
    happened.StepFailed: _step_failed,
    happened.StepRetried: _step_retried,
    **MESSAGE_FOLLOWS,
    **CLOSING_FOLLOWS,
    **REVIEW_FOLLOWS,
    **FOLLOWUP_FOLLOWS,
    **FACTOR_FOLLOWS,
    **ALERT_FOLLOWS,
    **FEEDBACK_FOLLOWS,
    **ISSUE_FOLLOWS,
    DraftRequested: upload_draft,
}
"""Events that are not named here have no consequence but the cards that show them."""
