"""Buttons and forms of follow-ups: what they open, and what they ask for. Whether it is allowed is not decided here."""

from collections.abc import Mapping
from typing import Any, Final

from bot.incident import commands as ask
from bot.incident.followup import Degree, Followup, FollowupClass, FollowupContent, FollowupState
from bot.incident.followup_commands import AddFollowup, ChangeFollowup, GiveFollowup, MoveFollowup
from bot.incident.issue_commands import TrackFollowup
from bot.incident.rights import require_full_member
from bot.incident.state import Incident
from bot.incident.terms import Person, Rejected, UserId
from bot.slack import action_ids as ids
from bot.slack.access import perform, readable
from bot.slack.action_ids import pack
from bot.slack.asked import Followups, Whose
from bot.slack.blocks import answers
from bot.slack.blocks import followup_modals as fields
from bot.slack.followups_page import show_followup, show_followups
from bot.slack.listening import Desk
from bot.slack.pressed import Pressed, Stale
from bot.slack.replies import Outcome, Told
from bot.slack.submitted import Submitted


async def press_own(desk: Desk, pressed: Pressed) -> Outcome:
    give = GiveFollowup(by=pressed.by, number=_number(pressed.value), owner=pressed.by)
    return await _told(desk, pressed, give)


async def press_track(desk: Desk, pressed: Pressed) -> Outcome:
    return await _told(desk, pressed, TrackFollowup(by=pressed.by, number=_number(pressed.value)))


async def press_move(desk: Desk, pressed: Pressed) -> Outcome:
    number, wanted, seen = _moving(pressed)
    return await _told(desk, pressed, MoveFollowup(by=pressed.by, number=number, state=wanted, seen=seen))


async def press_show(desk: Desk, pressed: Pressed) -> Outcome:
    return Told(message=await show_followup(desk, pressed.incident, _number(pressed.value), pressed.by))


async def press_list(desk: Desk, pressed: Pressed) -> Outcome:
    """Turns the page in place where it is one of a list that only the person sees."""
    parts = (pressed.value or f"{Whose.HERE if pressed.incident else Whose.MINE}||1").split("|")
    try:
        whose, name, page = Whose(parts[0]), parts[1], _number(parts[2])
    except (ValueError, IndexError) as error:
        raise Stale from error
    who, team = (None, name) if whose is Whose.TEAM else (UserId(name) if name else None, "")
    wanted = Followups(whose=whose, who=who, team=team, number=page, incident=pressed.incident or None)
    turned = pressed.action.partition(":")[2].startswith("page")
    return Told(message=await show_followups(desk, wanted, pressed.by), replace=turned)


async def press_edit(desk: Desk, pressed: Pressed) -> Outcome:
    incident, item = await _item(desk, pressed, _number(pressed.value))
    await _open(desk, pressed, fields.followup_modal(incident, pack(incident.id, item.number), item))
    return None


async def press_give(desk: Desk, pressed: Pressed) -> Outcome:
    incident, item = await _item(desk, pressed, _number(pressed.value))
    await _open(desk, pressed, fields.followup_owner_modal(incident, pack(incident.id, item.number), item))
    return None


async def press_settle(desk: Desk, pressed: Pressed) -> Outcome:
    number, wanted, seen = _moving(pressed)
    incident, item = await _item(desk, pressed, number)
    metadata = pack(incident.id, number, wanted, seen)
    try:
        view = fields.followup_state_modal(incident, metadata, item, wanted)
    except KeyError as error:
        raise Stale from error
    await _open(desk, pressed, view)
    return None


async def _told(desk: Desk, pressed: Pressed, command: ask.Command) -> Outcome:
    handled = await perform(desk, pressed.incident, command, pressed.request)
    return Told(message=answers.confirmation(handled.events, handled.incident, desk.door.policy))


async def _item(desk: Desk, pressed: Pressed, number: int) -> tuple[Incident, Followup]:
    incident = await readable(desk, pressed.incident, pressed.by)
    if number not in incident.followups:
        raise Stale
    return incident, incident.followups[number]


async def _open(desk: Desk, pressed: Pressed, view: Mapping[str, Any]) -> None:
    require_full_member(pressed.by)
    await desk.slack.call(pressed.spot.opens_by, trigger_id=pressed.spot.trigger, view=view)


