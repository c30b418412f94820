"""Sections of a postmortem as people write them: each save a version, none of them lost."""

from dataclasses import replace

import pytest

from bot.incident.afterwards_effects import UploadDraft, WriteCanvas
from bot.incident.closing_commands import CloseIncident
from bot.incident.commands import RecordFailure, ReopenIncident, ResolveIncident
from bot.incident.declaring import LONGEST_TEXT
from bot.incident.effects import KeepGist
from bot.incident.postmortem import postmortem
from bot.incident.remarks import RemarkKind
from bot.incident.review_sections import PROMPTS, TITLES, ReviewSection
from bot.incident.state import PostedDraft
from bot.incident.terms import CANVAS, DRAFT, MUSTER, MUSTER_ITSELF, FileId, NotAMember, Person, Rejected
from bot.incident.writing_commands import RecordCanvas, RecordDraft, RequestDraft, WriteSection
from bot.incident.writing_events import SectionWritten
from tests.incident.given import ADA, BEN, CLEO, DEE, ROOM, Story, after, checkout, drill, opening, resolved

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
    assert (story.state.content, tuple(story.effects)) == (content, (KeepGist(incident=story.state.id),))


def test_every_section_has_a_title_and_a_prompt() -> None:
    assert set(TITLES) == set(PROMPTS) == set(ReviewSection)


def test_reading_a_file_needs_no_channel() -> None:
    story = resolved()
    story.live = replace(story.state, channel=None)
    assert story.decided(write(MUSTER_ITSELF, "One."), after(60))


def uploads(story: Story) -> list[UploadDraft]:
    return [effect for effect in story.effects if isinstance(effect, UploadDraft)]


def test_a_resolution_puts_the_draft_into_the_incidents_own_channel() -> None:
    story = resolved()
    assert uploads(story) == [UploadDraft(incident=story.state.id, channel=ROOM, wanted_at=story.state.version)]


def test_a_second_resolution_is_another_upload() -> None:
    story = resolved()
    first = uploads(story)
    story.do(ReopenIncident(by=ADA), after(40))
    assert uploads(story) == []
    story.do(ResolveIncident(by=ADA), after(50))
    assert uploads(story) not in ([], first)


def test_a_drill_is_uploaded_nowhere_not_even_when_asked() -> None:
    story = drill()
    story.do(ResolveIncident(by=ADA), after(30))
    assert uploads(story) == []
    with pytest.raises(Rejected, match="The postmortem of a drill is uploaded nowhere"):
        story.decided(RequestDraft(by=ADA), after(31))


def test_what_is_closed_or_written_is_not_uploaded_and_what_is_asked_for_is() -> None:
    story = resolved()
    story.do(write(BEN, "One."), after(60))
    assert uploads(story) == []
    story.do(CloseIncident(by=ADA, because="It was small."), after(61))
    assert uploads(story) == []
    story.do(RequestDraft(by=BEN), after(62))
    assert [each.wanted_at for each in uploads(story)] == [story.state.version]


def test_only_people_in_the_channel_ask_for_an_upload() -> None:
    with pytest.raises(NotAMember):
        resolved().decided(RequestDraft(by=CLEO), after(60))
    with pytest.raises(Rejected, match="still being opened"):
        opening().decided(RequestDraft(by=ADA), after(1))


def test_an_upload_is_recorded_once_and_mends_what_was_refused() -> None:
    story = resolved()
    (wanted,) = uploads(story)
    story.do(RecordFailure(by=MUSTER_ITSELF, step=DRAFT, reason="the app lacks files:write"), after(31))
    assert DRAFT in story.state.failed_steps
    done = RecordDraft(by=MUSTER_ITSELF, wanted_at=wanted.wanted_at, file=FileId("F1"))
    story.do(done, after(32))
    assert (story.state.drafts[wanted.wanted_at].file, story.state.failed_steps) == ("F1", frozenset())
    assert story.decided(done, after(33)) == ()


def test_the_canvas_is_written_whenever_the_draft_is_uploaded() -> None:
    story = resolved()
    assert WriteCanvas(incident=story.state.id, channel=ROOM) in story.effects
    story.do(write(BEN, "One."), after(60))
    assert not [effect for effect in story.effects if isinstance(effect, WriteCanvas)]
    story.do(RequestDraft(by=BEN), after(62))
    assert WriteCanvas(incident=story.state.id, channel=ROOM) in story.effects


def test_that_there_can_be_no_canvas_rings_nobody_and_is_forgotten_once_there_is_one() -> None:
    story = resolved()
    story.do(RecordFailure(by=MUSTER_ITSELF, step=CANVAS, reason="the plan has none"), after(31))
    assert (CANVAS in story.state.failed_steps, story.effects) == (True, ())
    story.do(RecordCanvas(by=MUSTER_ITSELF, canvas=FileId("F2")), after(32))
    assert story.state.canvas == PostedDraft(file=FileId("F2"), at=after(32))
    assert story.state.failed_steps == frozenset()


@pytest.mark.parametrize("step", [DRAFT, CANVAS])
def test_a_draft_that_slack_refused_did_not_hinder_the_response(step: str) -> None:
    story = resolved()
    story.do(RecordFailure(by=MUSTER_ITSELF, step=step, reason="the app lacks files:write"), after(31))
    remarks = postmortem(story.log, story.policy).remarks
    assert RemarkKind.SLACK_REFUSED not in {remark.kind for remark in remarks}
