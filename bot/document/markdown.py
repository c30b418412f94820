"""The place where text that people wrote becomes Markdown. Nothing but this and people_markdown.py, which keeps some
formatting, may escape or build a link.

Whatever stands in a document has the type Markdown, so that a plain str cannot slip through: templates escape it
(template.py). Outside this module `Markdown(...)` and the template of `fill` take literals of our own only; a test
reads the source for that. Escaped for CommonMark and for GitHub's additions (tables, ~strikethrough~, $mathematics$).
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final
from urllib.parse import quote as percent_encoded


class Markdown(str):
    """Text that stands in a document as it is. What str's own methods make of it is a plain str again."""

    __slots__ = ()


NOTHING: Final = Markdown("")

_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_BIDI_CONTROLS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})

SIGNS: Final = re.compile(r"[\\`*\[\]<>|~&$#]|(?<![^\W_])_|_(?![^\W_])")
"""What means something anywhere in a line. `_` within a word means nothing, and names of things stay readable."""
AT_START: Final = re.compile(r"[-+=:]|\d{1,9}[.)](?=\s|$)")
"""What means something at the beginning of one: lists, underlined headings, tables, numbered lists."""
_WEB_ADDRESS: Final = re.compile(r"https?://[^\s<>\"“”]+", re.IGNORECASE)
ENDS_A_SENTENCE: Final = ".,:;!?)]}'’\""
_KEPT_IN_ADDRESSES: Final = "-._~:/?#@!$&'+,;=%"
"""RFC 3986 without the brackets and the star, which mean something in Markdown."""


def clean(text: str) -> str:
    """Without control characters, overrides of direction and halves of surrogate pairs; line ends are '\\n'."""
    if text.isascii() and text.isprintable():
        return text  # most of what people write; a sign at a time takes long for a thousand entries
    even = "\n".join(text.splitlines()).replace("\t", " ")
    return "".join(sign for sign in even if sign == "\n" or not _is_control(sign))


def one_line(text: str) -> str:
    """Clean text whose lines are joined by ' / ' and whose spaces are single."""
    return " / ".join(filter(None, (" ".join(line.split()) for line in clean(text).split("\n"))))


def escape(text: str) -> Markdown:
    """Foreign text as one line that is shown exactly so, wherever it stands: in a heading, a list or a table."""
    signs = SIGNS.sub(r"\\\g<0>", one_line(text))
    begins = AT_START.match(signs)
    if begins:
        signs = f"{signs[: begins.end() - 1]}\\{signs[begins.end() - 1 :]}"
    return _isolated(Markdown(signs))


def prose(text: str) -> Markdown:
    """As `escape`, with addresses of the web as links, each under its own address, so that none is in disguise."""
    shown, last = [], 0
    line = one_line(text)
    for found in _WEB_ADDRESS.finditer(line):
        address = found[0].rstrip(ENDS_A_SENTENCE)
        before = escape_within(line[last : found.start()])
        shown += [_no_picture(before), link(escape(address), address)]
        last = found.start() + len(address)
    return _isolated(Markdown("".join([*shown, escape_within(line[last:])]))) if shown else escape(line)


def _no_picture(before: Markdown) -> Markdown:
    """What stands before a link: with a bare `!` at its end, the link would be a picture, fetched from anywhere."""
    return Markdown(f"{before[:-1]}\\!") if before.endswith("!") else before


def escape_within(text: str) -> Markdown:
    """As `escape`, for a piece of a line: the spaces at its ends stay."""
    before = text[: len(text) - len(text.lstrip(" "))]
    after = text[len(text.rstrip(" ")) :] if text.strip(" ") else ""
    return Markdown(f"{before}{escape(text)}{after}")


def link(label: Markdown, address: str) -> Markdown:
    """A link under a label; where the address is neither http nor https, only the label."""
    target = clean(address).strip()
    if not label or not re.fullmatch(r"https?://[^\s<>/][^\s<>]*", target, re.IGNORECASE):
        return label
    return Markdown(f"[{label}]({encoded(target).replace('&', '&amp;')})")


def encoded(address: str) -> str:
    """An address without signs that mean something to Markdown; one that was encoded stays as it is."""
    return percent_encoded(address, safe=_KEPT_IN_ADDRESSES)


def image(description: Markdown, file: str) -> Markdown:
    """`file`: a name of our own making, beside the document."""
    return Markdown(f"![{description}]({percent_encoded(file)})")


def fill(template: str, **parts: Markdown) -> Markdown:
    """Our own sentence with its {parts} filled in; what a part holds is never read as a template."""
    return Markdown(template.format_map(parts))


def join(separator: str, parts: Iterable[Markdown]) -> Markdown:
    """The parts that are not empty; the separator is ours."""
    return Markdown(separator.join(part for part in parts if part))


def blocks(*parts: Markdown) -> Markdown:
    """One below the other, apart by an empty line; empty ones are left out."""
    return join("\n\n", parts)


def bullets(items: Iterable[Markdown]) -> Markdown:
    """A list; what an item holds of further lines stands within it."""
    return Markdown("\n".join("- " + item.replace("\n", "\n  ") for item in items if item))


def strong(text: Markdown) -> Markdown:
    return Markdown(f"**{text}**") if text else NOTHING


def quote(text: Markdown) -> Markdown:
    return Markdown("\n".join(f"> {line}".rstrip() for line in text.split("\n"))) if text else NOTHING


def table(head: Sequence[Markdown], rows: Iterable[Sequence[Markdown]]) -> Markdown:
    """Each cell is one line; nothing where there is no row."""
    lines = [_row(row) for row in rows]
    return Markdown("\n".join([_row(head), "|---" * len(head) + "|", *lines])) if lines else NOTHING


def _row(cells: Sequence[Markdown]) -> str:
    return f"| {' | '.join(cells)} |"


def _is_control(sign: str) -> bool:
    return sign in _BIDI_CONTROLS or unicodedata.category(sign) in {"Cc", "Cs"}


def _isolated(text: Markdown) -> Markdown:
    """Keeps right-to-left text from turning round the sentence that it stands in."""
    if text.isascii() or not any(unicodedata.bidirectional(sign) in _RIGHT_TO_LEFT for sign in text):
        return text
    return Markdown(f"{_FIRST_STRONG_ISOLATE}{text}{_POP_ISOLATE}")
