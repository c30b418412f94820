"""The review at the desk: what its buttons open and its forms ask for. Whether it is allowed is not decided here."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from bot.incident.commands import Command
from bot.incident.events import Event
from bot.incident.review import ReviewPlan
from bot.incident.review_commands import BookReview, CancelReview, HoldReview, MoveReview, WaiveReview
from bot.incident.review_duty import review_due_at, review_rule
from bot.incident.review_people import took_part, zones
from bot.incident.review_times import Attendee, proposals
from bot.incident.rotation import NextFacilitator, next_facilitator
from bot.incident.state import Incident
from bot.incident.terms import Rejected, UserId
from bot.ports import Unavailable
from bot.slack import action_ids as ids
from bot.slack.access import perform, readable
from bot.slack.action_ids import pack
from bot.slack.blocks import review_forms as fields
from bot.slack.invited_functions import expanded
from bot.slack.listening import Desk
from bot.slack.looking import Viewing
from bot.slack.replies import Outcome
from bot.slack.submitted import Submitted

_LENGTH: Final = timedelta(hours=1)
"""For which times are proposed where nothing is booked yet."""
_OLD_FORM: Final = "This form is from an older version of Muster; nothing has changed."


async def booking_view(desk: Desk, incident: Incident, viewing: Viewing) -> Mapping[str, Any]:
    """Three times, from the log and the zones of those who took part."""
    history = await desk.door.history(incident.id)
    people = await _attendees(desk, incident, took_part(incident, history), zones(history))
    policy, booked = desk.door.policy, incident.review.booked
    length = booked.plan.length if booked else _LENGTH
    due_at, hours = review_due_at(incident, policy), policy.closing.working_hours
    found = await asyncio.to_thread(proposals, people, length, desk.clock.now(), due_at, hours)
    turn = await _whose_turn(desk, incident, history)
    offer = fields.Offer(
        proposals=found,
        people=people,
        time_zone=viewing.by.time_zone,
        facilitator=turn.user if turn else None,
        why_facilitator=turn.why if turn else "",
        functions=() if incident.private else tuple(policy.review.functions),
        invites=review_rule(incident, policy).review_invites,
    )
    return fields.review_modal(incident, offer, pack(incident.id, booked.sequence if booked else ""))


async def _whose_turn(desk: Desk, incident: Incident, history: Sequence[Event]) -> NextFacilitator | None:
    rota = desk.door.policy.review.facilitators
    return next_facilitator(incident, history, rota, await desk.rota.last_led(rota))


async def held_view(desk: Desk, incident: Incident, viewing: Viewing) -> Mapping[str, Any]:
    return fields.held_modal(incident, desk.clock.now(), viewing.by.time_zone, pack(incident.id))


async def waive_view(desk: Desk, incident: Incident, viewing: Viewing) -> Mapping[str, Any]:
    return fields.waive_modal(incident, pack(incident.id))


async def cancel_view(desk: Desk, incident: Incident, viewing: Viewing) -> Mapping[str, Any]:
    return fields.cancel_review_modal(incident, pack(incident.id))


View = Callable[[Desk, Incident, Viewing], Awaitable[Mapping[str, Any]]]

REVIEW_VIEWS: Final[Mapping[str, View]] = {
    ids.REVIEW_MODAL: booking_view,
    ids.REVIEW_HELD_MODAL: held_view,
    ids.WAIVE_REVIEW_MODAL: waive_view,
    ids.CANCEL_REVIEW_MODAL: cancel_view,
}
"""The forms that are drawn for one viewer."""


async def _attendees(
    desk: Desk, incident: Incident, users: Iterable[UserId], known: Mapping[UserId, str]
) -> tuple[Attendee, ...]:
    """With the zone that the log has, else that which Slack gives now, else the reporter's."""

    async def attendee(user: UserId) -> Attendee:
        return Attendee(user=user, time_zone=known.get(user) or await _zone(desk, incident, user))

    return tuple(await asyncio.gather(*(attendee(user) for user in users)))


async def _zone(desk: Desk, incident: Incident, user: UserId) -> str:
    try:
        return (await desk.person(user)).time_zone
    except Unavailable:
        return incident.reporter_zone