def _moving(pressed: Pressed) -> tuple[int, FollowupState, FollowupState]:
    try:
        number, wanted, seen = pressed.value.split("|")
        return _number(number), FollowupState(wanted), FollowupState(seen)
    except ValueError as error:
        raise Stale from error


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Stale
    return int(text)


async def submit_followup(desk: Desk, callback: str, form: Submitted) -> Outcome:
    """A new one, or all fields of one that there is."""
    content = _content(form)
    people = await _people(desk, content.people)
    if not form.rest or form.rest[0] == FOR_FACTOR:
        factor = int(form.rest[1]) if len(form.rest) > 1 and form.rest[1].isdecimal() else None
        add = AddFollowup(by=form.by, content=content, people=people, addresses=factor)
        await perform(desk, form.incident, add, form.request)
        return None
    number = _submitted_number(form)
    change = ChangeFollowup(by=form.by, number=number, content=content, people=people)
    await perform(desk, form.incident, change, form.request)
    return None


async def submit_owner(desk: Desk, callback: str, form: Submitted) -> Outcome:
    owner = form.inputs.user(fields.OWNER)
    if owner is None:
        raise Rejected("Choose who is to own it.", field=fields.OWNER)
    give = GiveFollowup(by=form.by, number=_submitted_number(form), owner=await desk.person(owner))
    await perform(desk, form.incident, give, form.request)
    return None


async def submit_state(desk: Desk, callback: str, form: Submitted) -> Outcome:
    whom = form.inputs.user(fields.WAITS_FOR)
    try:
        wanted, seen = (FollowupState(word) for word in form.rest[1].split("|"))
    except (ValueError, IndexError):
        raise Rejected(_OLD_FORM) from None
    move = MoveFollowup(
        by=form.by,
        number=_submitted_number(form),
        state=wanted,
        seen=seen,
        note=form.inputs.text(fields.NOTE),
        waits_for=await desk.person(whom) if whom else None,
    )
    await perform(desk, form.incident, move, form.request)
    return None


FOR_FACTOR: Final = "factor"
"""In the metadata of a new one, before the number of the contributing factor that it addresses."""

_OLD_FORM = "This form is from an older version of Muster; nothing has changed."

OPENED = {
    ids.EDIT_FOLLOWUP: press_edit,
    ids.GIVE_FOLLOWUP: press_give,
    ids.SETTLE_FOLLOWUP: press_settle,
    ids.OWN_FOLLOWUP: press_own,
    ids.MOVE_FOLLOWUP: press_move,
    ids.TRACK_FOLLOWUP: press_track,
    ids.SHOW_FOLLOWUP: press_show,
    ids.SHOW_FOLLOWUPS: press_list,
}
"""The buttons of follow-ups, by action id."""

SUBMITTED = {
    ids.FOLLOWUP_MODAL: submit_followup,
    ids.FOLLOWUP_OWNER_MODAL: submit_owner,
    ids.FOLLOWUP_STATE_MODAL: submit_state,
}


def _submitted_number(form: Submitted) -> int:
    number = form.rest[0] if form.rest else ""
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise Rejected(_OLD_FORM)
    return int(number)


def _content(form: Submitted) -> FollowupContent:
    inputs = form.inputs
    return FollowupContent(
        what=inputs.text(fields.WHAT),
        kind=inputs.one_of(fields.KIND, FollowupClass) if inputs.text(fields.KIND) else None,
        owner=inputs.user(fields.OWNER),
        product_sponsor=inputs.user(fields.PRODUCT_SPONSOR),
        reliability_sponsor=inputs.user(fields.RELIABILITY_SPONSOR),
        due_on=inputs.day(fields.DUE_ON),
        metric=inputs.text(fields.METRIC),
        impact=inputs.one_of(fields.IMPACT, Degree) if inputs.text(fields.IMPACT) else None,
        effort=inputs.one_of(fields.EFFORT, Degree) if inputs.text(fields.EFFORT) else None,
    )


async def _people(desk: Desk, users: frozenset[UserId]) -> tuple[Person, ...]:
    return tuple([await desk.person(user) for user in sorted(users)])
