"""Plain text as an Atlassian Document, in which text is data: nothing in it is formatting, a mention or a macro.

A document is {type: doc, version: 1, content: paragraphs}, and a text node may not be empty
(developer.atlassian.com/cloud/jira/platform/apis/document/structure).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from bot.document.markdown import ENDS_A_SENTENCE, clean

LONGEST_SUMMARY: Final = 250
"""Characters; Jira takes 255."""
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
_MARKER: Final = re.compile(r"\b(muster-[\w-]+)")


def document(lines: Iterable[str]) -> dict[str, Any]:
    paragraphs = [{"type": "paragraph", "content": list(_nodes(clean(line)))} for line in lines if clean(line).strip()]
    return {"type": "doc", "version": 1, "content": paragraphs}


def summary(text: str) -> str:
    line = " ".join(clean(text).split())
    return line if len(line) <= LONGEST_SUMMARY else f"{line[: LONGEST_SUMMARY - 1]}…"


def markers_in(body: object) -> list[str]:
    return _MARKER.findall(" ".join(_texts(body)))


def _nodes(line: str) -> Iterable[dict[str, Any]]:
    last = 0
    for found in _ADDRESS.finditer(line):
        address = found[0].rstrip(ENDS_A_SENTENCE)
        if before := line[last : found.start()]:
            yield {"type": "text", "text": before}
        yield {"type": "text", "text": address, "marks": [{"type": "link", "attrs": {"href": address}}]}
        last = found.start() + len(address)
    if rest := line[last:]:
        yield {"type": "text", "text": rest}


def _texts(node: object) -> Iterable[str]:
    if isinstance(node, list):
        for each in node:
            yield from _texts(each)
    if isinstance(node, Mapping):
        if isinstance(node.get("text"), str):
            yield node["text"]
        yield from _texts(node.get("content"))
