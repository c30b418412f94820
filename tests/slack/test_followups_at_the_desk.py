"""Follow-ups at the desk: how lines are read, what buttons and forms ask for, and what a stale one does not."""

from datetime import date
from typing import Any

import pytest

from bot.incident.followup import FollowupClass, FollowupContent, FollowupState
from bot.incident.followup_commands import AddFollowup, ChangeFollowup, GiveFollowup, MoveFollowup
from bot.incident.policy import Policy
from bot.incident.terms import Person, Rejected
from bot.slack import action_ids as ids
from bot.slack.asked import Followups, NoteFollowup, OpenForm, ShowFollowup, Whose
from bot.slack.buttons import on_press
from bot.slack.parse import parse
from bot.slack.slash_command import on_slash_command
from bot.slack.submissions import on_submission
from tests.slack.blocks.given import AT, followups
from tests.slack.given_desk import ADA, BEN, CLEO, Given, given, inc42, press, slash, submit

POLICY = Policy(teams={"payments": (BEN,)})


def asked(text: str) -> Any:
    return parse(text, by=Person(id=ADA), at=AT, policy=POLICY).asked


def desk(**changes: Any) -> Given:
    return given(inc42(followups=followups("Alert earlier"), **changes))


def typed(**values: str) -> dict[str, Any]:
    return {name: {"value": value} for name, value in values.items()}


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("followup", OpenForm(modal=ids.FOLLOWUP_MODAL)),
        ("followup Alert in INC-42 earlier", NoteFollowup(what="Alert in INC-42 earlier")),
        ("followup <@U0BEN|ben> alert &lt; 30 days", NoteFollowup(what="alert < 30 days", owner=BEN)),
        ("follow-up “Alert”", NoteFollowup(what="Alert")),
        ("followup f3", ShowFollowup(number=3)),
        ("followup F3 is not enough", NoteFollowup(what="F3 is not enough")),
        ("followups", Followups()),
        ("followups mine", Followups(whose=Whose.MINE)),
        ("followups Overdue", Followups(whose=Whose.OVERDUE)),
        ("followups all", Followups(whose=Whose.ALL)),
        ("followups payments", Followups(whose=Whose.TEAM, team="payments")),
        ("followups <@U0BEN|ben>", Followups(whose=Whose.PERSON, who=BEN)),
    ],
)
def test_how_a_line_is_read(text: str, wanted: Any) -> None:
    assert asked(text) == wanted


def test_a_list_that_there_is_none_of_names_those_there_are() -> None:
    with pytest.raises(Rejected, match="write mine, overdue, all, payments"):
        asked("followups ada")


async def test_a_line_is_asked_for_with_what_slack_says_of_its_owner() -> None:
    here = desk()
    await on_slash_command(here.desk, slash("followup Alert <@U0CLEO|cleo>"))
    assert isinstance(here.command, AddFollowup)
    assert here.command.content == FollowupContent(what="Alert", owner=CLEO)
    assert [person.id for person in here.command.people] == [CLEO]


async def test_a_button_asks_for_the_state_that_it_shows() -> None:
    here = desk()
    await on_press(here.desk, press(f"{ids.MOVE_FOLLOWUP}:42.1.in_progress", "42|1|in progress|open"))
    wanted = (FollowupState.IN_PROGRESS, FollowupState.OPEN)
    assert isinstance(here.command, MoveFollowup)
    assert (here.command.number, here.command.state, here.command.seen) == (1, *wanted)


async def test_i_own_it_gives_it_to_whoever_presses() -> None:
    here = desk()
    await on_press(here.desk, press(f"{ids.OWN_FOLLOWUP}:42.6", "42|6", user=BEN))
    assert isinstance(here.command, GiveFollowup)
    assert (here.command.number, here.command.owner.id) == (6, BEN)


@pytest.mark.parametrize(
    ("action", "value"),
    [
        (ids.MOVE_FOLLOWUP, "42|1|gone|open"),
        (ids.MOVE_FOLLOWUP, "42|1"),
        (ids.MOVE_FOLLOWUP, "42|x|open|open"),
        (ids.OWN_FOLLOWUP, "42|"),
        (ids.SETTLE_FOLLOWUP, "42|1|in progress|open"),
        (ids.SETTLE_FOLLOWUP, "42|99|done|open"),
        (ids.EDIT_FOLLOWUP, "42|99"),
        (ids.GIVE_FOLLOWUP, "42|-1"),
        (ids.SHOW_FOLLOWUPS, "0|nobody||1"),
        (ids.SHOW_FOLLOWUPS, "0|all"),
        (ids.SHOW_FOLLOWUPS, "0|all||x"),
    ],
)
async def test_a_stale_or_forged_button_changes_nothing(action: str, value: str) -> None:
    here = desk()
    await on_press(here.desk, press(f"{action}:x", value))
    assert (here.door.commands, here.slack.calls) == ([], [])
    assert "older version" in here.slack.answer


