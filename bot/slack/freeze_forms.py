"""Freezing deploys, extending and ending a freeze: by command and button. Nothing is decided here."""

from collections.abc import Mapping
from typing import Final

from bot.incident.freeze import Freeze, FreezeWish
from bot.incident.freeze_suggestion import to_freeze, unheeded
from bot.incident.state import Incident
from bot.incident.terms import IncidentId, Person, Rejected
from bot.slack import action_ids as ids
from bot.slack.access import readable
from bot.slack.asked import EndFreeze, ExtendFreeze, FreezeDeploys
from bot.slack.blocks import freeze_cards
from bot.slack.listening import Desk
from bot.slack.looking import Viewing, here_or_none
from bot.slack.message import Message
from bot.slack.pressed import Listener, Pressed, Stale
from bot.slack.replies import Outcome, Told

FreezeRequest = FreezeDeploys | ExtendFreeze | EndFreeze


async def answer(desk: Desk, asked: FreezeRequest, viewing: Viewing, request: str) -> Message:
    """`request` names the command, so that its repetition begins no second freeze. Raises Rejected and Unavailable."""
    match asked:
        case FreezeDeploys(services=services, lasts=lasts, why=why):
            incident = await _followed_from(desk, viewing)
            wish = FreezeWish(request=request, services=services, lasts=lasts, why=why, incident=incident)
            return await _begun(desk, viewing.by, wish)
        case ExtendFreeze(which=which, lasts=lasts):
            return _standing(desk, await desk.freezes.extend(viewing.by, which, lasts))
        case EndFreeze(which=which):
            return freeze_cards.ended(await desk.freezes.end(viewing.by, which))


async def _followed_from(desk: Desk, viewing: Viewing) -> IncidentId | None:
    """The incident in whose channel it is typed, if everybody may know of that. Raises Rejected in a drill's."""
    here = await here_or_none(desk, viewing)
    return _told_of(await readable(desk, here, viewing.by)) if here else None


def _told_of(incident: Incident) -> IncidentId | None:
    if incident.drill:
        raise Rejected("A drill freezes nothing: its freeze would be real. Type it in another channel.", verb="freeze")
    return None if incident.private else incident.id


async def _begun(desk: Desk, by: Person, wish: FreezeWish) -> Message:
    return _standing(desk, await desk.freezes.begin(by, wish))


def _standing(desk: Desk, freeze: Freeze) -> Message:
    return freeze_cards.standing(freeze, desk.clock.now())


async def press_freeze(desk: Desk, pressed: Pressed) -> Outcome:
    """Of a service, or of those that the alerts of an incident ask for. What is frozen already is said to be."""
    if pressed.incident:
        return Told(message=await _as_suggested(desk, pressed))
    if not pressed.value:
        raise Stale
    if freeze := await desk.freezes.covering([pressed.value]):
        return Told(message=_standing(desk, freeze))
    wish = FreezeWish(request=str(pressed.request), services=(pressed.value,))
    return Told(message=await _begun(desk, pressed.by, wish))


async def _as_suggested(desk: Desk, pressed: Pressed) -> Message:
    incident = await readable(desk, pressed.incident, pressed.by)
    follows_from = _told_of(incident)
    freezes, now = await desk.freezes.of(incident), desk.clock.now()
    services = to_freeze(incident, freezes, desk.door.policy, now)
    if not services:
        if freezes:
            return _standing(desk, freezes[-1])
        raise Rejected(f"No alert of {incident.reference} asks for a freeze any more.", verb="freeze")
    asking = unheeded(incident, freezes, desk.door.policy, now)[0]
    wish = FreezeWish(
        request=str(pressed.request), services=services, why=asking.summary or asking.name, incident=follows_from
    )
    return await _begun(desk, pressed.by, wish)


async def press_extend(desk: Desk, pressed: Pressed) -> Outcome:
    """Once for what the button shows: whoever presses it later is told until when it lasts by now."""
    which, _, shown = pressed.value.partition("|")
    known = next((each for each in await desk.freezes.freezes() if each.reference == which), None)
    if known and known.holds(desk.clock.now()) and str(int(known.until.timestamp())) != shown:
        return Told(message=_standing(desk, known))
    return Told(message=_standing(desk, await desk.freezes.extend(pressed.by, which, None)))


async def press_end(desk: Desk, pressed: Pressed) -> Outcome:
    return Told(message=freeze_cards.ended(await desk.freezes.end(pressed.by, pressed.value)))


FREEZE_BUTTONS: Final[Mapping[str, Listener]] = {
    ids.FREEZE_DEPLOYS: press_freeze,
    ids.EXTEND_FREEZE: press_extend,
    ids.END_FREEZE: press_end,
}
