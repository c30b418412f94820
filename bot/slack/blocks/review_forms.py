"""The forms of the review: booking or moving it, that it was held, waiving it, cancelling it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from bot.incident.review import ReviewPlan
from bot.incident.review_times import Attendee, Proposal, Proposals
from bot.incident.state import Incident
from bot.incident.terms import UserId
from bot.incident.time_zones import zone_of
from bot.incident.working_hours import day_of
from bot.slack import action_ids
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import Element, View, field, option, ours, theirs
from bot.slack.blocks.modals import head
from bot.slack.message import Block
from bot.slack.mrkdwn import Mrkdwn, escape, fill, join, user

PROPOSED: Final = "proposed"
STARTS_AT: Final = "starts_at"
LENGTH: Final = "length"
FACILITATOR: Final = "facilitator"
INVITED: Final = "invited"
FUNCTIONS: Final = "functions"
WHY: Final = "why"
REVIEW_ON: Final = "review_on"
CAME: Final = "came"

AS_BOOKED: Final = "as booked"
"""The value of the first choice where it is booked already; any other is a moment as epoch seconds."""
LENGTHS: Final = tuple(timedelta(minutes=minutes) for minutes in (30, 45, 60, 90, 120))
_USUAL: Final = timedelta(hours=1)
_MOST_REASONS: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What the form starts from. `time_zone`: of whoever opens it, in which the choices are written.

    `why_facilitator`: a clause. `functions`: those that can be invited; `invites`: those that are, unless changed.
    """

    proposals: Proposals
    people: tuple[Attendee, ...]
    time_zone: str
    facilitator: UserId | None = None
    why_facilitator: str = ""
    functions: tuple[str, ...] = ()
    invites: tuple[str, ...] = ()


def review_modal(incident: Incident, offer: Offer, metadata: str) -> View:
    """Booking it, or where it is booked, moving it and changing who comes."""
    booked = incident.review.booked
    plan = booked.plan if booked else None
    blocks = [head(incident), *_explained(offer), *_when(plan, offer), *_who(plan, offer)]
    if plan:
        hint = "Only where the time changes: those who kept it free are told."
        blocks.append(field(WHY, "Why it is moved", elements.text_input(most=300), optional=True, hint=hint))
    title, submit = ("Move review", "Save") if plan else ("Book review", "Book")
    return elements.modal(title, action_ids.REVIEW_MODAL, metadata, submit, blocks)


def _explained(offer: Offer) -> list[Block]:
    """Whose hours were looked at, and where they share none, what is the matter with each time."""
    if not offer.people:
        return []
    whose = join(", ", *(_lives(each) for each in offer.people))
    if offer.proposals.shared:
        return [elements.context(fill("These times are in the working hours of {whose}.", whose=whose))]
    reasons = [_reason(each, offer.time_zone) for each in offer.proposals.times]
    none = fill("No time before it is due is in the working hours of all of {whose}. The least bad:", whose=whose)
    return [elements.context(none), *(elements.context(each) for each in reasons)]


def _lives(each: Attendee) -> Mrkdwn:
    return fill("{who} ({zone})", who=user(each.user), zone=escape(each.time_zone))


def _reason(each: Proposal, time_zone: str) -> Mrkdwn:
    then = escape(_local(each.starts_at, time_zone))
    late = [fill("{long} late", long=escape(phrases.span(each.late)))] if each.late else []
    for strain in each.strains[:_MOST_REASONS]:
        begins = escape(f"{strain.begins:%a %H:%M}")
        late.append(fill("{begins} for {who}", begins=begins, who=user(strain.user)))
    rest = len(each.strains) - _MOST_REASONS
    more = [fill("{n} more outside of their hours", n=escape(str(rest)))] if rest > 0 else []
    return fill("{then}: {why}", then=then, why=join(", ", *late, *more) or Mrkdwn("within everybody's hours"))


def _local(moment: datetime, time_zone: str) -> str:
    here = moment.astimezone(zone_of(time_zone))
    return f"{here:%a} {here.day} {here:%b %H:%M}"


