"""The document as a canvas takes it: nothing that Slack refuses there, nothing lost but marks and the picture."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.document.canvas_text import canvas_mark, canvas_text
from bot.document.markdown import Markdown, table
from bot.document.people_markdown import people_markdown
from bot.workspace.canvases import faults_of
from tests.document.demo_incident import STEM, example


def taken(text: str) -> str:
    """What stands beneath the head."""
    return canvas_text(Markdown(text), "INC-42").partition("\n\n")[2]


def test_the_example_is_taken_whole() -> None:
    text = canvas_text(Markdown(example()[f"{STEM}.md"]), "INC-42")
    assert text.startswith(canvas_mark("INC-42"))
    assert list(faults_of(text)) == []
    assert "[muster]:" not in text
    assert "![" not in text
    assert "## Where we were lucky" in text


def test_the_timeline_is_a_list_since_links_in_tables_are_not_shown() -> None:
    text = canvas_text(Markdown(example()[f"{STEM}.md"]), "INC-42")
    link = "https://harbour.slack.com/archives/C000000005/p1795183980000000"
    assert f"- [9]({link}) · 14:13 · **Decision** · Ada Lovelace: “Roll back first, find out why later.”" in text
    assert "| Detection |" in text


def test_a_table_of_more_cells_than_a_canvas_shows_is_a_list() -> None:
    rows = [(Markdown(f"step {number}"), Markdown("done \\| dusted")) for number in range(150)]
    text = taken(table((Markdown("Step"), Markdown("State")), rows))
    assert "- step 149 · done \\| dusted" in text
    assert list(faults_of(text)) == []


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("#### Deep", "### Deep"),
        ("## Not deep", "## Not deep"),
        ("- one\n  1. two\n     - three", "- one\n  - two\n     - three"),
        ("1. one\n   - two", "1. one\n   1. two"),
        ("- one\n  > said", "- one\n  said"),
        ("> said", "> said"),
        ("```\n#### code\n- a\n  1. b\n```", "```\n#### code\n- a\n  1. b\n```"),
        ('[muster]: # "INC-42 people, version 0"', ""),
    ],
)
def test_what_a_canvas_refuses_is_put_another_way(given: str, shown: str) -> None:
    assert taken(given).strip() == shown


@given(st.text(alphabet="-1. >#\n\tab*`|[]()!", max_size=80))
def test_whatever_people_wrote_a_canvas_takes_it(text: str) -> None:
    assert list(faults_of(taken(people_markdown(text)))) == []
