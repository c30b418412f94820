"""Sections of a postmortem as people write them: each save a version, none of them lost."""

from dataclasses import replace

import pytest

from bot.incident.commands import CloseIncident, WriteSection
from bot.incident.declaring import LONGEST_TEXT
from bot.incident.events import SectionWritten
from bot.incident.review_sections import PROMPTS, TITLES, ReviewSection
from bot.incident.terms import MUSTER, MUSTER_ITSELF, NotAMember, Person, Rejected
from tests.incident.given import ADA, BEN, CLEO, DEE, after, checkout, resolved

PROCESS = ReviewSection.PROCESS


def write(by: Person, text: str, seen: int = 0, section: ReviewSection = PROCESS) -> WriteSection:
    return WriteSection(by=by, section=section, text=text, seen=seen)


def test_a_save_is_a_version_with_its_author_and_time() -> None:
    story = resolved()
    (written,) = story.do(write(BEN, " Flags are not reviewed. "), after(60))
    assert written == SectionWritten(at=after(60), by=BEN.id, section=PROCESS, text="Flags are not reviewed.", number=1)
    stands = story.state.section(PROCESS)
    assert (stands.number, stands.by, stands.at) == (1, BEN.id, after(60))


def test_a_save_on_the_version_that_stands_is_the_next_one() -> None:
    story = resolved()
    story.do(write(BEN, "One."), after(60))
    (written,) = story.do(write(ADA, "One. Two.", seen=1), after(61))
    assert isinstance(written, SectionWritten)
    assert written.number == 2


def test_a_save_on_an_older_version_is_refused_and_names_who_was_faster() -> None:
    story = resolved()
    story.do(write(BEN, "One."), after(60))
    with pytest.raises(Rejected) as refusal:
        story.do(write(ADA, "Two."), after(61))
    assert (refusal.value.who, refusal.value.field) == (BEN.id, "text")
    assert "Nothing is lost" in refusal.value.sentence
    assert story.state.section(PROCESS).text == "One."


def test_two_who_write_two_sections_are_not_in_each_others_way() -> None:
    story = resolved()
    story.do(write(BEN, "One."), after(60))
    story.do(write(ADA, "Two.", section=ReviewSection.PEOPLE), after(61))
    assert {section: each.number for section, each in story.state.sections.items()} == {
        PROCESS: 1,
        ReviewSection.PEOPLE: 1,
    }


def test_what_stands_so_already_is_no_new_version_whatever_was_seen() -> None:
    story = resolved()
    story.do(write(BEN, "One."), after(60))
    assert story.decided(write(ADA, "One.\n"), after(61)) == ()


def test_nothing_written_where_nothing_stood_is_nothing() -> None:
    assert resolved().decided(write(ADA, " \u200b "), after(60)) == ()


def test_a_section_can_be_emptied_again() -> None:
    story = resolved()
    story.do(write(BEN, "One."), after(60))
    story.do(write(BEN, "", seen=1), after(61))
    assert (story.state.section(PROCESS).text, story.state.section(PROCESS).number) == ("", 2)


def test_it_is_written_during_the_response_and_after_the_close_too() -> None:
    assert checkout().decided(write(BEN, "One."), after(5))
    story = resolved()
    story.do(CloseIncident(by=ADA, because="It was small."), after(60))
    assert story.decided(write(BEN, "One."), after(61))


def test_what_does_not_fit_into_a_form_is_refused_with_its_length() -> None:
    with pytest.raises(Rejected, match=f"“Factors: process” has {LONGEST_TEXT + 1} characters"):
        resolved().decided(write(ADA, "x" * (LONGEST_TEXT + 1)), after(60))


@pytest.mark.parametrize("by", [CLEO, DEE])
def test_only_people_in_the_channel_write(by: Person) -> None:
    with pytest.raises(Rejected):
        resolved().decided(write(by, "One."), after(60))


def test_an_outsider_learns_nothing_of_a_private_incident_by_writing() -> None:
    with pytest.raises(NotAMember, match="There is no INC-42 that you can see"):
        checkout(private=True).decided(write(CLEO, "One."), after(60))


def test_a_file_that_is_read_back_writes_as_muster() -> None:
    (written,) = resolved().decided(write(MUSTER_ITSELF, "One."), after(60))
    assert written.by == MUSTER


def test_no_card_is_drawn_again_and_nobody_is_rung_for_a_section() -> None:
    story = resolved()
    content = story.state.content
    story.do(write(BEN, "One."), after(60))
    assert (story.state.content, tuple(story.effects)) == (content, ())


def test_every_section_has_a_title_and_a_prompt() -> None:
    assert set(TITLES) == set(PROMPTS) == set(ReviewSection)


def test_reading_a_file_needs_no_channel() -> None:
    story = resolved()
    story.live = replace(story.state, channel=None)
    assert story.decided(write(MUSTER_ITSELF, "One."), after(60))
