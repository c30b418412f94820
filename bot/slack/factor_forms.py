"""Buttons and forms of contributing factors: what they open and what they ask for. Nothing is decided here."""

from bot.incident.commands import Command
from bot.incident.factor import FactorContent
from bot.incident.factor_commands import AcceptRisk, AddFactor, ChangeFactor, RemoveFactor, ReopenRisk
from bot.incident.factoring import standing
from bot.incident.rights import require_full_member
from bot.incident.terms import Rejected, Version
from bot.incident.time_zones import zone_of
from bot.incident.timeline import entries
from bot.slack import action_ids as ids
from bot.slack.access import perform, readable
from bot.slack.action_ids import pack
from bot.slack.asked import Look, Page
from bot.slack.blocks import answers
from bot.slack.blocks import factor_modals as fields
from bot.slack.blocks.followup_modals import followup_modal
from bot.slack.blocks.risk_register import ACCEPTED
from bot.slack.factors_page import show_factor
from bot.slack.followup_forms import FOR_FACTOR
from bot.slack.lessons import confirmed
from bot.slack.listening import Desk
from bot.slack.looking import Viewing, look, number_of
from bot.slack.pressed import Pressed, Stale
from bot.slack.replies import Outcome, Spot, Told, deliver
from bot.slack.submitted import Submitted

_OLD_FORM = "This form is from an older version of Muster; nothing has changed."


async def open_factor(desk: Desk, viewing: Viewing, spot: Spot, *, number: int = 0, text: str = "") -> None:
    """`number` 0: a new one, whose words so far are `text`. Raises Rejected, Unavailable and Refused."""
    require_full_member(viewing.by)
    incident = await readable(desk, await number_of(desk, viewing), viewing.by)
    factor = standing(incident, number) if number else None
    kept = f"{number}:{factor.changes}" if factor else ""
    view = fields.factor_modal(
        incident,
        pack(incident.id, kept, spot.response_url),
        entries(await desk.door.history(incident.id)),
        zone_of(viewing.by.time_zone),
        factor,
        text=factor.content.text if factor else text,
    )
    await desk.slack.call(spot.opens_by, trigger_id=spot.trigger, view=view)


async def press_add(desk: Desk, pressed: Pressed) -> Outcome:
    await open_factor(desk, pressed.viewing, pressed.spot)
    return None


async def press_edit(desk: Desk, pressed: Pressed) -> Outcome:
    await open_factor(desk, pressed.viewing, pressed.spot, number=_number(pressed.value))
    return None


async def press_drop(desk: Desk, pressed: Pressed) -> Outcome:
    require_full_member(pressed.by)
    incident = await readable(desk, pressed.incident, pressed.by)
    factor = standing(incident, _number(pressed.value))
    metadata = pack(incident.id, factor.number, pressed.spot.response_url)
    view = fields.drop_factor_modal(incident, metadata, factor)
    await desk.slack.call(pressed.spot.opens_by, trigger_id=pressed.spot.trigger, view=view)
    return None


async def open_acceptance(desk: Desk, viewing: Viewing, spot: Spot, number: int) -> None:
    """Raises Rejected, Unavailable and Refused."""
    require_full_member(viewing.by)
    incident = await readable(desk, await number_of(desk, viewing), viewing.by)
    factor = standing(incident, number)
    metadata = pack(incident.id, number, spot.response_url)
    today = desk.clock.now().astimezone(zone_of(viewing.by.time_zone)).date()
    view = fields.accept_modal(incident, metadata, factor, today)
    await desk.slack.call(spot.opens_by, trigger_id=spot.trigger, view=view)


async def press_accept(desk: Desk, pressed: Pressed) -> Outcome:
    await open_acceptance(desk, pressed.viewing, pressed.spot, _number(pressed.value))
    return None


async def press_reopen(desk: Desk, pressed: Pressed) -> Outcome:
    command = ReopenRisk(by=pressed.by, number=_number(pressed.value))
    handled = await perform(desk, pressed.incident, command, pressed.request)
    return Told(message=answers.confirmation(handled.events, handled.incident, desk.door.policy))


