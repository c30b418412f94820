"""Contributing factors at the desk: how lines are read, what buttons and forms ask for, what a stale one does not."""

from datetime import timedelta
from typing import Any

import pytest

from bot.incident.entry import Entry, EntryLabel
from bot.incident.factor import Factor, FactorClass, FactorContent, Surrounding
from bot.incident.factor_commands import AcceptRisk, AddFactor, ChangeFactor, RemoveFactor
from bot.incident.followup_commands import AddFollowup
from bot.incident.policy import Policy
from bot.incident.terms import IncidentId, Person, Rejected, Version
from bot.incident.time_zones import zone_of
from bot.slack import action_ids as ids
from bot.slack.asked import Look, Page, ShowFactor, WriteAcceptance, WriteFactor
from bot.slack.blocks.factor_cards import PAGE, factor_list
from bot.slack.blocks.factor_modals import factor_modal
from bot.slack.buttons import on_press
from bot.slack.parse import parse
from bot.slack.submissions import on_submission
from tests.slack.blocks.given import AT, followups, incident
from tests.slack.blocks.rules import assert_sound, assert_sound_view
from tests.slack.given_desk import ADA, BEN, CLEO, Given, given, inc42, press, submit

FLAGS = FactorContent(text="Nobody reviews flags", kind=FactorClass.PROCESS)
CLASSES = FactorClass.PEOPLE, FactorClass.PROCESS, FactorClass.TECHNOLOGY, FactorClass.ENVIRONMENT
PEOPLE, PROCESS, TECHNOLOGY, ENVIRONMENT = CLASSES


def asked(text: str) -> Any:
    return parse(text, by=Person(id=ADA), at=AT, policy=Policy()).asked


def factors(*contents: FactorContent, changes: int = 0) -> dict[int, Factor]:
    return {
        number: Factor(number=number, content=each, added_at=AT, added_by=BEN, changes=changes)
        for number, each in enumerate(contents, start=1)
    }


def desk(**changes: Any) -> Given:
    return given(inc42(factors=factors(FLAGS), followups=followups("Review them"), **changes))


@pytest.mark.parametrize(
    ("text", "kind", "surrounding", "said"),
    [
        ("factor process: Nobody reviews flags in INC-7", PROCESS, None, "Nobody reviews flags in INC-7"),
        ("factor Process nobody reviews flags", PROCESS, None, "nobody reviews flags"),
        ("factor people were not told", PEOPLE, None, "people were not told"),
        ("factor technology: the pool: 5 of 10", TECHNOLOGY, None, "the pool: 5 of 10"),
        ("factor load: ten times as much", ENVIRONMENT, Surrounding.LOAD, "ten times as much"),
        ("factor environment load: as ever", ENVIRONMENT, Surrounding.LOAD, "as ever"),
        ("factor environment load tripled", ENVIRONMENT, None, "load tripled"),
        ("factor recent changes two releases", ENVIRONMENT, Surrounding.RECENT_CHANGES, "two releases"),
        ("factor shared tenancy: a neighbour", ENVIRONMENT, Surrounding.SHARED_TENANCY, "a neighbour"),
        ("root cause: process: a < b", PROCESS, None, "a < b"),
        ("factor process: a &lt; b", PROCESS, None, "a < b"),
    ],
)
def test_a_class_first_and_then_what_it_was(
    text: str, kind: FactorClass, surrounding: Surrounding | None, said: str
) -> None:
    wanted = asked(text)
    assert isinstance(wanted, AddFactor)
    assert wanted.content == FactorContent(text=said, kind=kind, surrounding=surrounding)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("factor", WriteFactor(text="")),
        ("factor process", WriteFactor(text="")),
        ("factor load balancers died", WriteFactor(text="load balancers died")),
        ("root cause the limit was low", WriteFactor(text="the limit was low")),
        ("root cause was the limit", WriteFactor(text="cause was the limit")),
        ("factor CF2", ShowFactor(number=2)),
        ("factors", Look(page=Page.FACTORS)),
        ("factors 2", Look(page=Page.FACTORS, number=2)),
    ],
)
def test_without_a_class_the_form_opens_with_the_words_in_it(text: str, wanted: Any) -> None:
    assert asked(text) == wanted