def _when(plan: ReviewPlan | None, offer: Offer) -> list[Block]:
    kept = [option(ours(f"As booked: {_local(plan.starts_at, offer.time_zone)}", 75), AS_BOOKED)] if plan else []
    choices = [*kept, *(_choice(each, offer) for each in offer.proposals.times)]
    length = plan.length if plan else _USUAL
    return [
        field(
            PROPOSED,
            "When",
            _radio(choices),
            optional=True,
            hint=f"By the clock of {offer.time_zone}.",
        ),
        field(
            STARTS_AT, "Or at another time", elements.moment_picker(), optional=True, hint="It counts if it is given."
        ),
        field(LENGTH, "How long", _lengths(length)),
    ]


def _radio(choices: Sequence[Element]) -> Element:
    return {"type": "radio_buttons", "action_id": "value", "options": list(choices), "initial_option": choices[0]}


def _choice(each: Proposal, offer: Offer) -> Element:
    said = []
    if each.strains:
        said.append(f"outside the hours of {len(each.strains)} of {len(offer.people)}")
    if each.late:
        said.append(f"{phrases.span(each.late)} late")
    text = ours(_local(each.starts_at, offer.time_zone), elements.OPTION_TEXT)
    return option(text, str(int(each.starts_at.timestamp())), ", ".join(said) or "In everybody's working hours")


def _lengths(chosen: timedelta) -> Element:
    spans = sorted({*LENGTHS, chosen})
    options = [option(ours(phrases.span(each), elements.OPTION_TEXT), _minutes(each)) for each in spans]
    return elements.select(options, initial=_minutes(chosen))


def _minutes(span: timedelta) -> str:
    return str(int(span.total_seconds() // 60))


def _who(plan: ReviewPlan | None, offer: Offer) -> list[Block]:
    facilitator = plan.facilitator if plan else offer.facilitator
    why = offer.why_facilitator if not plan else plan.why_facilitator
    comes = plan.invited if plan else [each.user for each in offer.people if each.user != facilitator]
    hint = f"{why[:1].upper()}{why[1:]}." if why else ""
    return [
        field(FACILITATOR, "Led by", elements.user_select(facilitator), hint=hint),
        field(INVITED, "Who is invited", elements.people_select(comes), optional=True),
        *_functions(plan, offer),
    ]


def _functions(plan: ReviewPlan | None, offer: Offer) -> list[Block]:
    if not offer.functions:
        return []
    options = [option(theirs(each, elements.OPTION_TEXT), each) for each in offer.functions]
    chosen = [each.name for each in plan.functions] if plan else offer.invites
    several = elements.multi_select(options, chosen)
    return [field(FUNCTIONS, "Which functions are invited", several, optional=True)]


def held_modal(incident: Incident, at: datetime, time_zone: str, metadata: str) -> View:
    course = incident.review
    plan = course.booked.plan if course.booked else None
    day = day_of(min(plan.starts_at, at) if plan else at, time_zone)
    blocks = [
        head(incident),
        field(REVIEW_ON, "It was held on", elements.day_picker(day)),
        field(FACILITATOR, "Led by", elements.user_select(course.facilitator)),
        field(CAME, "Who came", elements.people_select(plan.everyone if plan else ()), optional=True),
    ]
    return elements.modal("Review was held", action_ids.REVIEW_HELD_MODAL, metadata, "Save", blocks)


def waive_modal(incident: Incident, metadata: str) -> View:
    hint = "Logged, and shown on the card."
    blocks = [head(incident), field(WHY, "Why it is waived", elements.text_input(most=300), hint=hint)]
    return elements.modal("Waive review", action_ids.WAIVE_REVIEW_MODAL, metadata, "Waive review", blocks)


def cancel_review_modal(incident: Incident, metadata: str) -> View:
    hint = "Whoever was invited is told. The review stays due: book another."
    why = field(WHY, "Why it will not be held", elements.text_input(most=300), optional=True, hint=hint)
    return elements.modal(
        "Cancel review", action_ids.CANCEL_REVIEW_MODAL, metadata, "Cancel review", [head(incident), why]
    )
