"""What `/incident review` answers: when the review is due, how far it is, and what can be done about it."""

from datetime import datetime, timedelta

from bot.incident.closure import ReviewDuty, ReviewState
from bot.incident.policy import Policy
from bot.incident.review_duty import review_due_at, review_rule
from bot.incident.review_quality import Judged, Quality, quality
from bot.incident.state import Incident
from bot.incident.terms import Status
from bot.incident.themes import Lessons
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element
from bot.slack.blocks.invitation_words import in_panel
from bot.slack.blocks.learnt import learnt_blocks
from bot.slack.blocks.review_sentences import invited, standing
from bot.slack.mailing import Mailing
from bot.slack.message import Message
from bot.slack.mrkdwn import NOTHING, Mrkdwn, bold, escape, fill, join, line, lines


def review_panel(
    incident: Incident, policy: Policy, at: datetime, mailing: Mailing, *, learnt: Lessons | None = None
) -> Message:
    """`learnt`: as far as whoever looks may know of it."""
    head = fill("Review of {inc}: {state}", inc=phrases.reference(incident), state=_state(incident, at))
    body = lines(bold(head), _due(incident, policy, at), *_particulars(incident), *in_panel(incident, mailing))
    buttons = _buttons(incident, policy)
    row = [elements.actions(*buttons)] if buttons else []
    return elements.message(head, elements.section(body), *(learnt_blocks(learnt) if learnt else []), *row)


def _state(incident: Incident, at: datetime) -> Mrkdwn:
    if incident.drill:
        return Mrkdwn("a drill has its scorecard instead")
    if incident.status is Status.CANCELLED:
        return Mrkdwn("none, for it was cancelled")
    if incident.is_active:
        return fill("none yet, it is still {status}", status=escape(incident.status))
    return standing(incident.review) or Mrkdwn("nobody has booked it yet")


def _due(incident: Incident, policy: Policy, at: datetime) -> Mrkdwn:
    """Due by when, and what policy asks; nothing once it is settled, or where there is none."""
    rule, due_at = review_rule(incident, policy), review_due_at(incident, policy)
    if incident.drill or incident.status is Status.CANCELLED:
        return NOTHING
    if rule.review is ReviewDuty.NONE:
        return fill("Policy asks for no review of {sev}.", sev=escape(incident.severity))
    asks = fill("policy for {sev}: {duty}", sev=escape(incident.severity), duty=escape(rule.review))
    if due_at is None:
        within = escape(_hours(rule.review_within))
        return fill("Due {within} after it is resolved ({asks}).", within=within, asks=asks)
    if incident.review.state in (ReviewState.HELD, ReviewState.WAIVED):
        return NOTHING
    return fill("{due} ({asks}).{late}", due=_by(due_at, at), asks=asks, late=_booked_late(incident, due_at))


def _hours(span: timedelta) -> str:
    """As people speak of it: 48 h, and not 2 days."""
    return f"{int(span.total_seconds() // 3600)} h"


def _by(due_at: datetime, at: datetime) -> Mrkdwn:
    if at > due_at:
        return fill("Overdue by {long}", long=escape(phrases.span(at - due_at)))
    return fill("Due by {then}", then=phrases.moment(due_at, at))


def _booked_late(incident: Incident, due_at: datetime) -> Mrkdwn:
    booked = incident.review.booked
    if booked is None or booked.plan.ends_at <= due_at:
        return NOTHING
    return Mrkdwn(" It is booked for later than that.")


def _particulars(incident: Incident) -> list[Mrkdwn]:
    course = incident.review
    if course.booked:
        plan = course.booked.plan
        why = fill("Led by: {why}", why=line(plan.why_facilitator, 300)) if plan.why_facilitator else NOTHING
        comes = invited(plan)
        return [fill("Invited: {who}", who=comes) if comes else Mrkdwn("Nobody else is invited yet."), why]
    came = join(", ", *(phrases.person(each) for each in course.came[:50]))
    return [fill("Who came: {who}", who=came) if came else NOTHING, *_quality(quality(incident))]


def _quality(found: Quality | None) -> list[Mrkdwn]:
    """The score, and every reason for it."""
    if found is None:
        return []
    parts = {"n": escape(str(found.points)), "all": escape(str(found.of))}
    return [fill("Quality: {n} of {all}", **parts), *(_judged(each) for each in found.judged)]


def _judged(each: Judged) -> Mrkdwn:
    mark = Mrkdwn("✓") if each.met else Mrkdwn("✗")
    return fill("{mark} {what}: {why}", mark=mark, what=escape(each.criterion), why=line(each.why, 300))


def _buttons(incident: Incident, policy: Policy) -> list[Element]:
    value, course = pack(incident.id), incident.review
    if incident.is_active or incident.drill or incident.status is Status.CANCELLED:
        return []
    if course.state is ReviewState.HELD:
        return _outcome(value)
    if course.booked:
        first = [elements.button("Move or change", action_ids.BOOK_REVIEW, value)]
        last = [elements.button("Cancel review", action_ids.CANCEL_REVIEW, value)]
    else:
        first, last = [elements.button("Book review", action_ids.BOOK_REVIEW, value, style="primary")], []
    return [*first, *settling(incident, policy), *last, *_outcome(value)]


def _outcome(value: str) -> list[Element]:
    """What a review leaves behind is written down from here."""
    return [
        elements.button("Add follow-up", action_ids.ADD_FOLLOWUP, value),
        elements.button("Add factor", action_ids.ADD_FACTOR, value),
        elements.button("Write postmortem", action_ids.SHOW_POSTMORTEM, value),
    ]


def settling(incident: Incident, policy: Policy) -> list[Element]:
    """It was held, and where policy lets it, waived."""
    value = pack(incident.id)
    held = elements.button("It was held", action_ids.REVIEW_HELD, value)
    may_waive = review_rule(incident, policy).review is not ReviewDuty.REQUIRED
    is_waived = incident.review.state is ReviewState.WAIVED
    waive = [elements.button("Waive review", action_ids.WAIVE_REVIEW, value)] if may_waive and not is_waived else []
    return [held, *waive]
