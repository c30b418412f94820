"""Answering a proposal: by button, and by the forms of two of them. Nothing is decided here."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from bot.incident.freeze import FreezeWish, covering
from bot.incident.listing import Listing
from bot.incident.proposal import Proposal
from bot.incident.proposing import LONGEST_WHY
from bot.incident.service_names import spelt
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Rejected
from bot.slack import action_ids as ids
from bot.slack.action_ids import pack
from bot.slack.blocks import elements, phrases
from bot.slack.blocks.elements import View, field, option, theirs
from bot.slack.blocks.freeze_cards import standing
from bot.slack.listening import Desk
from bot.slack.message import Message
from bot.slack.mrkdwn import escape, fill, line
from bot.slack.pressed import Pressed
from bot.slack.replies import Outcome, Told
from bot.slack.submitted import Submitted

INCIDENT: Final = "incident"
WHY: Final = "why"


async def press_declare(desk: Desk, pressed: Pressed) -> Outcome:
    """At once, as it is proposed: the answer that leads to the war room comes once it stands."""
    incident, is_new = await desk.proposals.declare(pressed.by, pressed.value, pressed.spot.response_url)
    return None if is_new else Told(message=_taken_up(incident))


async def press_attach(desk: Desk, pressed: Pressed) -> Outcome:
    proposal = await desk.proposals.answerable(pressed.by, pressed.value)
    nearby = await desk.proposals.nearby(proposal)
    if not nearby:
        raise Rejected("No incident is open that these alerts could belong to. Declare one, or ignore them.")
    view = attach_modal(proposal, nearby)
    await desk.slack.call(pressed.spot.opens_by, trigger_id=pressed.spot.trigger, view=view)
    return None


async def press_ignore(desk: Desk, pressed: Pressed) -> Outcome:
    proposal = await desk.proposals.answerable(pressed.by, pressed.value)
    await desk.slack.call(pressed.spot.opens_by, trigger_id=pressed.spot.trigger, view=ignore_modal(proposal))
    return None


async def press_freeze(desk: Desk, pressed: Pressed) -> Outcome:
    """Freezes what its alerts ask for, once, whoever presses how often; then it is settled."""
    proposal = await desk.proposals.answerable(pressed.by, pressed.value)
    freezes, now = await desk.freezes.freezes(), desk.clock.now()
    services = spelt(proposal.to_freeze, desk.door.policy)
    left = tuple(each for each in services if not covering(freezes, [each], now))
    if not services:
        raise Rejected(f"No alert of {proposal.reference} asks for a freeze any more.", verb="freeze")
    freeze = covering(freezes, services, now)
    if left:
        wish = FreezeWish(request=f"proposal:{proposal.key}", services=left, why=proposal.title)
        freeze = await desk.freezes.begin(pressed.by, wish)
    assert freeze is not None
    await desk.proposals.freeze(pressed.by, pressed.value, freeze.reference)
    return Told(message=standing(freeze, now))


def attach_modal(proposal: Proposal, nearby: Sequence[Listing]) -> View:
    """The likeliest first, and chosen."""
    options = [option(theirs(_named(each), elements.OPTION_TEXT), str(each.incident)) for each in nearby]
    chosen = elements.select(options, initial=str(nearby[0].incident))
    blocks = [elements.section(line(proposal.title)), field(INCIDENT, "Incident", chosen)]
    return elements.modal("Attach to incident", ids.ATTACH_PROPOSAL_MODAL, pack(0, proposal.key), "Attach", blocks)


def ignore_modal(proposal: Proposal) -> View:
    hint = (
        "These alerts and their groups stay quiet while they fire. What has resolved and fires anew is proposed again."
    )
    why = field(WHY, "Why", elements.text_input(most=LONGEST_WHY), optional=True, hint=hint)
    blocks = [elements.section(line(proposal.title)), why]
    return elements.modal("Ignore these alerts", ids.IGNORE_PROPOSAL_MODAL, pack(0, proposal.key), "Ignore", blocks)


def _named(listing: Listing) -> str:
    return f"{listing.reference} {listing.severity} {listing.title}"


async def submit_attach(desk: Desk, callback: str, form: Submitted) -> Outcome:
    """Where the war room is takes the place of the form."""
    chosen = form.inputs.text(INCIDENT)
    if not (chosen.isascii() and chosen.isdigit() and len(chosen) < 10):
        raise Rejected("Choose the incident.", field=INCIDENT)
    incident = await desk.proposals.attach(form.by, _key(form), IncidentId(int(chosen)))
    return Told(message=_taken_up(incident), replace=True)


async def submit_ignore(desk: Desk, callback: str, form: Submitted) -> Outcome:
    await desk.proposals.ignore(form.by, _key(form), form.inputs.text(WHY))
    return None


def _key(form: Submitted) -> str:
    return form.rest[0] if form.rest else ""


def _taken_up(incident: Incident) -> Message:
    parts = {"inc": escape(incident.reference), "title": phrases.title(incident, 150), "room": phrases.place(incident)}
    return elements.message(fill("These alerts belong to {inc} ({title}), in {room}.", **parts))


PROPOSAL_BUTTONS: Final[Mapping[str, Any]] = {
    ids.DECLARE_PROPOSAL: press_declare,
    ids.ATTACH_PROPOSAL: press_attach,
    ids.FREEZE_PROPOSAL: press_freeze,
    ids.IGNORE_PROPOSAL: press_ignore,
}
PROPOSAL_FORMS: Final[Mapping[str, Any]] = {
    ids.ATTACH_PROPOSAL_MODAL: submit_attach,
    ids.IGNORE_PROPOSAL_MODAL: submit_ignore,
}
