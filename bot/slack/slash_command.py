"""The slash command: read it, do it, answer in the acknowledgement, which costs no call.

A form is opened before the acknowledgement, for its trigger lives only 3 seconds.
"""

from dataclasses import replace
from typing import Any

from bot.incident.closing_commands import AddWorkaround
from bot.incident.commands import AssignRole, AttachPlaybook, Command, DeclareIncident
from bot.incident.followup import FollowupContent
from bot.incident.followup_commands import AddFollowup
from bot.incident.state import Incident
from bot.incident.terms import Checklist, Person, Rejected, RequestId
from bot.slack import freeze_forms, maintenance_forms
from bot.slack.access import RejectedHere, perform, readable
from bot.slack.asked import (
    AssignTo,
    AttachNamed,
    EndFreeze,
    EndMaintenance,
    ExtendFreeze,
    Followups,
    FreezeDeploys,
    ListWorkaround,
    Look,
    NoteFollowup,
    OpenForm,
    PlanMaintenance,
    Request,
    ShowFactor,
    ShowFollowup,
    UnknownVerb,
    Whose,
    WriteAbout,
    WriteAcceptance,
    WriteFactor,
)
from bot.slack.blocks import answers
from bot.slack.factor_forms import open_acceptance, open_factor
from bot.slack.factors_page import show_factor
from bot.slack.followups_page import show_followup, show_followups
from bot.slack.forms import Opening, open_form
from bot.slack.lessons import confirmed
from bot.slack.listening import Desk
from bot.slack.looking import Viewing, here_or_none, look, number_of
from bot.slack.message import Message
from bot.slack.parse import parse
from bot.slack.payloads import SlashCommand
from bot.slack.replies import Outcome, Spot, Told, attempt, ephemeral
from bot.slack.writing import open_section


async def on_slash_command(desk: Desk, body: dict[str, Any]) -> dict[str, Any] | None:
    """The body of the acknowledgement. Never raises."""
    outcome = await attempt(_answer(desk, body))
    return None if outcome is None else ephemeral(outcome.message)


async def _answer(desk: Desk, body: dict[str, Any]) -> Outcome:
    typed = SlashCommand.model_validate(body)
    by = await desk.person(typed.user_id, speaks_in=typed.channel_id)
    viewing = Viewing(by=by, channel=typed.channel_id)
    try:
        request = parse(typed.text, by=by, at=desk.clock.now(), policy=desk.door.policy)
    except Rejected as rejected:
        here = await _incident_here(desk, viewing)
        raise (RejectedHere(rejected, here) if here else rejected) from rejected
    return await _do(desk, request, replace(viewing, incident=request.incident), typed)


async def _do(desk: Desk, request: Request, viewing: Viewing, typed: SlashCommand) -> Outcome:
    match request.asked:
        case UnknownVerb(word=word, guess=guess):
            return Told(message=answers.did_you_mean(word, guess, await _incident_here(desk, viewing)))
        case OpenForm() | WriteAbout() | WriteFactor() | WriteAcceptance() as form:
            await _open(desk, form, viewing, Spot(trigger=typed.trigger_id, response_url=typed.response_url))
            return None
        case DeclareIncident() as command:
            declared = replace(command, answer_url=typed.response_url)
            handled = await desk.door.declare(declared, request=_request(typed))
            return Told(message=answers.declaring(handled.incident))
        case PlanMaintenance() as plan:
            return Told(message=await maintenance_forms.plan(desk, viewing.by, plan, str(_request(typed))))
        case EndMaintenance(which=which):
            return Told(message=await maintenance_forms.end(desk, viewing.by, which))
        case FreezeDeploys() | ExtendFreeze() | EndFreeze() as freeze:
            return Told(message=await freeze_forms.answer(desk, freeze, viewing, str(_request(typed))))
        case Look() | Followups() | ShowFollowup() | ShowFactor() as wanted:
            return Told(message=await _shown(desk, wanted, viewing))
        case asked:
            return await _handle(desk, await _whole(desk, asked, viewing.by), viewing, typed)


Written = OpenForm | WriteAbout | WriteFactor | WriteAcceptance


async def _open(desk: Desk, form: Written, viewing: Viewing, spot: Spot) -> None:
    match form:
        case OpenForm(modal=modal, drill=drill):
            await open_form(desk, modal, viewing, Opening(spot=spot, drill=drill))
        case WriteAbout(section=section):
            await open_section(desk, section, viewing, spot)
        case WriteFactor(text=text):
            await open_factor(desk, viewing, spot, text=text)
        case WriteAcceptance(number=number):
            await open_acceptance(desk, viewing, spot, number)


async def _shown(desk: Desk, wanted: Look | Followups | ShowFollowup | ShowFactor, viewing: Viewing) -> Message:
    match wanted:
        case Look():
            return await look(desk, wanted, viewing)
        case Followups():
            return await show_followups(desk, await _whose(desk, wanted, viewing), viewing.by)
        case ShowFollowup(number=number):
            return await show_followup(desk, await number_of(desk, viewing), number, viewing.by)
        case ShowFactor(number=number):
            return await show_factor(desk, await number_of(desk, viewing), number, viewing.by)


Incomplete = AssignTo | ListWorkaround | NoteFollowup | AttachNamed
"""What names somebody, or a playbook, that is still to be looked up."""


async def _whole(desk: Desk, asked: Incomplete | Command, by: Person) -> Command:
    """The command, once whoever and whatever it names is looked up. Raises Rejected and Unavailable."""
    match asked:
        case AssignTo(role=role, user=user):
            return AssignRole(by=by, role=role, holder=await desk.person(user))
        case ListWorkaround(what=what, owner=user, expires_on=day):
            return AddWorkaround(by=by, what=what, owner=await desk.person(user), expires_on=day)
        case NoteFollowup(what=what, owner=owner):
            people = (await desk.person(owner),) if owner else ()
            return AddFollowup(by=by, content=FollowupContent(what=what, owner=owner), people=people)
        case AttachNamed(name=name):
            return AttachPlaybook(by=by, checklist=checklist_named(desk, name))
    return asked


async def _whose(desk: Desk, wanted: Followups, viewing: Viewing) -> Followups:
    """Of the incident that is named, or whose channel this is, unless others were asked for; else one's own."""
    if wanted.whose is not None:
        return wanted
    here = await here_or_none(desk, viewing)
    return replace(wanted, whose=Whose.MINE if here is None else Whose.HERE, incident=here)


async def _incident_here(desk: Desk, viewing: Viewing) -> Incident | None:
    """The incident whose button the answer may offer."""
    try:
        return await readable(desk, await number_of(desk, viewing), viewing.by)
    except Rejected:
        return None


async def _handle(desk: Desk, command: Command, viewing: Viewing, typed: SlashCommand) -> Outcome:
    handled = await perform(desk, await number_of(desk, viewing), command, _request(typed))
    return Told(message=await confirmed(desk, handled, viewing.by))


def checklist_named(desk: Desk, name: str) -> Checklist:
    """Raises Rejected, with the names that may have been meant."""
    found = desk.shelf.named(name)
    if found is not None:
        return found
    near = ", ".join(desk.shelf.near(name))
    meant = f" Did you mean {near}?" if near else ""
    raise Rejected(f"I know no playbook “{name}”.{meant} To see them all: {desk.command} playbook", verb="playbook")


def _request(typed: SlashCommand) -> RequestId:
    """A trigger id belongs to one interaction."""
    return RequestId(f"slash:{typed.trigger_id}")
