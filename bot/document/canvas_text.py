"""A document of ours as Markdown that a canvas of Slack's takes: what it refuses or shows badly is put otherwise. Pure.

A canvas refuses headings below the third level, quotes within lists, lists of one kind within those of another, and
tables of more than 300 cells; links in tables are shown as they were typed; it shows no picture of ours.
"""

import re
from collections.abc import Sequence
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

from bot.document.markdown import Markdown
from bot.document.people_markdown import MARK

LARGEST_CANVAS: Final = 1_000_000
"""Characters; Slack takes 2^20 of them."""
MOST_CELLS: Final = 300
_DEEPEST_HEADING: Final = 3
_CELLS: Final = re.compile(r"(?<!\\)\|")
_ITEM: Final = re.compile(r"(?P<indent>[ \t]*)(?P<sign>[-+*]|\d{1,9}[.)])(?P<rest>[ \t].*)?")
_QUOTED: Final = re.compile(r"(?P<indent>[ \t]*)(?:>[ \t]?)+")


def canvas_mark(reference: str) -> str:
    """What stands in the first line of a canvas of ours; plain words, by which it is known again."""
    return f"Draft of the postmortem of {reference}, put here by Muster"


def canvas_text(document: Markdown, reference: str) -> str:
    """`reference`: 'INC-42'."""
    head = (
        f"{canvas_mark(reference)}. It is written anew whenever the draft is uploaded again, so write in the forms of"
        " `postmortem` and not here."
    )
    lines: list[str | None] = list(document.split("\n"))
    tokens = MarkdownIt("commonmark").enable("table").parse(document)
    for token in tokens:
        _put_otherwise(token, lines)
    _put_lists_otherwise(tokens, lines)
    shown = (line for line in lines if line is not None and not line.startswith(MARK))
    return "\n\n".join([head, "\n".join(shown)])


def _put_otherwise(token: Token, lines: list[str | None]) -> None:
    first, last = token.map or (0, 0)
    match token.type:
        case "heading_open" if len(token.markup) > _DEEPEST_HEADING:
            lines[first] = (lines[first] or "").replace(token.markup, "#" * _DEEPEST_HEADING, 1)
        case "inline" if token.children and all(child.type == "image" for child in token.children):
            lines[first:last] = [None] * (last - first)
        case "table_open":
            rows = [_CELLS.split(line or "")[1:-1] for line in lines[first:last]]
            if len(rows) * len(rows[0]) > MOST_CELLS or any("](" in cell for row in rows for cell in row):
                lines[first:last] = [None, None, *(_as_item(row) for row in rows[2:])]


def _as_item(row: Sequence[str]) -> str:
    return f"- {' · '.join(cell.strip() for cell in row if cell.strip())}"


def _put_lists_otherwise(tokens: Sequence[Token], lines: list[str | None]) -> None:
    """A list takes the kind of the one that it stands in, and a quote in a list is plain words."""
    kinds: list[str] = []
    for token in tokens:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                kinds.append(kinds[0] if kinds else token.type)
            case "bullet_list_close" | "ordered_list_close":
                kinds.pop()
            case "list_item_open" if len(kinds) > 1 and token.map:
                lines[token.map[0]] = _of_kind(kinds[-1], lines[token.map[0]] or "")
            case "blockquote_open" if kinds and token.map:
                for number in range(*token.map):
                    lines[number] = _QUOTED.sub(r"\g<indent>", lines[number] or "", count=1)


def _of_kind(kind: str, line: str) -> str:
    found = _ITEM.fullmatch(line)
    if found is None:
        return line
    ordered = found["sign"][0].isdigit()
    sign = found["sign"] if ordered == (kind == "ordered_list_open") else ("-" if ordered else "1.")
    return f"{found['indent']}{sign}{found['rest'] or ''}"
