"""What each button does: the table from action id to what is asked for. A stale or forged value changes nothing."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

import structlog

from bot.incident import commands as ask
from bot.incident.alert_commands import PutOffRecovery
from bot.incident.alerting import RECOVERED
from bot.incident.closing_commands import ExtendWorkaround, PutOffClosing, RemoveWorkaround
from bot.incident.commands import Command
from bot.incident.review_sections import ReviewSection
from bot.incident.terms import INCIDENT_COMMANDER, IncidentId, Role, Status, StepState, UserId
from bot.incident.writing_commands import RequestDraft
from bot.slack import action_ids as ids
from bot.slack.access import perform
from bot.slack.action_ids import unpack
from bot.slack.asked import Look, Page
from bot.slack.blocks import answers, hits
from bot.slack.blocks import modals as fields
from bot.slack.factor_forms import FACTOR_BUTTONS
from bot.slack.feedback_forms import press_answer
from bot.slack.followup_forms import OPENED
from bot.slack.forms import Opening, open_form, show_suggestion
from bot.slack.freeze_forms import FREEZE_BUTTONS
from bot.slack.listening import Desk
from bot.slack.looking import look, role_guide
from bot.slack.maintenance_forms import MAINTENANCE_BUTTONS
from bot.slack.payloads import Action, Press
from bot.slack.pressed import Listener, Pressed, Stale
from bot.slack.proposal_forms import PROPOSAL_BUTTONS
from bot.slack.replies import Outcome, Spot, Told, attempt, deliver, spot_of
from bot.slack.slash_command import checklist_named
from bot.slack.writing import open_section, open_versions

FIELD: Final = "value"
"""The action id of every field of a modal; its block id is its name."""

_log = structlog.get_logger(__name__)


def form(modal: str) -> Listener:
    """A button that opens a modal."""

    async def opens(desk: Desk, pressed: Pressed) -> Outcome:
        await open_form(desk, modal, pressed.viewing, Opening(spot=pressed.spot))
        return None

    return opens


def page(shown: Page, *, replace: bool = False, ended: bool = False) -> Listener:
    """A button that shows something; with a number in its value it turns the page in place."""

    async def shows(desk: Desk, pressed: Pressed) -> Outcome:
        number = _number(pressed.value) if pressed.value else None
        message = await look(desk, Look(page=shown, number=number, ended=ended), pressed.viewing)
        turned = replace and bool(_suffix(pressed.action))
        return Told(message=message, replace=turned)

    return shows


def command(asks: Callable[[Pressed], Command]) -> Listener:
    """A button that asks for a change at once."""

    async def handles(desk: Desk, pressed: Pressed) -> Outcome:
        handled = await perform(desk, pressed.incident, asks(pressed), pressed.request)
        return Told(message=answers.confirmation(handled.events, handled.incident, desk.door.policy))

    return handles


async def _attach_playbook(desk: Desk, pressed: Pressed) -> Outcome:
    attach = ask.AttachPlaybook(by=pressed.by, checklist=checklist_named(desk, pressed.value))
    return await command(lambda _: attach)(desk, pressed)


async def _search_page(desk: Desk, pressed: Pressed) -> Outcome:
    """Of the same words, looked up again: what this person may see is asked anew."""
    number, where, words = (*pressed.value.split("|", 2), "", "")[:3]
    wanted = Look(page=Page.SEARCH, number=_number(number), words=words, drills=where == hits.DRILLS)
    return Told(message=await look(desk, wanted, pressed.viewing), replace=True)


async def _show_service(desk: Desk, pressed: Pressed) -> Outcome:
    return Told(message=await look(desk, Look(page=Page.SERVICE, words=pressed.value), pressed.viewing))


async def _declare_for(desk: Desk, pressed: Pressed) -> Outcome:
    """The form, with the service chosen."""
    await open_form(desk, ids.DECLARE_MODAL, pressed.viewing, Opening(spot=pressed.spot, service=pressed.value))
    return None


async def _show_guide(desk: Desk, pressed: Pressed) -> Outcome:
    return Told(message=await role_guide(desk, Role(pressed.value), pressed.by))


async def _step(desk: Desk, pressed: Pressed) -> Outcome:
    """The card is edited, so a press that worked needs no words."""
    await perform(desk, pressed.incident, _change_step(pressed), pressed.request)
    return None


async def _write_section(desk: Desk, pressed: Pressed) -> Outcome:
    if pressed.value not in {*ReviewSection}:
        raise Stale
    await open_section(desk, ReviewSection(pressed.value), pressed.viewing, pressed.spot, in_panel=True)
    return None


async def _section_versions(desk: Desk, pressed: Pressed) -> Outcome:
    if pressed.value not in {*ReviewSection}:
        raise Stale
    await open_versions(desk, ReviewSection(pressed.value), pressed.viewing, pressed.spot)
    return None


async def _nothing(desk: Desk, pressed: Pressed) -> Outcome:
    return None


async def _unknown(desk: Desk, pressed: Pressed) -> Outcome:
    raise Stale


def _change_step(pressed: Pressed) -> Command:
    parts = pressed.value.split("|")
    try:
        playbook, step, wanted, seen = parts
        return ask.ChangeStep(
            by=pressed.by, playbook=playbook, step=step, state=StepState(wanted), seen=StepState(seen)
        )
    except ValueError as error:
        raise Stale from error


def _keep_workaround(pressed: Pressed) -> Command:
    number, _, day = pressed.value.partition("|")
    try:
        return ExtendWorkaround(by=pressed.by, number=_number(number), seen=date.fromisoformat(day))
    except ValueError as error:
        raise Stale from error


def _due_at(pressed: Pressed) -> datetime:
    return datetime.fromtimestamp(_number(pressed.value), tz=UTC)


def _number(text: str) -> int:
    """Slack's buttons hold what we put in: at most ten ASCII digits."""
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise Stale
    return int(text)


