"""Planning and ending maintenance: by command, form and button. Nothing is decided here."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from bot.incident.maintenance import Planned
from bot.incident.policy import Policy
from bot.incident.rights import require_full_member
from bot.incident.terms import Person
from bot.slack import action_ids as ids
from bot.slack.action_ids import pack
from bot.slack.asked import PlanMaintenance
from bot.slack.blocks import elements, maintenance_cards
from bot.slack.blocks.elements import Element, View, field, option, ours, theirs
from bot.slack.blocks.modals import LONGEST_NAME
from bot.slack.listening import Desk
from bot.slack.message import Message
from bot.slack.mrkdwn import clean
from bot.slack.pressed import Pressed
from bot.slack.replies import Outcome, Spot, Told
from bot.slack.submitted import Submitted

SERVICES: Final = "services"
BEGINS_AT: Final = "begins_at"
LENGTH: Final = "length"
WHY: Final = "why"
_LENGTHS: Final = tuple(timedelta(minutes=each) for each in (15, 30, 60, 120, 240, 480, 1440, 2880, 10080))


async def plan(desk: Desk, by: Person, wanted: PlanMaintenance, key: str) -> Message:
    """`key` names the request, so that its repetition plans no second window. Raises Rejected and Unavailable."""
    now = desk.clock.now()
    begins_at = wanted.begins_at or now
    wish = Planned(
        key=key, services=wanted.services, begins_at=begins_at, ends_at=begins_at + wanted.length, why=wanted.why
    )
    return maintenance_cards.planned(await desk.maintenance.plan(by, wish), now)


async def end(desk: Desk, by: Person, which: str) -> Message:
    """Raises Rejected and Unavailable."""
    return maintenance_cards.ended(await desk.maintenance.end(by, which))


async def open_plan(desk: Desk, by: Person, spot: Spot, *, service: str = "") -> None:
    """Raises Rejected, Unavailable and Refused."""
    require_full_member(by)
    view = plan_modal(desk.door.policy, pack(0, spot.response_url), service)
    await desk.slack.call(spot.opens_by, trigger_id=spot.trigger, view=view)


def plan_modal(policy: Policy, metadata: str, service: str = "") -> View:
    fields = [
        field(SERVICES, "Services", _services(policy, service), hint="Those whose alerts are expected; no others."),
        field(BEGINS_AT, "Begins", elements.moment_picker(), optional=True, hint="Empty: now."),
        field(LENGTH, "How long", elements.select(_lengths(), initial="60")),
        field(WHY, "Why", elements.text_input(most=500), optional=True),
    ]
    return elements.modal("Plan maintenance", ids.MAINTENANCE_MODAL, metadata, "Plan", fields)


def _services(policy: Policy, chosen: str) -> Element:
    names = [each for each in policy.offered_services if 0 < len(each) <= LONGEST_NAME and clean(each) == each]
    if not names or len(names) > elements.OPTIONS:
        return elements.text_input(initial=chosen, placeholder="checkout, search")
    options = [option(theirs(name, elements.OPTION_TEXT), name) for name in names]
    return elements.multi_select(options, [chosen])


def _lengths() -> list[Element]:
    return [option(ours(_long(each), elements.OPTION_TEXT), str(int(each.total_seconds() // 60))) for each in _LENGTHS]


def _long(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 2880 else f"{minutes // 1440} days"


async def press_plan(desk: Desk, pressed: Pressed) -> Outcome:
    await open_plan(desk, pressed.by, pressed.spot, service=pressed.value)
    return None


async def press_end(desk: Desk, pressed: Pressed) -> Outcome:
    return Told(message=await end(desk, pressed.by, pressed.value))


async def submit_plan(desk: Desk, callback: str, form: Submitted) -> Outcome:
    """What was planned takes the place of the form."""
    inputs = form.inputs
    typed = tuple(each.strip() for each in inputs.text(SERVICES).split(",") if each.strip())
    wanted = PlanMaintenance(
        services=inputs.several(SERVICES) or typed,
        begins_at=inputs.moment(BEGINS_AT),
        length=inputs.minutes(LENGTH),
        why=inputs.text(WHY),
    )
    return Told(message=await plan(desk, form.by, wanted, str(form.request)), replace=True)


MAINTENANCE_BUTTONS: Final[Mapping[str, Any]] = {ids.PLAN_MAINTENANCE: press_plan, ids.END_MAINTENANCE: press_end}