def test_a_removal_gives_its_reason() -> None:
    wanted = asked("factor remove CF2: it was another flag")
    assert (wanted.number, wanted.why) == (2, "it was another flag")


def test_a_kind_of_environment_is_none_of_another_class() -> None:
    with pytest.raises(Rejected, match="is a kind of environment"):
        asked("factor process: load: as ever")
    with pytest.raises(Rejected, match="is no number of a page"):
        asked("factors process")


def chosen(value: str) -> dict[str, Any]:
    return {"selected_option": {"value": value}}


async def test_the_form_adds_all_of_it() -> None:
    there = desk()
    form = submit(
        ids.FACTOR_MODAL,
        "42||https://hooks.example/x",
        text={"value": "Two releases at once"},
        kind=chosen("environment|recent changes"),
        entry=chosen("7"),
        followups={"selected_options": [{"value": "1"}]},
    )
    assert await on_submission(there.desk, form) is None
    content = FactorContent(
        text="Two releases at once",
        kind=ENVIRONMENT,
        surrounding=Surrounding.RECENT_CHANGES,
        entry=Version(7),
        followups=(1,),
    )
    assert there.command == AddFactor(by=there.command.by, content=content)


async def test_the_form_of_one_that_there_is_names_it_and_what_it_showed() -> None:
    there = desk()
    form = submit(ids.FACTOR_MODAL, "42|1:3|", text={"value": "Flags"}, kind=chosen("technology|"))
    assert await on_submission(there.desk, form) is None
    content = FactorContent(text="Flags", kind=TECHNOLOGY)
    assert there.command == ChangeFactor(by=there.command.by, number=1, content=content, seen=3)


@pytest.mark.parametrize(("kind", "field"), [("weather|", "kind"), ("", "kind"), ("environment|rain", "kind")])
async def test_a_forged_class_is_refused_beside_its_field(kind: str, field: str) -> None:
    there = desk()
    form = submit(ids.FACTOR_MODAL, "42||", text={"value": "Flags"}, kind=chosen(kind))
    answer = await on_submission(there.desk, form)
    assert answer is not None
    assert field in answer["errors"]
    assert there.door.commands == []


async def test_a_forged_number_changes_nothing() -> None:
    there = desk()
    form = submit(ids.FACTOR_MODAL, "42|x:0|", text={"value": "Flags"}, kind=chosen("process|"))
    assert await on_submission(there.desk, form)
    for action in (ids.EDIT_FACTOR, ids.DROP_FACTOR, ids.SHOW_FACTOR):
        await on_press(there.desk, press(action, "42|x"))
        assert "no longer means anything" in there.slack.answer or "older" in there.slack.answer
    assert there.door.commands == []


async def test_the_form_of_removal_asks_why() -> None:
    there = desk()
    await on_press(there.desk, press(ids.DROP_FACTOR, "42|1"))
    assert there.slack.view["private_metadata"] == "42|1|https://hooks.example/x"
    assert await on_submission(there.desk, submit(ids.DROP_FACTOR_MODAL, "42|1|", why={"value": "None."})) is None
    assert there.command == RemoveFactor(by=there.command.by, number=1, why="None.")


async def test_edit_opens_with_what_stands() -> None:
    there = desk()
    await on_press(there.desk, press(ids.EDIT_FACTOR, "42|1"))
    assert_sound_view(there.slack.view)
    assert "Nobody reviews flags" in str(there.slack.view)
    assert there.slack.view["private_metadata"].startswith("42|1:0|")


async def test_one_is_shown_with_its_buttons() -> None:
    there = desk()
    await on_press(there.desk, press(ids.SHOW_FACTOR, "42|1"))
    assert there.slack.answer == "INC-42 CF1 · Nobody reviews flags"
    assert "No follow-up addresses it yet." in str(there.slack.answered)


def test_the_list_turns_its_pages_and_asks_for_a_second_one() -> None:
    many = factors(*(FactorContent(text=f"Factor {number}", kind=PEOPLE) for number in range(PAGE + 1)))
    shown = factor_list(incident(factors=many), 2)
    assert_sound(shown)
    assert "page 2 of 2" in str(shown.blocks)
    assert "what else made it possible" in str(factor_list(incident(factors=factors(FLAGS)), 1).blocks)


