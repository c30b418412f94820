"""What somebody hears after their command: in one line, what is different now. Never more than the log holds."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.incident import events as happened
from bot.incident.events import Event
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.issue_events import FollowupTracked
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import StepState
from bot.incident.writing_events import DraftRequested
from bot.slack.blocks import elements, phrases, service_words
from bot.slack.blocks.alert_words import confirmed_recovery
from bot.slack.blocks.closing_sentences import confirmed
from bot.slack.blocks.factor_cards import factor_said
from bot.slack.blocks.followup_cards import moved, owner
from bot.slack.blocks.notices import role_assigned, severity_changed, status_changed
from bot.slack.message import Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, escape, fill, join, line, lines, time

_AFTER = {
    StepState.OPEN: "Open again",
    StepState.STARTED: "Started",
    StepState.DONE: "Done",
    StepState.SKIPPED: "Skipped",
    StepState.FAILED: "Marked as failed",
}


def confirmation(events: Sequence[Event], incident: Incident, policy: Policy) -> Message:
    """A line for each event that the person meant; no events: that it is so already.

    A milestone that was reached by something else, such as a change of status, needs no line of its own.
    """
    meant = [event for event in events if not isinstance(event, happened.MilestoneReached)] or events
    said = dict.fromkeys(_said(event, incident, policy) for event in meant)
    return phrases.marked(elements.message(lines(*said) or _nothing_changed(events, incident)), incident)


def _nothing_changed(events: Sequence[Event], incident: Incident) -> Mrkdwn:
    inc = phrases.reference(incident)
    return fill("{inc}: recorded.", inc=inc) if events else fill("{inc}: it is so already; nothing changed.", inc=inc)


def _said(event: Event, incident: Incident, policy: Policy) -> Mrkdwn:
    match event:
        case happened.IncidentDeclared():
            sev = escape(event.severity)
            return fill("{inc} is declared as {sev}.", inc=phrases.reference(incident), sev=sev)
        case happened.SeverityChanged():
            return join(" ", severity_changed(event, incident), service_words.hint(incident, policy))
        case happened.StatusChanged():
            return status_changed(event, incident)
        case happened.RoleAssigned():
            return role_assigned(event, policy)
        case happened.RoleReleased():
            return fill("Nobody is {role} now.", role=phrases.role_title(event.role, policy))
    return (
        _of_communication(event)
        or _of_record(event)
        or confirmed(event)
        or factor_said(event, incident)
        or confirmed_recovery(event, incident)
    )


def _of_communication(event: Event) -> Mrkdwn:
    match event:
        case happened.UpdatePosted():
            return fill(
                "Update {n} is posted. {next}", n=escape(str(event.number)), next=_next(event.next_at, event.at)
            )
        case happened.CadenceSet(every=None):
            return Mrkdwn("No more updates are asked for in this incident.")
        case happened.CadenceSet(every=timedelta() as every):
            parts = {"every": escape(phrases.span(every)), "next": _next(event.next_at, event.at)}
            return fill("Updates are due every {every} now. {next}", **parts)
        case happened.UpdateSnoozed():
            return fill("Snoozed until {until}.", until=phrases.moment(event.until, event.at))
        case happened.UpdateSkipped():
            return fill("This update is skipped. {next}", next=_next(event.next_at, event.at))
    return NOTHING


def _next(next_at: datetime | None, at: datetime) -> Mrkdwn:
    if next_at is None:
        return Mrkdwn("No further one is planned.")
    return fill("Next update by {then}.", then=phrases.moment(next_at, at))


def _of_record(event: Event) -> Mrkdwn:
    match event:
        case happened.NoteAdded() if event.happened_at != event.at:
            ago = escape(phrases.span(event.at - event.happened_at))
            text = line(event.text, 200)
            return fill("In the timeline at {then} ({ago} ago): {text}", then=_typed(event), ago=ago, text=text)
        case happened.NoteAdded():
            return fill("In the timeline: {text}", text=line(event.text, 200))
        case happened.MilestoneCorrected():
            return _corrected(event)
        case happened.MilestoneReached():
            return fill("{what}: {then}.", what=escape(event.milestone.capitalize()), then=time(event.happened_at))
        case happened.PlaybookAttached():
            return fill("Playbook {title} is attached.", title=line(event.checklist.title, 150))
        case happened.StepChanged():
            return fill("{state}: {title}", state=escape(_AFTER[event.after]), title=line(event.title, 150))
        case happened.MessageFlagged():
            return Mrkdwn("The message is in the timeline.")
    return _of_followup(event)


def _of_followup(event: Event) -> Mrkdwn:
    match event:
        case FollowupAdded():
            parts = {
                "n": escape(str(event.number)),
                "what": line(event.content.what),
                "who": owner(event.content.owner),
            }
            return fill("Follow-up F{n}: {what} · {who}", **parts)
        case FollowupChanged() if event.before.owner != event.after.owner:
            return fill("{who} owns F{n} now.", who=phrases.person(event.after.owner), n=escape(str(event.number)))
        case FollowupChanged():
            return fill("F{n} is changed.", n=escape(str(event.number)))
        case FollowupMoved():
            return moved(event)
        case FollowupTracked():
            parts = {"n": escape(str(event.number)), "tracker": escape(event.tracker)}
            return fill("F{n} is being put into {tracker}.", **parts)
    return _BEGUN.get(type(event), NOTHING)


_BEGUN: Final[Mapping[type[Event], Mrkdwn]] = {
    happened.StepRetried: Mrkdwn("Its channel is being opened; you are told where it is."),
    DraftRequested: Mrkdwn("The draft, as it is now, is being put into its channel."),
    happened.JoinRequested: Mrkdwn("You are being invited to its channel."),
}
"""What is only asked for as yet, and is done outside."""


def _corrected(event: happened.MilestoneCorrected) -> Mrkdwn:
    before = fill(" (was {then})", then=phrases.past(event.before, event.at)) if event.before else NOTHING
    head = fill("{what}: {then}", what=escape(event.milestone.capitalize()), then=_typed(event))
    return phrases.sentence(join("", head, before))


def _typed(event: happened.NoteAdded | happened.MilestoneCorrected) -> Mrkdwn:
    return phrases.past(event.happened_at, event.at)