async def press_address(desk: Desk, pressed: Pressed) -> Outcome:
    """The form of a follow-up that the factor is going to name."""
    require_full_member(pressed.by)
    incident = await readable(desk, pressed.incident, pressed.by)
    factor = standing(incident, _number(pressed.value))
    view = followup_modal(incident, pack(incident.id, FOR_FACTOR, factor.number))
    await desk.slack.call(pressed.spot.opens_by, trigger_id=pressed.spot.trigger, view=view)
    return None


async def press_risks(desk: Desk, pressed: Pressed) -> Outcome:
    """Turns the page in place where it is one of a list."""
    page, _, which = (pressed.value or "1|open").partition("|")
    wanted = Look(page=Page.RISKS, number=_number(page), ended=which == ACCEPTED)
    return Told(message=await look(desk, wanted, pressed.viewing), replace=bool(pressed.value))


async def press_show(desk: Desk, pressed: Pressed) -> Outcome:
    return Told(message=await show_factor(desk, pressed.incident, _number(pressed.value), pressed.by))


async def press_list(desk: Desk, pressed: Pressed) -> Outcome:
    """Turns the page in place where it is one."""
    wanted = Look(page=Page.FACTORS, number=_number(pressed.value) if pressed.value else None)
    return Told(message=await look(desk, wanted, pressed.viewing), replace=bool(pressed.value))


async def submit_factor(desk: Desk, callback: str, form: Submitted) -> Outcome:
    kept, answer_url = (*form.rest, "", "")[:2]
    content = _content(form)
    number, _, seen = kept.partition(":")
    if not kept:
        return await _handled(desk, form, AddFactor(by=form.by, content=content), answer_url)
    change = ChangeFactor(by=form.by, number=_submitted(number), content=content, seen=_submitted(seen))
    return await _handled(desk, form, change, answer_url)


async def submit_drop(desk: Desk, callback: str, form: Submitted) -> Outcome:
    number, answer_url = (*form.rest, "", "")[:2]
    why = form.inputs.text(fields.WHY)
    return await _handled(desk, form, RemoveFactor(by=form.by, number=_submitted(number), why=why), answer_url)


async def submit_acceptance(desk: Desk, callback: str, form: Submitted) -> Outcome:
    number, answer_url = (*form.rest, "", "")[:2]
    day = form.inputs.day(fields.LOOK_AGAIN_ON)
    if day is None:
        raise Rejected("Choose the day on which to look again.", field=fields.LOOK_AGAIN_ON)
    why = form.inputs.text(fields.WHY)
    accept = AcceptRisk(by=form.by, number=_submitted(number), why=why, look_again_on=day)
    return await _handled(desk, form, accept, answer_url)


async def _handled(desk: Desk, form: Submitted, command: Command, url: str) -> Outcome:
    """The form closes, and what came of it is said where it was opened."""
    handled = await perform(desk, form.incident, command, form.request)
    if url:
        await deliver(desk, Told(message=await confirmed(desk, handled, form.by)), Spot(response_url=url))
    return None


def _content(form: Submitted) -> FactorContent:
    try:
        kind, surrounding = fields.read_kind(form.inputs.text(fields.KIND))
    except ValueError:
        raise Rejected("Choose one of those in the list.", field=fields.KIND) from None
    entry = form.inputs.text(fields.ENTRY)
    return FactorContent(
        text=form.inputs.text(fields.TEXT),
        kind=kind,
        surrounding=surrounding,
        entry=Version(_submitted(entry)) if entry else None,
        followups=tuple(_submitted(each) for each in form.inputs.several(fields.FOLLOWUPS)),
    )


def _submitted(text: str) -> int:
    if not _is_number(text):
        raise Rejected(_OLD_FORM)
    return int(text)


def _number(text: str) -> int:
    if not _is_number(text):
        raise Stale
    return int(text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 10


FACTOR_BUTTONS = {
    ids.ADD_FACTOR: press_add,
    ids.EDIT_FACTOR: press_edit,
    ids.DROP_FACTOR: press_drop,
    ids.SHOW_FACTOR: press_show,
    ids.SHOW_FACTORS: press_list,
    ids.ACCEPT_RISK: press_accept,
    ids.REOPEN_RISK: press_reopen,
    ids.ADDRESS_FACTOR: press_address,
    ids.SHOW_RISKS: press_risks,
}
FACTOR_FORMS = {
    ids.FACTOR_MODAL: submit_factor,
    ids.DROP_FACTOR_MODAL: submit_drop,
    ids.ACCEPT_MODAL: submit_acceptance,
}
