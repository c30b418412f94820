"""The forms of closing: the close gate's, and that of workarounds. Fields are named as the core names them."""

from datetime import date, datetime, timedelta
from typing import Final

from bot.incident.closure import ReviewDuty, ReviewState
from bot.incident.policy import Policy
from bot.incident.review import ReviewCourse
from bot.incident.review_duty import review_due_at, review_rule
from bot.incident.state import Incident
from bot.incident.workarounds import LONGEST_WHAT
from bot.incident.working_hours import day_of
from bot.slack import action_ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.closing_sentences import workaround
from bot.slack.blocks.elements import Element, View, field, option, ours
from bot.slack.blocks.modals import NOTE, YES, head
from bot.slack.message import Block
from bot.slack.mrkdwn import escape, fill

EVIDENCE: Final = "evidence"
RELEASE_ROLES: Final = "release_roles"
NO_WORKAROUNDS: Final = "no_workarounds"
WHAT: Final = "what"
OWNER: Final = "owner"
EXPIRES_ON: Final = "expires_on"
REVIEW: Final = "review"
REVIEW_ON: Final = "review_on"
FACILITATOR: Final = "facilitator"
REVIEW_WHY: Final = "review_why"
BECAUSE: Final = "because"

MOST_LISTED: Final = 20
_USUAL_STAY: Final = timedelta(days=14)


def close_modal(incident: Incident, policy: Policy, at: datetime, metadata: str) -> View:
    """What the gate asks for, filled in as far as it is known. A drill is closed without more ado."""
    note = field(NOTE, "Note", elements.text_input(lines=True), optional=True, hint="Goes to the channel.")
    asked = [] if incident.drill else _asked(incident, policy)
    blocks = [head(incident), *asked, note, *([] if incident.drill else [_because()])]
    return elements.modal("Close incident", action_ids.CLOSE_MODAL, metadata, "Close incident", blocks)


def _asked(incident: Incident, policy: Policy) -> list[Block]:
    evidence = elements.text_input(initial=incident.closure.evidence, lines=True)
    return [
        field(
            EVIDENCE,
            "What shows that it is restored",
            evidence,
            optional=True,
            hint="A link or a number, such as a dashboard, or “99.9 % of payments succeed since 14:40”.",
        ),
        *_roles(incident, policy),
        *_workarounds(incident),
        *_review(incident, policy),
    ]


def _roles(incident: Incident, policy: Policy) -> list[Block]:
    if not incident.roles:
        return []
    titles = ", ".join(phrases.role_name(role, policy) for role in incident.roles)
    release = option(ours("Whoever holds a role gives it up", elements.OPTION_TEXT), YES)
    return [field(RELEASE_ROLES, "Roles", elements.checkbox([release], ticked=True), optional=True, hint=titles)]


def _workarounds(incident: Incident) -> list[Block]:
    """Either one is named or nothing is in place. More of them: by the form of workarounds."""
    standing = incident.closure.standing
    listed = [elements.context(workaround(each)) for each in standing[:MOST_LISTED]]
    none = option(ours("Nothing temporary is in place", elements.OPTION_TEXT), YES)
    box = elements.checkbox([none], ticked=incident.closure.none_in_place)
    label = "Another workaround" if standing else "A workaround that is in place"
    return [
        *listed,
        *([] if standing else [field(NO_WORKAROUNDS, "Workarounds", box, optional=True)]),
        *_workaround_fields(label, optional=True),
    ]


def _workaround_fields(label: str, *, optional: bool, until: datetime | None = None) -> list[Block]:
    day = elements.day_picker(until.date() if until else None)
    return [
        field(WHAT, label, elements.text_input(most=LONGEST_WHAT), optional=optional, hint="What has to be undone."),
        field(OWNER, "Its owner", elements.user_select(), optional=True, hint="Empty: you."),
        field(EXPIRES_ON, "It may stay until", day, optional=optional, hint="Its owner is asked when this has passed."),
    ]


def _review(incident: Incident, policy: Policy) -> list[Block]:
    duty, course = review_rule(incident, policy).review, incident.review
    if duty is ReviewDuty.NONE:
        return []
    states = [each for each in ReviewState if each is not ReviewState.WAIVED or duty is ReviewDuty.WAIVABLE]
    chooser = elements.select([_state(each) for each in states], initial=course.state)
    fields = [
        field(REVIEW, "Review", chooser, optional=True, hint=_due(incident, policy)),
        field(REVIEW_ON, "On", elements.day_picker(_day(course)), optional=True),
        field(FACILITATOR, "Led by", elements.user_select(course.facilitator), optional=True),
    ]
    return [*fields, _why_waived(course.why)] if duty is ReviewDuty.WAIVABLE else fields


def _state(state: ReviewState) -> Element:
    return option(ours(state.capitalize(), elements.OPTION_TEXT), state.value)


def _day(course: ReviewCourse) -> date | None:
    """Of what is booked with a time the day by the clock of whoever booked it."""
    plan = course.booked.plan if course.booked else None
    return day_of(plan.starts_at, plan.time_zone) if plan else course.on


def _why_waived(before: str) -> Block:
    why = elements.text_input(initial=before, most=LONGEST_WHAT)
    return field(REVIEW_WHY, "Why it is waived", why, optional=True, hint="Only if it is.")


def _due(incident: Incident, policy: Policy) -> str:
    """In a hint, which has no zones: the day is that of UTC."""
    due_at = review_due_at(incident, policy)
    by_policy = f"Policy for {incident.severity}: {review_rule(incident, policy).review}"
    return f"{by_policy}, by {due_at.day} {due_at:%b %Y} (UTC)." if due_at else f"{by_policy}."


def _because() -> Block:
    hint = "Only where something is missing. The reason is logged and shown."
    return field(BECAUSE, "Close it all the same, because", elements.text_input(), optional=True, hint=hint)


def workaround_modal(incident: Incident, at: datetime, metadata: str) -> View:
    """Those in place, each with the button that removes it, and a new one."""
    standing = incident.closure.standing
    listed = [elements.section(workaround(each), _remove(incident, each.number)) for each in standing[:MOST_LISTED]]
    rest = len(standing) - MOST_LISTED
    more = [elements.context(fill("{n} more are in place.", n=escape(str(rest))))] if rest > 0 else []
    new = _workaround_fields("What is in place", optional=False, until=at + _USUAL_STAY)
    blocks = [head(incident), *listed, *more, *new]
    return elements.modal("Workarounds", action_ids.WORKAROUND_MODAL, metadata, "Add workaround", blocks)


def _remove(incident: Incident, number: int) -> Element:
    value = pack(incident.id, number)
    return elements.button("Remove", action_ids.REMOVE_WORKAROUND, value, suffix=str(number))
