"""What each submitted modal asks for: the table from callback id to command. A view's id names the request, so that
a form submitted twice is one wish. Refusals go beside the field that they are about."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import structlog

from bot.incident import commands as ask
from bot.incident.closing_commands import AddWorkaround, CloseIncident
from bot.incident.closure import Review, ReviewState
from bot.incident.commands import Command
from bot.incident.terms import EntryKind, IncidentId, Milestone, Rejected, RequestId, Role, Severity, Status
from bot.slack import action_ids as ids
from bot.slack.access import perform, readable
from bot.slack.action_ids import unpack
from bot.slack.asked import Look, Page
from bot.slack.blocks import answers
from bot.slack.blocks import closing_forms as closing
from bot.slack.blocks import modals as fields
from bot.slack.blocks.section_form import text_field
from bot.slack.factor_forms import FACTOR_FORMS
from bot.slack.feedback_forms import submit_answer
from bot.slack.followup_forms import SUBMITTED
from bot.slack.inputs import Inputs
from bot.slack.listening import Desk
from bot.slack.looking import Viewing, look
from bot.slack.maintenance_forms import submit_plan
from bot.slack.mrkdwn import plain
from bot.slack.payloads import Submission
from bot.slack.proposal_forms import PROPOSAL_FORMS
from bot.slack.replies import Denied, Outcome, Told, attempt, sentence_view
from bot.slack.review_desk import REVIEW_SUBMITTED
from bot.slack.submitted import Submitted
from bot.slack.words import to_status
from bot.slack.writing import Save, WrittenMeanwhile, open_section_of, save_section

_log = structlog.get_logger(__name__)

Ack = Mapping[str, Any] | None
"""The body of the acknowledgement; None closes the modal."""


Asks = Callable[[Submitted], Command]


def _update(form: Submitted) -> Command:
    kept = form.inputs.text(fields.NEXT_IN) in {"", fields.BY_CADENCE}
    return ask.PostUpdate(
        by=form.by,
        known=form.inputs.text(fields.KNOWN),
        impact=form.inputs.text(fields.IMPACT),
        doing=form.inputs.text(fields.DOING),
        next_in=None if kept else form.inputs.minutes(fields.NEXT_IN),
    )


def _status(form: Submitted) -> Command:
    return to_status(form.inputs.one_of(fields.STATUS, Status), form.inputs.text(fields.NOTE), form.by)


def _severity(form: Submitted) -> Command:
    severity = form.inputs.one_of(fields.SEVERITY, Severity)
    return ask.ChangeSeverity(by=form.by, severity=severity, why=form.inputs.text(fields.WHY))


def _note(form: Submitted) -> Command:
    kind = form.inputs.one_of(fields.KIND, EntryKind) if form.inputs.text(fields.KIND) else EntryKind.ENTRY
    happened_at = form.inputs.moment(fields.HAPPENED_AT)
    return ask.AddNote(by=form.by, text=form.inputs.text(fields.TEXT), happened_at=happened_at, kind=kind)


def _cadence(form: Submitted) -> Command:
    off = form.inputs.text(fields.EVERY) == fields.OFF
    return ask.SetCadence(by=form.by, every=None if off else form.inputs.minutes(fields.EVERY))


def _times(form: Submitted) -> Command:
    at = form.inputs.moment(fields.AT)
    if at is None:
        raise Rejected("Choose when it was.", field=fields.AT)
    return ask.CorrectMilestone(by=form.by, milestone=form.inputs.one_of(fields.MILESTONE, Milestone), at=at)


COMMANDS: Final[Mapping[str, Asks]] = {
    ids.UPDATE_MODAL: _update,
    ids.STATUS_MODAL: _status,
    ids.SEVERITY_MODAL: _severity,
    ids.NOTE_MODAL: _note,
    ids.CADENCE_MODAL: _cadence,
    ids.TIMES_MODAL: _times,
    ids.RESOLVE_MODAL: lambda form: ask.ResolveIncident(by=form.by, summary=form.inputs.text(fields.SUMMARY)),
    ids.REOPEN_MODAL: lambda form: ask.ReopenIncident(by=form.by, why=form.inputs.text(fields.WHY)),
    ids.CANCEL_MODAL: lambda form: ask.CancelIncident(by=form.by, why=form.inputs.text(fields.WHY)),
}
"""The modals that ask for one command."""


async def _one_command(desk: Desk, callback: str, form: Submitted) -> Outcome:
    await perform(desk, form.incident, COMMANDS[callback](form), form.request)
    return None


async def _declare(desk: Desk, callback: str, form: Submitted) -> Outcome:
    """The modal closes at once; the answer comes by the response_url of what opened it, else as a direct message."""
    answer_url, source = (*form.rest, "", "")[:2]
    commander = form.inputs.user(fields.COMMANDER)
    command = ask.DeclareIncident(
        by=form.by,
        title=form.inputs.text(fields.TITLE),
        severity=form.inputs.one_of(fields.SEVERITY, Severity),
        service=form.inputs.text(fields.SERVICE),
        impact=form.inputs.text(fields.IMPACT),
        impact_started_at=form.inputs.moment(fields.IMPACT_STARTED_AT),
        private=form.inputs.ticked(fields.PRIVATE),
        commander=await desk.person(commander) if commander else None,
        source=source,
        answer_url=answer_url,
        drill=form.inputs.ticked(fields.DRILL),
    )
    await desk.door.declare(command, request=form.request)
    return None


async def _roles(desk: Desk, callback: str, form: Submitted) -> Outcome:
    """One command a role that is given to somebody new; each is a request of its own."""
    incident = await readable(desk, form.incident, form.by)
    for name in form.inputs.names():
        role, holder = Role(name.removeprefix(fields.ROLE_PREFIX)), form.inputs.user(name)
        if holder is None or holder == incident.holder(role):
            continue
        try:
            assign = ask.AssignRole(by=form.by, role=role, holder=await desk.person(holder))
            await perform(desk, form.incident, assign, RequestId(f"{form.request}:{role}"))
        except Rejected as rejected:
            raise Rejected(rejected.sentence, verb=rejected.verb, field=name, who=rejected.who) from rejected
    return None


async def _section(desk: Desk, callback: str, form: Submitted) -> Outcome:
    kept, answer_url = (*form.rest, "", "")[:2]
    opened = open_section_of(kept, answer_url)
    text = form.inputs.text(text_field(opened.seen))
    await save_section(desk, Save(by=form.by, incident=form.incident, form=opened, text=text, view=form.view))
    return None


async def _close(desk: Desk, callback: str, form: Submitted) -> Outcome:
    inputs = form.inputs
    command = CloseIncident(
        by=form.by,
        note=inputs.text(fields.NOTE),
        because=inputs.text(closing.BECAUSE),
        evidence=inputs.text(closing.EVIDENCE),
        release_roles=inputs.ticked(closing.RELEASE_ROLES),
        no_workarounds=inputs.ticked(closing.NO_WORKAROUNDS),
        workaround=await _workaround(desk, form) if inputs.text(closing.WHAT) else None,
        review=_review(form) if inputs.text(closing.REVIEW) else None,
    )
    await perform(desk, form.incident, command, form.request)
    return None


def _review(form: Submitted) -> Review:
    state = form.inputs.one_of(closing.REVIEW, ReviewState)
    if state is ReviewState.WAIVED:
        return Review(state=state, why=form.inputs.text(closing.REVIEW_WHY))
    return Review(state=state, on=form.inputs.day(closing.REVIEW_ON), facilitator=form.inputs.user(closing.FACILITATOR))


async def _workaround(desk: Desk, form: Submitted) -> AddWorkaround:
    """Whoever lists it owns it, unless somebody is named."""
    expires_on, owner = form.inputs.day(closing.EXPIRES_ON), form.inputs.user(closing.OWNER)
    if expires_on is None:
        raise Rejected("Choose until when it may stay.", field=closing.EXPIRES_ON)
    person = await desk.person(owner) if owner else form.by
    return AddWorkaround(by=form.by, what=form.inputs.text(closing.WHAT), owner=person, expires_on=expires_on)


async def _add_workaround(desk: Desk, callback: str, form: Submitted) -> Outcome:
    await perform(desk, form.incident, await _workaround(desk, form), form.request)
    return None


async def _search(desk: Desk, callback: str, form: Submitted) -> Outcome:
    """What was found takes the place of the form."""
    drills = form.inputs.ticked(fields.DRILL)
    wanted = Look(page=Page.SEARCH, words=form.inputs.text(fields.WORDS), drills=drills)
    return Told(message=await look(desk, wanted, Viewing(by=form.by)), replace=True)


_FIELD_OF: Final = {"holder": fields.COMMANDER}
"""The declare form calls whoever is to hold a role by the only role that it asks for."""

SUBMISSIONS: Final[Mapping[str, Callable[[Desk, str, Submitted], Awaitable[Outcome]]]] = {
    ids.DECLARE_MODAL: _declare,
    ids.ROLES_MODAL: _roles,
    ids.CLOSE_MODAL: _close,
    ids.WORKAROUND_MODAL: _add_workaround,
    ids.SEARCH_MODAL: _search,
    ids.MAINTENANCE_MODAL: submit_plan,
    ids.SECTION_MODAL: _section,
    ids.FEEDBACK_MODAL: submit_answer,
    **dict.fromkeys(COMMANDS, _one_command),
    **SUBMITTED,
    **REVIEW_SUBMITTED,
    **FACTOR_FORMS,
    **PROPOSAL_FORMS,
}


async def on_submission(desk: Desk, body: dict[str, Any]) -> Ack:
    """The body of the acknowledgement. Never raises."""
    outcome = await attempt(_answer(desk, body))
    if outcome is None:
        return None
    if isinstance(outcome, Denied) and isinstance(outcome.rejected, WrittenMeanwhile):
        return {"response_action": "update", "view": outcome.rejected.view}
    inputs = [block["block_id"] for block in body["view"].get("blocks", ()) if block.get("type") == "input"]
    if not inputs or (isinstance(outcome, Told) and outcome.replace):
        return {"response_action": "update", "view": sentence_view(outcome.message)}
    return {"response_action": "errors", "errors": _beside(outcome, inputs)}


def _beside(outcome: Told | Denied, inputs: list[str]) -> dict[str, str]:
    """What is said beside which inputs."""
    several = outcome.rejected.beside if isinstance(outcome, Denied) else {}
    offered = {field: sentence for field, sentence in several.items() if field in inputs}
    return offered or {_at_fault(outcome, inputs): _sentence(outcome)}


def _at_fault(outcome: Told | Denied, inputs: list[str]) -> str:
    """The field beside which the sentence goes. The first where none is named: the form and what was typed stay."""
    named = outcome.rejected.field if isinstance(outcome, Denied) else ""
    field = _FIELD_OF.get(named, named)
    return field if field in inputs else inputs[0]


def _sentence(outcome: Told | Denied) -> str:
    """Beside a field Slack shows plain text, which cannot mention anybody."""
    if isinstance(outcome, Told):
        return plain(outcome.message.text)
    return outcome.rejected.sentence.replace("{who}", "somebody else" if outcome.rejected.who else "{who}")


async def _answer(desk: Desk, body: dict[str, Any]) -> Outcome:
    submission = Submission.model_validate(body)
    listener = SUBMISSIONS.get(submission.callback_id)
    if listener is None:
        _log.info("stale_modal", callback=submission.callback_id[:60])
        return Told(message=answers.stale())
    return await listener(desk, submission.callback_id, await _submitted(desk, submission))


async def _submitted(desk: Desk, submission: Submission) -> Submitted:
    number, *rest = unpack(submission.metadata, 3)
    return Submitted(
        by=await desk.person(submission.user),
        inputs=Inputs(submission.values),
        incident=IncidentId(int(number) if number.isascii() and number.isdigit() and len(number) < 10 else 0),
        rest=tuple(rest),
        view=submission.view,
    )
