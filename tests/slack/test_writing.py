"""The postmortem's panel and forms: sound whatever people write; one that was forged or is old changes nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.incident.declaring import LONGEST_TEXT
from bot.incident.postmortem import postmortem
from bot.incident.review_sections import TITLES, ReviewSection
from bot.incident.state import Incident, WrittenSection
from bot.incident.terms import Rejected
from bot.incident.writing_commands import WriteSection
from bot.incident.writing_events import SectionWritten
from bot.playbook.library import load
from bot.slack import action_ids as ids
from bot.slack.action_ids import pack
from bot.slack.blocks.known_facts import MOST_LINES, known_facts
from bot.slack.blocks.postmortem_panel import MOST_HINTS, postmortem_panel
from bot.slack.blocks.section_form import section_form, text_field
from bot.slack.blocks.section_reading import all_versions, section_to_read
from bot.slack.buttons import on_press
from bot.slack.submissions import on_submission
from bot.slack.writing import OpenSection, open_section_of
from tests.document.demo_incident import ROOT, demo_incident
from tests.document.hostile import HOSTILE, hostile_story
from tests.incident.given import POLICY, checkout
from tests.slack.blocks.given import AT
from tests.slack.blocks.rules import assert_sound, assert_sound_view, readable, words
from tests.slack.given_desk import ADA, BEN, CLEO, given, inc42, press, submit
from tests.slack.test_submissions import text

PROCESS = ReviewSection.PROCESS


def written(text: str, number: int = 1, section: ReviewSection = PROCESS) -> Incident:
    stands = WrittenSection(number=number, text=text, by=BEN, at=AT - timedelta(minutes=5))
    return inc42(sections={section: stands})


@pytest.mark.parametrize("hostile", [*HOSTILE, "&" * LONGEST_TEXT, "\n>" * 1400, "*" * LONGEST_TEXT])
def test_panel_and_forms_are_sound_whatever_people_wrote(hostile: str) -> None:
    shown = inc42(sections={each: WrittenSection(number=1, text=hostile, by=BEN, at=AT) for each in ReviewSection})
    assert_sound(postmortem_panel(shown, POLICY, AT))
    story = hostile_story(hostile[:300])
    draft = postmortem(story.log, story.policy)
    for section in ReviewSection:
        known = known_facts(draft, section, story.policy)
        assert_sound_view(section_form(shown, section, "42", known, AT))
        assert_sound_view(section_form(shown, section, "42", known, AT, typed=hostile))
        assert_sound_view(section_to_read(shown, section, known, AT))
        many = [replace(shown.section(section), number=number) for number in range(1, 40)]
        assert_sound_view(all_versions(shown, section, many, AT))


def test_the_others_text_is_shown_whole_however_long() -> None:
    other = "".join(f"{number:06d} " for number in range(428))
    view = section_form(written(other), PROCESS, "42", (), AT, typed="mine")
    shown = "".join(readable(block["text"]["text"]) for block in view["blocks"] if block["type"] == "section")
    assert "".join(shown.split()).endswith("".join(other.split()))
    assert view["blocks"][-1]["element"]["initial_value"] == "mine"


def test_a_form_that_is_drawn_anew_has_a_field_of_its_own_so_that_it_shows_what_it_is_given() -> None:
    fields = [section_form(written("x", number), PROCESS, "42", (), AT)["blocks"][-1]["block_id"] for number in (1, 2)]
    assert fields == [text_field(1), text_field(2)]
    assert fields[0] != fields[1]


def test_the_panel_says_who_wrote_last_and_what_is_empty_or_emptied() -> None:
    told = words(postmortem_panel(written("One.", 3), POLICY, AT))
    assert "version 3" in told
    assert "“One.”" in told
    assert f"Still empty: {', '.join(TITLES[each] for each in ReviewSection if each is not PROCESS)}." in told
    assert "emptied by" in words(postmortem_panel(written("", 2), POLICY, AT))


def test_of_many_hints_the_panel_shows_some_and_their_number() -> None:
    actions = "\n".join(f"- Limit {number}" for number in range(9))
    told = words(postmortem_panel(written(actions, section=ReviewSection.FOLLOW_UPS), POLICY, AT))
    assert told.count("who owns") + told.count("how will anybody") == MOST_HINTS
    assert "… and 10 more." in told


def test_what_the_log_knows_is_told_by_section() -> None:
    draft = postmortem(demo_incident(load(ROOT / "playbooks")).log, POLICY)
    told = {each: "\n".join(known_facts(draft, each, POLICY)) for each in ReviewSection}
    assert "How long: 56 min" in told[ReviewSection.IMPACT]
    assert "incident commander" in told[ReviewSection.PEOPLE]
    assert "Playbook " in told[PROCESS]
    assert "Roll back" in told[ReviewSection.DECISIONS]
    assert told[ReviewSection.LUCKY] == "Nothing for this section."


def test_of_many_facts_a_dozen_lines_are_shown() -> None:
    draft = postmortem(demo_incident(load(ROOT / "playbooks")).log, POLICY)
    many = replace(draft, playbooks=draft.playbooks * 20)
    assert len(known_facts(many, PROCESS, POLICY)) == MOST_LINES
    assert known_facts(many, PROCESS, POLICY)[-1].startswith("… and ")


async def test_a_button_of_a_section_that_there_is_none_of_is_stale() -> None:
    here = given()
    await on_press(here.desk, press(ids.WRITE_SECTION, pack(42, "weather")))
    assert "older version" in here.slack.answer
    assert here.slack.calls == []


@pytest.mark.parametrize("kept", ["", "weather:1:", "process", "process:x:", "process:-1:", "process:99999999999:"])
async def test_a_form_that_was_forged_or_is_of_another_version_saves_nothing(kept: str) -> None:
    here = given()
    answer = await on_submission(here.desk, submit(ids.SECTION_MODAL, pack(42, kept, ""), text=text("x")))
    assert "nothing has changed" in str(answer)
    assert here.door.commands == []


async def test_a_save_names_the_version_that_it_was_written_on() -> None:
    here = given(written("One.", 3))
    inputs = {text_field(3): text("One. Two.")}
    await on_submission(here.desk, submit(ids.SECTION_MODAL, pack(42, "process:3:", ""), **inputs))
    command = here.command
    assert isinstance(command, WriteSection)
    assert (command.section, command.text, command.seen) == (PROCESS, "One. Two.", 3)


async def test_one_form_sent_twice_is_one_request_and_with_another_text_another() -> None:
    here = given()
    for typed in ("One.", "One.", "Two."):
        body = submit(ids.SECTION_MODAL, pack(42, "process:0:", ""), **{text_field(0): text(typed)})
        await on_submission(here.desk, body)
    first, again, other = here.door.requests
    assert first == again != other


async def test_a_save_redraws_the_panel_that_it_was_opened_from() -> None:
    here = given()
    metadata, inputs = pack(42, "process:0:panel", "https://h.example/p"), {text_field(0): text("One.")}
    await on_submission(here.desk, submit(ids.SECTION_MODAL, metadata, **inputs))
    ((url, body),) = here.slack.answered
    assert (url, body["replace_original"]) == ("https://h.example/p", True)


async def test_a_refusal_of_another_kind_stands_beside_the_field_and_the_form_stays() -> None:
    here = given()
    here.door.raises = [Rejected("Join it first.")]
    inputs = {text_field(0): text("One.")}
    answer = await on_submission(here.desk, submit(ids.SECTION_MODAL, pack(42, "process:0:", ""), **inputs))
    assert answer == {"response_action": "errors", "errors": {text_field(0): "Join it first."}}


async def test_a_save_that_was_overtaken_answers_with_the_form_of_both_texts() -> None:
    here = given(written("Theirs.", 4))
    here.door.told = checkout().log
    here.door.told = checkout().log
    here.door.raises = [Rejected("{who} saved this section meanwhile.", who=BEN, field="text")]
    body = submit(ids.SECTION_MODAL, pack(42, "process:3:", ""), ADA, **{text_field(3): text("Mine.")})
    answer = await on_submission(here.desk, body)
    assert answer is not None
    assert answer["response_action"] == "update"
    assert "Theirs." in str(answer["view"])
    assert answer["view"]["blocks"][-1]["element"]["initial_value"] == "Mine."
    assert open_section_of(*answer["view"]["private_metadata"].split("|")[1:]).seen == 4


def test_what_a_form_remembers_comes_back_whole() -> None:
    form = OpenSection(section=PROCESS, seen=7, in_panel=True, answer_url="https://h.example/p?a=1|2")
    _, kept, url = form.packed(inc42().id).split("|", 2)
    assert open_section_of(kept, url) == form


async def test_whoever_cannot_write_gets_it_to_read_and_the_way_in() -> None:
    desk = given(written("Flags are not reviewed."))
    desk.door.told = checkout().log
    await on_press(desk.desk, press(ids.WRITE_SECTION, pack(42, PROCESS), user=CLEO))
    assert "submit" not in desk.slack.view
    shown = str(desk.slack.view)
    assert ("Flags are not reviewed." in shown, "Join it to write" in shown) == (True, True)


async def test_whom_slack_knows_in_the_channel_gets_the_form_though_the_log_does_not_know_them() -> None:
    desk = given(written("Flags are not reviewed."))
    desk.door.told = checkout().log
    desk.people.inside.add(CLEO)
    await on_press(desk.desk, press(ids.WRITE_SECTION, pack(42, PROCESS), user=CLEO))
    assert "submit" in desk.slack.view


async def test_all_versions_of_a_section_can_be_read_the_newest_first() -> None:
    desk = given(written("Limits are not tested.", 2))
    saves = [
        SectionWritten(at=AT, by=by, section=section, text=text, number=number)
        for by, section, text, number in (
            (ADA, PROCESS, "Flags are not reviewed.", 1),
            (ADA, ReviewSection.LUCKY, "It was noon.", 1),
            (BEN, PROCESS, "Limits are not tested.", 2),
        )
    ]
    desk.door.told = saves
    await on_press(desk.desk, press(ids.SECTION_VERSIONS, pack(42, PROCESS), user=ADA))
    shown = str(desk.slack.view)
    assert shown.index("Limits are not tested.") < shown.index("Flags are not reviewed.")
    assert "It was noon." not in shown


def test_a_form_offers_all_versions_once_there_are_several() -> None:
    offered = ["All versions" in str(section_form(written("x", number), PROCESS, "42", (), AT)) for number in (1, 2)]
    assert offered == [False, True]
