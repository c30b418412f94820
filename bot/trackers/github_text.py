"""Plain text as GitHub shows it exactly so: no formatting, no picture, nobody called and no other issue referred to.

A marker is one word in a comment of HTML, which nobody sees and everybody who may edit the text can change.
"""

import re
from collections.abc import Iterable
from typing import Final

from bot.document.markdown import prose

LONGEST_TITLE: Final = 250
"""Characters; GitHub takes 256."""
_ADDRESS_OR_CALL: Final = re.compile(r"(\]\([^)]*\))|(@(?=\w)|#(?=\d)|\bGH-(?=\d))")
_MARKER: Final = re.compile(r"<!-- ([\w-]+) -->")


def body(lines: Iterable[str], marker: str) -> str:
    """Foreign text is escaped for Markdown. A mention or a number of an issue would work even when escaped, since
    GitHub looks for them in what is shown: a space of no width after the sign keeps them apart.
    """
    shown = [_ADDRESS_OR_CALL.sub(_calmed, prose(line)) for line in lines if line.strip()]
    return "\n\n".join([*shown, f"<!-- {marker} -->"])


def title(text: str) -> str:
    """One line; titles have no formatting, and call nobody."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"


def markers_in(text: str) -> list[str]:
    return _MARKER.findall(text)


def _calmed(found: re.Match[str]) -> str:
    return found[1] or f"{found[2]}\u200b"
