"""Canvases: the documents that a channel can have one of. What Slack refuses in their Markdown is refused here, too."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

LARGEST = 1_048_576
MOST_CELLS = 300
DEEPEST_HEADING = 3


@dataclass(slots=True, kw_only=True)
class Canvas:
    """`writer`: the id of whoever wrote it last."""

    id: str
    channel: str
    title: str
    text: str
    writer: str


@dataclass(slots=True)
class Canvases:
    """By their own id."""

    by_id: dict[str, Canvas] = field(default_factory=dict)

    def of(self, channel: str) -> Canvas | None:
        return next((each for each in self.by_id.values() if each.channel == channel), None)


def faults_of(text: str) -> Iterator[str]:
    """What a canvas cannot show, each in a word."""
    lists: list[str] = []
    cells = 0
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type in {"bullet_list_open", "ordered_list_open"}:
            if lists and lists[-1] != token.type:
                yield "list within one of another kind"
            lists.append(token.type)
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            lists.pop()
        elif token.type in {"th_open", "td_open"}:
            cells += 1
        elif token.type == "table_close":
            if cells > MOST_CELLS:
                yield "table of too many cells"
            cells = 0
        else:
            yield from _fault(token, within_list=bool(lists))


def _fault(token: Token, *, within_list: bool) -> Iterator[str]:
    if token.type == "blockquote_open" and within_list:
        yield "quote within a list"
    if token.type == "heading_open" and len(token.markup) > DEEPEST_HEADING:
        yield "heading too deep"