@pytest.mark.parametrize(
    ("action", "value", "title"),
    [
        (ids.ADD_FOLLOWUP, "42", "Add follow-up"),
        (ids.EDIT_FOLLOWUP, "42|1", "Edit follow-up"),
        (ids.GIVE_FOLLOWUP, "42|1", "Give follow-up"),
        (ids.SETTLE_FOLLOWUP, "42|1|done|open", "Done"),
        (ids.SETTLE_FOLLOWUP, "42|1|blocked|open", "Blocked"),
        (ids.SETTLE_FOLLOWUP, "42|1|will not do|open", "Will not do"),
    ],
)
async def test_a_button_opens_its_form(action: str, value: str, title: str) -> None:
    here = desk()
    await on_press(here.desk, press(action, value))
    assert here.slack.view["title"]["text"] == title


async def test_of_a_private_incident_an_outsider_gets_no_form() -> None:
    here = desk(private=True)
    await on_press(here.desk, press(ids.EDIT_FOLLOWUP, "42|1", user=CLEO))
    assert here.slack.calls == []
    assert "There is no INC-42 that you can see" in here.slack.answer


async def test_the_form_says_all_of_it() -> None:
    here = desk()
    inputs = {
        **typed(what="Alert", metric="none under 30 days"),
        "kind": {"selected_option": {"value": "monitoring"}},
        "owner": {"selected_user": CLEO},
        "due_on": {"selected_date": "2026-12-31"},
    }
    assert await on_submission(here.desk, submit(ids.FOLLOWUP_MODAL, "42|1", **inputs)) is None
    assert isinstance(here.command, ChangeFollowup)
    assert here.command.content == FollowupContent(
        what="Alert",
        kind=FollowupClass.MONITORING,
        owner=CLEO,
        due_on=date(2026, 12, 31),
        metric="none under 30 days",
    )


async def test_a_form_without_a_number_is_a_new_one() -> None:
    here = desk()
    await on_submission(here.desk, submit(ids.FOLLOWUP_MODAL, "42", **typed(what="Alert")))
    assert isinstance(here.command, AddFollowup)


async def test_a_form_of_a_state_carries_what_was_seen_and_on_whom_it_waits() -> None:
    here = desk()
    inputs = {"waits_for": {"selected_user": CLEO}, **typed(note="the vendor")}
    await on_submission(here.desk, submit(ids.FOLLOWUP_STATE_MODAL, "42|1|blocked|open", **inputs))
    assert isinstance(here.command, MoveFollowup)
    assert here.command.waits_for is not None
    assert (here.command.state, here.command.seen, here.command.note) == ("blocked", "open", "the vendor")


@pytest.mark.parametrize(
    ("modal", "metadata", "inputs"),
    [
        (ids.FOLLOWUP_STATE_MODAL, "42|1|gone|open", typed(note="x")),
        (ids.FOLLOWUP_STATE_MODAL, "42", typed(note="x")),
        (ids.FOLLOWUP_OWNER_MODAL, "42|x", {"owner": {"selected_user": CLEO}}),
        (ids.FOLLOWUP_OWNER_MODAL, "42|1", {"owner": {"selected_user": None}}),
        (ids.FOLLOWUP_MODAL, "42|1", {**typed(what="Alert"), "kind": {"selected_option": {"value": "luck"}}}),
    ],
)
async def test_a_forged_form_is_told_so_and_changes_nothing(modal: str, metadata: str, inputs: dict[str, Any]) -> None:
    here = desk()
    answer = await on_submission(here.desk, submit(modal, metadata, **inputs))
    assert answer is not None
    assert answer["response_action"] == "errors"
    assert here.door.commands == []


async def test_whoever_may_not_see_an_incident_finds_its_follow_ups_in_no_list() -> None:
    here = desk(private=True)
    for text in ("followups all", "followups overdue", "followups <@U0ADA|ada>"):
        answer = await on_slash_command(here.desk, slash(text, user=CLEO, channel="C0OTHER"))  # type: ignore[arg-type]
        assert "Alert earlier" not in str(answer)
    mine = await on_slash_command(here.desk, slash("followups all", channel="C0OTHER"))  # type: ignore[arg-type]
    assert "Alert earlier" in str(mine)


async def test_a_page_of_a_list_is_turned_in_place() -> None:
    here = desk()
    await on_press(here.desk, press(f"{ids.SHOW_FOLLOWUPS}:page2", "0|all||2"))
    assert here.slack.answered[-1][1]["replace_original"] is True
