"""The slash command: read it, do it, answer in the acknowledgement, which costs no call.

A form is opened before the acknowledgement, for its trigger lives only 3 seconds.
"""

from dataclasses import replace
from typing import Any

from bot.incident.commands import AddWorkaround, AssignRole, AttachPlaybook, Command, DeclareIncident
from bot.incident.state import Incident
from bot.incident.terms import Checklist, Rejected, RequestId
from bot.slack.access import RejectedHere, perform, readable
from bot.slack.asked import AssignTo, AttachNamed, ListWorkaround, Look, OpenForm, Request, UnknownVerb, WriteAbout
from bot.slack.blocks import answers
from bot.slack.forms import Opening, open_form
from bot.slack.listening import Desk
from bot.slack.looking import Viewing, look, number_of
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
        case Look() as wanted:
            return Told(message=await look(desk, wanted, viewing))
        case OpenForm(modal=modal, drill=drill):
            spot = Spot(trigger=typed.trigger_id, response_url=typed.response_url)
            await open_form(desk, modal, viewing, Opening(spot=spot, drill=drill))
            return None
        case WriteAbout(section=section):
            spot = Spot(trigger=typed.trigger_id, response_url=typed.response_url)
            await open_section(desk, section, viewing, spot)
            return None
        case DeclareIncident() as command:
            declared = replace(command, answer_url=typed.response_url)
            handled = await desk.door.declare(declared, request=_request(typed))
            return Told(message=answers.declaring(handled.incident))
        case AssignTo(role=role, user=user):
            holder = await desk.person(user)
            return await _handle(desk, AssignRole(by=viewing.by, role=role, holder=holder), viewing, typed)
        case ListWorkaround(what=what, owner=user, expires_on=day):
            owner = await desk.person(user)
            add = AddWorkaround(by=viewing.by, what=what, owner=owner, expires_on=day)
            return await _handle(desk, add, viewing, typed)
        case AttachNamed(name=name):
            attach = AttachPlaybook(by=viewing.by, checklist=checklist_named(desk, name))
            return await _handle(desk, attach, viewing, typed)
        case command:
            return await _handle(desk, command, viewing, typed)


async def _incident_here(desk: Desk, viewing: Viewing) -> Incident | None:
    """The incident whose button the answer may offer."""
    try:
        return await readable(desk, await number_of(desk, viewing), viewing.by)
    except Rejected:
        return None


async def _handle(desk: Desk, command: Command, viewing: Viewing, typed: SlashCommand) -> Outcome:
    handled = await perform(desk, await number_of(desk, viewing), command, _request(typed))
    return Told(message=answers.confirmation(handled.events, handled.incident, desk.door.policy))


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
