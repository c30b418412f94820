"""Markdown as a flat outline of headings, tasks, code, paragraphs and whatever else, the last as it was typed.

Knows nothing of playbooks, and interprets nothing inside a line."""

import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from mdit_py_plugins.front_matter import front_matter_plugin

# Told from the text and not with mdit-py-plugins' tasklists, which took 95 s for the largest allowed file of tasks.
_TASK = re.compile(r"\[[ xX]\](?:\s+|$)")


class BlockKind(StrEnum):
    HEADING = "heading"
    TASK = "task"
    CODE = "code"
    PARAGRAPH = "paragraph"
    VERBATIM = "verbatim"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block of the text. `line` counts from 1; `blocks` is what stands inside a task."""

    kind: BlockKind
    line: int
    text: str
    level: int = 0
    blocks: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """`front_matter` None: there is none. Its text begins on line 2."""

    front_matter: str | None
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item of a list. `text`: its first paragraph, as typed; `more`: a text for each further block; `items`: the
    items of lists inside. `stray`: it is a paragraph that stands in no list."""

    line: int
    text: str
    stray: bool = False
    more: tuple[str, ...] = ()
    items: tuple["Item", ...] = ()


def bullets(text: str, *, first_line: int = 1) -> tuple[Item, ...]:
    """The items of all lists of the text, and the paragraphs between; headings are left out. Never raises."""
    return tuple(_items(SyntaxTreeNode(_markdown().parse(text)), first_line - 1))


def _items(root: SyntaxTreeNode, before: int) -> Iterator[Item]:
    for node in root.children:
        if _is_list(node):
            yield from (_bullet(item, before) for item in node.children)
        elif node.type == "paragraph":
            yield Item(line=_line(node) + before, text=_inline(node), stray=True)


def _bullet(item: SyntaxTreeNode, before: int) -> Item:
    head, *rest = item.children or [item]
    text = _inline(head) if head.type == "paragraph" else ""
    others = [node for node in rest if not _is_list(node)]
    return Item(
        line=_line(item) + before,
        text=text,
        more=tuple(_flowing(node) for node in others),
        items=tuple(_bullet(inner, before) for node in rest if _is_list(node) for inner in node.children),
    )


def _flowing(node: SyntaxTreeNode) -> str:
    """As somebody would type it who does not break lines."""
    match node.type:
        case "paragraph":
            return " ".join(_inline(node).split())
        case "fence" | "code_block":
            return f"```\n{node.content.rstrip()}\n```"
        case "blockquote":
            return "\n".join(f"> {_flowing(inner)}" for inner in node.children)
        case _:
            return ""


def _is_list(node: SyntaxTreeNode) -> bool:
    return node.type in ("bullet_list", "ordered_list")


def outline(text: str) -> Outline:
    """`text` has plain newlines. Never raises: any text is some Markdown."""
    lines = text.split("\n")
    root = SyntaxTreeNode(_markdown().parse(text))
    front = next((node.content for node in root.children if node.type == "front_matter"), None)
    blocks = tuple(block for node in root.children for block in _blocks(node, lines))
    return Outline(front_matter=front, blocks=blocks)


def _markdown() -> MarkdownIt:
    """CommonMark blocks only: links, emphasis and entities inside a line stay as they were typed."""
    markdown = MarkdownIt("commonmark").use(front_matter_plugin)
    markdown.core.ruler.enableOnly(["normalize", "block"])
    return markdown.disable("reference")


def _blocks(node: SyntaxTreeNode, lines: list[str]) -> Iterator[Block]:
    match node.type:
        case "front_matter":
            return
        case "heading":
            level = int(node.tag[1:])
            yield _block(BlockKind.HEADING, node, _inline(node) if level <= 2 else _source(node, lines), level)
        case "paragraph":
            yield _block(BlockKind.PARAGRAPH, node, _inline(node))
        case "fence" | "code_block":
            yield _block(BlockKind.CODE, node, node.content.rstrip("\n"))
        case "html_block" if _is_comment(node.content):
            return
        case "bullet_list" | "ordered_list" if any(_is_task(item) for item in node.children):
            for item in node.children:
                yield _item(item, lines)
        case _:
            yield _block(BlockKind.VERBATIM, node, _source(node, lines))


def _item(item: SyntaxTreeNode, lines: list[str]) -> Block:
    if not _is_task(item):
        return _block(BlockKind.VERBATIM, item, _source(item, lines))
    head, *rest = item.children
    inside = tuple(block for node in rest for block in _inside(node, lines))
    return Block(kind=BlockKind.TASK, line=_line(head), text=_TASK.sub("", _inline(head), count=1), blocks=inside)


def _is_task(item: SyntaxTreeNode) -> bool:
    head = item.children[0] if item.children else None
    return head is not None and head.type == "paragraph" and _TASK.match(_inline(head)) is not None


def _inside(node: SyntaxTreeNode, lines: list[str]) -> Iterator[Block]:
    """What stands inside a task: a list there, with boxes or without, is text of that task."""
    if node.type in ("bullet_list", "ordered_list", "heading"):
        yield _block(BlockKind.VERBATIM, node, _source(node, lines))
    else:
        yield from _blocks(node, lines)


def _block(kind: BlockKind, node: SyntaxTreeNode, text: str, level: int = 0) -> Block:
    return Block(kind=kind, line=_line(node), text=text, level=level)


def _line(node: SyntaxTreeNode) -> int:
    return node.map[0] + 1 if node.map else 1


def _inline(node: SyntaxTreeNode) -> str:
    return "".join(child.content for child in node.children).strip()


def _source(node: SyntaxTreeNode, lines: list[str]) -> str:
    first, last = node.map or (0, 0)
    return textwrap.dedent("\n".join(lines[first:last]).expandtabs(4)).strip("\n")


def _is_comment(html: str) -> bool:
    return html.strip().startswith("<!--") and html.strip().endswith("-->")