async def submit_booking(desk: Desk, callback: str, form: Submitted) -> Outcome:
    """One form books, moves and changes who comes."""
    incident = await readable(desk, form.incident, form.by)
    seen = _seen(form)
    plan = await _whole(desk, form, incident, _plan(form, incident))
    people = tuple(await asyncio.gather(*(desk.person(user) for user in plan.everyone)))
    command: Command = BookReview(by=form.by, plan=plan, people=people)
    if seen is not None:
        command = MoveReview(by=form.by, plan=plan, people=people, why=form.inputs.text(fields.WHY), seen=seen)
    await perform(desk, form.incident, command, form.request)
    return None


def _seen(form: Submitted) -> int | None:
    """The sequence of the meeting that the form showed; None: none was booked."""
    seen = form.rest[0] if form.rest else ""
    if seen and not (seen.isascii() and seen.isdigit() and len(seen) < 10):
        raise Rejected(_OLD_FORM)
    return int(seen) if seen else None


def _plan(form: Submitted, incident: Incident) -> ReviewPlan:
    inputs, booked = form.inputs, incident.review.booked
    facilitator = inputs.user(fields.FACILITATOR)
    if facilitator is None:
        raise Rejected("Name who leads the review.", field=fields.FACILITATOR)
    return ReviewPlan(
        starts_at=_starts_at(form, booked.plan if booked else None),
        length=inputs.minutes(fields.LENGTH),
        facilitator=facilitator,
        invited=tuple(user for user in inputs.users(fields.INVITED) if user != facilitator),
        time_zone=form.by.time_zone,
    )


async def _whole(desk: Desk, form: Submitted, incident: Incident, plan: ReviewPlan) -> ReviewPlan:
    """With who stands for the functions, and with why this facilitator, where it is by rotation."""
    booked = incident.review.booked
    known = booked.plan.functions if booked else ()
    functions = await expanded(desk, form.inputs.several(fields.FUNCTIONS), known)
    if booked and booked.plan.facilitator == plan.facilitator:
        return replace(plan, functions=functions, why_facilitator=booked.plan.why_facilitator)
    turn = await _whose_turn(desk, incident, await desk.door.history(incident.id))
    why = turn.why if turn and turn.user == plan.facilitator else ""
    return replace(plan, functions=functions, why_facilitator=why)


def _starts_at(form: Submitted, booked: ReviewPlan | None) -> datetime:
    """What is picked counts more than what was proposed."""
    picked, chosen = form.inputs.moment(fields.STARTS_AT), form.inputs.text(fields.PROPOSED)
    if picked:
        return picked
    if booked and chosen in ("", fields.AS_BOOKED):
        return booked.starts_at
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) <= 10):
        raise Rejected("Choose a time.", field=fields.STARTS_AT)
    return datetime.fromtimestamp(int(chosen), tz=UTC)


async def submit_held(desk: Desk, callback: str, form: Submitted) -> Outcome:
    facilitator = form.inputs.user(fields.FACILITATOR)
    command = HoldReview(
        by=form.by,
        came=form.inputs.users(fields.CAME),
        on=form.inputs.day(fields.REVIEW_ON),
        facilitator=await desk.person(facilitator) if facilitator else None,
    )
    await perform(desk, form.incident, command, form.request)
    return None


async def submit_waive(desk: Desk, callback: str, form: Submitted) -> Outcome:
    await perform(desk, form.incident, WaiveReview(by=form.by, why=form.inputs.text(fields.WHY)), form.request)
    return None


async def submit_cancel(desk: Desk, callback: str, form: Submitted) -> Outcome:
    await perform(desk, form.incident, CancelReview(by=form.by, why=form.inputs.text(fields.WHY)), form.request)
    return None


REVIEW_SUBMITTED: Final[Mapping[str, Callable[[Desk, str, Submitted], Awaitable[Outcome]]]] = {
    ids.REVIEW_MODAL: submit_booking,
    ids.REVIEW_HELD_MODAL: submit_held,
    ids.WAIVE_REVIEW_MODAL: submit_waive,
    ids.CANCEL_REVIEW_MODAL: submit_cancel,
}
