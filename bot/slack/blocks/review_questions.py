"""What is asked after a review: in person while nobody has booked it or said what became of it, and in the digest."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from bot.incident.policy import Policy
from bot.incident.review import ReviewStage
from bot.incident.review_duty import review_due_at
from bot.incident.review_events import ReviewAsked
from bot.incident.state import Incident
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element
from bot.slack.blocks.review_panel import settling
from bot.slack.blocks.review_sentences import standing
from bot.slack.message import Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, channel, date_time, escape, fill, join

_A_MINUTE: Final = timedelta(minutes=1)


def review_question(event: ReviewAsked, incident: Incident, policy: Policy, at: datetime) -> Message:
    """To one person, calmly, with the ways on."""
    match event.stage:
        case ReviewStage.UNSETTLED:
            return _asked(_unsettled(incident), [*settling(incident, policy), _move(incident)])
        case ReviewStage.CLIMBED:
            return _asked(_overdue(incident, policy, at), [_show(incident)])
        case ReviewStage.OVERDUE:
            text = join(" ", _overdue(incident, policy, at), Mrkdwn("Book it, or say what became of it."))
            return _asked(text, [_book(incident), *settling(incident, policy)])
    return _asked(_unbooked(incident, policy, at), [_book(incident), *settling(incident, policy)])


def overdue_in_digest(incident: Incident, policy: Policy, at: datetime) -> Message:
    """For whoever reads the digest channel: what is overdue, and where to look. Raises ValueError for a private one."""
    if incident.private or incident.drill:
        raise ValueError(f"the review of {incident.reference} is told to its own people alone")
    return _asked(_overdue(incident, policy, at), [_show(incident)])


def _asked(text: Mrkdwn, buttons: Sequence[Element]) -> Message:
    return elements.message(text, elements.section(text), elements.actions(*buttons))


def _named(incident: Incident) -> dict[str, Mrkdwn]:
    return {"inc": phrases.reference(incident), "title": phrases.title(incident, 150)}


def _unbooked(incident: Incident, policy: Policy, at: datetime) -> Mrkdwn:
    due_at = review_due_at(incident, policy) or at
    then = date_time(due_at)
    return fill(
        "The review of {inc} ({title}) is due by {then}, and nobody has booked it yet.", then=then, **_named(incident)
    )


def _overdue(incident: Incident, policy: Policy, at: datetime) -> Mrkdwn:
    due_at = review_due_at(incident, policy) or at
    late = at - due_at
    when = fill("{late} overdue", late=escape(phrases.span(late))) if late >= _A_MINUTE else Mrkdwn("due now")
    head = fill("The review of {inc} ({title}) is {when}, and nobody has booked it.", when=when, **_named(incident))
    where = fill("Its channel is {where}.", where=channel(incident.channel)) if incident.channel else NOTHING
    return join(" ", head, where)


def _unsettled(incident: Incident) -> Mrkdwn:
    was = standing(incident.review)
    return fill("The review of {inc} ({title}) was {was}. Was it held, moved or waived?", was=was, **_named(incident))


def _book(incident: Incident) -> Element:
    return elements.button("Book review", action_ids.BOOK_REVIEW, pack(incident.id), style="primary")


def _move(incident: Incident) -> Element:
    return elements.button("Move it", action_ids.BOOK_REVIEW, pack(incident.id))


def _show(incident: Incident) -> Element:
    return elements.button("Show review", action_ids.SHOW_REVIEW, pack(incident.id))
