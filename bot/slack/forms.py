"""Opening a modal: which renderer belongs to which form. A modal that is only opened changes nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bot.incident.policy import Policy
from bot.incident.rights import require_full_member
from bot.incident.state import Incident
from bot.slack import action_ids as ids
from bot.slack.access import readable
from bot.slack.action_ids import pack
from bot.slack.blocks import closing_forms, modals
from bot.slack.blocks.followup_modals import followup_modal
from bot.slack.blocks.maintenance_cards import covered
from bot.slack.listening import Desk
from bot.slack.looking import Viewing, number_of
from bot.slack.mrkdwn import NOTHING
from bot.slack.replies import Spot
from bot.slack.review_desk import REVIEW_VIEWS

Form = Callable[[Incident, Policy, datetime, str], Mapping[str, Any]]
"""(incident, policy, at, private_metadata) -> view."""

FORMS: Final[Mapping[str, Form]] = {
    ids.UPDATE_MODAL: lambda incident, policy, at, metadata: modals.update_modal(incident, metadata),
    ids.STATUS_MODAL: lambda incident, policy, at, metadata: modals.status_modal(incident, metadata),
    ids.SEVERITY_MODAL: lambda incident, policy, at, metadata: modals.severity_modal(incident, policy, metadata),
    ids.ROLES_MODAL: lambda incident, policy, at, metadata: modals.roles_modal(incident, policy, metadata),
    ids.NOTE_MODAL: lambda incident, policy, at, metadata: modals.note_modal(incident, metadata),
    ids.CADENCE_MODAL: lambda incident, policy, at, metadata: modals.cadence_modal(incident, metadata),
    ids.TIMES_MODAL: lambda incident, policy, at, metadata: modals.times_modal(incident, metadata, at),
    ids.RESOLVE_MODAL: lambda incident, policy, at, metadata: modals.resolve_modal(incident, metadata),
    ids.REOPEN_MODAL: lambda incident, policy, at, metadata: modals.reopen_modal(incident, metadata),
    ids.CANCEL_MODAL: lambda incident, policy, at, metadata: modals.cancel_modal(incident, metadata),
    ids.CLOSE_MODAL: closing_forms.close_modal,
    ids.WORKAROUND_MODAL: lambda incident, policy, at, metadata: closing_forms.workaround_modal(incident, at, metadata),
    ids.FOLLOWUP_MODAL: lambda incident, policy, at, metadata: followup_modal(incident, metadata),
}
"""Every modal but those that declare and search, which are about no incident."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What opens a modal, within 3 s of the press; and for a declaration what it starts from."""

    spot: Spot
    title: str = ""
    source: str = ""
    drill: bool = False
    service: str = ""


async def open_form(desk: Desk, modal: str, viewing: Viewing, opening: Opening) -> None:
    """Raises Rejected, Unavailable and Refused."""
    require_full_member(viewing.by)
    view = await _view(desk, modal, viewing, opening)
    await desk.slack.call(opening.spot.opens_by, trigger_id=opening.spot.trigger, view=view)


async def show_suggestion(desk: Desk, view: str, metadata: str, service: str) -> None:
    """Draws the declare form anew, with what the chosen service's tier suggests, and that it is in maintenance, if it
    is. Slack keeps what was entered.

    Raises Unavailable and Refused.
    """
    window = await desk.maintenance.covering([service]) if service else None
    told = covered(window, service, desk.clock.now()) if window else NOTHING
    drawn = modals.declare_modal(desk.door.policy, metadata, service=service, told=told)
    await desk.slack.call("views.update", view_id=view, view=drawn)


async def _view(desk: Desk, modal: str, viewing: Viewing, opening: Opening) -> Mapping[str, Any]:
    if modal == ids.DECLARE_MODAL:
        metadata = pack(0, opening.spot.response_url, opening.source)
        drill = opening.drill or desk.door.drills_only
        return modals.declare_modal(
            desk.door.policy, metadata, title=opening.title, drill=drill, service=opening.service
        )
    if modal == ids.SEARCH_MODAL:
        return modals.search_modal(pack(0))
    incident = await readable(desk, await number_of(desk, viewing), viewing.by)
    if modal in REVIEW_VIEWS:
        return await REVIEW_VIEWS[modal](desk, incident, viewing)
    return FORMS[modal](incident, desk.door.policy, desk.clock.now(), pack(incident.id))
