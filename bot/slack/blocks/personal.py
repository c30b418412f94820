"""What one person is told, in a direct message: a role that became theirs, a reminder that climbed to them, a failure,
what is asked of them after the end.

It names the incident and its channel, since it stands outside of both.
"""

from datetime import datetime

from bot.incident import events as happened
from bot.incident.alert_events import RecoveryAsked
from bot.incident.closing_events import ClosingAsked, WorkaroundAdded, WorkaroundChased
from bot.incident.events import Event
from bot.incident.factor_events import RiskAskedAbout
from bot.incident.feedback_events import FeedbackAsked
from bot.incident.followup_events import FollowupAdded, FollowupChanged, FollowupMoved
from bot.incident.policy import Policy, RoleRule
from bot.incident.review_events import ReviewAsked, ReviewBooked, ReviewCancelled, ReviewMoved, ReviewWaived
from bot.incident.state import Incident
from bot.incident.terms import COMMUNICATIONS_LEAD, INCIDENT_COMMANDER, OPENING, Role
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import closing_sentences, elements, phrases
from bot.slack.blocks.alert_words import recovery_question
from bot.slack.blocks.elements import Element
from bot.slack.blocks.feedback_cards import asked_how_it_went
from bot.slack.blocks.followup_cards import personal_followup
from bot.slack.blocks.guides import first_steps
from bot.slack.blocks.notices import step_failed, unanswered
from bot.slack.blocks.panels import retry_button
from bot.slack.blocks.review_questions import review_question
from bot.slack.blocks.review_sentences import told_in_person
from bot.slack.blocks.risk_register import asked_about_risk
from bot.slack.message import Message
from bot.slack.mrkdwn import Mrkdwn, fill, join, lines, prose_line


def personal_notice(event: Event, incident: Incident, policy: Policy, guide: RoleRule | None, at: datetime) -> Message:
    """The event for the one whom it concerns; raises ValueError for an event that is told to nobody in person.

    `guide`: purpose and first steps of the role, where a guide says more than the policy does.
    """
    match event:
        case happened.RoleAssigned():
            return _role(event, incident, policy, guide, at)
        case happened.UpdateReminded():
            return _climbed(event, incident, policy, at)
        case happened.StepFailed():
            return _step_failed(event, incident)
        case RecoveryAsked():
            return recovery_question(event, incident)
    return _afterwards(event, incident, policy, at)


def _afterwards(event: Event, incident: Incident, policy: Policy, at: datetime) -> Message:
    """What is asked and told when the response has ended."""
    match event:
        case ClosingAsked():
            return closing_sentences.asked_to_close(incident, policy, at)
        case WorkaroundAdded():
            return closing_sentences.workaround_is_yours(event, incident)
        case WorkaroundChased():
            return closing_sentences.workaround_expired(event, incident)
        case FeedbackAsked():
            return asked_how_it_went(incident, policy, at)
        case ReviewAsked():
            return review_question(event, incident, policy, at)
        case ReviewBooked() | ReviewMoved() | ReviewCancelled() | ReviewWaived():
            return told_in_person(event, incident)
        case FollowupAdded() | FollowupChanged() | FollowupMoved():
            return personal_followup(event, incident, at)
        case RiskAskedAbout():
            return asked_about_risk(event, incident)
    raise ValueError(f"{type(event).__name__} is told to nobody in person")


def _role(
    event: happened.RoleAssigned, incident: Incident, policy: Policy, guide: RoleRule | None, at: datetime
) -> Message:
    rule = guide or policy.roles.get(event.role) or RoleRule(title=event.role)
    text = _yours(event, incident, policy)
    about = join(" · ", phrases.headline(incident), phrases.title(incident), phrases.next_update(incident, at))
    body = lines(text, about, prose_line(rule.purpose, 600), first_steps(rule.first_steps[:3]))
    return elements.message(text, elements.section(body), elements.actions(*role_buttons(event.role, incident)))


def _yours(event: happened.RoleAssigned, incident: Incident, policy: Policy) -> Mrkdwn:
    role, where = phrases.role_title(event.role, policy), phrases.place(incident)
    names = {"role": role, "inc": phrases.reference(incident), "where": where}
    if incident.channel is None:
        return fill("You are {role} of {inc}; its channel is being opened and you are invited to it.", **names)
    if event.by_default:
        return fill("You are {role} of {inc} in {where} until somebody else takes it.", **names)
    return fill("You are {role} of {inc} in {where} now.", **names)


def role_buttons(role: Role, incident: Incident) -> list[Element]:
    """The buttons that do the first things of this role, then its guide and the way out."""
    value, of_role = pack(incident.id), pack(incident.id, role)
    first = {
        INCIDENT_COMMANDER: [
            elements.button("Assign roles", action_ids.ROLES, value, style="primary"),
            elements.button("Change severity", action_ids.CHANGE_SEVERITY, value),
        ],
        COMMUNICATIONS_LEAD: [
            elements.button("Post update", action_ids.POST_UPDATE, value, style="primary"),
            elements.button("Change cadence", action_ids.SET_CADENCE, value),
        ],
    }.get(role, [elements.button("Add to timeline", action_ids.ADD_NOTE, value, style="primary")])
    guide = elements.button("Read the guide", action_ids.SHOW_GUIDE, of_role)
    return [*first, guide, elements.button("Release this role", action_ids.RELEASE_ROLE, of_role)]


def _step_failed(event: happened.StepFailed, incident: Incident) -> Message:
    text = step_failed(event, incident)
    if event.step != OPENING or incident.channel is not None:
        return elements.message(text)
    return elements.message(text, elements.section(text), elements.actions(retry_button(incident)))


def _climbed(event: happened.UpdateReminded, incident: Incident, policy: Policy, at: datetime) -> Message:
    text = unanswered(event, incident, at)
    value = pack(incident.id, int(event.due_at.timestamp()))
    buttons = [
        elements.button("Post update", action_ids.POST_UPDATE, pack(incident.id), style="primary"),
        elements.button(f"Snooze {phrases.span(policy.snooze)}", action_ids.SNOOZE_UPDATE, value),
        elements.button("Skip this one", action_ids.SKIP_UPDATE, value),
    ]
    return elements.message(text, elements.section(text), elements.actions(*buttons))
