"""A document that people have edited is read back section by section, and an untouched one says nothing new."""

import pytest
from hypothesis import given as with_values
from hypothesis import settings

from bot.document.reading_back import NotReadBack, edited, marked_anew, sections_in
from bot.document.sections import section_block
from bot.incident.declaring import LONGEST_TEXT, is_readable
from bot.incident.review_sections import PROMPTS, ReviewSection
from bot.incident.state import WrittenSection
from bot.incident.terms import IncidentId
from bot.incident.writing_commands import WriteSection
from tests.document.hostile import HOSTILE, hostile_story
from tests.document.reading import headings, tokens
from tests.document.test_documents import PARTS, assert_page, files
from tests.document.test_people_markdown import LINES
from tests.incident.given import BEN, Story, after, resolved

ONE = IncidentId(42)
PROCESS = ReviewSection.PROCESS
UNWRITTEN = {(section, 0): "" for section in ReviewSection}


def written(text: str) -> Story:
    """The same text in every section."""
    story = resolved()
    for section in ReviewSection:
        story.do(WriteSection(by=BEN, section=section, text=text, seen=0), after(60))
    return story


def block(text: str = "", version: int = 0) -> str:
    return section_block(ONE, PROCESS, WrittenSection(text=text, number=version))


def read(document: str, text: str = "", version: int = 0) -> str | None:
    (found,) = sections_in(document, ONE)
    return edited(found, {(PROCESS, version): text})


def test_an_untouched_document_has_every_section_and_none_is_edited() -> None:
    found = sections_in(files(resolved())["INC-42.md"], ONE)
    assert [each.section for each in found] == list(ReviewSection)
    assert [edited(each, UNWRITTEN) for each in found] == [None] * len(found)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_sections_change_nothing_of_the_document_and_read_back_untouched(hostile: str) -> None:
    story = written(hostile)
    made = files(story)
    assert [text for _, text in headings(made["INC-42.md"])[1:]] == PARTS
    for token in tokens(made["INC-42.md"]):
        assert token.type not in {"html_block", "html_inline", "code_block", "s_open"}
        assert token.type != "image" or token.attrs["src"] == "INC-42.svg"
    assert_page(made["INC-42.html"])
    texts = {(each, 1): story.state.section(each).text for each in ReviewSection} | UNWRITTEN
    assert [edited(each, texts) for each in sections_in(made["INC-42.md"], ONE)] == [None] * len(ReviewSection)


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@with_values(text=LINES)
def test_whatever_was_written_is_read_back_as_untouched(text: str) -> None:
    stands = text.strip() if is_readable(text) else ""
    assert read(block(stands, 1), stands, 1) is None
    assert read(block(stands, 1).replace("\n", "  \r\n"), stands, 1) is None


def test_what_was_written_instead_of_the_prompt_is_read() -> None:
    assert read(block().replace(f"> {PROMPTS[PROCESS]}", "Flags are not reviewed.")) == "Flags are not reviewed."


def test_what_was_written_below_the_prompt_is_read_without_it() -> None:
    prompted = f"> {PROMPTS[PROCESS]}"
    assert (
        read(block().replace(prompted, f"{prompted}\n\n- Flags & limits\n- Reviews")) == "- Flags & limits\n- Reviews"
    )


def test_what_was_emptied_is_empty() -> None:
    assert read(block("One.", 3).replace("One.", ""), "One.", 3) == ""


def test_what_is_edited_comes_back_as_somebody_would_have_typed_it() -> None:
    document = block("Limits < load & *pool*.", 1)
    assert read(document.replace("load", "high load"), "Limits < load & *pool*.", 1) == "Limits < high load & **pool**."


def test_a_version_that_there_never_was_is_refused() -> None:
    with pytest.raises(NotReadBack, match="version 7, which there never was"):
        read(block("One.", 7))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("INC-42", "INC-41", "Line 1: this is a section of INC-41, not of INC-42"),
        ('[muster]: # "end of process"', "", "“process” of line 1 has lost the mark of its end"),
        ("INC-42 process", "INC-42 weather", "Line 1: there is no section “weather”"),
        ("version 0", "version new", "Line 1 is no mark that Muster wrote"),
        ("[muster]: ", "muster: ", "There is no section in it"),
    ],
)
def test_a_mark_that_was_lost_or_changed_is_told_with_its_line(old: str, new: str, sentence: str) -> None:
    with pytest.raises(NotReadBack, match=sentence):
        sections_in(block().replace(old, new), ONE)


def test_a_section_that_stands_twice_is_refused() -> None:
    with pytest.raises(NotReadBack, match="stands here a second time"):
        sections_in(f"{block()}\n\n{block()}", ONE)


def test_a_section_that_runs_into_the_next_one_is_refused() -> None:
    other = section_block(ONE, ReviewSection.PEOPLE, WrittenSection())
    with pytest.raises(NotReadBack, match="“process” of line 1 has lost the mark of its end"):
        sections_in(f"{block().replace('end of', 'END OF')}\n\n{other}", ONE)


def test_marks_name_the_new_version_after_a_file_was_read() -> None:
    document = f"{block('One.', 1)}\n\n{section_block(ONE, ReviewSection.PEOPLE, WrittenSection())}\n"
    anew = marked_anew(document, {PROCESS: 2})
    assert '"INC-42 process, version 2"' in anew
    assert '"INC-42 people, version 0"' in anew
    assert anew.replace("version 2", "version 1") == document


def test_the_longest_section_fits_into_the_log_again() -> None:
    assert len(read(block().replace(">", "x" * LONGEST_TEXT + "\n\n>")) or "") > LONGEST_TEXT
    assert hostile_story("x").state.sections == {}
