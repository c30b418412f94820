"""What a channel hears of an event. Most events are told by the cards alone; these are worth a message of their own."""

from datetime import datetime

from bot.incident import events as happened
from bot.incident.alert_events import RecoveryAsked
from bot.incident.events import Event
from bot.incident.lifecycle import is_reopening
from bot.incident.overtaking import SUMMARIES, reminders
from bot.incident.policy import Policy
from bot.incident.state import Incident
from bot.incident.terms import DRAFT, INCIDENT_CHANNEL, INVITATION, OPENING, Status
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases, review_sentences
from bot.slack.blocks.alert_words import recovery_question
from bot.slack.blocks.closing_sentences import overridden
from bot.slack.blocks.invitation_words import is_of_somebody, undelivered
from bot.slack.message import Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, code, escape, fill, join, line, lines, shorten

MOST_OF_A_FIELD = 900
"""Three fields of an update in one section of 3,000 characters; the log keeps what is cut."""


def notice(event: Event, incident: Incident, policy: Policy, at: datetime) -> Message:
    """The event as a channel message; raises ValueError for an event that no channel is told of.

    The wording fits the incident channel and the announcement card's thread alike: it names the incident only where
    it may stand alone (a scheduled summary, a missed update).
    """
    match event:
        case happened.UpdatePosted():
            return _update(event, incident, at)
        case happened.SummaryScheduled():
            return _summary(event, incident, at)
        case happened.UpdateReminded():
            return _unanswered(event, incident, at)
        case happened.PlaybookAttached():
            return elements.message(_attached(event))
        case RecoveryAsked():
            return recovery_question(event, incident)
    return elements.message(announced(event, incident, policy))


def announced(event: Event, incident: Incident, policy: Policy) -> Mrkdwn:
    """The event in one sentence; raises ValueError for an event that has none."""
    match event:
        case happened.RoleAssigned():
            return role_assigned(event, policy)
        case happened.RoleReleased():
            return _role_released(event, policy)
        case happened.SeverityChanged():
            return severity_changed(event, incident)
        case happened.StatusChanged(after=Status.CLOSED):
            return join(" ", status_changed(event, incident), _closed_without(incident))
        case happened.StatusChanged():
            return status_changed(event, incident)
        case happened.StepFailed():
            return step_failed(event, incident)
    if said := review_sentences.announced(event, incident):
        return said
    raise ValueError(f"{type(event).__name__} is told to no channel")


def _update(event: happened.UpdatePosted, incident: Incident, at: datetime) -> Message:
    number, by = escape(str(event.number)), phrases.person(event.by)
    head = fill("Update {n} by {by} · {then}", n=number, by=by, then=phrases.moment(event.at, at))
    body = lines(
        bold(head),
        _said("Known", event.known),
        _said("Impact", event.impact),
        _said("Doing", event.doing),
        _promise(event.next_at, at),
    )
    text = fill("{inc} update {n}: {known}", inc=phrases.reference(incident), n=number, known=line(event.known, 200))
    return elements.message(text, elements.section(body))


def _said(label: str, text: str) -> Mrkdwn:
    return (
        fill("{label}: {text}", label=escape(label), text=shorten(escape(text.strip()), MOST_OF_A_FIELD))
        if text.strip()
        else NOTHING
    )


def _promise(next_at: datetime | None, at: datetime) -> Mrkdwn:
    if next_at is None:
        return Mrkdwn("No further update is planned.")
    return fill("Next update by {then}.", then=phrases.moment(next_at, at))


def _summary(event: happened.SummaryScheduled, incident: Incident, at: datetime) -> Message:
    """The state of the incident for stakeholders, from the log alone: what it does not know, it says so."""
    head = join(" · ", phrases.headline(incident), phrases.title(incident))
    update = incident.update
    known = fill("Known: {known}", known=line(update.known, MOST_OF_A_FIELD)) if update else Mrkdwn("No update yet.")
    body = lines(
        bold(head),
        known,
        fill("Impact: {impact}", impact=phrases.impact(incident)),
        _said("Doing", update.doing) if update else NOTHING,
        join(
            " · ",
            fill("{leads} in {place}", leads=phrases.leads(incident), place=phrases.place(incident)),
            _open(incident, at),
        ),
        phrases.sentence(phrases.next_update(incident, at)),
        phrases.missed(incident, SUMMARIES, event.number),
    )
    return elements.message(fill("State of {head}", head=head), elements.section(body))


def _open(incident: Incident, at: datetime) -> Mrkdwn:
    parts = {"then": phrases.moment(incident.declared_at, at), "long": escape(phrases.span(at - incident.declared_at))}
    return fill("declared {then}, {long} ago", **parts)


def _unanswered(event: happened.UpdateReminded, incident: Incident, at: datetime) -> Message:
    text = unanswered(event, incident, at)
    post = elements.button("Post update", action_ids.POST_UPDATE, pack(incident.id), style="primary")
    return elements.message(text, elements.section(text), elements.actions(post))


def unanswered(event: happened.UpdateReminded, incident: Incident, at: datetime) -> Mrkdwn:
    """An update that is overdue, said where nobody knows which incident is meant."""
    parts = {
        "inc": phrases.reference(incident),
        "title": phrases.title(incident, 150),
        "place": phrases.place(incident),
    }
    late = escape(phrases.span(at - event.due_at))
    last = fill("Last heard {then}.", then=phrases.moment(incident.update.at, at)) if incident.update else NOTHING
    head = fill("{inc} ({title}) owes a status update: {late} overdue in {place}.", late=late, **parts)
    return join(" ", head, last, phrases.missed(incident, reminders(event.stage), event.number))