def _suffix(action: str) -> str:
    return action.partition(":")[2]


BUTTONS: Final[Mapping[str, Listener]] = {
    ids.DECLARE: form(ids.DECLARE_MODAL),
    ids.POST_UPDATE: form(ids.UPDATE_MODAL),
    ids.CHANGE_STATUS: form(ids.STATUS_MODAL),
    ids.CHANGE_SEVERITY: form(ids.SEVERITY_MODAL),
    ids.ROLES: form(ids.ROLES_MODAL),
    ids.ADD_NOTE: form(ids.NOTE_MODAL),
    ids.SET_CADENCE: form(ids.CADENCE_MODAL),
    ids.CORRECT_TIMES: form(ids.TIMES_MODAL),
    ids.RESOLVE: form(ids.RESOLVE_MODAL),
    ids.REOPEN: form(ids.REOPEN_MODAL),
    ids.CANCEL: form(ids.CANCEL_MODAL),
    ids.CLOSE: form(ids.CLOSE_MODAL),
    ids.WORKAROUNDS: form(ids.WORKAROUND_MODAL),
    ids.SHOW_SERVICE: _show_service,
    ids.SHOW_SERVICES: page(Page.SERVICES, replace=True),
    ids.DECLARE_FOR: _declare_for,
    ids.SHOW_MAINTENANCE: page(Page.MAINTENANCE),
    **MAINTENANCE_BUTTONS,
    **PROPOSAL_BUTTONS,
    ids.SHOW_FREEZES: page(Page.FREEZES),
    **FREEZE_BUTTONS,
    ids.MORE: page(Page.PANEL),
    ids.SHOW_TIMELINE: page(Page.TIMELINE, replace=True),
    ids.SHOW_LIST: page(Page.LIST, replace=True, ended=True),
    ids.SHOW_PLAYBOOKS: page(Page.PLAYBOOKS),
    ids.SHOW_INCIDENT: page(Page.INCIDENT),
    ids.SHOW_HELP: page(Page.HELP),
    ids.SEARCH: form(ids.SEARCH_MODAL),
    ids.SEARCH_PAGE: _search_page,
    ids.SHOW_POSTMORTEM: page(Page.POSTMORTEM),
    ids.GIVE_FEEDBACK: press_answer,
    ids.SHOW_FEEDBACK: page(Page.FEEDBACK),
    ids.WRITE_SECTION: _write_section,
    ids.SECTION_VERSIONS: _section_versions,
    ids.UPLOAD_DRAFT: command(lambda pressed: RequestDraft(by=pressed.by)),
    ids.SHOW_GUIDE: _show_guide,
    ids.TAKE_COMMAND: command(lambda pressed: ask.ClaimRole(by=pressed.by, role=INCIDENT_COMMANDER)),
    ids.CLAIM_ROLE: command(lambda pressed: ask.ClaimRole(by=pressed.by, role=Role(pressed.value))),
    ids.RELEASE_ROLE: command(lambda pressed: ask.ReleaseRole(by=pressed.by, role=Role(pressed.value))),
    ids.ACKNOWLEDGE: command(lambda pressed: ask.Acknowledge(by=pressed.by)),
    ids.RETRY_CHANNEL: command(lambda pressed: ask.RetryChannel(by=pressed.by)),
    ids.JOIN: command(lambda pressed: ask.JoinIncident(by=pressed.by)),
    ids.SNOOZE_UPDATE: command(lambda pressed: ask.SnoozeUpdate(by=pressed.by, due_at=_due_at(pressed))),
    ids.SKIP_UPDATE: command(lambda pressed: ask.SkipUpdate(by=pressed.by, due_at=_due_at(pressed))),
    ids.NOT_YET: command(lambda pressed: PutOffClosing(by=pressed.by)),
    ids.KEEP_WORKAROUND: command(_keep_workaround),
    ids.REMOVE_WORKAROUND: command(lambda pressed: RemoveWorkaround(by=pressed.by, number=_number(pressed.value))),
    ids.ATTACH_PLAYBOOK: _attach_playbook,
    ids.STEP: _step,
    ids.SHOW_ALERTS: page(Page.ALERTS, replace=True),
    ids.SHOW_ALERT_QUALITY: page(Page.ALERT_QUALITY, replace=True),
    ids.MITIGATED: command(lambda pressed: ask.ChangeStatus(by=pressed.by, status=Status.MITIGATED, note=RECOVERED)),
    ids.NOT_MITIGATED: command(lambda pressed: PutOffRecovery(by=pressed.by)),
    ids.SHOW_REVIEW: page(Page.REVIEW),
    ids.BOOK_REVIEW: form(ids.REVIEW_MODAL),
    ids.REVIEW_HELD: form(ids.REVIEW_HELD_MODAL),
    ids.WAIVE_REVIEW: form(ids.WAIVE_REVIEW_MODAL),
    ids.CANCEL_REVIEW: form(ids.CANCEL_REVIEW_MODAL),
    ids.ADD_FOLLOWUP: form(ids.FOLLOWUP_MODAL),
    **OPENED,
    **FACTOR_BUTTONS,
    ids.OPEN_CHANNEL: _nothing,
}
"""By action id; what follows a ':' in the id only keeps it unique within its message."""


async def on_press(desk: Desk, body: dict[str, Any]) -> None:
    """Does what the button asks for and answers where it was pressed. Never raises."""
    outcome = await attempt(_answer(desk, body))
    await deliver(desk, outcome, spot_of(body))


async def _answer(desk: Desk, body: dict[str, Any]) -> Outcome:
    press = Press.model_validate(body)
    if not press.actions:
        return None
    action = press.actions[0]
    if action.action_id == FIELD and action.block_id == fields.SERVICE:
        await show_suggestion(desk, spot_of(body).modal, press.metadata, action.chosen)
        return None
    listener = BUTTONS.get(action.action_id.partition(":")[0], _unknown)
    try:
        return await listener(desk, await _pressed(desk, press.user, action, spot_of(body)))
    except Stale:
        _log.info("stale_button", action=action.action_id[:60])
        return Told(message=answers.stale())


async def _pressed(desk: Desk, user: UserId, action: Action, spot: Spot) -> Pressed:
    number, *rest = unpack(action.value or action.chosen or "0", 2)
    return Pressed(
        by=await desk.person(user),
        incident=IncidentId(_number(number)),
        value=rest[0] if rest else "",
        spot=spot,
        action=action.action_id,
    )
