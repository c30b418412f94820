"""Asking one person how it went, and taking their answer. Nothing here keeps, logs or sends who answered what."""

import hashlib
from dataclasses import replace

from bot.incident.feedback import Answer, Informed, Led
from bot.incident.feedback_commands import GiveFeedback
from bot.incident.giving_feedback import require_respondent
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Person, Rejected, RequestId
from bot.slack.access import RejectedHere, readable
from bot.slack.action_ids import pack
from bot.slack.blocks import feedback_cards as fields
from bot.slack.inputs import Inputs
from bot.slack.listening import Desk
from bot.slack.own_answer import own_answer, respondent
from bot.slack.pressed import Pressed
from bot.slack.replies import Outcome
from bot.slack.submitted import Submitted


async def press_answer(desk: Desk, pressed: Pressed) -> Outcome:
    incident, by = await _inside(desk, pressed.incident, pressed.by)
    _require(desk, incident, by)
    given = await own_answer(desk, incident, by.id) or Answer()
    view = fields.feedback_form(incident, desk.door.policy, pack(incident.id), given)
    await desk.slack.call(pressed.spot.opens_by, trigger_id=pressed.spot.trigger, view=view)
    return None


async def submit_answer(desk: Desk, callback: str, form: Submitted) -> Outcome:
    """Whether they are in the channel is not recorded on the way: what stands beside an answer would name it."""
    incident, by = await _inside(desk, form.incident, form.by)
    _require(desk, incident, by)
    answer = _answer(form.inputs)
    command = GiveFeedback(by=by, respondent=await respondent(desk, incident, by.id), answer=answer)
    try:
        await desk.door.handle(incident.id, command, request=_request(form, answer))
    except Rejected as rejected:
        raise RejectedHere(rejected, incident) from rejected
    return None


async def _inside(desk: Desk, number: IncidentId, by: Person) -> tuple[Incident, Person]:
    """The incident, and who they are in it, once it is clear that they may know of it."""
    incident = await readable(desk, number, by)
    return incident, replace(by, speaks_in=incident.channel)


def _require(desk: Desk, incident: Incident, by: Person) -> None:
    try:
        require_respondent(incident, by, desk.door.policy, desk.clock.now())
    except Rejected as rejected:
        raise RejectedHere(rejected, incident) from rejected


def _answer(inputs: Inputs) -> Answer:
    return Answer(
        led=inputs.one_of(fields.LED, Led) if inputs.text(fields.LED) else None,
        informed=inputs.one_of(fields.INFORMED, Informed) if inputs.text(fields.INFORMED) else None,
        change=inputs.text(fields.CHANGE),
    )


def _request(form: Submitted, answer: Answer) -> RequestId:
    """One form can be sent, be told that nobody knows what became of it, and be sent with other words."""
    said = "\n".join((answer.led or "", answer.informed or "", answer.change))
    digest = hashlib.sha256(said.encode("utf-8", "backslashreplace")).hexdigest()
    return RequestId(f"{form.request}:{digest[:16]}")