def _attached(event: happened.PlaybookAttached) -> Mrkdwn:
    steps = escape(str(len(event.checklist.steps)))
    title = line(event.checklist.title, 150)
    return fill("Playbook {title} is attached: {steps} steps.", title=bold(title), steps=steps)


def role_assigned(event: happened.RoleAssigned, policy: Policy) -> Mrkdwn:
    """<@BEN> is communications lead (was nobody)."""
    names = {"who": phrases.person(event.holder), "role": phrases.role_title(event.role, policy)}
    if event.by_default:
        return fill("{who} is {role} until somebody else takes it.", **names)
    return fill("{who} is {role} (was {before}).", **names, before=phrases.person(event.before))


def _role_released(event: happened.RoleReleased, policy: Policy) -> Mrkdwn:
    names = {"role": phrases.role_title(event.role, policy), "before": phrases.person(event.before)}
    return fill("Nobody is {role} now (was {before}).", **names)


def severity_changed(event: happened.SeverityChanged, incident: Incident) -> Mrkdwn:
    severities = {"after": escape(event.after), "before": escape(event.before)}
    head = fill(
        "{inc} is {after} now (was {before}){why}", inc=phrases.reference(incident), **severities, why=why(event.why)
    )
    return phrases.sentence(head)


def why(text: str) -> Mrkdwn:
    return fill(": {text}", text=line(text, 300)) if text.strip() else NOTHING


def status_changed(event: happened.StatusChanged, incident: Incident) -> Mrkdwn:
    """Each in its own words; who said so is in the timeline."""
    parts = {"inc": phrases.reference(incident), "note": why(event.note)}
    if is_reopening(event.before, event.after):
        parts["after"] = escape(event.after)
        return phrases.sentence(fill("{inc} is reopened and {after} again{note}", **parts))
    return phrases.sentence(
        fill(_ENDINGS.get(event.after, "{inc} is {after} now (was {before}){note}"), **parts, **_statuses(event))
    )


def _closed_without(incident: Incident) -> Mrkdwn:
    said = overridden(incident)
    return phrases.sentence(fill("Closed without {said}", said=said)) if said else NOTHING


_ENDINGS = {
    Status.RESOLVED: "{inc} is resolved{note}",
    Status.CANCELLED: "{inc} is cancelled, no response is needed{note}",
    Status.CLOSED: "{inc} is closed, nothing more is expected here{note}",
}


def _statuses(event: happened.StatusChanged) -> dict[str, Mrkdwn]:
    return {"after": escape(event.after), "before": escape(event.before)}


_FAILED = {
    "topic": "the topic could not be set",
    "bookmark": "the bookmark could not be added",
    "pin": "the summary could not be pinned",
    "invite": "not everybody could be invited",
    "tick": "the tick could not be added",
    "card": "a card could not be kept current",
    "post": "a message could not be posted",
    "announcement": "it could not be announced",
    DRAFT: "the draft of its postmortem could not be put into its channel",
    INVITATION: "an invitation to its review could not be delivered",
}


def step_failed(event: happened.StepFailed, incident: Incident) -> Mrkdwn:
    """INC-42 is open, but the topic could not be set: … The incident is not affected; …"""
    known = _FAILED.get(event.step)
    if event.step in _WITHOUT_CHANNEL:
        return _without_channel(event, incident)
    failed = escape(known) if known else fill("{step} could not be done", step=line(event.step, 75))
    parts = {"inc": phrases.reference(incident), "state": _standing(incident), "failed": failed}
    head = phrases.sentence(fill("{inc} is {state}, but {failed}{reason}", **parts, reason=_reason(event)))
    if event.step == INVITATION and is_of_somebody(event.reason):
        return fill("{head} The others are not affected. Tell them of the review yourself.", head=head)
    return fill(
        "{head} The incident is not affected; {check} says what is missing.", head=head, check=code("muster check")
    )


def _reason(event: happened.StepFailed) -> Mrkdwn:
    if event.step == INVITATION:
        return fill(": {why}", why=undelivered(event.reason))
    return why(event.reason)


_WITHOUT_CHANNEL = {
    OPENING: "its channel could not be opened",
    INCIDENT_CHANNEL: "Muster can do nothing in its channel",
}


def _without_channel(event: happened.StepFailed, incident: Incident) -> Mrkdwn:
    """What all others wait for: INC-42 is open, but its channel could not be opened: …"""
    parts = {"inc": phrases.reference(incident), "state": _standing(incident), "reason": why(event.reason)}
    failed = escape(_WITHOUT_CHANNEL[event.step])
    head = phrases.sentence(fill("{inc} is {state}, but {failed}{reason}", failed=failed, **parts))
    return fill(
        "{head} The record is kept: work on it from any channel by beginning with its number, as in {example}.",
        head=head,
        example=code(f"INC-{incident.id} status mitigated"),
    )


def _standing(incident: Incident) -> Mrkdwn:
    return Mrkdwn("open") if incident.is_active else escape(incident.status)
