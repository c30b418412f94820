"""The four files of any incident, however hostile its texts: of one shape, and without anything that acts."""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from functools import cache
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given as with_values
from hypothesis import settings
from hypothesis import strategies as st

from bot.document.documents import as_bytes, digest, documents
from bot.document.markdown import Markdown, one_line
from bot.document.page import page
from bot.document.wording import Names, Wording
from bot.incident.postmortem import postmortem
from bot.playbook.templates import read_template
from tests.document.demo_incident import ROOT
from tests.document.hostile import HOSTILE, hostile_story
from tests.document.reading import Page, headings, shape, tokens
from tests.incident.given import ADA, BEN, NOON, POLICY, Story, led
from tests.incident.test_invariants import STEPS
from tests.incident.test_postmortem import story_of

TEMPLATE = read_template(ROOT / "playbooks").text
PARTS = [line.strip("# \n") for line in TEMPLATE.splitlines() if line.startswith("##")]


def files(story: Story, name: str = "Ada") -> Mapping[str, str]:
    wording = Wording(names=Names(known={ADA.id: name, BEN.id: name}), policy=POLICY)
    return documents(postmortem(story.log, story.policy), TEMPLATE, wording)


def assert_sound(story: Story, name: str = "Ada") -> None:
    found = files(story, name)
    assert list(found) == ["INC-42.md", "INC-42.html", "INC-42.svg", "INC-42.json"]
    assert_markdown(found["INC-42.md"], story)
    assert_page(found["INC-42.html"])
    Xml.fromstring(found["INC-42.svg"])
    json.loads(found["INC-42.json"])


def assert_markdown(markdown: str, story: Story) -> None:
    """The headings are the template's; no raw HTML, no picture but ours, no link that leads elsewhere than the web."""
    (_, first), *rest = headings(markdown)
    told = re.sub("[\u2066-\u2069]", "", first)
    assert told == f"Postmortem of {story.state.reference}: {bare(story.state.title)}"
    assert [text for _, text in rest] == PARTS
    for token in tokens(markdown):
        assert token.type not in {"html_block", "html_inline", "fence", "code_block", "s_open", "ordered_list_open"}
        if token.type == "image":
            assert token.attrs["src"] == "INC-42.svg"
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith(("https://", "http://"))


def bare(title: str) -> str:
    return re.sub("[\u2066-\u2069]", "", one_line(title))


def assert_page(html: str) -> None:
    read = Page(html)
    assert (read.wrong, read.open) == ([], [])
    assert not {"script", "img", "iframe", "object", "form", "link", "base"} & set(read.elements)
    assert not [name for name in read.attributes if name.startswith("on") or name == "style"]
    assert {(tag, name) for tag, name, _ in read.addresses} <= {("a", "href")}
    assert all(address.startswith(("https://", "http://")) for _, _, address in read.addresses)
    assert "url(" not in html
    assert "@import" not in html


@settings(max_examples=25, deadline=None, derandomize=True, database=None)
@with_values(steps=STEPS, private=st.booleans())
def test_any_log_of_commands_gives_sound_documents(steps: list[tuple[int, int]], private: bool) -> None:
    assert_sound(story_of(steps, private=private))


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:30])
def test_hostile_text_changes_nothing_but_the_words(text: str) -> None:
    story = hostile_story(text)
    assert_sound(story, text)
    markdown, html = (files(story, text)[f"INC-42.{kind}"] for kind in ("md", "html"))
    assert shape(markdown) == harmless_shape(any(sign.isdigit() for sign in text))
    assert not re.search(r"(?<!\\)<", markdown)
    assert "<script" not in html


@cache
def harmless_shape(with_number: bool) -> list[tuple[str, str]]:
    return shape(files(hostile_story("harmless 1" if with_number else "harmless"))["INC-42.md"])


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@with_values(text=st.text(min_size=1, max_size=60))
def test_whatever_people_write_the_documents_stay_sound(text: str) -> None:
    assert_sound(hostile_story(f"x{text}"), text)


def test_every_printed_sheet_says_whose_it_is_and_none_says_what_happened() -> None:
    private, public = files(led(private=True))["INC-42.html"], files(led())["INC-42.html"]
    assert '@bottom-left { content: "Postmortem of INC-42 · private: for the members of its channel only";' in private
    assert '@bottom-left { content: "Postmortem of INC-42";' in public


def test_of_a_private_incident_each_document_says_so_first() -> None:
    found = files(led(private=True))
    head = found["INC-42.md"].split("##")[0]
    assert "> **Private incident.** This document is for the members of its channel only." in head
    assert "Private incident." in Page(found["INC-42.html"]).words
    assert json.loads(found["INC-42.json"])["incident"]["private"] is True
    assert "Private" not in files(led())["INC-42.md"]


def test_an_incident_that_goes_on_says_so() -> None:
    assert "> **The response goes on.**" in files(led())["INC-42.md"]


def test_the_page_forbids_itself_every_request_and_names_its_only_style() -> None:
    html = files(led())["INC-42.html"]
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    (style,) = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert hash_of(style) in policy
    assert "unsafe" not in policy


def hash_of(style: str) -> str:
    return b64encode(bytes.fromhex(digest(style))).decode()


def test_the_picture_is_drawn_in_the_page_and_no_other_picture_is_asked_for() -> None:
    document = Markdown("![ours](INC-42.svg) ![other](https://evil.example/a.png)")
    html = page(document, "<svg></svg>", title="x", picture_file="INC-42.svg")
    assert "<p><svg></svg> other</p>" in html
    assert "evil.example" not in html


def test_raw_html_of_a_template_is_shown_as_text() -> None:
    document = Markdown("<b>loud</b>\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1))")
    html = page(document, "", title="x", picture_file="")
    assert "&lt;b&gt;loud" in html
    assert_page(html)


def test_the_page_can_be_printed_and_read_in_the_dark() -> None:
    html = files(led())["INC-42.html"]
    assert "@media print" in html
    assert "prefers-color-scheme: dark" in html


def test_the_json_knows_the_digest_of_each_file_beside_it() -> None:
    found = dict(files(led()))
    record = json.loads(found.pop("INC-42.json"))
    assert record["files"] == {name: digest(text) for name, text in found.items()}


def test_half_a_surrogate_pair_can_be_written_and_read() -> None:
    assert json.loads(as_bytes('"a\ud800"')) == "a\ud800"


def test_two_people_of_one_name_are_told_apart_and_who_has_none_goes_by_their_id() -> None:
    names = Names(known={ADA.id: "Ada", BEN.id: "ada "})
    assert (names.of(ADA.id), names.of(BEN.id)) == ("Ada (U0ADA)", "ada (U0BEN)")
    assert Names().of(ADA.id) == "U0ADA"


def test_nothing_depends_on_when_the_documents_are_made() -> None:
    story = hostile_story("Again and again")
    assert files(story) == files(story)
    assert story.state.declared_at == NOON
