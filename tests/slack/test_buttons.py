"""What each button does, and what stale and forged ones do not."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.incident import commands as ask
from bot.incident.closing_commands import ExtendWorkaround, PutOffClosing, RemoveWorkaround
from bot.incident.terms import INCIDENT_COMMANDER, SCRIBE, Rejected, StepState
from bot.slack import action_ids as ids
from bot.slack.action_ids import pack
from bot.slack.buttons import BUTTONS, on_press
from bot.slack.slash_command import on_slash_command
from tests.slack.given_desk import CLEO, DEE, given, inc42, press, slash

FORMS = {
    ids.DECLARE: ids.DECLARE_MODAL,
    ids.POST_UPDATE: ids.UPDATE_MODAL,
    ids.CHANGE_STATUS: ids.STATUS_MODAL,
    ids.CHANGE_SEVERITY: ids.SEVERITY_MODAL,
    ids.ROLES: ids.ROLES_MODAL,
    ids.ADD_NOTE: ids.NOTE_MODAL,
    ids.SET_CADENCE: ids.CADENCE_MODAL,
    ids.CORRECT_TIMES: ids.TIMES_MODAL,
    ids.RESOLVE: ids.RESOLVE_MODAL,
    ids.REOPEN: ids.REOPEN_MODAL,
    ids.CANCEL: ids.CANCEL_MODAL,
    ids.CLOSE: ids.CLOSE_MODAL,
    ids.WORKAROUNDS: ids.WORKAROUND_MODAL,
}


@pytest.mark.parametrize(("button", "modal"), FORMS.items())
async def test_a_button_opens_its_form(button: str, modal: str) -> None:
    here = given()
    await on_press(here.desk, press(button, "42"))
    assert here.slack.view["callback_id"] == modal
    assert here.slack.answered == []


@pytest.mark.parametrize(
    "button", [ids.MORE, ids.SHOW_TIMELINE, ids.SHOW_LIST, ids.SHOW_PLAYBOOKS, ids.SHOW_INCIDENT, ids.SHOW_HELP]
)
async def test_a_button_shows_its_page_to_whoever_pressed(button: str) -> None:
    here = given()
    await on_press(here.desk, press(button, "42"))
    url, body = here.slack.answered[0]
    assert url == "https://hooks.example/x"
    assert (body["response_type"], body["replace_original"]) == ("ephemeral", False)


async def test_turning_a_page_replaces_the_page() -> None:
    here = given()
    await on_press(here.desk, press(f"{ids.SHOW_TIMELINE}:2", pack(42, 2)))
    assert here.slack.answered[0][1]["replace_original"] is True


async def test_taking_command_claims_the_commanders_role() -> None:
    here = given()
    await on_press(here.desk, press(ids.TAKE_COMMAND, "42"))
    assert here.command == ask.ClaimRole(by=here.command.by, role=INCIDENT_COMMANDER)


async def test_a_role_is_released_by_its_button() -> None:
    here = given()
    await on_press(here.desk, press(f"{ids.RELEASE_ROLE}:scribe", pack(42, SCRIBE)))
    assert here.command == ask.ReleaseRole(by=here.command.by, role=SCRIBE)


async def test_snoozing_names_the_reminder_that_was_answered() -> None:
    here = given()
    await on_press(here.desk, press(ids.SNOOZE_UPDATE, pack(42, 1_795_000_000)))
    due_at = datetime.fromtimestamp(1_795_000_000, tz=UTC)
    assert here.command == ask.SnoozeUpdate(by=here.command.by, due_at=due_at)


async def test_keeping_a_workaround_names_the_day_that_was_shown() -> None:
    here = given()
    await on_press(here.desk, press(ids.KEEP_WORKAROUND, pack(42, 3, "2026-12-01")))
    assert here.command == ExtendWorkaround(by=here.command.by, number=3, seen=date(2026, 12, 1))


async def test_a_workaround_is_removed_by_its_button() -> None:
    here = given()
    await on_press(here.desk, press(f"{ids.REMOVE_WORKAROUND}:3", pack(42, 3)))
    assert here.command == RemoveWorkaround(by=here.command.by, number=3)


async def test_whoever_is_asked_to_close_may_say_not_yet() -> None:
    here = given()
    await on_press(here.desk, press(ids.NOT_YET, "42"))
    assert here.command == PutOffClosing(by=here.command.by)


async def test_a_step_that_changed_needs_no_words() -> None:
    here = given()
    await on_press(here.desk, press(f"{ids.STEP}:3:done", pack(42, "bad-deploy", 3, "done", "started")))
    command = here.command
    assert isinstance(command, ask.ChangeStep)
    assert (command.step, command.state, command.seen) == ("3", StepState.DONE, StepState.STARTED)
    assert here.slack.answered == []


@pytest.mark.parametrize(
    ("action", "value"),
    [
        ("button_of_1999", "42"),
        (ids.ACKNOWLEDGE, "forty-two"),
        (ids.ACKNOWLEDGE, ""),
        (ids.ACKNOWLEDGE, "9" * 50),
        (ids.STEP, pack(42, "bad-deploy", 3)),
        (ids.STEP, pack(42, "bad-deploy", 3, "exploded", "open")),
        (ids.SNOOZE_UPDATE, pack(42, "soon")),
        (ids.KEEP_WORKAROUND, pack(42, 1, "soon")),
        (ids.KEEP_WORKAROUND, pack(42, "one", "2026-12-01")),
        (ids.REMOVE_WORKAROUND, pack(42, "one")),
        (ids.SHOW_TIMELINE, pack(42, "²")),
    ],
)
async def test_a_stale_or_forged_button_changes_nothing_and_says_so(action: str, value: str) -> None:
    here = given()
    await on_press(here.desk, press(action, value))
    assert here.door.commands == []
    assert here.slack.answer


async def test_a_button_of_a_private_incident_tells_an_outsider_nothing() -> None:
    here = given(inc42(private=True))
    await on_press(here.desk, press(ids.SHOW_TIMELINE, "42", user=CLEO))
    await on_press(here.desk, press(ids.SHOW_TIMELINE, "41", user=CLEO))
    one, other = (str(body["text"]) for _, body in here.slack.answered)
    assert one.replace("42", "41") == other


async def test_a_guest_opens_no_form() -> None:
    here = given()
    await on_press(here.desk, press(ids.DECLARE, "0", user=DEE))
    assert here.slack.calls == []
    assert "Guests" in here.slack.answer


async def test_a_button_of_the_home_tab_answers_in_a_modal() -> None:
    here = given()
    here.door.raises = [Rejected("INC-42 is resolved.", verb="reopen")]
    await on_press(here.desk, press(ids.ACKNOWLEDGE, "42", response_url=""))
    assert "INC-42 is resolved." in str(here.slack.view)


async def test_a_refusal_offers_the_button_that_would_work() -> None:
    here = given()
    here.door.raises = [Rejected("INC-42 is already resolved.", verb="reopen")]
    await on_press(here.desk, press(ids.ACKNOWLEDGE, "42"))
    assert ids.REOPEN in str(here.slack.answered[0][1]["blocks"])


def test_every_button_that_is_named_is_heard() -> None:
    named = {name for name in vars(ids) if name.isupper() and not name.endswith("_MODAL")}
    shortcuts = {"DECLARE_SHORTCUT", "DECLARE_FROM_MESSAGE", "ADD_TO_TIMELINE"}
    assert {getattr(ids, name) for name in named - shortcuts} == set(BUTTONS)


def in_modal(action: str, value: str) -> dict[str, Any]:
    return {**press(action, value, response_url=""), "view": {"id": "V7", "type": "modal"}}


async def test_a_button_in_a_modal_answers_in_a_modal_upon_it() -> None:
    here = given()
    await on_press(here.desk, in_modal(ids.SHOW_HELP, "0"))
    assert here.slack.calls[0][0] == "views.push"


async def test_turning_a_page_in_a_modal_updates_the_modal() -> None:
    here = given()
    await on_press(here.desk, in_modal(f"{ids.SHOW_LIST}:2", pack(0, 2)))
    method, arguments = here.slack.calls[0]
    assert (method, arguments["view_id"]) == ("views.update", "V7")


async def test_a_wrong_verb_offers_the_button_of_the_right_one() -> None:
    answer = await on_slash_command(given().desk, slash("servity sev1"))
    assert ids.CHANGE_SEVERITY in str(answer)
