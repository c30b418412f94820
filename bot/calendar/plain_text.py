"""People's text as plain text: no control character, and one kind of line break.

Everything that any reader of files takes for a line break becomes one, or none, so no text can begin a line of its own.
"""

import unicodedata
from typing import Final

_UNPRINTABLE: Final = frozenset({"Cc", "Cs"})
"""Control characters, and halves of characters, which no file can hold."""


def lines(text: str) -> str:
    """The text with '\\n' as its only line break; tabs stay."""
    return "\n".join(_printable(line) for line in text.splitlines())


def one_line(text: str) -> str:
    return " ".join(lines(text).split())


def _printable(line: str) -> str:
    return "".join("\N{REPLACEMENT CHARACTER}" if _is_unprintable(each) else each for each in line)


def _is_unprintable(character: str) -> bool:
    return character != "\t" and unicodedata.category(character) in _UNPRINTABLE
