"""People's own formatting: a little of it stays, and nothing else means anything to any Markdown reader."""

import pytest
from hypothesis import example, settings
from hypothesis import given as with_values
from hypothesis import strategies as st

from bot.document.people_markdown import MARK, people_markdown, people_text
from tests.document.hostile import HOSTILE
from tests.document.reading import tokens
from tests.document.test_markdown import TEXTS

LINES = st.lists(
    st.one_of(TEXTS, st.sampled_from(["- a", "  - b", "1. c", "```", "**d**", "", "    e", f'{MARK}# "x"'])), max_size=8
).map("\n".join)

PARTS = {"paragraph", "bullet_list", "ordered_list", "list_item", "strong", "link"}
SHAPES = {
    *("inline", "text", "text_special", "code_inline", "fence", "hardbreak", "softbreak"),
    *(f"{part}_{end}" for part in PARTS for end in ("open", "close")),
}


@settings(max_examples=600, deadline=None, derandomize=True, database=None)
@with_values(text=LINES)
@example(text="*a*b* **c** ***d*** `e*f` *g\n*h*")
@example(text="- - -\n* * *\n1. 2. 3.\n  -\n- [x]")
@example(text="[![x](https://a.example)](https://b.example)")
@example(text="`a\n```\nb` ``` c")
def test_only_light_formatting_comes_through(text: str) -> None:
    for token in tokens(people_markdown(text)):
        assert token.type in SHAPES, (token.type, people_markdown(text))
        if token.type == "link_open":
            assert str(token.attrs["href"]).lower().startswith(("http://", "https://"))


@settings(max_examples=600, deadline=None, derandomize=True, database=None)
@with_values(text=LINES)
def test_what_was_made_once_is_made_again_of_itself(text: str) -> None:
    made = people_markdown(text)
    assert people_markdown(made) == made
    assert people_markdown(people_text(made)) == made


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@with_values(text=LINES)
def test_no_line_of_it_looks_like_the_mark_of_a_section(text: str) -> None:
    assert not any(line.startswith(MARK) for line in people_markdown(text).split("\n"))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_texts_mean_nothing_more_than_light_formatting(hostile: str) -> None:
    for text in (hostile, f"a\n{hostile}\nb", f"- {hostile}", f"**{hostile}**", f"`{hostile}`"):
        assert {token.type for token in tokens(people_markdown(text))} <= SHAPES, text


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("One.\nTwo.\n\nThree.", "One.\\\nTwo.\n\nThree."),
        ("*bold* and **bold**", "**bold** and **bold**"),
        ("2 * 3 * 4 and a_b", r"2 \* 3 \* 4 and a_b"),
        ("Causes:\n- one\n  still one\n   - below\n• two", "Causes:\n\n- one\\\n  still one\n  - below\n- two"),
        ("1) one\n2) two", "1. one\n2. two"),
        ("- [ ] Limit the pool. Owner: @ada", "- [ ] Limit the pool. Owner: @ada"),
        ("Run `make undo` & wait", r"Run `make undo` \& wait"),
        ("```sh\nmake undo\n```", "```sh\nmake undo\n```"),
        ("## Load\nHigh.", "**Load**\n\nHigh."),
        ("See [the graph](https://g.example/d?a=1&b=2).", "See [the graph](https://g.example/d?a=1&amp;b=2)."),
        ("See https://g.example/d.", "See <https://g.example/d>."),
        ("[https://good.example](https://evil.example)", "<https://evil.example>"),
        ("[good.example/x](https://evil.example)", "<https://evil.example>"),
        ("Look![here](https://a.example)", r"Look\![here](https://a.example)"),
        ("", ""),
    ],
)
def test_what_people_type_reads_as_they_meant_it(typed: str, shown: str) -> None:
    assert people_markdown(typed) == shown


def test_what_is_read_back_is_what_was_typed_where_that_means_the_same() -> None:
    typed = "*Bold* & <b>, 2 * 3:\nhttps://g.example/x\n\n- one [x]"
    assert people_text(people_markdown(typed)) == typed.replace("*Bold*", "**Bold**")


def test_an_open_fence_is_closed() -> None:
    assert people_markdown("```\nx") == "```\nx\n```"
    assert people_markdown("~~~\n``` x\n~~~") == "````\n``` x\n````"
