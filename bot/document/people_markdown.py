"""What people write in sections of a postmortem -> Markdown with little in it: paragraphs, lists, bold, code, links.

The second typed place beside markdown.py: all else that a sign could mean is escaped here. What it returns it returns
again when it is given that, so a file that was written, edited and read back does not change on the way.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from bot.document.markdown import AT_START, ENDS_A_SENTENCE, NOTHING, SIGNS, Markdown, clean, encoded, link

MARK: Final = "[muster]: "
"""How a line begins that says where a section begins or ends (sections.py). No text of people may look like one."""

_DEEPEST: Final = 4
_FENCE: Final = re.compile(r" *(?P<fence>`{3,}|~{3,}) *(?P<language>[\w+#.-]{0,20})[^`]*")
_ITEM: Final = re.compile(r"(?P<indent> *)(?P<sign>[-*+•]|\d{1,9}[.)]) +(?P<box>\[[ xX]\] +)?(?P<text>.*\S)")
_HEADING: Final = re.compile(r" *#{1,6} +(?P<text>.*[^\s#]) *#* *")
_INLINE: Final = re.compile(
    r"(?P<kept>\\[!-/:-@\[-`{-~])"
    r"|(?P<bang>!(?=\[))"
    r"|(?<!`)`(?P<code>[^`]+)`(?!`)"
    r"|<(?P<angled>https?://[^\s<>\"“”]+)>"
    r"|\[(?P<label>(?:\\.|[^\[\]\\])+)\]\((?P<target>https?://[^\s<>()]+)\)"
    r"|(?P<bare>https?://[^\s<>\"“”]+)"
    r"|(?<![\w*\\])(?P<stars>\*{1,2})(?=[^\s*])(?P<bold>(?:\\.|[^*\\])+)(?<!\s)(?P=stars)(?![\w*])",
    re.IGNORECASE,
)
_LOOKS_LIKE_AN_ADDRESS: Final = re.compile(r"://|www\.|\w\.\w{2,}(?:/|$)", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://[^\s<>/][^\s<>]*", re.IGNORECASE)
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])|<(https?://[^\s<>]+)>", re.IGNORECASE)
_BREAK: Final = re.compile(r"\\$", re.MULTILINE)


def people_markdown(text: str) -> Markdown:
    """The text as blocks; nothing where nothing is in it. `*bold*` is bold too, as in Slack, and headings are bold."""
    sheet = _Sheet()
    lines = iter(clean(text).split("\n"))
    for line in lines:
        opened = _FENCE.fullmatch(line)
        if opened:
            sheet.code(opened["language"], list(_until_closed(lines, opened["fence"])))
        else:
            sheet.line(line.rstrip())
    return Markdown("\n\n".join("\n".join(block) for block in sheet.blocks if block)) or NOTHING


def people_text(markdown: str) -> str:
    """The other way: what somebody would have typed for it, without escapes that need not be."""
    simpler = _ESCAPED.sub(lambda found: found[1] or found[2], _BREAK.sub("", markdown)).strip()
    return simpler if people_markdown(simpler) == people_markdown(markdown) else markdown.strip()


def _until_closed(lines: Iterator[str], fence: str) -> Iterator[str]:
    """The lines within a fence, which the end of the text closes too."""
    for line in lines:
        closing = line.strip()
        if len(closing) >= len(fence) and set(closing) == {fence[0]}:
            return
        yield line


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """An item of a list: how far it was indented, and where it and its text stand now."""

    given: int
    at: int
    text_at: int


@dataclass(slots=True)
class _Sheet:
    """Lines as they gather into blocks. `items`: the item at which we are and those that it stands in."""

    blocks: list[list[str]] = field(default_factory=lambda: [[]])
    items: list[_Level] = field(default_factory=list)

    def line(self, line: str) -> None:
        item, heading = _ITEM.fullmatch(line), _HEADING.fullmatch(line)
        if not _unbroken(line):
            self._begin([])
        elif item and _unbroken(item["text"]):
            self._item(item)
        elif heading:
            self._begin([f"**{_escaped(heading['text'])}**"])
            self._begin([])
        else:
            self._text(line)

    def code(self, language: str, lines: list[str]) -> None:
        longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
        fence = "`" * max(3, longest + 1)
        inside = [f" {line}" if line.startswith(MARK) else line for line in lines]
        self._begin([f"{fence}{language}", *inside, fence])
        self._begin([])

    def _begin(self, block: list[str]) -> None:
        self.items = []
        self.blocks.append(block)

    def _item(self, found: re.Match[str]) -> None:
        given = len(found["indent"])
        if not self.items:
            self._begin([])
        while self.items and (self.items[-1].given >= given or len(self.items) == _DEEPEST):
            self.items.pop()
        at = self.items[-1].text_at if self.items else 0
        sign = f"{found['sign'][:-1]}." if found["sign"][0].isdigit() else "-"
        box = f"{found['box'].strip()} " if found["box"] else ""
        self.items.append(_Level(given=given, at=at, text_at=at + len(sign) + 1))
        self.blocks[-1].append(f"{' ' * at}{sign} {box}{_inline(_unbroken(found['text']))}")

    def _text(self, line: str) -> None:
        """Goes on with the paragraph, or with the item that it is indented under; each line stays one."""
        indent = len(line) - len(line.lstrip(" "))
        if self.items and indent <= self.items[-1].given:
            self._begin([])
        at = self.items[-1].text_at if self.items else 0
        if self.blocks[-1]:
            self.blocks[-1][-1] += "\\"
        self.blocks[-1].append(" " * at + _inline(_unbroken(line)))


def _unbroken(line: str) -> str:
    """Without the backslash by which Markdown keeps the end of a line, and with single spaces."""
    flat = " ".join(line.split())
    trailing = len(flat) - len(flat.rstrip("\\"))
    return flat[:-1].rstrip(" ") if trailing % 2 else flat


def _inline(line: str) -> str:
    """A line of text, from its beginning on."""
    shown, last = "", 0
    for found in _INLINE.finditer(line):
        shown += _signs(line[last : found.start()], begins=last == 0)
        shown += _shown(found)
        last = found.end()
    return shown + _signs(line[last:], begins=last == 0)


def _shown(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "kept":
            return found["kept"]
        case "bang":
            return "\\!"
        case "code":
            return f"`{found['code']}`"
        case "angled":
            return _address(found["angled"]) or _signs(found[0])
        case "bare":
            return _bare(found["bare"])
        case "target":
            return _labelled(found["label"], found["target"].replace("&amp;", "&"))
    inner = found["bold"]
    return f"**{_inline(inner)}**"


def _bare(text: str) -> str:
    address = text.rstrip(ENDS_A_SENTENCE)
    shown = _address(address)
    return shown + _signs(text[len(address) :]) if shown else _signs(text)


def _address(address: str) -> str:
    """An address as the link that it is; empty where it leads nowhere."""
    return f"<{encoded(address)}>" if _ADDRESS.fullmatch(address) else ""


def _labelled(label: str, target: str) -> str:
    """A label that looks like an address gives way to the one that it leads to, so that none is in disguise."""
    if _LOOKS_LIKE_AN_ADDRESS.search(_ESCAPED.sub(r"\1", label)):
        return _bare(target)
    return link(Markdown(_escaped(label)), target)


def _escaped(text: str) -> str:
    """Text without formatting; what was escaped already stays so."""
    parts = re.split(r"(\\[!-/:-@\[-`{-~])", text)
    return "".join(part if odd % 2 else _signs(part, begins=odd == 0) for odd, part in enumerate(parts))


def _signs(text: str, *, begins: bool = False) -> str:
    signs = SIGNS.sub(r"\\\g<0>", text)
    first = AT_START.match(signs) if begins else None
    return f"{signs[: first.end() - 1]}\\{signs[first.end() - 1 :]}" if first else signs
