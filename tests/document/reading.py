"""How others read our documents: Markdown by a parser that allows more than ours, HTML by Python's own parser."""

from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

_VOID: Final = frozenset({"meta", "br", "hr", "img", "input", "link"})


@cache
def parser() -> MarkdownIt:
    """As GitHub reads it, with raw HTML allowed, so that whatever is not escaped shows."""
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def tokens(markdown: str) -> Iterator[Token]:
    """All of them, those within lines too."""
    for token in parser().parse(markdown):
        yield token
        yield from token.children or ()


def headings(markdown: str) -> list[tuple[str, str]]:
    """(h2, what it says)"""
    found = parser().parse(markdown)
    return [(each.tag, text(found[at + 1])) for at, each in enumerate(found) if each.type == "heading_open"]


def text(inline: Token) -> str:
    return "".join(child.content for child in inline.children or ())


def shape(markdown: str) -> list[tuple[str, str]]:
    """The blocks of a document, without what they say."""
    return [(token.type, token.tag) for token in parser().parse(markdown)]


class Page(HTMLParser):
    """`unclosed`, `addresses` (attribute, value), `elements`, `words`; the parser takes nothing amiss by itself."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.addresses: list[tuple[str, str, str]] = []
        self.elements: list[str] = []
        self.attributes: list[str] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._note(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] != "style":
            self.words += data

    def _note(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        for name, value in attrs:
            self.attributes.append(name)
            if name in {"src", "href", "srcset", "data", "action", "xlink:href", "poster", "background"}:
                self.addresses.append((tag, name, value or ""))
