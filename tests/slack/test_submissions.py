"""What each submitted modal asks for, and where its refusals are shown."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.incident import commands as ask
from bot.incident.closing_commands import AddWorkaround, CloseIncident
from bot.incident.closure import Review, ReviewState
from bot.incident.commands import Command
from bot.incident.state import Assignment
from bot.incident.terms import SCRIBE, EntryKind, Milestone, NotAMember, Rejected, Role, Severity, Status
from bot.ports import Unavailable
from bot.slack import action_ids as ids
from bot.slack.action_ids import pack
from bot.slack.forms import FORMS
from bot.slack.review_desk import REVIEW_VIEWS
from bot.slack.submissions import SUBMISSIONS, on_submission
from tests.slack.given_desk import ADA, BEN, CLEO, given, inc42, submit

Input = Mapping[str, Any]


def text(value: str) -> Input:
    return {"type": "plain_text_input", "value": value}


def chosen(value: str) -> Input:
    return {"type": "static_select", "selected_option": {"value": value}}


def picked(seconds: int) -> Input:
    return {"type": "datetimepicker", "selected_date_time": seconds}


def person(user: str | None) -> Input:
    return {"type": "users_select", "selected_user": user}


def day(value: str) -> Input:
    return {"type": "datepicker", "selected_date": value}


def ticked() -> Input:
    return {"type": "checkboxes", "selected_options": [{"value": "yes"}]}


THEN = datetime(2026, 11, 20, 14, 5, tzinfo=UTC)
CASES: list[tuple[str, dict[str, Input], type[Command], dict[str, Any]]] = [
    (
        ids.UPDATE_MODAL,
        {"known": text("Rolling back"), "impact": text("EU"), "doing": text("Waiting"), "next_in": chosen("30")},
        ask.PostUpdate,
        {"known": "Rolling back", "impact": "EU", "doing": "Waiting", "next_in": timedelta(minutes=30)},
    ),
    (
        ids.UPDATE_MODAL,
        {"known": text("Rolling back"), "next_in": chosen("cadence")},
        ask.PostUpdate,
        {"known": "Rolling back"},
    ),
    (
        ids.STATUS_MODAL,
        {"status": chosen("mitigated"), "note": text("done")},
        ask.ChangeStatus,
        {"status": Status.MITIGATED, "note": "done"},
    ),
    (
        ids.SEVERITY_MODAL,
        {"severity": chosen("SEV2"), "why": text("")},
        ask.ChangeSeverity,
        {"severity": Severity.SEV2},
    ),
    (
        ids.NOTE_MODAL,
        {"text": text("a &lt;b&gt;"), "kind": chosen("decision"), "happened_at": picked(int(THEN.timestamp()))},
        ask.AddNote,
        {"text": "a &lt;b&gt;", "kind": EntryKind.DECISION, "happened_at": THEN},
    ),
    (ids.CADENCE_MODAL, {"every": chosen("20")}, ask.SetCadence, {"every": timedelta(minutes=20)}),
    (ids.CADENCE_MODAL, {"every": chosen("off")}, ask.SetCadence, {"every": None}),
    (
        ids.TIMES_MODAL,
        {"milestone": chosen("impact started"), "at": picked(int(THEN.timestamp()))},
        ask.CorrectMilestone,
        {"milestone": Milestone.IMPACT_STARTED, "at": THEN},
    ),
    (ids.RESOLVE_MODAL, {"summary": text(" all well ")}, ask.ResolveIncident, {"summary": "all well"}),
    (ids.REOPEN_MODAL, {"why": text("back")}, ask.ReopenIncident, {"why": "back"}),
    (ids.CANCEL_MODAL, {"why": text("")}, ask.CancelIncident, {}),
    (ids.CLOSE_MODAL, {"note": text("")}, CloseIncident, {}),
    (
        ids.CLOSE_MODAL,
        {
            "evidence": text("99.9 %"),
            "release_roles": ticked(),
            "no_workarounds": ticked(),
            "review": chosen("booked"),
            "review_on": day("2026-12-01"),
            "facilitator": person("U0BEN"),
            "because": text("It was small."),
        },
        CloseIncident,
        {
            "evidence": "99.9 %",
            "release_roles": True,
            "no_workarounds": True,
            "review": Review(state=ReviewState.BOOKED, on=date(2026, 12, 1), facilitator=BEN),
            "because": "It was small.",
        },
    ),
    (
        ids.CLOSE_MODAL,
        {"review": chosen("waived"), "review_on": day("2026-12-01"), "review_why": text("Known cause.")},
        CloseIncident,
        {"review": Review(state=ReviewState.WAIVED, why="Known cause.")},
    ),
]


@pytest.mark.parametrize(("modal", "inputs", "kind", "fields"), CASES)
async def test_a_form_asks_for_its_command(
    modal: str, inputs: dict[str, Input], kind: type[Command], fields: dict[str, Any]
) -> None:
    here = given()
    assert await on_submission(here.desk, submit(modal, "42", **inputs)) is None
    assert here.command == kind(by=here.command.by, **fields)
    assert here.door.requests == ["modal:V1"]


async def test_the_declare_form_asks_for_everything_that_was_filled_in() -> None:
    here = given()
    inputs = {
        "title": text("Checkout down"),
        "severity": chosen("SEV1"),
        "service": text("checkout"),
        "impact": text("EU"),
        "impact_started_at": picked(int(THEN.timestamp())),
        "private": {"type": "checkboxes", "selected_options": [{"value": "yes"}]},
        "commander": person(BEN),
    }
    await on_submission(here.desk, submit(ids.DECLARE_MODAL, pack(0, "https://hooks.example/a", "https://m"), **inputs))
    command = here.command
    assert isinstance(command, ask.DeclareIncident)
    assert (command.title, command.service, command.impact) == ("Checkout down", "checkout", "EU")
    assert (command.answer_url, command.source) == ("https://hooks.example/a", "https://m")
    assert command.commander is not None
    assert (command.severity, command.impact_started_at, command.private) == (Severity.SEV1, THEN, True)


async def test_submitting_a_form_twice_is_one_request() -> None:
    here = given()
    body = submit(ids.DECLARE_MODAL, pack(0, "", ""), title=text("x"), severity=chosen("SEV1"))
    await on_submission(here.desk, body)
    await on_submission(here.desk, body)
    assert here.door.requests == ["modal:V1", "modal:V1"]


async def test_the_roles_form_assigns_only_those_that_changed() -> None:
    here = given()
    inputs = {"role:scribe": person(BEN), "role:operations_lead": person(None)}
    await on_submission(here.desk, submit(ids.ROLES_MODAL, "42", **inputs))
    command = here.command
    assert isinstance(command, ask.AssignRole)
    assert (command.role, command.holder.id) == (Role("scribe"), BEN)


async def test_a_role_that_is_refused_is_shown_beside_its_field() -> None:
    here = given()
    here.door.raises = [Rejected("Ben cannot.", field="holder")]
    answer = await on_submission(here.desk, submit(ids.ROLES_MODAL, "42", **{"role:scribe": person(BEN)}))
    assert answer == {"response_action": "errors", "errors": {"role:scribe": "Ben cannot."}}


async def test_a_refusal_stands_beside_the_field_that_it_names() -> None:
    here = given()
    here.door.raises = [Rejected("Too long.", field="impact")]
    body = submit(ids.UPDATE_MODAL, "42", known=text("x"), impact=text("y"))
    assert await on_submission(here.desk, body) == {"response_action": "errors", "errors": {"impact": "Too long."}}


async def test_when_nothing_was_saved_the_form_stays_with_what_was_typed() -> None:
    here = given()
    here.door.raises = [Unavailable("the store", "it cannot be reached")]
    answer = await on_submission(here.desk, submit(ids.UPDATE_MODAL, "42", known=text("x")))
    assert answer is not None
    assert answer["errors"]["known"].startswith("Not saved: the store cannot be reached")


async def test_a_commander_who_cannot_lead_is_refused_beside_that_field() -> None:
    here = given()
    here.door.raises = [Rejected("Dee is a guest.", field="holder")]
    body = submit(ids.DECLARE_MODAL, "0||", title=text("x"), severity=chosen("SEV1"), commander=person("U0DEE"))
    answer = await on_submission(here.desk, body)
    assert answer == {"response_action": "errors", "errors": {"commander": "Dee is a guest."}}


@pytest.mark.parametrize(
    ("modal", "inputs"),
    [
        (ids.STATUS_MODAL, {"status": chosen("exploded")}),
        (ids.STATUS_MODAL, {"status": {}}),
        (ids.SEVERITY_MODAL, {"severity": chosen("SEV99")}),
        (ids.CADENCE_MODAL, {"every": chosen("-5")}),
        (ids.CADENCE_MODAL, {"every": chosen("99999")}),
        (ids.TIMES_MODAL, {"milestone": chosen("declared"), "at": picked(10**15)}),
        (ids.TIMES_MODAL, {"milestone": chosen("lunch"), "at": picked(1)}),
        ("modal_of_1999", {"title": text("x")}),
    ],
)
async def test_a_forged_form_changes_nothing(modal: str, inputs: dict[str, Input]) -> None:
    here = given()
    assert await on_submission(here.desk, submit(modal, "42", **inputs)) is not None
    assert here.door.commands == []


async def test_a_form_of_a_private_incident_tells_an_outsider_nothing() -> None:
    here = given(inc42(private=True))
    here.door.raises = [NotAMember("There is no INC-42 that you can see.")]
    mine = await on_submission(here.desk, submit(ids.RESOLVE_MODAL, "42", CLEO, summary=text("x")))
    other = await on_submission(here.desk, submit(ids.RESOLVE_MODAL, "41", CLEO, summary=text("x")))
    assert str(mine).replace("42", "41") == str(other)


def test_every_modal_that_opens_is_heard() -> None:
    named = {getattr(ids, name) for name in vars(ids) if name.endswith("_MODAL")}
    of_one_followup = {ids.FOLLOWUP_STATE_MODAL, ids.FOLLOWUP_OWNER_MODAL}
    of_factors = {ids.FACTOR_MODAL, ids.DROP_FACTOR_MODAL, ids.ACCEPT_MODAL}
    others = {ids.DECLARE_MODAL, ids.SECTION_MODAL, ids.SEARCH_MODAL, ids.FEEDBACK_MODAL, ids.MAINTENANCE_MODAL}
    of_proposals = {ids.ATTACH_PROPOSAL_MODAL, ids.IGNORE_PROPOSAL_MODAL}
    opened = {*FORMS, *REVIEW_VIEWS, *others, *of_one_followup, *of_factors, *of_proposals}
    assert named == set(SUBMISSIONS) == opened


def test_every_field_that_is_read_stands_in_its_form() -> None:
    incident = inc42(roles={SCRIBE: Assignment(holder=BEN, since=THEN)}, severity=Severity.SEV3)
    for modal, inputs, _, _ in CASES:
        view = FORMS[modal](incident, given().door.policy, THEN, "42")
        assert set(inputs) <= {block.get("block_id") for block in view["blocks"]}


WORKAROUND = {"what": text("The flag is off."), "expires_on": day("2026-12-01")}


@pytest.mark.parametrize(("named", "owner"), [(None, ADA), (BEN, BEN)])
async def test_whoever_lists_a_workaround_owns_it_unless_somebody_is_named(named: str | None, owner: str) -> None:
    here = given()
    await on_submission(here.desk, submit(ids.WORKAROUND_MODAL, "42", owner=person(named), **WORKAROUND))
    command = here.command
    assert isinstance(command, AddWorkaround)
    assert (command.what, command.owner.id, command.expires_on) == ("The flag is off.", owner, date(2026, 12, 1))


async def test_a_workaround_of_the_close_form_is_part_of_the_closing() -> None:
    here = given()
    await on_submission(here.desk, submit(ids.CLOSE_MODAL, "42", **WORKAROUND))
    command = here.command
    assert isinstance(command, CloseIncident)
    assert command.workaround is not None
    assert command.workaround.owner.id == ADA


async def test_a_workaround_without_a_day_is_asked_for_one() -> None:
    body = submit(ids.CLOSE_MODAL, "42", what=text("The flag is off."), expires_on=day(""))
    answer = await on_submission(given().desk, body)
    assert answer == {"response_action": "errors", "errors": {"expires_on": "Choose until when it may stay."}}


async def test_each_thing_that_is_missing_stands_beside_its_own_field() -> None:
    here = given()
    missing = {"evidence": "Nothing shows it.", "review": "It needs a review.", "gone": "Not in the form."}
    here.door.raises = [Rejected("It is not ready.", field="evidence", beside=missing)]
    body = submit(ids.CLOSE_MODAL, "42", note=text(""), evidence=text(""), review=chosen(""))
    answer = await on_submission(here.desk, body)
    assert answer is not None
    assert answer["errors"] == {"evidence": "Nothing shows it.", "review": "It needs a review."}
