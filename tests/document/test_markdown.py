"""The one typed place: whatever people wrote is shown exactly so, and means nothing to any Markdown reader."""

import re
from pathlib import Path

import pytest
from hypothesis import example, settings
from hypothesis import given as with_values
from hypothesis import strategies as st

from bot.document.markdown import Markdown, bullets, clean, escape, fill, join, link, one_line, prose, quote, table
from tests.document.hostile import HOSTILE
from tests.document.reading import parser, text, tokens

DOCUMENT = Path(__file__).parents[2] / "bot" / "document"
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="\\`*_{}[]()<>#+-.!|~&:$@^=\"' \n\t1a", max_size=30),
    st.sampled_from(HOSTILE),
)


def said(markdown: str) -> str:
    """What the document says in its only line of text, or in its only cell beneath the head."""
    return text([token for token in parser().parse(markdown) if token.type == "inline"][-1])


def visible(foreign: str) -> str:
    return re.sub("[\u2066-\u2069]", "", one_line(foreign))


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@with_values(foreign=TEXTS)
@example(foreign="-")
@example(foreign="a\\")
def test_escaped_text_is_only_text_wherever_it_stands(foreign: str) -> None:
    for shown, expected in ((escape(foreign), visible(foreign)), (escape(foreign) + "…", visible(foreign) + "…")):
        cell = table((Markdown("a"),), [(Markdown(shown),)])
        for document in (shown, f"# {shown}", f"- {shown}", f"> {shown}", cell) if expected.strip() else ():
            assert re.sub("[\u2068\u2069]", "", said(document)) == expected, document
            assert {token.type for token in tokens(document) if token.level and token.type != "inline"} <= SHAPES


SHAPES = {
    *("text", "text_special", "list_item_open", "list_item_close", "paragraph_open", "paragraph_close"),
    *(f"{part}_{end}" for part in ("thead", "tbody", "tr", "th", "td") for end in ("open", "close")),
}


@settings(max_examples=200, deadline=None, derandomize=True, database=None)
@with_values(foreign=TEXTS)
def test_prose_has_links_only_under_their_own_address(foreign: str) -> None:
    found = list(tokens(f"{prose(foreign)}…"))
    for at, token in enumerate(found):
        if token.type == "link_open":
            shown = found[at + 1].content
            address = str(token.attrs["href"])
            assert address.lower().startswith(("http://", "https://"))
            assert parser().normalizeLink(shown) == parser().normalizeLink(address) or "%" in address
    kinds = {token.type for token in found}
    assert kinds <= {"inline", "text", "text_special", "paragraph_open", "paragraph_close", "link_open", "link_close"}


def test_names_of_things_stay_readable() -> None:
    assert escape("EU_WEST_1 fails since 14:02, 18 % (was 52 %)!") == "EU_WEST_1 fails since 14:02, 18 % (was 52 %)!"


def test_lines_become_one_and_say_where_they_ended() -> None:
    assert escape("one \n\n  two\r\nthree") == "one / two / three"


def test_control_characters_and_overrides_of_direction_are_dropped() -> None:
    assert clean("a\u202eb\x07c\ud800d") == "abcd"


def test_right_to_left_text_does_not_turn_its_sentence_round() -> None:
    assert escape("תקלה") == "\u2068תקלה\u2069"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "//evil.example", "https://", "ftp://x"]
)
def test_only_addresses_of_the_web_become_links(address: str) -> None:
    assert link(Markdown("label"), address) == "label"


def test_an_address_cannot_end_its_link() -> None:
    shown = link(Markdown("x"), "https://a.example/b)c(d[e]f|g`h*i&copy;")
    (opened,) = (token for token in tokens(shown) if token.type == "link_open")
    assert opened.attrs["href"] == "https://a.example/b%29c%28d%5Be%5Df%7Cg%60h%2Ai&copy;"


def test_an_address_in_a_sentence_ends_before_its_full_stop() -> None:
    assert prose("See https://a.example/x.") == "See [https://a.example/x](https://a.example/x)."


def test_a_sign_before_an_address_makes_no_picture_of_it() -> None:
    assert prose("Look!https://a.example/x") == r"Look\![https://a.example/x](https://a.example/x)"


def test_a_part_is_never_read_as_a_template() -> None:
    assert fill("{a} {b}", a=escape("{b}"), b=escape("x")) == "{b} x"


def test_lists_tables_and_quotes_hold_what_they_are_given() -> None:
    one, two = escape("one"), escape("two")
    assert bullets([one, Markdown(""), Markdown("a\nb")]) == "- one\n- a\n  b"
    assert table((one, two), [(two, one)]) == "| one | two |\n|---|---|\n| two | one |"
    assert (table((one,), []), quote(Markdown("a\n\nb"))) == ("", "> a\n>\n> b")
    assert join(", ", (one, Markdown(""), two)) == "one, two"


def test_outside_the_typed_place_markdown_is_made_of_literals_only() -> None:
    """And of what `str` gives back of a value that was Markdown already, in template.py alone."""
    for path in sorted(DOCUMENT.glob("*.py")):
        if path.name in {"markdown.py", "people_markdown.py"}:
            continue
        calls = re.findall(r"\bMarkdown\(\s*(.{12})", path.read_text(encoding="utf-8"))
        wrong = [call for call in calls if not call.startswith('"')]
        assert wrong in ([], ["end.lower())"[:12]], ["filled.strip"]), path.name