def test_the_menu_of_entries_holds_the_newest_and_the_one_that_is_named() -> None:
    entries = [
        Entry(at=AT, recorded_at=AT, label=EntryLabel.NOTE, by=BEN, text=f"Note {number} <b>", version=Version(number))
        for number in range(1, 201)
    ]
    named = factors(FactorContent(text="Flags", kind=PROCESS, entry=Version(3)))[1]
    view = factor_modal(incident(), "42", entries, zone_of("Europe/Berlin"), named, text="Flags")
    assert_sound_view(view)
    (menu,) = [block["element"] for block in view["blocks"] if block.get("block_id") == "entry"]
    assert menu["initial_option"]["text"]["text"] == "15:35 Note 3 <b>"
    assert [each["value"] for each in menu["options"]][-1] == "200"


def test_the_menu_of_follow_ups_is_left_out_where_there_is_none() -> None:
    view = factor_modal(incident(), "42", [], zone_of("UTC"), text="")
    assert [block.get("block_id") for block in view["blocks"][1:]] == ["text", "kind"]


TODAY = AT.date()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("factor accept CF2", WriteAcceptance(number=2)),
        ("factor accept 2 until 30 days", WriteAcceptance(number=2)),
        ("factor accept CF2 because it is rare", WriteAcceptance(number=2)),
        ("risks", Look(page=Page.RISKS)),
        ("risks accepted", Look(page=Page.RISKS, ended=True)),
        ("risks 2", Look(page=Page.RISKS, number=2)),
    ],
)
def test_how_a_line_about_risks_is_read(text: str, wanted: Any) -> None:
    assert asked(text) == wanted


@pytest.mark.parametrize("between", [": ", " because ", ", "])
def test_a_risk_is_accepted_in_a_line(between: str) -> None:
    wanted = asked(f"factor accept CF2 until 30 days{between}the vendor mends it")
    assert (wanted.number, wanted.why, wanted.look_again_on) == (2, "the vendor mends it", TODAY + timedelta(days=30))
    assert asked("factor reopen CF2 it is not rare").why == "it is not rare"


def test_a_list_of_risks_that_there_is_none_of_is_refused() -> None:
    with pytest.raises(Rejected, match="write risks, or risks accepted"):
        asked("risks overdue")


async def test_the_form_of_acceptance_asks_for_both() -> None:
    there = desk()
    await on_press(there.desk, press(ids.ACCEPT_RISK, "42|1"))
    assert_sound_view(there.slack.view)
    empty = submit(ids.ACCEPT_MODAL, "42|1|", why={"value": "rare"}, look_again_on={"selected_date": None})
    answer = await on_submission(there.desk, empty)
    assert answer is not None
    assert "Choose the day" in answer["errors"]["look_again_on"]
    day = (TODAY + timedelta(days=9)).isoformat()
    form = submit(ids.ACCEPT_MODAL, "42|1|", why={"value": "rare"}, look_again_on={"selected_date": day})
    assert await on_submission(there.desk, form) is None
    assert there.command == AcceptRisk(
        by=there.command.by, number=1, why="rare", look_again_on=TODAY + timedelta(days=9)
    )


async def test_a_follow_up_from_a_factor_is_added_for_it() -> None:
    there = desk()
    await on_press(there.desk, press(ids.ADDRESS_FACTOR, "42|1"))
    metadata = there.slack.view["private_metadata"]
    assert metadata == "42|factor|1"
    assert await on_submission(there.desk, submit(ids.FOLLOWUP_MODAL, metadata, what={"value": "Review flags"})) is None
    command = there.command
    assert isinstance(command, AddFollowup)
    assert (command.content.what, command.addresses) == ("Review flags", 1)


async def test_the_register_shows_what_may_be_seen_and_turns_in_place() -> None:
    hidden = inc42(id=IncidentId(43), factors=factors(FLAGS), private=True, channel="C0OTHER")
    there = given(inc42(factors=factors(FLAGS)), hidden)
    await on_press(there.desk, press(ids.SHOW_RISKS, "0|1|open", user=CLEO))
    shown = str(there.slack.answered[-1])
    assert "Risks: 1 contributing factor open, of 1 incident" in shown
    assert "INC-43" not in shown
    assert there.slack.answered[-1][1]["replace_original"]
    await on_press(there.desk, press(ids.SHOW_RISKS, "0|x|open"))
    assert "INC-42" not in there.slack.answer
